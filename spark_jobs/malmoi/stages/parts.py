"""Parquet parts: how a stage reads and writes the rows of its unit, in bounded memory and with the same bytes each time."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from malmoi.contracts.disk import disk_errors
from malmoi.contracts.errors import ContractError
from malmoi.contracts.release import sha256_of

MAX_ROWS = 1_000
MAX_BYTES = 16 << 20
"""A batch ends at whichever comes first, so that a run of giant pages does not fill a worker."""

PART_ROWS = 1_000
"""Rows of a part that ingest writes, and so of a unit of the stages after it: half a minute of annotating on one core."""
PARTS_A_UNIT = 10_000
"""Numbers that a unit has for its parts: more documents are no sane landing file."""


class PartWriter:
    """Writes one part. The file appears under its name when it is complete, never before.

    ``close`` returns ``{"path", "rows", "bytes", "sha256"}`` with the path relative to the folder, or None where no
    row came: a table's partition holds no empty files.
    """

    def __init__(self, folder: str, part: int, schema: pa.Schema):
        self._name = f"part-{part:08d}.parquet"
        self._store = folder if "://" in folder else None  # an object store takes the part when it is complete
        self._folder = Path(tempfile.mkdtemp(prefix="malmoi-part-")) if self._store else Path(folder)
        with disk_errors(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
        self._open = self._folder / f".{self._name}.{os.getpid()}"
        self._schema = schema
        self._writer: pq.ParquetWriter | None = None
        self.rows = 0

    def write(self, batch: pa.RecordBatch | pa.Table) -> None:
        if batch.num_rows == 0:
            return
        table = batch if isinstance(batch, pa.Table) else pa.Table.from_batches([batch])
        with disk_errors(self._folder):
            if self._writer is None:
                self._writer = pq.ParquetWriter(self._open, self._schema, compression="zstd", compression_level=3)
            self._writer.write_table(table.cast(self._schema), row_group_size=MAX_ROWS)
        self.rows += batch.num_rows

    def write_rows(self, rows: list[dict]) -> None:
        self.write(pa.Table.from_pylist(rows, schema=self._schema))

    def close(self) -> dict | None:
        if self._writer is None:
            if self._store:
                self._folder.rmdir()
            return None
        final = self._folder / self._name
        with disk_errors(self._folder):
            self._writer.close()
            os.replace(self._open, final)
        entry = {"path": self._name, "rows": self.rows, "bytes": final.stat().st_size, "sha256": sha256_of(final)}
        if self._store:
            import fsspec

            store, place = fsspec.url_to_fs(self._store)
            store.put_file(str(final), f"{place}/{self._name}")
            shutil.rmtree(self._folder)
        return entry


class RollingWriter:
    """Writes a unit's rows as parts of at most PART_ROWS rows, so that later stages have units of even size whatever the
    size of a landing file. Their numbers follow from the unit's: ``unit * PARTS_A_UNIT``, and on."""

    def __init__(self, folder: str, unit: int, schema: pa.Schema):
        self._open = lambda part: PartWriter(folder, unit * PARTS_A_UNIT + part, schema)
        self._current = self._open(0)
        self._done: list[dict] = []

    def write(self, batch: pa.RecordBatch) -> None:
        while batch.num_rows:
            room = PART_ROWS - self._current.rows
            self._current.write(batch.slice(0, room))
            batch = batch.slice(room)
            if self._current.rows == PART_ROWS:
                self._roll()

    def close(self) -> list[dict]:
        """What each part's ``close`` returned."""
        self._roll()
        return self._done

    def _roll(self) -> None:
        entry = self._current.close()
        self._done += [entry] if entry else []
        if len(self._done) == PARTS_A_UNIT:
            raise ContractError(f"a landing file holds more than {PART_ROWS * PARTS_A_UNIT:,} documents: split it")
        self._current = self._open(len(self._done))


def open_part(path: str) -> pq.ParquetFile:
    """A part by its path, or by its URL where the lake is an object store."""
    if "://" not in path:
        return pq.ParquetFile(path)
    import fsspec

    return pq.ParquetFile(fsspec.open(path, "rb").open())


def read_batches(path: str, columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
    """The part's rows in file order, in batches of at most MAX_ROWS rows and about MAX_BYTES."""
    with open_part(path) as file:
        for batch in file.iter_batches(batch_size=MAX_ROWS, columns=columns, use_threads=False):
            yield from _split(batch)


def aligned_batches(*wanted: tuple[str, list[str]]) -> Iterator[tuple[pa.RecordBatch, ...]]:
    """Rows of parts that lie side by side, ``(path, columns)`` each, in equal batches.

    Row groups may be cut differently in each part. Raises ValueError where the parts differ in rows.
    """
    readers = [open_part(path) for path, _ in wanted]
    if len({reader.metadata.num_rows for reader in readers}) != 1:
        raise ValueError(f"parts differ in rows: {', '.join(path for path, _ in wanted)}")
    streams = [
        reader.iter_batches(batch_size=MAX_ROWS, columns=columns, use_threads=False)
        for reader, (_, columns) in zip(readers, wanted, strict=True)
    ]
    heads: list[pa.RecordBatch | None] = [next(stream, None) for stream in streams]
    while len(present := [head for head in heads if head is not None]) == len(heads):
        rows = min(head.num_rows for head in present)
        yield tuple(head.slice(0, rows) for head in present)
        heads = [
            head.slice(rows) if head.num_rows > rows else next(stream, None)
            for head, stream in zip(present, streams, strict=True)
        ]
    for reader in readers:
        reader.close()


def _split(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    if batch.num_rows <= 1 or batch.nbytes <= MAX_BYTES:
        yield batch
        return
    half = batch.num_rows // 2
    yield from _split(batch.slice(0, half))
    yield from _split(batch.slice(half))
