"""The sample, written once for all of its tests."""

import gzip
import json
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest

from malmoi.sample import read_truth, write
from malmoi.sample.records import Truth


@dataclass(frozen=True)
class Sample:
    folder: Path
    rows: list[Truth]

    def member(self, row: Truth) -> bytes:
        """The record's bytes: one gzip member inflated, or one line."""
        data = (self.folder / row.file).read_bytes()[row.offset :]
        if row.file.endswith(".jsonl"):
            return data.split(b"\n", 1)[0]
        return gzip.GzipFile(fileobj=BytesIO(data)).read(_record_size(data))

    def text(self, row: Truth) -> str:
        """What the record says, decoded as the truth says it is encoded."""
        if row.charset == "bytes":
            return ""
        body = self.member(row)
        if row.file.endswith(".jsonl"):
            return json.dumps(json.loads(body), ensure_ascii=False)
        body = body.split(b"\r\n\r\n", 2)[2]
        return unescape(body.removesuffix(b"\r\n\r\n").decode("cp949" if row.charset == "euc-kr" else row.charset))


def _record_size(data: bytes) -> int:
    """Size of the WARC record at the start of ``data``: head and Content-Length, and the four bytes behind."""
    head = gzip.GzipFile(fileobj=BytesIO(data)).read(2_000)
    end = head.index(b"\r\n\r\n") + 4
    length = next(line for line in head[:end].split(b"\r\n") if line.startswith(b"Content-Length: "))
    return end + int(length.split()[1]) + 4


@pytest.fixture(scope="session")
def sample(tmp_path_factory) -> Sample:
    folder = tmp_path_factory.mktemp("landing")
    write(folder)
    return Sample(folder, read_truth(folder / "truth.jsonl"))
