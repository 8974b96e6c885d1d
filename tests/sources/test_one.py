"""A record that is read again by its origin is the record that was read."""

import gzip
import json
import zipfile

import pytest

from malmoi.contracts.errors import InputError
from malmoi.contracts.recipe.sections import Ingest, Source
from malmoi.sources import Origin, RawPage, read
from malmoi.sources.one import read_one

LIMITS = Ingest(max_record_mib=1)
LINES = "".join(
    json.dumps({"url": f"https://example.kr/{n}", "text": f"{n}번째 줄에 적은 글입니다."}, ensure_ascii=False) + "\n"
    for n in range(5)
).encode()


def warc(url: str) -> bytes:
    body = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>{url}에서 온 글</p>".encode()
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-03-01T12:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


def zipped(path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("가.html", "나.html"):
            archive.writestr(name, f"<p>{name}</p>")


WARCS = [warc(f"https://example.kr/{n}") for n in range(3)]
FILES = {
    "a.warc": b"".join(WARCS),
    "a.warc.gz": b"".join(gzip.compress(one, mtime=0) for one in WARCS),
    "a.jsonl": LINES,
    "a.jsonl.gz": gzip.compress(LINES, mtime=0),
    "a.html": "<p>한 장</p>".encode(),
}


@pytest.mark.parametrize("name", [*FILES, "a.zip"])
def test_every_record_is_found_again(tmp_path, name):
    path = tmp_path / "source=web" / name
    path.parent.mkdir()
    path.write_bytes(FILES[name]) if name in FILES else zipped(path)
    source, place = Source(type="warc"), f"source=web/{name}"
    pages = list(read(str(path), source, LIMITS, place))
    assert pages and all(isinstance(page, RawPage) for page in pages)
    for page in pages:
        again = read_one(str(tmp_path), source, LIMITS, page.origin)
        assert isinstance(again, RawPage) and (again.url, again.html, again.text) == (page.url, page.html, page.text)


@pytest.mark.parametrize("name", ["gone.warc.gz", "../secret.html", "/etc/hostname"])
def test_what_is_not_in_the_landing_folder_is_not_read(tmp_path, name):
    (tmp_path / "landing").mkdir()
    (tmp_path / "secret.html").write_text("<p>비밀</p>")
    with pytest.raises(InputError, match="not in the landing folder any more"):
        read_one(str(tmp_path / "landing"), Source(type="warc"), LIMITS, Origin(name, 0, 10))
