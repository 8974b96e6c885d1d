"""More pages out of some: copies of WARC files whose pages are made distinct, so that none is a duplicate of another."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecordType

_BEFORE_ENDINGS = re.compile("(?<=[가-힣])(?=[은는을를의에고한다서도로가이][ .,])")
_OTHERS = "각난닫렌맘렵삿엇잦찿캌탙팦쿤"
"""None of these makes swear words of what stands before it, as "랄" did (지랄): such a copy cost profanity five times the text."""


def multiplied(files: list[Path], folder: Path, times: int) -> None:
    """Every file ``times`` over into ``folder``: itself as a link, then copies with another syllable before the last one of many
    words of UTF-8 pages, so that particles and endings stay. Files that are there already stay."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in files:
        for copy in range(times):
            target = folder / f"{copy:03d}-{path.name}"
            if target.exists():
                continue
            if copy == 0:
                target.symlink_to(path.resolve())
                continue
            fresh = target.with_suffix(".new")
            with fresh.open("wb") as out:
                for record in _records(path, copy):
                    out.write(gzip.compress(record, 1))
            fresh.rename(target)


def _records(path: Path, copy: int) -> Iterator[bytes]:
    """WARC records with another body; the length of record and content follow it."""
    for record in ArchiveIterator(path.open("rb"), record_types=WarcRecordType.response, parse_http=False):
        http, _, body = record.reader.read().partition(b"\r\n\r\n")
        try:
            body = _BEFORE_ENDINGS.sub(_OTHERS[copy % len(_OTHERS)], body.decode()).encode()
        except UnicodeDecodeError:
            body += f"<!-- {copy} -->".encode()
        http = re.sub(rb"(?im)^(content-length|content-encoding|transfer-encoding):.*\r?\n", b"", http)
        content = http + b"\r\n\r\n" + body
        uri = record.headers.get("WARC-Target-URI", "") + f"?copy={copy}"
        yield (
            (
                f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: {record.record_id}\r\nWARC-Target-URI: {uri}\r\n"
                f"WARC-Date: 2026-11-01T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
                f"Content-Length: {len(content)}\r\n\r\n"
            ).encode()
            + content
            + b"\r\n\r\n"
        )
