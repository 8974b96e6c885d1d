"""WARC files of one source and day: written under hidden names, visible all together when the run has ended.

A killed run leaves hidden files whose last record may be cut; the next run cuts that record off, knows what the others
are, and makes them visible with its own. Each record is a gzip member of its own, as readers of WARC expect.
"""

import gzip
import io
import os
import uuid
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import responses
from pathlib import Path
from typing import BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from malmoi.contracts.disk import disk_errors
from malmoi.contracts.optout import WARC_HEADER

MAX_BYTES = 64 << 20
"""A file ends behind the record that makes it this large: one landing file is one unit of work."""
_BLOCK = 1 << 16
_SOFTWARE = b"software: malmoi\r\nformat: WARC File Format 1.1\r\n"


@dataclass(frozen=True, slots=True)
class Capture:
    """A response as it came, but decompressed. ``opt_outs`` are signals of ``contracts/optout.py``; where ``obeyed``,
    nothing of the page is kept but its address and the signals."""

    url: str
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    fetched_at: datetime
    opt_outs: tuple[str, ...] = ()
    obeyed: bool = False


@dataclass(frozen=True, slots=True)
class Salvaged:
    """A page that a killed run had written. ``etag`` and ``last_modified`` are as the server sent them."""

    url: str
    etag: str
    last_modified: str
    obeyed: bool


class Archive:
    """``salvaged`` holds what a killed run left."""

    def __init__(self, folder: Path, max_bytes: int = MAX_BYTES):
        self._folder = folder
        self._max_bytes = max_bytes
        self._file: BinaryIO | None = None
        self._hidden: list[Path] = []
        self.salvaged: list[Salvaged] = []
        for path in sorted(folder.glob(".fetch-*.warc.gz")):
            self._salvage(path)

    def write(self, capture: Capture) -> None:
        """Adds a record. It survives the death of this process."""
        with disk_errors(self._folder):
            if self._file is None:
                self._file = self._begin()
            self._file.write(_record(capture))
            self._file.flush()
            if self._file.tell() >= self._max_bytes:
                self._end()

    def publish(self) -> list[str]:
        """Makes every file visible; returns their names."""
        with disk_errors(self._folder):
            self._end()
            visible = [self._folder / path.name.removeprefix(".") for path in self._hidden]
            for hidden, path in zip(self._hidden, visible, strict=True):
                os.replace(hidden, path)
        self._hidden = []
        return [path.name for path in visible]

    def close(self) -> None:
        """Leaves the files hidden, for a later run."""
        self._end()

    def _begin(self) -> BinaryIO:
        self._folder.mkdir(parents=True, exist_ok=True)
        taken = [int(path.name.split("-")[1].split(".")[0]) for path in self._folder.glob("*fetch-*.warc.gz")]
        path = self._folder / f".fetch-{max(taken, default=-1) + 1:05d}.warc.gz"
        self._hidden.append(path)
        file = open(path, "xb")
        file.write(_member(WarcRecordType.warcinfo, "", datetime.now(UTC), "application/warc-fields", _SOFTWARE))
        return file

    def _end(self) -> None:
        if self._file is not None:
            os.fsync(self._file.fileno())
            self._file.close()
            self._file = None

    def _salvage(self, path: Path) -> None:
        sound = _sound_bytes(path)
        if sound < path.stat().st_size:
            os.truncate(path, sound)
        if not sound:
            path.unlink()
            return
        self._hidden.append(path)
        self.salvaged += _pages(path)


def _record(capture: Capture) -> bytes:
    if capture.obeyed:
        fields = f"opt-out: {', '.join(capture.opt_outs)}\r\n".encode()
        return _member(
            WarcRecordType.metadata,
            capture.url,
            capture.fetched_at,
            "application/warc-fields",
            fields,
            capture.opt_outs,
        )
    lines = [f"HTTP/1.1 {capture.status} {responses.get(capture.status, 'Other')}".encode()]
    lines += [name + b": " + b" ".join(value.splitlines()) for name, value in capture.headers if _is_kept(name)]
    lines.append(b"Content-Length: %d" % len(capture.body))
    block = b"\r\n".join([*lines, b"", b""]) + capture.body
    content = "application/http; msgtype=response"
    return _member(WarcRecordType.response, capture.url, capture.fetched_at, content, block, capture.opt_outs)


def _is_kept(name: bytes) -> bool:
    """The body is stored decompressed and whole, so what describes its transfer would be wrong."""
    return name.lower() not in (
        b"content-length",
        b"content-encoding",
        b"transfer-encoding",
        b"connection",
        b"set-cookie",
    )


def _member(
    kind: WarcRecordType, url: str, moment: datetime, content: str, block: bytes, opt_outs: tuple[str, ...] = ()
) -> bytes:
    record = WarcRecord()
    record.init_headers(kind, f"uuid:{uuid.uuid4()}".encode())
    record.headers["WARC-Date"] = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if url:
        record.headers["WARC-Target-URI"] = url
    if opt_outs:
        record.headers[WARC_HEADER] = ", ".join(opt_outs)
    record.headers["Content-Type"] = content
    record.set_bytes_content(block)
    plain = io.BytesIO()
    record.write(plain, checksum_data=True)
    return gzip.compress(plain.getvalue(), 6, mtime=0)


def _sound_bytes(path: Path) -> int:
    """Where the last whole gzip member ends."""
    sound = position = 0
    member = zlib.decompressobj(31)
    with open(path, "rb") as file:
        while block := file.read(_BLOCK):
            while block:
                try:
                    member.decompress(block)
                except zlib.error:
                    return sound
                if not member.eof:
                    position += len(block)
                    break
                position += len(block) - len(member.unused_data)
                sound, block, member = position, member.unused_data, zlib.decompressobj(31)
    return sound


def _pages(path: Path) -> Iterator[Salvaged]:
    kinds = WarcRecordType.response | WarcRecordType.metadata
    with open(path, "rb") as file:
        for record in ArchiveIterator(file, record_types=kinds, parse_http=True):
            headers = record.http_headers
            yield Salvaged(
                url=(record.headers.get("WARC-Target-URI") or "").strip("<> "),
                etag=(headers.get("ETag") or "") if headers else "",
                last_modified=(headers.get("Last-Modified") or "") if headers else "",
                obeyed=record.record_type == WarcRecordType.metadata,
            )
