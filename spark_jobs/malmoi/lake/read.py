"""What lies in a table: its data files at one moment."""

from collections.abc import Iterable
from dataclasses import dataclass

from pyiceberg.expressions import AlwaysTrue, And, BooleanExpression, EqualTo, In
from pyiceberg.table import Table

from malmoi.contracts.errors import ContractError
from malmoi.contracts.paths import Lake, part_of
from malmoi.lake.catalog import open_lake

"""A batch named ``DAY~WORD`` is a dry run: it sees the nights before it and none sees it."""


@dataclass(frozen=True, order=True)
class DataFile:
    """One data file. Sorted by batch, source and part."""

    batch: str
    source: str
    part: int
    path: str
    rows: int
    bytes: int


def files(
    root: str | Lake,
    table: str,
    batch: str | None = None,
    source: str | None = None,
    snapshot: str | int | None = None,
) -> list[DataFile]:
    """Data files in order of batch, source, part; of everything, or of one batch or source.

    ``snapshot``: a snapshot id or a tag such as ``release-ID``; without it, the table as it is now. A table that was
    never written has no files. Raises ContractError for a tag that does not exist.
    """
    found = open_lake(root).find(table)
    return [] if found is None else files_in(found, _filter(batch, source), snapshot)


def files_in(table: Table, wanted: BooleanExpression, snapshot: str | int | None = None) -> list[DataFile]:
    """The same on an open table."""
    scan = table.scan(row_filter=wanted, snapshot_id=_snapshot_id(table, snapshot))
    return sorted(_data_file(task.file) for task in scan.plan_files())


def _filter(batch: str | None, source: str | None) -> BooleanExpression:
    terms = [equal(name, value) for name, value in (("batch", batch), ("source", source)) if value is not None]
    return partition_filter(terms)


def equal(column: str, value: str) -> BooleanExpression:
    """``column = value``."""
    return EqualTo(column, value)  # type: ignore[call-arg, arg-type]  # pyiceberg's __init__ is hidden by its model class


def one_of(column: str, values: Iterable[str]) -> BooleanExpression:
    """``column in values``."""
    return In(column, sorted(values))  # type: ignore[call-arg, arg-type]  # as above


def partition_filter(terms: Iterable[BooleanExpression]) -> BooleanExpression:
    wanted: BooleanExpression = AlwaysTrue()
    for term in terms:
        wanted = And(wanted, term)
    return wanted


def _snapshot_id(table: Table, snapshot: str | int | None) -> int | None:
    if snapshot is None or isinstance(snapshot, int):
        return snapshot
    found = table.snapshot_by_name(snapshot)
    if found is None:
        raise ContractError(f"table {table.name()[-1]}: no tag {snapshot!r}; `malmoi releases` lists the releases")
    return found.snapshot_id


def _data_file(file) -> DataFile:
    values = list(file.partition)
    batch, source = values if len(values) == 2 else ("", "")
    path = file.file_path.removeprefix("file://")
    return DataFile(batch, source, part_of(path), path, file.record_count, file.file_size_in_bytes)
