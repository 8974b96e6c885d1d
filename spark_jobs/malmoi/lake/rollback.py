"""Taking a release, or a whole night, back out in one command.

A release that superseded another gives way to that one: the night's tables get back the files that the older release
was made of. A night that had no release before is withdrawn: it leaves every table, the index of duplicates too, so that
it can be worked on afresh. Later nights keep what they decided; run them again where a withdrawn night's documents were
the reason for a drop.
"""

import json
from collections.abc import Mapping, Sequence

from malmoi.contracts.errors import ContractError
from malmoi.contracts.files import files_of
from malmoi.contracts.manifest import StageManifest
from malmoi.contracts.paths import Lake
from malmoi.contracts.stages import sources_of
from malmoi.contracts.tables import TABLES
from malmoi.lake import releases
from malmoi.lake.catalog import open_lake
from malmoi.lake.commit import record, set_files
from malmoi.lake.lock import locked


def rollback(root: str | Lake, release: str) -> dict[str, str | None]:
    """Takes a release out of force. Returns night -> the release that is in force now, None where none is.

    Raises ContractError when the release is not in force, or when retention removed the older one's files.
    """
    lake = root if isinstance(root, Lake) else Lake(root)
    manifest = releases.load(lake, release)
    nights = releases.read_pointer(lake).nights
    held = [batch for batch in manifest.batches if nights.get(batch) == release]
    if not held:
        raise ContractError(
            f"release {release} is not in force; in force are {', '.join(sorted(set(nights.values())))}"
        )
    result: dict[str, str | None] = {}
    for batch in held:
        older = _older(lake, manifest.supersedes, batch)
        if older is None:
            withdraw(lake, batch)
        else:
            restore(lake, older, batch)
        result[batch] = older
    return result


def withdraw(root: str | Lake, batch: str) -> None:
    """Takes a night out of every table and out of force. Doing it again changes nothing.

    Raises ContractError for a night that the lake does not hold.
    """
    lake = root if isinstance(root, Lake) else Lake(root)
    held = {table: sources_of(lake, table, batch) for table in TABLES if table != "tombstones"}
    if not any(held.values()) and batch not in releases.read_pointer(lake).nights:
        raise ContractError(f"the lake {lake.root} holds no night {batch}")
    _point(lake, batch, None)
    tables = open_lake(lake)
    for table, sources in held.items():
        if not sources:
            continue
        with locked(lake, table):
            set_files(tables, table, batch, sources, [], {"malmoi.stage": "withdraw", "malmoi.batch": batch})
            for source in sources:
                files_of(lake).remove(lake.manifest(table, batch, source))


def restore(root: str | Lake, release: str, batch: str) -> None:
    """Puts a night's tables back to what a release was made of, and the release in force.

    Raises ContractError when a file of it is gone.
    """
    lake = root if isinstance(root, Lake) else Lake(root)
    put_back(lake, batch, _stages(lake, release, batch))
    _point(lake, batch, release)


def put_back(root: str | Lake, batch: str, by_table: Mapping[str, Sequence[StageManifest]]) -> None:
    """Makes the files of these manifests, and no others, what the tables hold of a night. Repeating it changes nothing.

    Raises ContractError when a file is gone.
    """
    lake = root if isinstance(root, Lake) else Lake(root)
    paths = {table: [lake.join(f.path) for m in manifests for f in m.files] for table, manifests in by_table.items()}
    gone = [path for found in paths.values() for path in found if not files_of(lake).exists(path)]
    if gone:
        raise ContractError(f"{gone[0]} was removed by retention; withdraw the night {batch} instead and run it again")
    tables = open_lake(lake)
    for table, manifests in by_table.items():
        sources = sorted({*sources_of(lake, table, batch), *(manifest.source for manifest in manifests)})
        with locked(lake, table):
            set_files(tables, table, batch, sources, paths[table], {"malmoi.stage": "put-back", "malmoi.batch": batch})
            for source in sources:
                files_of(lake).remove(lake.manifest(table, batch, source))
            for manifest in manifests:
                record(lake, table, manifest)


def _older(lake: Lake, superseded: tuple[str, ...], batch: str) -> str | None:
    known = set(releases.list_releases(lake))
    holding = [name for name in superseded if name in known and batch in releases.load(lake, name).batches]
    return holding[-1] if holding else None


def _stages(lake: Lake, release: str, batch: str) -> dict[str, list[StageManifest]]:
    """Table -> manifests that the release keeps beside its own."""
    path = f"{lake.release(release)}/stages.json"
    found: dict[str, list[StageManifest]] = {}
    for entry in json.loads(files_of(lake).read(path)):
        table = entry.pop("table")
        if entry["batch"] == batch:
            found.setdefault(table, []).append(StageManifest.from_json(entry, path))
    return found


def _point(lake: Lake, batch: str, release: str | None) -> None:
    with locked(lake, "releases"):
        nights = dict(releases.read_pointer(lake).nights)
        if release is None:
            nights.pop(batch, None)
        else:
            nights[batch] = release
        releases.write_pointer(lake, releases.Pointer(nights))
