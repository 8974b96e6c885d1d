"""Releases: immutable, published in one step, and which of them are in force.

A release holds one or more whole nights. ``releases/current.json`` says for every night which release is in force; it is
one small file, moved into place last, so a reader sees a release whole or not at all.

Which release came before: the parent of a release is the one in force for the newest night before its first. Working
on an old day again makes a release that supersedes that day's old one; its parent stays the night before it, and later
nights keep the releases that they have.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from pyiceberg.exceptions import CommitFailedException
from pyiceberg.table import Table

from malmoi.contracts.errors import ContractError, InfrastructureError
from malmoi.contracts.files import files_of, sha256
from malmoi.contracts.manifest import FORMAT, FileEntry, ReleaseManifest, ShardEntry, serialise
from malmoi.contracts.paths import Lake
from malmoi.contracts.release import nights_in_force, pointer_path, releases
from malmoi.contracts.stages import DRY_MARK
from malmoi.lake.catalog import catalog_errors, open_lake
from malmoi.lake.lock import locked
from malmoi.lake.read import files_in, one_of

TAG = "release-"
TRIES = 40


class Published(NamedTuple):
    """``new`` is False where this very content was in force already: nothing was published twice."""

    manifest: ReleaseManifest
    new: bool


@dataclass(frozen=True)
class Pointer:
    """``nights``: batch -> the release in force for it."""

    nights: Mapping[str, str]

    @property
    def latest(self) -> str | None:
        """The release of the newest night."""
        return self.nights[max(self.nights)] if self.nights else None

    def before(self, batch: str) -> str | None:
        earlier = [night for night in self.nights if night < batch]
        return self.nights[max(earlier)] if earlier else None

    def dumps(self) -> bytes:
        return serialise({"format": FORMAT, "latest": self.latest, "nights": dict(self.nights)})


def on_step(step: str) -> None:
    """Called with the name of each step that has been done; tests put a function here that ends the process."""


def release_id(draft: ReleaseManifest) -> str:
    """``BATCH-`` and twelve hexadecimal digits over what the release holds. Neither the code's version nor the releases
    before it count: the same shards for the same reasons are the same release."""
    content = draft.to_json()
    for name in ("release", "parent", "supersedes", "code_version"):
        content.pop(name)
    content["shards"] = [{k: v for k, v in shard.items() if k != "path"} for shard in content["shards"]]
    return f"{draft.batches[-1]}-{hashlib.sha256(serialise(content)).hexdigest()[:12]}"


def publish(root: str | Lake, draft: ReleaseManifest, reports: Mapping[str, bytes]) -> Published:
    """Publishes a release. ``draft`` lacks id, parent and superseded releases; ``reports`` are files beside the manifest.

    Steps: folder under a hidden name, tag on the shards table, rename, pointer. Killed after any of them, a re-run ends
    in the same release. Raises ContractError (dry run, shards are not those of the table), InfrastructureError.
    """
    lake = root if isinstance(root, Lake) else Lake(root)
    if any(DRY_MARK in batch for batch in draft.batches):
        raise ContractError(f"{', '.join(draft.batches)}: a dry run is never published")
    with locked(lake, "releases"):
        pointer = read_pointer(lake)
        release = release_id(draft)
        manifest = replace(
            draft,
            release=release,
            parent=pointer.before(draft.batches[0]),
            supersedes=tuple(sorted({pointer.nights[b] for b in draft.batches if b in pointer.nights} - {release})),
        )
        stands = files_of(lake).exists(f"{lake.release(release)}/manifest.json")
        if stands:
            manifest = load(lake, release)
        else:
            _write_release(lake, manifest, reports)
        nights = {**pointer.nights, **dict.fromkeys(manifest.batches, release)}
        if nights != pointer.nights:
            write_pointer(lake, Pointer(nights))
        on_step("pointed")
    return Published(manifest, not stands or nights != pointer.nights)


def _write_release(lake: Lake, manifest: ReleaseManifest, reports: Mapping[str, bytes]) -> None:
    """The manifest is written last, and on a folder all appears by one rename: a release without it is none."""
    store, final = files_of(lake), lake.release(manifest.release)
    folder = final if lake.is_object_store else f"{lake.releases}/.tmp-{manifest.release}"
    store.remove_tree(folder)
    for name, content in sorted(reports.items()):
        store.write(f"{folder}/{name}", content)
    on_step("reports written")
    if not lake.is_object_store:
        store.write(f"{folder}/manifest.json", manifest.dumps())
    on_step("folder written")
    tag(lake, manifest)
    on_step("tagged")
    if lake.is_object_store:
        store.write(f"{folder}/manifest.json", manifest.dumps())
    else:
        store.remove_tree(final)
        store.move(folder, final)
    on_step("renamed")


def tag(lake: Lake, manifest: ReleaseManifest) -> None:
    """Tags the shards table's snapshot that holds exactly the release's shards. Raises ContractError where it does not."""
    name = TAG + manifest.release
    tables = open_lake(lake)
    for _ in range(TRIES):
        table = tables.find("shards")
        snapshot = None if table is None else table.current_snapshot()
        if table is None or snapshot is None:
            raise ContractError(f"release {manifest.release}: the shards table is empty; run the shard stage first")
        if not holds(lake, table, manifest):
            raise ContractError(
                f"release {manifest.release}: the shards of {', '.join(manifest.batches)} changed since the gate looked at "
                "them; run gate and publish again"
            )
        present = table.refs().get(name)
        if present is not None and present.snapshot_id == snapshot.snapshot_id:
            return
        try:
            with catalog_errors(lake):
                # Moves a tag that stands elsewhere.
                table.manage_snapshots().create_tag(snapshot.snapshot_id, name).commit()
            return
        except CommitFailedException:
            continue
    raise InfrastructureError(f"release {manifest.release}: other writers were faster {TRIES} times; publish again")


def holds(lake: Lake, table: Table, manifest: ReleaseManifest) -> bool:
    """Whether the shards table, as it is now, holds exactly the release's shards for its nights and sources."""
    sources = {shard.source for shard in manifest.shards}
    held = files_in(table, one_of("batch", manifest.batches))
    found = sorted(lake.relative(file.path) for file in held if file.source in sources)
    return found == sorted(shard.path for shard in manifest.shards)


def read_pointer(root: str | Lake) -> Pointer:
    """Which releases are in force. Raises ContractError for a damaged file or one from a newer version."""
    lake = root if isinstance(root, Lake) else Lake(root)
    return Pointer(nights_in_force(lake))


def write_pointer(lake: Lake, pointer: Pointer) -> None:
    files_of(lake).write(pointer_path(lake), pointer.dumps())


def list_releases(root: str | Lake) -> list[str]:
    """Ids of all releases, in force or not, in name order (that is, by night)."""
    lake = root if isinstance(root, Lake) else Lake(root)
    return releases(lake)


def current(root: str | Lake) -> ReleaseManifest | None:
    """The release in force for the newest night, or None in a lake without releases."""
    latest = read_pointer(root).latest
    return load(root, latest) if latest else None


def in_force(root: str | Lake) -> list[ReleaseManifest]:
    """Every release in force, oldest night first: together they are the corpus."""
    nights = read_pointer(root).nights
    return [load(root, release) for release in dict.fromkeys(nights[batch] for batch in sorted(nights))]


def load(root: str | Lake, release: str) -> ReleaseManifest:
    """Raises ContractError for a release that does not exist, is damaged or comes from a newer version."""
    lake = root if isinstance(root, Lake) else Lake(root)
    path = f"{lake.release(release)}/manifest.json"
    if not files_of(lake).exists(path):
        known = ", ".join(list_releases(lake)[-5:]) or "none yet"
        raise ContractError(f"no release {release!r} in {lake.releases}; the last ones are {known}")
    return ReleaseManifest.loads(files_of(lake).read(path), path)


def verify(root: str | Lake, release: str) -> list[str]:
    """Reads a release's every byte. One line for each thing that is wrong; an empty list when all is right."""
    lake = root if isinstance(root, Lake) else Lake(root)
    manifest = load(lake, release)
    problems = []
    if manifest.release != release or release_id(manifest) != release:
        problems.append(
            f"{lake.release(release)}/manifest.json: content does not give the id {release}; it was changed"
        )
    problems += damaged(lake, manifest.shards)
    return problems


def damaged(lake: Lake, shards: Sequence[ShardEntry | FileEntry]) -> list[str]:
    """One line for each shard file that is not what its manifest says."""
    store, problems = files_of(lake), []
    for shard in shards:
        path = lake.join(shard.path)
        if not store.exists(path):
            problems.append(f"{path}: missing")
        elif store.size(path) != shard.bytes:
            problems.append(f"{path}: {store.size(path)} bytes, the manifest says {shard.bytes}")
        elif sha256(store, path) != shard.sha256:
            problems.append(
                f"{path}: checksum differs from the manifest; restore this file or run the night's shard stage again with --force"
            )
    return problems
