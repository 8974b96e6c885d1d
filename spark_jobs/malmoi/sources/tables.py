"""Parquet of documents, with the same fields as JSON Lines. One batch of rows is in memory at a time."""

import os
from collections.abc import Iterator
from datetime import date, datetime

import pyarrow as pa
import pyarrow.parquet as pq

from malmoi.contracts.reasons import Fault
from malmoi.contracts.recipe.sections import Ingest, Source
from malmoi.sources.jsonl import page_of
from malmoi.sources.records import BadRecord, Origin, Record

_ROWS = 64


def read_parquet(path: str, name: str, source: Source, limits: Ingest) -> Iterator[Record]:
    """One page a row; ``origin.offset`` is the row's number and ``length`` the bytes of its text."""
    row = 0
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=_ROWS, use_threads=False):
                for record in batch.to_pylist():
                    yield _page(record, name, row, source, limits)
                    row += 1
    except (pa.ArrowInvalid, OSError) as error:
        size = os.path.getsize(path)
        yield BadRecord(
            Origin(name, row, 0), Fault.TRUNCATED_FILE, str(error).split("\n")[0][:120], size if row == 0 else 0
        )


def _page(record: dict, name: str, row: int, source: Source, limits: Ingest) -> Record:
    values = {key: _plain(value) for key, value in record.items()}
    body = values.get(source.text_field) or values.get(source.html_field)
    size = len(body.encode("utf-8", "replace")) if isinstance(body, str) else 0
    origin = Origin(name, row, size)
    if size > limits.max_record_mib << 20:
        return BadRecord(origin, Fault.RECORD_TOO_LARGE, f"{size} bytes", size)
    return page_of(values, origin, source)


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value.isoformat() if isinstance(value, datetime | date) else value
