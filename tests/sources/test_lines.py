"""JSON Lines sources: documents, blog exports, KiN threads; and Parquet with the same fields."""

import gzip
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from malmoi.contracts.reasons import Fault
from malmoi.contracts.recipe.sections import Ingest, Source
from malmoi.sources import BadRecord, RawPage, read

LIMITS = Ingest(max_record_mib=1)
LINE = {
    "url": "https://example.kr/1",
    "title": "첫눈",
    "text": "올해 첫눈은 밤사이에 내렸다.",
    "author": "달래",
    "published_at": "2026-01-02",
}


def lines(*rows) -> bytes:
    return b"".join(
        (row if isinstance(row, bytes) else json.dumps(row, ensure_ascii=False).encode()) + b"\n" for row in rows
    )


def found_in(tmp_path, content: bytes, name="a.jsonl", **source):
    path = tmp_path / name
    path.write_bytes(content)
    return list(read(str(path), Source(**{"type": "jsonl", **source}), LIMITS))


def zstd(content: bytes) -> bytes:
    return pa.compress(content, "zstd", asbytes=True)


@pytest.mark.parametrize(("name", "pack"), [("a.jsonl", bytes), ("a.jsonl.gz", gzip.compress), ("a.jsonl.zst", zstd)])
def test_fields_and_offsets(tmp_path, name, pack):
    first, second = found_in(tmp_path, pack(lines(LINE, {**LINE, "url": "https://example.kr/2"})), name)
    assert (first.url, first.title, first.text, first.author, first.published_at) == tuple(LINE.values())
    assert (first.origin.offset, first.origin.length) == (0, len(lines(LINE)))
    assert (second.origin.offset, second.raw_bytes) == (len(lines(LINE)), len(lines(LINE)))


def test_field_names_come_from_the_recipe(tmp_path):
    (found,) = found_in(tmp_path, lines({"body": "글", "url": "u"}), text_field="body")
    assert found.text == "글"


def test_html_where_there_is_no_text(tmp_path):
    (found,) = found_in(tmp_path, lines({"url": "u", "html": "<p>글</p>", "title": "t"}), type="blog")
    assert (found.html, found.text) == ("<p>글</p>", None)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (b'{"text": "abc', Fault.BROKEN_JSON),
        (b"[1, 2]", Fault.BROKEN_JSON),
        (b"[" * 100_000, Fault.BROKEN_JSON),
        (b'{"text": "\xb0\xa1"}', Fault.UNDECODABLE),
        (b'{"text": 3}', Fault.MISSING_FIELD),
        (b'{"text": "' + b"a" * 2_000_000 + b'"}', Fault.RECORD_TOO_LARGE),
    ],
)
def test_bad_line_is_set_aside_and_reading_goes_on(tmp_path, line, fault):
    content = lines(LINE, line, LINE)
    found = found_in(tmp_path, content)
    assert [type(r) for r in found] == [RawPage, BadRecord, RawPage]
    assert (found[1].fault, found[1].origin.offset, found[1].raw_bytes) == (fault, len(lines(LINE)), len(line) + 1)
    assert sum(r.raw_bytes for r in found) == len(content)
    assert "abc" not in found[1].detail


def test_truncated_gzip(tmp_path):
    content = gzip.compress(lines(*[{**LINE, "url": str(n)} for n in range(5_000)]))
    found = found_in(tmp_path, content[: len(content) // 2], "a.jsonl.gz")
    assert len(found) > 100
    assert found[-1].fault == Fault.TRUNCATED_FILE


def test_last_line_without_newline_and_blank_lines(tmp_path):
    assert len(found_in(tmp_path, b"\n" + lines(LINE) + b"\n\n" + lines(LINE).rstrip())) == 2


def test_kin_thread(tmp_path):
    thread = {
        "url": "https://kin.example.kr/1",
        "title": "감자 싹",
        "question": "싹이 난 감자를 먹어도 되나요?",
        "answers": [
            {"text": "도려내고 드세요", "adopted": "Y", "votes": "1,204"},
            {"content": "버리세요", "expert": True},
            "broken",
        ],
        "asker": "달래",
    }
    (found,) = found_in(tmp_path, lines(thread), type="kin")
    assert found.thread == {
        "question": "싹이 난 감자를 먹어도 되나요?",
        "answers": [
            {"text": "도려내고 드세요", "adopted": True, "expert": False, "votes": 1204},
            {"text": "버리세요", "adopted": False, "expert": True, "votes": 0},
        ],
    }
    assert (found.kind, found.author) == ("qa", "달래")


@pytest.mark.parametrize("thread", [{"url": "u"}, {"title": "t", "answers": "none"}])
def test_kin_thread_without_its_fields(tmp_path, thread):
    (found,) = found_in(tmp_path, lines(thread), type="kin")
    assert found.fault == Fault.MISSING_FIELD


def test_parquet(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.Table.from_pylist([LINE, {**LINE, "text": None}, {**LINE, "text": "a" * 2_000_000}]), path)
    found = list(read(str(path), Source(type="parquet"), LIMITS))
    assert [type(r) for r in found] == [RawPage, BadRecord, BadRecord]
    assert [r.origin.offset for r in found] == [0, 1, 2]
    assert [r.fault for r in found[1:]] == [Fault.MISSING_FIELD, Fault.RECORD_TOO_LARGE]


def test_file_that_is_no_parquet(tmp_path):
    (tmp_path / "a.parquet").write_bytes(b"PAR1 broken")
    (found,) = read(str(tmp_path / "a.parquet"), Source(type="parquet"), LIMITS)
    assert found.fault == Fault.TRUNCATED_FILE
