"""A rebuild over nights that depend on each other: its preview says exactly what it then does, and changes nothing."""

import json
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.lake.dag_runs import SECRET, Airflow

from malmoi.contracts.paths import Lake
from malmoi.contracts.recipe import Recipe, recipe_from_mapping
from malmoi.lake import read, releases
from malmoi.lake.night import NightLake
from malmoi.spark import duplicates
from malmoi.spark.jobs import annotate, decide, dedup, ingest, redact, shard
from malmoi.spark.jobs.preview import preview
from malmoi.spark.night import Night

pytestmark = pytest.mark.spark

NIGHTS = ("2026-11-01", "2026-11-02")
SHORT = (
    "마을 도서관이 다음 달부터 저녁 아홉 시까지 문을 연다. 퇴근한 사람들이 책을 빌릴 수 있게 해 달라는 요청이 많았기 "
    "때문이다. 도서관은 자원봉사자를 열 명쯤 더 모집할 생각이라고 밝혔다."
)
MIDDLE = SHORT + " 어린이 자료실은 지금처럼 여섯 시에 닫는다. 주차장은 두 시간까지 무료로 쓸 수 있다고 덧붙였다."
LONG = (
    "오래된 다리를 새로 놓는 공사가 이번 주에 시작되었다. 강을 건너는 길은 하나뿐이라 주민들은 임시 다리로 다녀야 한다. "
    "시청은 장마가 오기 전에 공사를 마칠 수 있다고 내다보았다. 상인들은 손님이 줄까 걱정하면서도 안전이 먼저라고 말했다. "
    "공사 기간에는 버스가 다른 길로 돌아가고, 정류장 두 곳이 잠시 문을 닫는다. 자세한 일정은 게시판에서 볼 수 있다."
)


RECIPES = Path(__file__).resolve().parents[2] / "spark_jobs" / "recipes"


OTHER = (
    "겨울을 앞두고 보일러를 살피러 오는 기사님이 바빠졌다. 배관에 찬 공기를 빼고 필터를 씻기만 해도 방이 훨씬 빨리 데워진다고 "
    "한다. 오래된 집은 창틀에 바람막이를 붙이는 편이 난방비를 더 아낄 수 있다고도 알려 주었다."
)


def recipe(min_chars: int) -> Recipe:
    found = recipe_from_mapping(
        {"name": f"at least {min_chars}", "sources": {"web": {"type": "jsonl"}}, "quality": {"min_chars": min_chars}}
    )
    return replace(found, path=str(RECIPES / "demo.toml"))


def published(root: Path, decided_by: Recipe) -> Path:
    """Two published nights; the second holds a longer copy of a short text of the first."""
    texts = {NIGHTS[0]: [SHORT, LONG], NIGHTS[1]: [MIDDLE, LONG + " 끝.", OTHER]}
    for night, found in texts.items():
        folder = root / "landing" / "source=web" / f"date={night}"
        folder.mkdir(parents=True)
        lines = [
            json.dumps({"url": f"https://{night}.example/{n}", "text": text}, ensure_ascii=False)
            for n, text in enumerate(found)
        ]
        (folder / "pages.jsonl").write_text("\n".join(lines))
    for night in NIGHTS:
        held = nights(root, decided_by, night)[0]
        for job in (ingest, annotate, dedup, decide, redact, shard):
            job.run(held)
        publish(held)
    return root


def nights(root: Path, recipe: Recipe, *days: str) -> list[Night]:
    lake = Lake(str(root / "lake"))
    return [Night(lake, str(root / "landing"), day, day, recipe, ("web",)) for day in days or NIGHTS]


def publish(night: Night) -> None:
    held = NightLake(night.lake.root, night.batch, night.recipe, list(night.sources))
    held.publish(held.check(lambda texts: [[] for _ in texts]), {})


def kept(root: Path) -> dict[str, list[str]]:
    """Texts in the shards, by night."""
    found: dict[str, list[str]] = {}
    for file in read.files(str(root / "lake"), "shards"):
        found.setdefault(file.batch, []).extend(pq.read_table(file.path)["text"].to_pylist())
    return found


def decisions(root: Path) -> list[tuple]:
    rows = []
    for file in read.files(str(root / "lake"), "decisions"):
        rows += pq.read_table(file.path, columns=["batch", "doc_id", "keep", "reason"]).to_pylist()
    return [tuple(row.values()) for row in rows]


STRICT, LENIENT = recipe(len(SHORT) + 10), recipe(20)
"""The second keeps what the first finds too short."""


@pytest.fixture(autouse=True, scope="module")
def secret():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MALMOI_SECRET", SECRET)
        yield


@pytest.fixture(scope="module")
def corpus(tmp_path_factory, spark, secret) -> Path:
    """Two nights by the lenient recipe. The tests go on from each other: the first decides them strictly."""
    return published(tmp_path_factory.mktemp("preview"), LENIENT)


def test_a_night_too_large_for_one_worker_writes_the_same_clusters(corpus, monkeypatch):
    held = nights(corpus, LENIENT)
    before = [night.manifest("clusters", "web").files for night in held]
    monkeypatch.setattr(duplicates, "ONE_TASK_DOCUMENTS", 0)
    for night in held:
        dedup.run(replace(night, force=True))
    assert [night.manifest("clusters", "web").files for night in held] == before


def test_a_preview_is_what_the_rebuild_does(corpus):
    assert kept(corpus) == {NIGHTS[0]: [SHORT, LONG], NIGHTS[1]: [OTHER]}
    before, snapshot = decisions(corpus), releases.read_pointer(str(corpus / "lake")).nights
    stricter = nights(corpus, STRICT)
    said = preview(stricter)
    by_night = {row["night"]: row for row in said}
    assert by_night[NIGHTS[0]]["left"] == {"too_short": 1} and by_night[NIGHTS[0]]["entered"] == {}
    # The short text no longer stands in the index, so the longer copy of the next night comes in.
    assert by_night[NIGHTS[1]]["entered"] == {"duplicate_near": 1} and by_night[NIGHTS[1]]["left"] == {}
    assert by_night[NIGHTS[1]]["samples"]["entered"]["duplicate_near"][0][1] == f"https://{NIGHTS[1]}.example/0"
    assert (by_night[NIGHTS[1]]["kept_before"], by_night[NIGHTS[1]]["kept_after"]) == (1, 2)
    assert not any(row["rejected_removed"] or row["annotated_otherwise"] for row in said)
    # Nothing was changed.
    assert decisions(corpus) == before and releases.read_pointer(str(corpus / "lake")).nights == snapshot
    assert not any((corpus / "lake" / "attempts").rglob("*.parquet"))

    for night in stricter:
        for job in (dedup, decide, redact, shard):
            job.run(night)
    assert kept(corpus) == {NIGHTS[0]: [LONG], NIGHTS[1]: [MIDDLE, OTHER]}
    after = decisions(corpus)
    changed = [new for old, new in zip(before, after, strict=True) if old[2] != new[2]]
    assert sorted((row[0], row[2]) for row in changed) == [(NIGHTS[0], False), (NIGHTS[1], True)]
    # The same recipe again changes nothing.
    again = preview(stricter)
    assert [(row["entered"], row["left"]) for row in again] == [({}, {}), ({}, {})]


@pytest.mark.airflow
def test_airflow_rebuilds_what_a_person_approved(tmp_path, corpus, root):
    for night in nights(corpus, STRICT):  # stands already where the test above has run
        for job in (dedup, decide, redact, shard):
            job.run(night)
        publish(night)
    assert kept(corpus) == {NIGHTS[0]: [LONG], NIGHTS[1]: [MIDDLE, OTHER]}
    lake = str(corpus / "lake")
    before = releases.read_pointer(lake).nights
    states = Airflow(tmp_path / "airflow", lake, root).run("corpus_rebuild", recipe="nightly")
    assert states.pop("put_back") == "skipped"
    assert set(states.values()) == {"success"} and {"preview", "briefing", "approve", "rebuild", "gate"} < set(states)

    (said,) = Path(lake, "rebuilds").glob("*/preview.json")
    changes = [(row["night"], row["entered"], row["left"]) for row in json.loads(said.read_bytes())]
    assert changes == [(NIGHTS[0], {"too_short": 1}, {}), (NIGHTS[1], {}, {"duplicate_near": 1})]
    assert kept(corpus) == {NIGHTS[0]: [SHORT, LONG], NIGHTS[1]: [OTHER]}
    after = releases.read_pointer(lake).nights
    for night in NIGHTS:
        assert releases.load(lake, after[night]).supersedes == (before[night],)
        assert releases.verify(lake, after[night]) == [] == releases.verify(lake, before[night])
