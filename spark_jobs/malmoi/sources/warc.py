"""WARC files, plain or gzip: every response and resource record that is a page.

A damaged gzip member or record becomes one BadRecord, and reading goes on at the next gzip member or record header.
"""

import os
import re
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import BinaryIO

from fastwarc.warc import ArchiveIterator, HeaderMap, WarcRecord, WarcRecordType

from malmoi.contracts.optout import WARC_HEADER, header_signals
from malmoi.contracts.reasons import Fault, Reason
from malmoi.contracts.recipe.sections import Ingest
from malmoi.sources.records import BadRecord, Origin, RawPage, Record, SkippedRecord

_MARKERS = (b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd")  # gzip member, zstd frame
_HEADER = b"WARC/1."
_HTML_TYPES = frozenset(("text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml"))
_LOOKS_LIKE_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|div|p|article|meta|title)\b", re.IGNORECASE)
_SCAN_BYTES = 1 << 20
_LEAST_READ = 1 << 16


Take = Callable[[WarcRecord, Origin], Record | None]


def read_warc(path: str, name: str, limits: Ingest) -> Iterator[Record]:
    """Pages of the file at ``path``; ``name`` is what their origin says."""
    return read_records(path, name, lambda record, origin: _take(record, origin, limits))


def read_records(path: str, name: str, take: Take) -> Iterator[Record]:
    """What ``take`` makes of each record, with BadRecords for what is damaged. ``take`` sees an origin whose length is
    0 and returns None for records that are not of interest; OSError from it counts as damage."""
    size = os.path.getsize(path)
    with open(path, "rb") as file:
        start = 0
        while start < size:
            start = yield from _read_from(file, name, start, size, take)


def _read_from(file: BinaryIO, name: str, start: int, size: int, take: Take) -> Generator[Record, None, int]:
    """Reads until the end or a fault; returns where to go on. A record's length is known when the next one begins."""
    file.seek(start)
    records = ArchiveIterator(file, record_types=WarcRecordType.any_type, parse_http=False)
    pending: Record | None = None
    position: int | None = None
    while True:
        try:
            record = next(records, None)
        except OSError as error:
            if position is None:  # the first record is the damaged one
                resume = _next_record(file, start + 1, size)
                yield _bad(name, start, resume, size, error)
                return resume
            resume = _next_record(file, position + 1, size)
            if pending is not None:
                end = _end_of(file, pending, resume)
                yield _ending_at(pending, end)
                if end < resume:
                    yield _bad(name, end, resume, size, error)
            return resume
        position = size if record is None else start + record.stream_pos
        if pending is not None:
            yield _ending_at(pending, position)
        if record is None:
            return size
        try:
            pending = take(record, Origin(name, position, 0))
        except OSError as error:
            resume = _next_record(file, position + 1, size)
            yield _bad(name, position, resume, size, error)
            return resume


def _take(record: WarcRecord, origin: Origin, limits: Ingest) -> Record | None:
    """None for what is no capture (warcinfo, request, metadata)."""
    if record.record_type not in (WarcRecordType.response, WarcRecordType.resource, WarcRecordType.revisit):
        return None
    size = record.content_length
    if record.record_type == WarcRecordType.revisit:
        return SkippedRecord(origin, Reason.NOT_HTML, size)
    return whole(record, origin, limits) or _page(record, origin, size, limits)


def whole(record: WarcRecord, origin: Origin, limits: Ingest) -> BadRecord | None:
    """Loads the record into memory, unless it is too large or the file ends within it."""
    size = record.content_length
    if size > limits.max_record_mib << 20:
        detail = f"{size} bytes; ingest.max_record_mib allows {limits.max_record_mib} MiB"
        return BadRecord(origin, Fault.RECORD_TOO_LARGE, detail, size)
    record.freeze()
    if record.content_length < size:
        return BadRecord(origin, Fault.TRUNCATED_FILE, f"{record.content_length} of {size} bytes are there", size)
    return None


def _page(record: WarcRecord, origin: Origin, size: int, limits: Ingest) -> Record:
    content_type, charset = record.headers.get("Content-Type") or "", None
    opt_outs = set((record.headers.get(WARC_HEADER) or "").replace(",", " ").split())
    if content_type.lower().startswith("application/http"):
        try:
            record.parse_http(auto_decode="all")
            body = _body(record, (limits.max_record_mib << 20) + 1)
        except (OSError, ValueError) as error:
            return BadRecord(origin, Fault.BROKEN_RECORD, _reason(error), size)
        status = record.http_headers.status_code if record.http_headers else None
        if status is not None and not 200 <= status < 300:
            return SkippedRecord(origin, Reason.NOT_HTML, size)
        content_type, charset = record.http_content_type or "", record.http_charset
        if record.http_headers:
            opt_outs |= _opt_outs(record.http_headers)
    else:
        body = record.reader.read()
    if len(body) > limits.max_record_mib << 20:
        return BadRecord(
            origin, Fault.RECORD_TOO_LARGE, "the body grows beyond ingest.max_record_mib when decoded", size
        )
    if not _is_html(content_type, body):
        return SkippedRecord(origin, Reason.NOT_HTML, size)
    url = (record.headers.get("WARC-Target-URI") or "").strip("<> ")
    return RawPage(
        origin, size, url=url, html=body, charset=charset, fetched_at=fetched_at(record), opt_outs=frozenset(opt_outs)
    )


def _body(record: WarcRecord, most: int) -> bytes:
    """The body, decoded, as far as ``most`` bytes. The length of the record is asked for first: a buffer for the most that there
    may be costs as much time as to decompress a page."""
    parts: list[bytes] = []
    size = max(record.content_length, _LEAST_READ)
    while most > 0 and (part := record.reader.read(min(size, most))):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)


def _opt_outs(headers: HeaderMap) -> set[str]:
    """Signals against training; a server may send a header several times."""
    robots = ",".join(value for name, value in headers.items() if name.lower() == "x-robots-tag")
    return header_signals(robots, headers.get("TDM-Reservation") or "")


def fetched_at(record: WarcRecord) -> datetime | None:
    """When the record was captured, UTC."""
    date = record.record_date
    if date is None:
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)


def _is_html(content_type: str, body: bytes) -> bool:
    """By the stated type; by the first bytes where none is stated."""
    stated = content_type.split(";")[0].strip().lower()
    if stated in _HTML_TYPES:
        return True
    return stated in ("", "application/octet-stream", "text/plain") and bool(_LOOKS_LIKE_HTML.search(body, 0, 2048))


def _ending_at(record: Record, end: int) -> Record:
    origin = record.origin
    return replace(record, origin=Origin(origin.file, origin.offset, end - origin.offset))


def _bad(name: str, start: int, end: int, size: int, error: Exception) -> BadRecord:
    fault = Fault.TRUNCATED_FILE if end >= size and "header" not in str(error).lower() else Fault.BROKEN_RECORD
    return BadRecord(Origin(name, start, end - start), fault, _reason(error), end - start)


def _reason(error: Exception) -> str:
    return str(error).split("\n")[0][:120]


def _end_of(file: BinaryIO, record: Record, next_record: int) -> int:
    """Where a sound record ends that something unreadable follows. A compressed one ends where the next member begins;
    in a plain file there may be garbage in between."""
    file.seek(record.origin.offset)
    head = file.read(_SCAN_BYTES)
    if not head.startswith(_HEADER):
        return next_record
    body = head.find(b"\r\n\r\n")
    return min(next_record, record.origin.offset + body + 4 + record.raw_bytes + 4) if body >= 0 else next_record


def _next_record(file: BinaryIO, start: int, size: int) -> int:
    """Where the next compressed member, or the next WARC header of a plain file, begins; ``size`` where none does."""
    file.seek(0)
    head = file.read(4)
    marker = next((marker for marker in _MARKERS if head.startswith(marker)), _HEADER)
    position = start
    while position < size:
        file.seek(position)
        block = file.read(_SCAN_BYTES)
        found = block.find(marker)
        if found >= 0:
            return position + found
        if len(block) < _SCAN_BYTES:
            return size
        position += _SCAN_BYTES - len(marker)
    return size
