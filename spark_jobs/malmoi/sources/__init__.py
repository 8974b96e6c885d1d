"""Landing files of every source type, read as raw pages. One damaged record never ends the file."""

import os
from collections.abc import Iterator

from malmoi.contracts.errors import InputError
from malmoi.contracts.recipe.sections import Ingest, Source
from malmoi.sources.records import BadRecord, Origin, RawPage, Record, SkippedRecord

__all__ = ["BadRecord", "Origin", "RawPage", "Record", "SkippedRecord", "read"]

_WARC_ENDINGS = (".warc", ".warc.gz", ".warc.zst")


def read(path: str, source: Source, limits: Ingest, name: str | None = None) -> Iterator[Record]:
    """Records of one landing file, in its order.

    ``name`` is the path relative to the landing folder, which every origin carries; without it, the file's own name.
    A WARC is read as such whatever the source's type, so a KiN or blog source may hold either form. Raises InputError
    for a file that cannot be opened.
    """
    name = name or os.path.basename(path)
    try:
        yield from _reader(path, name, source, limits)
    except (FileNotFoundError, PermissionError, IsADirectoryError) as error:
        raise InputError(f"{path}: {error.strerror}; check the source's path in the recipe") from None


def _reader(path: str, name: str, source: Source, limits: Ingest) -> Iterator[Record]:
    if path.lower().endswith(_WARC_ENDINGS) and source.type != "wet":
        from malmoi.sources.warc import read_warc

        return read_warc(path, name, limits)
    if source.type == "kin":
        from malmoi.sources.kin import read_kin

        return read_kin(path, name, limits)
    if source.type == "html":
        from malmoi.sources.files import read_html

        return read_html(path, name, limits)
    if source.type in ("jsonl", "blog"):
        from malmoi.sources.jsonl import read_jsonl

        return read_jsonl(path, name, source, limits)
    raise InputError(f"{path}: a source of type {source.type!r} cannot be read from such a file")
