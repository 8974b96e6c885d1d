"""One record of a landing file, read again by its origin."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from malmoi.contracts.errors import InputError
from malmoi.contracts.recipe.sections import Ingest, Source
from malmoi.sources import Origin, Record, read
from malmoi.sources.lines import open_lines

_WARC = (".warc", ".warc.gz", ".warc.zst")
_LINES = (".jsonl", ".jsonl.gz", ".jsonl.zst")
_BLOCK = 1 << 20


def read_one(landing: str, source: Source, limits: Ingest, origin: Origin) -> Record | None:
    """The record at ``origin`` in the landing folder, or None where its file holds no such record any more.

    A record of a WARC or of JSON Lines is cut out by its offset and length; any other file is read until the record
    comes. Raises InputError where the file is gone, or lies outside the landing folder.
    """
    name = origin.file.partition("!")[0]  # a page of a zip: FILE!ENTRY
    path = Path(os.path.abspath(Path(landing, name)))  # a landing file may be a link to where the data lies
    if not path.is_relative_to(os.path.abspath(landing)) or not path.is_file():
        raise InputError(f"{name}: not in the landing folder any more; retention removes raw files")
    with _beginning_at(str(path), origin) as (place, offset):
        found = read(place, source, limits, name)
        return next((one for one in found if one.origin.offset == offset and one.origin.file == origin.file), None)


@contextmanager
def _beginning_at(path: str, origin: Origin) -> Iterator[tuple[str, int]]:
    """A file, and where in it the record begins: one that holds the record alone where it can be cut out."""
    ending = next((ending for ending in _WARC + _LINES if path.lower().endswith(ending)), "")
    if not ending or not origin.length:
        yield path, origin.offset
        return
    with tempfile.TemporaryDirectory(prefix="malmoi-record-") as folder:
        alone = Path(folder, f"record{ending if ending in _WARC else '.jsonl'}")
        with open(path, "rb") if ending in _WARC else open_lines(path) as stream:
            _skip(stream, origin.offset)
            alone.write_bytes(stream.read(origin.length))
        yield str(alone), 0


def _skip(stream: BinaryIO, count: int) -> None:
    """Goes forward; decompressed streams are read, for not all of them can seek."""
    if stream.seekable():
        stream.seek(count)
        return
    while count and (block := stream.read(min(count, _BLOCK))):
        count -= len(block)
