"""Attempts: where a stage writes, and what its files must be before they may be committed."""

import os
import uuid
from dataclasses import dataclass

import pyarrow.parquet as pq

from malmoi.contracts.disk import disk_errors
from malmoi.contracts.errors import ContractError
from malmoi.contracts.files import Files, files_of, sha256
from malmoi.contracts.manifest import FileEntry, StageManifest
from malmoi.contracts.paths import Lake, checked_name
from malmoi.contracts.tables import TABLES
from malmoi.lake.lock import try_lock

OWNER = ".owner"
"""A file that the process which made the attempt keeps locked, so that vacuum can tell a living attempt."""


@dataclass(frozen=True)
class Attempt:
    """A fresh folder; workers write ``part-00000000.parquet``... into it."""

    lake: Lake
    table: str
    batch: str
    source: str
    folder: str

    def path(self, name: str) -> str:
        return f"{self.folder}/{name}"

    @property
    def crumbs(self) -> str:
        """A folder for the workers' breadcrumbs, in the attempt where the lake is a folder."""
        return f"{self.lake.scratch}/{self.lake.relative(self.folder)}/crumbs"


def attempt(root: str | Lake, table: str, batch: str, source: str) -> Attempt:
    """Makes the folder ``attempts/TABLE/BATCH/SOURCE/UNIQUE``. Raises ContractError, InfrastructureError."""
    lake = root if isinstance(root, Lake) else Lake(root)
    if table not in TABLES:
        raise ContractError(f"no table {table!r}; the lake has {', '.join(TABLES)}")
    folder = "/".join((lake.attempts, table, checked_name(batch), checked_name(source), uuid.uuid4().hex))
    if not lake.is_object_store:
        with disk_errors(folder):
            os.makedirs(folder)
        try_lock(f"{folder}/{OWNER}")
    return Attempt(lake, table, batch, source, folder)


def verify(attempt: Attempt, manifest: StageManifest) -> None:
    """Holds an attempt against its manifest: balance, and each file's checksum, rows, schema and partition.

    Raises BalanceError or ContractError naming the file and what is wrong with it.
    """
    wanted = (attempt.batch, attempt.source)
    if (manifest.batch, manifest.source) != wanted:
        raise ContractError(
            f"stage {manifest.stage}: manifest is of {manifest.batch}/{manifest.source}, the attempt of {'/'.join(wanted)}"
        )
    manifest.balance.check(manifest.stage, manifest.source)
    names = [file.path for file in manifest.files]
    if len(set(names)) != len(names) or any("/" in name for name in names):
        raise ContractError(f"stage {manifest.stage}, source {manifest.source}: file names repeat or hold a folder")
    files = files_of(attempt.lake)
    for file in manifest.files:
        _verify_file(files, attempt, file)


def _verify_file(files: Files, attempt: Attempt, file: FileEntry) -> None:
    path = attempt.path(file.path)
    if not files.exists(path):
        raise ContractError(f"{path}: missing, though its worker reported it; run the stage again")
    if files.size(path) != file.bytes or sha256(files, path) != file.sha256:
        raise ContractError(f"{path}: content differs from the checksum that its worker reported; run the stage again")
    with files.open(path) as stream, pq.ParquetFile(stream) as parquet:
        metadata, schema = parquet.metadata, parquet.schema_arrow
    if metadata.num_rows != file.rows or file.rows == 0:
        raise ContractError(f"{path}: {metadata.num_rows} rows, its worker reported {file.rows} (no file may be empty)")
    expected = TABLES[attempt.table]
    if not schema.equals(expected, check_metadata=False):
        raise ContractError(f"{path}: schema differs from table {attempt.table}: {_first_difference(schema, expected)}")
    for name, value in (("batch", attempt.batch), ("source", attempt.source)):
        if not _is_constant(metadata, schema.names.index(name), value):
            raise ContractError(f"{path}: column {name} must be {value!r} in every row; a file holds one partition")


def _is_constant(metadata: pq.FileMetaData, column: int, value: str) -> bool:
    for group in range(metadata.num_row_groups):
        statistics = metadata.row_group(group).column(column).statistics
        if statistics is None or statistics.null_count or (statistics.min, statistics.max) != (value, value):
            return False
    return True


def _first_difference(found, expected) -> str:
    for field in expected:
        index = found.get_field_index(field.name)
        if index < 0:
            return f"column {field.name} is missing"
        if not found.field(index).type.equals(field.type):
            return f"column {field.name} is {found.field(index).type}, must be {field.type}"
    extra = [name for name in found.names if name not in expected.names]
    return f"column {extra[0]} is not in the table" if extra else "columns stand in another order"
