"""WARC: pages in, damage out, one record at a time; origins lead back to the record."""

import gzip

import pytest

from malmoi.contracts.errors import InputError
from malmoi.contracts.reasons import Fault, Reason
from malmoi.contracts.recipe.sections import Ingest, Source
from malmoi.sources import BadRecord, RawPage, SkippedRecord, read

SOURCE = Source(type="warc")
LIMITS = Ingest(max_record_mib=1)
HTML = "<html><body><p>장독대에 눈이 소복이 쌓였다.</p></body></html>".encode()


def record(
    body=HTML,
    url="https://example.kr/1",
    kind="response",
    status="200 OK",
    content_type="text/html; charset=utf-8",
    extra="",
):
    block = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n{extra}\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-03-01T12:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def records_of(tmp_path, content: bytes, name="a.warc.gz"):
    path = tmp_path / name
    path.write_bytes(content)
    return list(read(str(path), SOURCE, LIMITS, f"source=web/date=2026-03-01/{name}"))


def member(**options) -> bytes:
    return gzip.compress(record(**options), mtime=0)


def test_page_with_all_that_the_record_says(tmp_path):
    first, second = records_of(tmp_path, member() + member(url="https://example.kr/2"))
    assert isinstance(first, RawPage)
    assert (first.html, first.url, first.charset) == (HTML, "https://example.kr/1", "utf-8")
    assert first.fetched_at.isoformat() == "2026-03-01T12:00:00+00:00"
    assert first.origin.file == "source=web/date=2026-03-01/a.warc.gz"
    assert (first.origin.offset, first.origin.length, second.origin.offset) == (0, len(member()), len(member()))


def test_one_record_can_be_read_again_by_its_origin(tmp_path):
    content = member() + member(url="https://example.kr/2") + member(url="https://example.kr/3")
    for found in records_of(tmp_path, content):
        piece = content[found.origin.offset : found.origin.offset + found.origin.length]
        (again,) = records_of(tmp_path, piece, "piece.warc.gz")
        assert (again.url, again.html) == (found.url, found.html)


def test_plain_file(tmp_path):
    assert [r.url for r in records_of(tmp_path, record() + record(url="https://example.kr/2"), "a.warc")] == [
        "https://example.kr/1",
        "https://example.kr/2",
    ]


def test_what_is_no_page_is_skipped_with_its_bytes(tmp_path):
    content = (
        member(content_type="image/png", body=b"\x89PNG")
        + member(status="404 Not Found")
        + member(status="301 Moved", body=b"")
        + member(content_type="application/octet-stream", body=b"\x00\x01")
    )
    found = records_of(tmp_path, content)
    assert [type(r) for r in found] == [SkippedRecord] * 4
    assert {r.reason for r in found} == {Reason.NOT_HTML}
    assert all(r.raw_bytes > 0 for r in found)


def test_requests_and_warcinfo_are_no_captures(tmp_path):
    assert records_of(tmp_path, member(kind="request") + member(kind="warcinfo")) == []


def test_page_without_a_content_type_is_known_by_its_markup(tmp_path):
    assert isinstance(records_of(tmp_path, member(content_type=""))[0], RawPage)


def test_compressed_body_is_decoded(tmp_path):
    (found,) = records_of(tmp_path, member(body=gzip.compress(HTML), extra="Content-Encoding: gzip\r\n"))
    assert found.html == HTML


@pytest.mark.parametrize("chars", [0, 1, 65_500, 65_536, 200_000, 3_000_000])
@pytest.mark.parametrize("compressed", [False, True])
def test_a_body_is_read_to_its_end_however_it_grows(tmp_path, chars, compressed):
    body = HTML + ("가나다라" * chars)[:chars].encode()[: (1 << 20) - 1_000 if not compressed else None]
    extra = "Content-Encoding: gzip\r\n" if compressed else ""
    (found,) = records_of(tmp_path, member(body=gzip.compress(body) if compressed else body, extra=extra))
    assert found.html == body if len(body) <= 1 << 20 else found.fault == Fault.RECORD_TOO_LARGE


def test_body_that_grows_without_bound_goes_to_quarantine(tmp_path):
    (found,) = records_of(tmp_path, member(body=gzip.compress(b"a" * 50_000_000), extra="Content-Encoding: gzip\r\n"))
    assert (type(found), found.fault) == (BadRecord, Fault.RECORD_TOO_LARGE)


def test_large_record_goes_to_quarantine_and_reading_goes_on(tmp_path):
    big = member(body=b"a" * 3_000_000)
    found = records_of(tmp_path, member() + big + member(url="https://example.kr/3"))
    assert [type(r) for r in found] == [RawPage, BadRecord, RawPage]
    assert (found[1].fault, found[1].origin.offset, found[1].origin.length) == (
        Fault.RECORD_TOO_LARGE,
        len(member()),
        len(big),
    )
    assert found[1].raw_bytes > 3_000_000


@pytest.mark.parametrize("cut", [1, 40, 200])
def test_truncated_member_at_the_end(tmp_path, cut):
    last = member(body=bytes(range(256)) * 20)
    found = records_of(tmp_path, member() + last[:-cut])
    assert isinstance(found[0], RawPage)
    if cut > 8:  # the last eight bytes are the checksum and the length
        assert (type(found[1]), found[1].fault) == (BadRecord, Fault.TRUNCATED_FILE)
        assert found[1].origin.offset == len(member())


def test_damaged_member_in_between(tmp_path):
    damaged = bytearray(member(url="https://example.kr/2"))
    damaged[len(damaged) // 2 : len(damaged) // 2 + 30] = b"\xff" * 30
    found = records_of(tmp_path, member() + bytes(damaged) + member(url="https://example.kr/3"))
    assert [type(r) for r in found] == [RawPage, BadRecord, RawPage]
    assert found[1].fault in (Fault.BROKEN_RECORD, Fault.TRUNCATED_FILE)
    assert (found[1].origin.offset, found[2].url) == (len(member()), "https://example.kr/3")


def test_damage_after_a_record_of_no_interest_repeats_nothing(tmp_path):
    damaged = gzip.compress(b"no header at all")
    found = records_of(tmp_path, member() + member(kind="request") + damaged + member(url="https://example.kr/3"))
    assert [r.url for r in found if isinstance(r, RawPage)] == ["https://example.kr/1", "https://example.kr/3"]
    assert [r.origin.offset for r in found if isinstance(r, BadRecord)] == [len(member()) + len(member(kind="request"))]


def test_garbage_between_plain_records(tmp_path):
    found = records_of(tmp_path, record() + b"GARBAGE\r\n" * 9 + record(url="https://example.kr/2"), "a.warc")
    assert [r.url for r in found if isinstance(r, RawPage)] == ["https://example.kr/1", "https://example.kr/2"]
    assert [r.fault for r in found if isinstance(r, BadRecord)] == [Fault.BROKEN_RECORD]


@pytest.mark.parametrize("content", [b"", gzip.compress(b"", mtime=0)])
def test_empty_file(tmp_path, content):
    assert [r for r in records_of(tmp_path, content) if isinstance(r, RawPage)] == []


def test_file_that_is_no_warc(tmp_path):
    (found,) = records_of(tmp_path, b"not a warc at all " * 10)
    assert found.fault == Fault.BROKEN_RECORD


def test_missing_file():
    with pytest.raises(InputError, match="check the source's path"):
        list(read("/nowhere/a.warc.gz", SOURCE, LIMITS))
