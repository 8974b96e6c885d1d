"""Landing files: WARC (one gzip member a record) and JSON Lines, with the same bytes for the same input."""

import base64
import gzip
import hashlib
import uuid
from dataclasses import replace
from pathlib import Path

from malmoi.sample.records import Capture, Line, Truth


def warc_member(capture: Capture, second: int) -> bytes:
    """One response record as a gzip member. Date and record id come from the content, not from a clock."""
    head = [f"HTTP/1.1 {capture.status}", f"Content-Type: {capture.content_type}"]
    head += [f"{name}: {value}" for name, value in capture.headers]
    payload = "\r\n".join([*head, f"Content-Length: {len(capture.body)}", "", ""]).encode("utf-8") + capture.body
    key = f"{capture.truth.batch}\n{capture.truth.url}\n{second}\n".encode() + payload
    identity = uuid.UUID(bytes=hashlib.blake2b(key, digest_size=16).digest(), version=4)
    digest = base64.b32encode(hashlib.sha1(capture.body).digest()).decode()
    fields = [
        "WARC/1.0",
        "WARC-Type: response",
        f"WARC-Record-ID: <urn:uuid:{identity}>",
        f"WARC-Date: {capture.truth.batch}T01:{second // 60 % 60:02d}:{second % 60:02d}Z",
        f"WARC-Target-URI: {capture.truth.url}",
        f"WARC-Payload-Digest: sha1:{digest}",
        "Content-Type: application/http; msgtype=response",
        f"Content-Length: {len(payload)}",
    ]
    record = "\r\n".join([*fields, "", ""]).encode("utf-8") + payload + b"\r\n\r\n"
    member = gzip.compress(record, 6, mtime=0)
    return member[: len(member) - capture.cut]


def write_warc(folder: Path, name: str, captures: list[Capture]) -> list[Truth]:
    """Write one file; returns the rows of truth with file and offset."""
    path, rows, offset = folder / name, [], 0
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for second, capture in enumerate(captures):
            rows.append(replace(capture.truth, file=name, offset=offset))
            offset += file.write(warc_member(capture, second))
    return rows


def write_lines(folder: Path, name: str, lines: list[Line]) -> list[Truth]:
    """Write one JSON Lines file; returns the rows of truth with file and offset."""
    path, rows, offset = folder / name, [], 0
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for line in lines:
            rows.append(replace(line.truth, file=name, offset=offset))
            offset += file.write(line.body + b"\n")
    return rows
