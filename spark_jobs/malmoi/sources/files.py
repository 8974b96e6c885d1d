"""Single HTML files and zip archives of them."""

import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from urllib.parse import quote

from malmoi.contracts.reasons import Fault, Reason
from malmoi.contracts.recipe.sections import Ingest
from malmoi.sources.records import BadRecord, Origin, RawPage, Record, SkippedRecord

HTML_ENDINGS = (".html", ".htm", ".xhtml")
_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d+\)(\S+)\s*-->", re.IGNORECASE)


def read_html(path: str, name: str, limits: Ingest) -> Iterator[Record]:
    """One page of an HTML file, or every page of a zip. The address is the one that browsers note when they save a
    page; else ``file:`` with the name."""
    if path.lower().endswith(".zip"):
        yield from _read_zip(path, name, limits)
        return
    size = os.path.getsize(path)
    origin = Origin(name, 0, size)
    if not path.lower().endswith(HTML_ENDINGS):
        yield SkippedRecord(origin, Reason.NOT_HTML, size)
    elif size > limits.max_record_mib << 20:
        yield BadRecord(origin, Fault.RECORD_TOO_LARGE, f"{size} bytes", size)
    else:
        with open(path, "rb") as file:
            yield _page(file.read(), name, origin, size)


def _read_zip(path: str, name: str, limits: Ingest) -> Iterator[Record]:
    limit = limits.max_record_mib << 20
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        size = os.path.getsize(path)
        yield BadRecord(Origin(name, 0, size), Fault.TRUNCATED_FILE, str(error)[:120], size)
        return
    with archive:
        for entry in archive.infolist():
            if entry.is_dir():
                continue
            origin, size = Origin(f"{name}!{entry.filename}", entry.header_offset, entry.compress_size), entry.file_size
            if not entry.filename.lower().endswith(HTML_ENDINGS):
                yield SkippedRecord(origin, Reason.NOT_HTML, size)
            elif size > limit:
                yield BadRecord(origin, Fault.RECORD_TOO_LARGE, f"{size} bytes", size)
            else:
                yield _zipped(archive, entry, origin, limit)


def _zipped(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, origin: Origin, limit: int) -> Record:
    """Never more than the limit is read, whatever the archive says of the entry's size."""
    try:
        with archive.open(entry) as file:
            body = file.read(limit + 1)
    except (zipfile.BadZipFile, RuntimeError, OSError, zlib.error, EOFError) as error:
        return BadRecord(origin, Fault.BROKEN_RECORD, str(error)[:120], entry.file_size)
    if len(body) > limit:
        return BadRecord(origin, Fault.RECORD_TOO_LARGE, "more bytes than the archive states", len(body))
    return _page(body, entry.filename, origin, len(body))


def _page(body: bytes, name: str, origin: Origin, size: int) -> RawPage:
    saved = _SAVED_FROM.search(body, 0, 4096)
    url = saved.group(1).decode("utf-8", "replace") if saved else f"file:{quote(name)}"
    return RawPage(origin, size, url=url, html=body)
