"""Landing files of every source type, read as raw pages. One damaged record never ends the file."""

import importlib
import os
from collections.abc import Iterator

from malmoi.contracts.errors import InputError
from malmoi.contracts.recipe.sections import Ingest, Source
from malmoi.sources.records import BadRecord, Origin, RawPage, Record, SkippedRecord

__all__ = ["BadRecord", "Origin", "RawPage", "Record", "SkippedRecord", "read"]

_WARC_ENDINGS = (".warc", ".warc.gz", ".warc.zst")
_OTHER_FORMS = (
    ((".html", ".htm", ".zip"), "html"),
    ((".jsonl", ".jsonl.gz", ".jsonl.zst"), "jsonl"),
    ((".parquet",), "parquet"),
)
_READERS = {
    "warc": ("warc", "read_warc", False),
    "wet": ("wet", "read_wet", False),
    "jsonl": ("jsonl", "read_jsonl", True),
    "blog": ("jsonl", "read_jsonl", True),
    "parquet": ("tables", "read_parquet", True),
    "kin": ("kin", "read_kin", False),
    "html": ("files", "read_html", False),
    "feed": ("feed", "read_feed", False),
    "mediawiki": ("mediawiki", "read_mediawiki", False),
    "nikl": ("nikl", "read_nikl", False),
}
"""Source type: module, function, and whether it reads the source's field names."""


def read(path: str, source: Source, limits: Ingest, name: str | None = None) -> Iterator[Record]:
    """Records of one landing file, in its order.

    ``name`` is the path relative to the landing folder, which every origin carries; without it, the file's own name.
    A WARC is read as such whatever the source's type, so a KiN or blog source may hold either form; a source of WARCs may
    hold HTML, JSON Lines and Parquet files too. Raises InputError for a file that cannot be opened.
    """
    name = name or os.path.basename(path)
    try:
        yield from _reader(path, name, source, limits)
    except (FileNotFoundError, PermissionError, IsADirectoryError) as error:
        raise InputError(f"{path}: {error.strerror}; check the source's path in the recipe") from None


def _reader(path: str, name: str, source: Source, limits: Ingest) -> Iterator[Record]:
    """Readers are imported when a source asks for them: each brings its own engine."""
    module, function, takes_source = _READERS[_form(path.lower(), source.type)]
    reader = getattr(importlib.import_module(f"malmoi.sources.{module}"), function)
    return reader(path, name, source, limits) if takes_source else reader(path, name, limits)


def _form(path: str, form: str) -> str:
    """What the file is: the source's type, unless the ending says WARC, or says another form in a source of WARCs."""
    if path.endswith(_WARC_ENDINGS) and form != "wet":
        return "warc"
    if form != "warc":
        return form
    return next((other for endings, other in _OTHER_FORMS if path.endswith(endings)), form)
