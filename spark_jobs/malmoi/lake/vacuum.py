"""Vacuum: what killed attempts, expired snapshots and superseded releases left behind.

It never removes what a kept release needs: a kept release's shards are named by its manifest, and those files stay
whatever the tables say. Locks keep it apart from writers; a living attempt is known by the lock that its process holds.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from pyiceberg.exceptions import CommitFailedException
from pyiceberg.manifest import ManifestFile
from pyiceberg.table import Table

from malmoi.contracts.files import files_of
from malmoi.contracts.paths import Lake
from malmoi.contracts.tables import TABLES
from malmoi.lake import history, releases
from malmoi.lake.attempt import OWNER
from malmoi.lake.catalog import catalog_errors, open_lake
from malmoi.lake.lock import locked, try_lock
from malmoi.lake.lookup import levels

HIDDEN = ".tmp-"
OBJECT_STORE_AGE = timedelta(days=1)
"""An object store has no locks: there, what is younger than this may belong to a living writer."""


@dataclass
class Vacuumed:
    """What was removed (or would be): paths relative to the lake's root; ``lookup``: names of segments."""

    releases: list[str] = field(default_factory=list)
    snapshots: dict[str, int] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    bytes: int = 0
    lookup: list[str] = field(default_factory=list)


def vacuum(
    root: str | Lake,
    now: datetime,
    superseded_days: float,
    tables: Iterable[str] = tuple(TABLES),
    dry_run: bool = False,
) -> Vacuumed:
    """Removes superseded releases and snapshots older than ``superseded_days``, dead attempts, and files that nothing
    names. ``now`` is in UTC. A dry run lists what it would remove; snapshots that it would expire still hold theirs."""
    lake = root if isinstance(root, Lake) else Lake(root)
    before = now.astimezone(UTC) - timedelta(days=superseded_days)
    found = Vacuumed()
    with locked(lake, "releases"):
        found.releases = superseded(lake, before)
        if not dry_run:
            drop_releases(lake, found.releases)
        _remove(lake, _unfinished(lake), found, dry_run)
    _remove(lake, _dead_attempts(lake, now), found, dry_run)
    for name in tables:
        with locked(lake, name):
            if not dry_run:
                found.snapshots[name] = expire(lake, name, before)
            remove_orphans(lake, name, now, found, dry_run)
    if not dry_run:
        found.lookup = levels.remove_stale(lake, levels.KEPT_SECONDS)
        _remove_empty_folders(lake)
    return found


def superseded(lake: Lake, before: datetime) -> list[str]:
    """Releases that are in force for no night and were written before a moment."""
    in_force = set(releases.read_pointer(lake).nights.values())
    return [
        release
        for release in releases.list_releases(lake)
        if release not in in_force
        and files_of(lake).modified(f"{lake.release(release)}/manifest.json") < before.timestamp()
    ]


def drop_releases(lake: Lake, gone: Iterable[str]) -> None:
    """Removes releases with their tags, and tags whose release is gone. The caller holds the lock ``releases``."""
    store = files_of(lake)
    for release in gone:
        store.remove(f"{lake.release(release)}/manifest.json")  # without it the release is none
        store.remove_tree(lake.release(release))
    kept = {releases.TAG + release for release in releases.list_releases(lake)}
    table = open_lake(lake).find("shards")
    if table is None:
        return
    for name in sorted(table.refs()):
        if name.startswith(releases.TAG) and name not in kept:
            _retry(table, lambda name=name: table.manage_snapshots().remove_tag(name).commit())


def drop_stale_tags(lake: Lake) -> None:
    """Removes tags that cannot move to the present snapshot; the release's manifest still keeps its files."""
    table = open_lake(lake).find("shards")
    for release in releases.list_releases(lake):
        manifest, name = releases.load(lake, release), releases.TAG + release
        if table is None or name not in table.refs():
            continue
        if releases.holds(lake, table, manifest):
            releases.tag(lake, manifest)
        else:
            _retry(table, lambda name=name: table.manage_snapshots().remove_tag(name).commit())
        table.refresh()


def expire(lake: Lake, name: str, before: datetime) -> int:
    """Expires snapshots from before a moment that neither a branch nor a tag needs. Returns how many.

    A tag holds the whole table as it was, other nights included; so old tags of releases move to the present snapshot
    first, where it holds the same shards.
    """
    tables = open_lake(lake)
    table = tables.find(name)
    if table is None:
        return 0
    if name == "shards":
        _move_tags(lake, table, before)
        table = tables.table(name)
    heads = {ref.snapshot_id for ref in table.refs().values()}
    limit = before.timestamp() * 1000
    old = [s.snapshot_id for s in table.snapshots() if s.timestamp_ms < limit and s.snapshot_id not in heads]
    if old:
        _retry(table, lambda: table.maintenance.expire_snapshots().by_ids(old).commit())
    return len(old)


def _move_tags(lake: Lake, table: Table, before: datetime) -> None:
    for release in releases.list_releases(lake):
        manifest = releases.load(lake, release)
        ref = table.refs().get(releases.TAG + release)
        snapshot = table.metadata.snapshot_by_id(ref.snapshot_id) if ref else None
        is_old = snapshot is None or snapshot.timestamp_ms < before.timestamp() * 1000
        if is_old and releases.holds(lake, table, manifest):
            releases.tag(lake, manifest)


def _retry(table: Table, change) -> None:
    """Runs a metadata change again on the refreshed table when another writer was faster."""
    for _ in range(releases.TRIES):
        try:
            return change()
        except CommitFailedException:
            table.refresh()
    return change()


def remove_orphans(lake: Lake, name: str, now: datetime, found: Vacuumed | None = None, dry_run: bool = False) -> None:
    """Removes a table's files that nothing names. The caller holds the table's lock."""
    _remove(lake, _orphans(lake, name, now), found or Vacuumed(), dry_run)


def _orphans(lake: Lake, name: str, now: datetime) -> Iterator[str]:
    """Files of a table's data and metadata folders that no snapshot, stage manifest or kept release names."""
    table = open_lake(lake).find(name)
    named = _named(table) if table is not None else set()
    recorded = (history.read_manifest(lake, name, *partition) for partition in history.partitions(lake, name))
    named |= {lake.join(file.path) for manifest in recorded for file in manifest.files}
    if name == "shards":
        kept = (releases.load(lake, release) for release in releases.list_releases(lake))
        named |= {lake.join(shard.path) for manifest in kept for shard in manifest.shards}
    for folder in (lake.data(name), f"{lake.warehouse}/{name}"):
        for path in files_of(lake).listing(folder):
            if path not in named and _is_old_enough(lake, path, now):
                yield path


def _named(table: Table) -> set[str]:
    """Every file that the table's metadata reaches. Manifests shared by snapshots are read once."""
    io = table.io
    named = {table.metadata_location, *(entry.metadata_file for entry in table.metadata.metadata_log)}
    manifests: dict[str, ManifestFile] = {}
    with catalog_errors(Lake(table.location())):
        for snapshot in table.snapshots():
            named.add(snapshot.manifest_list)
            manifests |= {manifest.manifest_path: manifest for manifest in snapshot.manifests(io)}
        for path, manifest in manifests.items():
            named.add(path)
            named |= {entry.data_file.file_path for entry in manifest.fetch_manifest_entry(io, discard_deleted=True)}
    return {path.removeprefix("file://") for path in named}


def _dead_attempts(lake: Lake, now: datetime) -> Iterator[str]:
    """Files of attempts whose process is gone."""
    folders: dict[str, list[str]] = {}
    for path in files_of(lake).listing(lake.attempts):
        folders.setdefault("/".join(lake.relative(path).split("/")[:5]), []).append(path)
    for folder, paths in sorted(folders.items()):
        owner = f"{lake.join(folder)}/{OWNER}"
        if lake.is_object_store:
            yield from (path for path in paths if _is_old_enough(lake, path, now))
        elif owner not in paths:
            yield from paths
        elif (handle := try_lock(owner)) is not None:
            os.close(handle)
            yield from paths


def _unfinished(lake: Lake) -> Iterator[str]:
    """Hidden files and folders of writes that were killed. The caller holds the lock ``releases``."""
    for folder in (lake.releases, lake.manifests, lake.receipts):
        for path in files_of(lake).listing(folder):
            if any(part.startswith(".") for part in lake.relative(path).split("/")):
                yield path


def _is_old_enough(lake: Lake, path: str, now: datetime) -> bool:
    return not lake.is_object_store or files_of(lake).modified(path) < (now - OBJECT_STORE_AGE).timestamp()


def _remove(lake: Lake, paths: Iterable[str], found: Vacuumed, dry_run: bool) -> None:
    store = files_of(lake)
    for path in list(paths):
        found.files.append(lake.relative(path))
        found.bytes += store.size(path)
        if not dry_run:
            store.remove(path)


def _remove_empty_folders(lake: Lake) -> None:
    """Empty folders under data, attempts and releases; one that fills at this moment stays."""
    if lake.is_object_store:
        return
    for top in (lake.join("data"), lake.attempts, lake.releases, lake.manifests):
        for folder, _, _ in os.walk(top, topdown=False):
            try:
                if folder != top:
                    os.rmdir(folder)
            except OSError:
                continue
