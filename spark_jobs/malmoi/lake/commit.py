"""From an attempt to the table: verify, move to where the content says, one Iceberg commit.

Order of the steps, and what a kill after each of them leaves:

1. verified: nothing but the attempt folder, which vacuum removes.
2. moved: data files that no snapshot names. A re-run moves the same content to the same place; vacuum removes the rest.
3. committed: the table is right; only the stage manifest is still the old one, so the stage runs once more, finds its
   files in place and writes the manifest.
4. recorded: done.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from pyiceberg.exceptions import CommitFailedException, ValidationException
from pyiceberg.expressions import BooleanExpression
from pyiceberg.io.pyarrow import parquet_file_to_data_file
from pyiceberg.table import Table, Transaction
from pyiceberg.table.metadata import TableMetadata

from malmoi.contracts.disk import disk_errors
from malmoi.contracts.errors import ContractError, InfrastructureError
from malmoi.contracts.files import files_of
from malmoi.contracts.manifest import DamagedManifest, FileEntry, StageManifest, content_hash
from malmoi.contracts.paths import Lake
from malmoi.lake.attempt import Attempt, attempt, verify
from malmoi.lake.catalog import LakeTables, catalog_errors, open_lake
from malmoi.lake.lock import locked
from malmoi.lake.read import equal, files, one_of, partition_filter

__all__ = ["Attempt", "Committed", "attempt", "commit", "commit_all", "committed", "set_files"]

TRIES = 40
MAX_WAIT_SECONDS = 2.0


def on_step(step: str) -> None:
    """Called with the name of each step that has been done; tests put a function here that ends the process."""


@dataclass(frozen=True)
class Committed:
    """``manifest`` has paths relative to the lake's root. ``changed`` is False where the table held these files already."""

    manifest: StageManifest
    changed: bool


def commit(attempt: Attempt, manifest: StageManifest) -> Committed:
    """Makes an attempt the content of its partition. The same content again changes nothing.

    Raises BalanceError, ContractError (files are not what the manifest says), InfrastructureError (disk, database).
    """
    return commit_all([(attempt, manifest)])[0]


def commit_all(attempts: Sequence[tuple[Attempt, StageManifest]]) -> list[Committed]:
    """The same for several sources of one table and batch, visible together or not at all."""
    first = attempts[0][0]
    if any((one.lake, one.table, one.batch) != (first.lake, first.table, first.batch) for one, _ in attempts):
        raise ContractError("one commit takes attempts of one table and batch")
    for one, manifest in attempts:
        verify(one, manifest)
    on_step("verified")
    with locked(first.lake, first.table):
        placed = [_move(one, manifest) for one, manifest in attempts]
        on_step("moved")
        sources = [one.source for one, _ in attempts]
        paths = [first.lake.join(file.path) for manifest in placed for file in manifest.files]
        changed = set_files(open_lake(first.lake), first.table, first.batch, sources, paths, _properties(placed))
        on_step("committed")
        for one, manifest in zip((one for one, _ in attempts), placed, strict=True):
            record(one.lake, one.table, manifest)
    on_step("recorded")
    for one, _ in attempts:
        files_of(one.lake).remove_tree(one.folder)
    return [Committed(manifest, changed) for manifest in placed]


def committed(root: str | Lake, table: str, batch: str, source: str) -> StageManifest | None:
    """The manifest behind a partition, paths relative to the lake's root; None where the partition was never committed,
    or was killed between table and manifest. Raises ContractError for a manifest from a newer version."""
    lake = root if isinstance(root, Lake) else Lake(root)
    path = lake.manifest(table, batch, source)
    if not files_of(lake).exists(path):
        return None
    try:
        manifest = StageManifest.loads(files_of(lake).read(path), path)
    except DamagedManifest:
        return None
    present = [lake.relative(file.path) for file in files(lake, table, batch, source)]
    return manifest if present == [file.path for file in manifest.files] else None


def record(lake: Lake, table: str, manifest: StageManifest) -> None:
    """Writes the manifest of a partition whose files are in the table."""
    files_of(lake).write(lake.manifest(table, manifest.batch, manifest.source), manifest.dumps())


def set_files(
    tables: LakeTables, table: str, batch: str, sources: Sequence[str], paths: Sequence[str], properties: dict[str, str]
) -> bool:
    """Makes ``paths`` the data files of a batch's sources, in one snapshot; files that stay are left alone.

    Another writer's commit in between is no harm: the change is made again on the table as it then is. Returns whether
    anything changed. Raises InfrastructureError after TRIES lost races.
    """
    wanted = partition_filter([equal("batch", batch), one_of("source", sources)])
    return replace_files(tables, table, wanted, set(paths), properties)


def replace_files(
    tables: LakeTables, table: str, wanted: BooleanExpression, paths: set[str], properties: dict[str, str]
) -> bool:
    """The same for whatever part of a table an expression names."""
    for lost in range(TRIES):
        found = tables.table(table) if paths else tables.find(table)
        if found is None:
            return False
        try:
            with disk_errors(tables.lake.warehouse), catalog_errors(tables.lake):
                return _replace(found, wanted, paths, properties)
        except (CommitFailedException, ValidationException):
            time.sleep(min(MAX_WAIT_SECONDS, 0.02 * 1.5**lost))
    raise InfrastructureError(
        f"table {table}: other writers were faster {TRIES} times; run the task again when they are done"
    )


def _replace(table: Table, wanted, paths: set[str], properties: dict[str, str]) -> bool:
    present = {task.file.file_path: task.file for task in table.scan(row_filter=wanted).plan_files()}
    gone = [file for path, file in sorted(present.items()) if path not in paths]
    new = sorted(paths - set(present))
    if not gone and not new:
        return False
    with _Transaction(table) as transaction:
        update = transaction.update_snapshot(snapshot_properties=properties)
        with update.overwrite() if gone else update.merge_append() as change:
            for file in gone:
                change.delete_data_file(file)
            for path in new:
                change.append_data_file(parquet_file_to_data_file(table.io, table.metadata, path))
    return True


class _Transaction(Transaction):
    """pyiceberg's transaction copies the table's whole metadata each time it is looked at, some twenty times a commit;
    this one copies it once after each change, so that a commit costs little on a table of many snapshots."""

    def __init__(self, table: Table):
        self._seen: tuple[int, TableMetadata] | None = None
        super().__init__(table, autocommit=False)

    @property
    def table_metadata(self) -> TableMetadata:
        if self._seen is None or self._seen[0] != len(self._updates):
            self._seen = (len(self._updates), super().table_metadata)
        return self._seen[1]


def _move(attempt: Attempt, manifest: StageManifest) -> StageManifest:
    """Moves the files to the folder that their content names. The same content ends in the same place; a file that
    stands there already is replaced by its equal, which also repairs one that was damaged."""
    lake, store = attempt.lake, files_of(attempt.lake)
    folder = f"{lake.partition(attempt.table, attempt.batch, attempt.source)}/{content_hash(manifest.files)}"
    placed = []
    for file in sorted(manifest.files, key=lambda file: file.path):
        target = f"{folder}/{file.path}"
        store.move(attempt.path(file.path), target)
        placed.append(FileEntry(lake.relative(target), file.rows, file.bytes, file.sha256))
    return manifest.with_files(placed)


def _properties(manifests: Sequence[StageManifest]) -> dict[str, str]:
    first = manifests[0]
    return {
        "malmoi.stage": first.stage,
        "malmoi.batch": first.batch,
        "malmoi.source": ",".join(sorted(manifest.source for manifest in manifests)),
        "malmoi.recipe-hash": first.recipe_hash,
        "malmoi.code-version": first.code_version,
        "malmoi.fingerprint": ",".join(manifest.fingerprint for manifest in manifests),
        "malmoi.documents-entered": str(sum(manifest.balance.entered.documents for manifest in manifests)),
        "malmoi.documents-kept": str(sum(manifest.balance.kept.documents for manifest in manifests)),
        "malmoi.rows": str(sum(manifest.rows for manifest in manifests)),
    }
