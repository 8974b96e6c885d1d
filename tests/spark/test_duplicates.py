"""Who stays and who goes, on texts written for it."""

import random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from malmoi.contracts.paths import Lake
from malmoi.contracts.recipe.sections import Dedup
from malmoi.lake.lookup.levels import Part, prepare
from malmoi.lake.lookup.signatures import lookup_of
from malmoi.spark import duplicates, together
from malmoi.text import minhash

pytestmark = pytest.mark.spark

DEDUP = Dedup()
STORY = (
    "김장철을 앞두고 배추와 무를 사려는 사람들로 시장이 붐볐다. 상인들은 올해 배추가 달고 단단하다고 입을 모았다. "
    "값은 지난해보다 조금 내렸지만 고춧가루가 비싸 전체 비용은 비슷하다고 한다. 시장 한쪽에서는 절임 배추를 예약받고 "
    "있었고, 손님들은 배달 날짜를 묻느라 줄을 섰다. 오후가 되자 마늘과 생강을 찾는 사람도 부쩍 늘었다."
)
OTHER = "오래된 책방이 이달 말 문을 닫는다. 주인은 서른 해 동안 같은 자리에서 헌책을 팔았고 단골들은 아쉬워했다. " * 2


def rows(texts, batch="2026-11-01", quality=None, published=None):
    hashes, signatures = minhash.sign(list(texts.values()), DEDUP)
    return [
        (0, row, doc_id, batch, text_hash, signature, (quality or {}).get(doc_id, 0.5), len(text), (published or {}).get(doc_id, 0), "f", row)
        for row, ((doc_id, text), text_hash, signature) in enumerate(zip(texts.items(), hashes, signatures, strict=True))
    ]  # fmt: skip


def run(spark, tonight, segments=(), partitions=1, dedup=DEDUP):
    """What Spark finds, which is what one worker finds."""
    frame = spark.createDataFrame(tonight, duplicates.CANDIDATES)
    found = duplicates.find(spark, frame.repartition(partitions), segments, dedup)
    rows = {(row.part, row.row): row for row in found.collect()}
    alone = together.find(frame.toArrow().sort_by([("part", "ascending"), ("row", "ascending")]), segments, dedup)
    assert set(alone.column_names) == set(found.columns)
    assert {(row["part"], row["row"]): row for row in alone.to_pylist()} == {
        at: row.asDict() for at, row in rows.items()
    }
    return rows


def lookup(folder, earlier) -> list[str]:
    """Segments over rows of an earlier night."""
    names = ("batch", "doc_id", "text_hash", "signature")
    table = pa.Table.from_pylist([dict(zip(names, (r[3], r[2], r[4], r[5]), strict=True)) for r in earlier])
    pq.write_table(table, folder / "index.parquet")
    part = Part(earlier[0][3], "web", "0", (str(folder / "index.parquet"),))
    return prepare(Lake(str(folder / "lake")), [part], "2026-11-01", lookup_of(DEDUP))


def test_copies_leave_and_the_best_stays(spark):
    near = STORY.replace("배추가 달고", "배추는 달고").replace("줄을 섰다", "줄을 섰습니다")
    texts = {"a": STORY, "b": STORY.replace(" ", ""), "c": near, "d": OTHER}
    found = run(spark, rows(texts, quality={"c": 0.9}))
    by_id = {doc_id: found[(0, row)] for row, doc_id in enumerate(texts)}
    assert [doc_id for doc_id in texts if by_id[doc_id].keep] == ["c", "d"]
    assert {by_id[d].method for d in "ab"} == {"near"}
    assert by_id["a"].duplicate_of == "c"
    assert by_id["a"].cluster_size == 3
    assert by_id["d"].cluster_size == 1
    assert by_id["d"].method == "single"


def test_exact_copies_are_called_exact(spark):
    found = run(spark, rows({"a": STORY, "b": STORY + "!!"}, quality={"a": 0.9}))
    assert (found[(0, 0)].keep, found[(0, 1)].keep) == (True, False)
    assert found[(0, 1)].method == "exact"
    assert found[(0, 1)].similarity == 1.0


def test_the_same_page_read_twice_stays_once(spark):
    one, two = rows({"a": STORY})[0], list(rows({"a": STORY})[0])
    two[1], two[10] = 1, 99
    found = run(spark, [one, tuple(two)])
    assert (found[(0, 0)].keep, found[(0, 1)].keep) == (True, False)
    assert found[(0, 1)].method == "page"


def test_earlier_nights_win(spark, tmp_path):
    earlier = rows({"old": STORY}, batch="2026-10-31")
    found = run(
        spark,
        rows({"a": STORY.replace("붐볐다", "붐볐습니다"), "b": OTHER}, quality={"a": 1.0}),
        lookup(tmp_path, earlier),
    )
    assert not found[(0, 0)].keep
    assert found[(0, 0)].duplicate_of == "old"
    assert found[(0, 0)].duplicate_batch == "2026-10-31"
    assert found[(0, 1)].keep


def test_order_and_partitions_do_not_matter(spark):
    texts = {f"d{i}": STORY[i:] + OTHER[: i * 3] for i in range(12)}
    plain = rows(texts)
    first = run(spark, plain, partitions=1)
    second = run(spark, list(reversed(plain)), partitions=5)
    assert first == second


@pytest.mark.parametrize("one_task", [0, 100])
def test_a_full_bucket_is_chained(spark, monkeypatch, one_task):
    monkeypatch.setattr(duplicates, "ONE_TASK_DOCUMENTS", one_task)
    texts = {f"d{i}": STORY + str(i) for i in range(8)}
    found = run(spark, rows(texts), dedup=Dedup(max_bucket_documents=3)).values()
    assert sum(row.keep for row in found) == 1
    assert {row.cluster_size for row in found} == {8}


def test_short_answers_meet_only_when_equal(spark):
    found = run(spark, rows({"a": "네 맞아요", "b": "네 맞아요.", "c": "아니 맞아요"}, quality={"a": 0.9}))
    assert [found[(0, row)].keep for row in range(3)] == [True, False, True]


def test_one_task_and_many_agree(spark, monkeypatch):
    texts = {f"d{i}": STORY[i:] + OTHER[: i * 3] for i in range(12)} | {"same": OTHER, "equal": OTHER + "!"}
    plain = rows(texts)
    together = run(spark, plain)
    monkeypatch.setattr(duplicates, "ONE_TASK_DOCUMENTS", 0)
    assert run(spark, plain, partitions=3) == together


@pytest.mark.parametrize("seed", range(4))
def test_a_night_at_random_is_the_same_in_one_worker_and_in_spark(spark, tmp_path, seed):
    """Pages read twice, copies, ties in quality and length, and what an earlier night has."""
    rng = random.Random(seed)
    sentences = [sentence + "." for sentence in (STORY + OTHER).split(".") if sentence.strip()]
    texts = ["".join(rng.choices(sentences, k=rng.randint(3, 9))) for _ in range(30)]
    texts += [text.replace("배추", "무", 1) for text in texts[:15]] + texts[:10]
    night = []
    for number, text in enumerate(texts):
        doc_id = f"d{rng.randrange(50)}"
        one = rows(
            {doc_id: text}, quality={doc_id: rng.choice([0.2, 0.5, 0.9])}, published={doc_id: rng.choice([1, 5])}
        )[0]
        night.append((number // 20, number % 20, *one[2:9], rng.choice("fg"), rng.randrange(5)))
    earlier = rows({f"old{n}": text for n, text in enumerate(rng.sample(texts, 6))}, batch="2026-10-31")
    segments = lookup(tmp_path, earlier) if seed % 2 else []
    found = run(spark, night, segments, partitions=3)
    assert {"page", "near", "single"} <= {row.method for row in found.values()}


def test_a_night_without_a_document_is_empty(spark):
    assert run(spark, []) == {}
