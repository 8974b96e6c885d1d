"""One pass over the shards."""

import pyarrow as pa

from malmoi.contracts.tables import SHARDS
from malmoi.stages.reading import COLUMNS, Totals, read_shards


def batch(source: str, *rows: dict) -> pa.RecordBatch:
    filled = [{"source": source, "title": None, **row} for row in rows]
    return pa.RecordBatch.from_pylist(filled, schema=pa.schema([SHARDS.field(name) for name in COLUMNS]))


def documents(count: int, source: str = "web") -> pa.RecordBatch:
    return batch(source, *({"doc_id": f"{number:032x}", "text": f"글 {number}"} for number in range(count)))


def test_sizes_in_code_points_and_bytes():
    reading = read_shards([documents(3), documents(2, "news")], 0, ())
    assert reading.totals == {"web": Totals(3, 9, 15), "news": Totals(2, 6, 10)}
    assert reading.sample == [] and reading.repeated == 3 + 2 - 3


def test_the_sample_depends_on_ids_alone():
    once = read_shards([documents(100)], 10, ()).sample
    rows = documents(100)
    turned = read_shards([rows.slice(50), rows.slice(0, 50)], 10, ()).sample
    assert once == turned and len(once) == 10
    assert read_shards([rows], 3, ()).sample == once[:3]


def test_canaries_are_found_wherever_they_stand():
    row = {"doc_id": "a" * 32, "text": "본문", "qa": {"question": "물음", "answer": "카나리아-7"}}
    turns = {"doc_id": "b" * 32, "text": "본문", "turns": [{"speaker": "가", "text": "카나리아-7"}]}
    title = {"doc_id": "c" * 32, "text": "본문", "title": "카나리아-7"}
    clean = {"doc_id": "d" * 32, "text": "카나리아"}
    reading = read_shards([batch("web", row, turns, title, clean)], 0, ("카나리아-7",))
    assert reading.canaries == ["a" * 32, "b" * 32, "c" * 32]


def test_leaks_are_looked_for_in_every_document_and_every_part_of_it():
    planted = [
        {"doc_id": "a" * 32, "text": "연락은 010-8273-6451로"},
        {"doc_id": "b" * 32, "text": "본문", "title": "문의 bada@naver.com"},
        {"doc_id": "c" * 32, "text": "본문", "qa": {"question": "물음", "answer": "번호 910203-2965123"}},
        {"doc_id": "d" * 32, "text": "본문", "turns": [{"speaker": "가", "text": "4539-5787-6362-1486"}]},
    ]
    reading = read_shards([documents(50), batch("kin", *planted)], 0, ())
    assert [(leak.doc_id[0], leak.entity, leak.source) for leak in reading.leaks] == [
        ("a", "phone", "kin"), ("b", "email", "kin"), ("c", "rrn", "kin"), ("d", "card", "kin"),
    ]  # fmt: skip


def test_nothing_to_read():
    reading = read_shards([], 5, ("x",))
    assert (reading.totals, reading.sample, reading.canaries, reading.repeated) == ({}, [], [], 0)
