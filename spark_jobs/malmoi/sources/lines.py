"""JSON Lines, plain, gzip or zstd, one object at a time in bounded memory."""

import gzip
import io
import json
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

import pyarrow as pa

from malmoi.contracts.reasons import Fault
from malmoi.sources.records import BadRecord, Origin

_DRAIN_BYTES = 1 << 20


def json_lines(path: str, name: str, max_bytes: int) -> Iterator[tuple[Origin, dict] | BadRecord]:
    """Each line's origin and object. A line that is too long, no JSON, or no object is a BadRecord."""
    offset = 0
    with open_lines(path) as file:
        while True:
            try:
                line = file.readline(max_bytes + 1)
                length = len(line)
                if length > max_bytes and not line.endswith(b"\n"):
                    length += _drain(file)
            except (EOFError, OSError, zlib.error) as error:
                yield BadRecord(Origin(name, offset, 0), Fault.TRUNCATED_FILE, f"{error}"[:120])
                return
            if not line:
                return
            origin = Origin(name, offset, length)
            offset += length
            if length > max_bytes:
                yield BadRecord(origin, Fault.RECORD_TOO_LARGE, f"a line of {length} bytes", length)
            elif line.strip():
                yield _parsed(line, origin)


def _parsed(line: bytes, origin: Origin) -> tuple[Origin, dict] | BadRecord:
    try:
        found = json.loads(line.decode("utf-8-sig" if origin.offset == 0 else "utf-8"))
    except UnicodeDecodeError:
        return BadRecord(origin, Fault.UNDECODABLE, "the line is not UTF-8", origin.length)
    except (ValueError, RecursionError) as error:
        return BadRecord(origin, Fault.BROKEN_JSON, _where(error), origin.length)
    if not isinstance(found, dict):
        return BadRecord(origin, Fault.BROKEN_JSON, "the line holds no JSON object", origin.length)
    return origin, found


def _where(error: Exception) -> str:
    """What is wrong and where, without the text."""
    return f"{error.msg} at column {error.colno}" if isinstance(error, json.JSONDecodeError) else "nested too deep"


def _drain(file: BinaryIO) -> int:
    """Reads to the end of the line; the number of bytes."""
    total = 0
    while block := file.readline(_DRAIN_BYTES):
        total += len(block)
        if block.endswith(b"\n"):
            break
    return total


def open_lines(path: str) -> BinaryIO:
    """The decompressed stream of a file, by its name's ending."""
    if path.endswith(".gz"):
        return cast(BinaryIO, gzip.open(path, "rb"))
    if path.endswith((".zst", ".zstd")):
        return io.BufferedReader(pa.CompressedInputStream(pa.OSFile(path), "zstd"), 1 << 20)
    return open(path, "rb")
