"""A site with two pages a night: what its pages share is known from the second night on, by the order of the nights."""

import json
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from malmoi.contracts.paths import Lake
from malmoi.contracts.recipe import recipe_from_mapping
from malmoi.lake import read
from malmoi.spark.jobs import ingest
from malmoi.spark.night import Night

pytestmark = pytest.mark.spark

NIGHTS = ("2026-11-01", "2026-11-02", "2026-11-03")
RECIPES = Path(__file__).resolve().parents[2] / "spark_jobs" / "recipes"
FOOTER = "고을신문 대표전화 안내 및 구독 신청은 누리집에서 하실 수 있습니다"


def story(night: str, number: int) -> str:
    return f"{night} {number}번째 소식이다. 장터에 손님이 {number * 7 + 3}명 들렀고, 비가 와서 천막을 {number + 2}개 더 쳤다."


@pytest.fixture
def nights(tmp_path, monkeypatch, spark) -> dict[str, Night]:
    monkeypatch.setenv("MALMOI_SECRET", "a secret of a test, long enough")
    recipe = replace(
        recipe_from_mapping({"name": "blocks", "sources": {"blog": {"type": "jsonl"}}}), path=str(RECIPES / "demo.toml")
    )
    for night in NIGHTS:
        folder = tmp_path / "landing" / "source=blog" / f"date={night}"
        folder.mkdir(parents=True)
        bodies = {number: f"<div>{story(night, number)}</div><div>{FOOTER}</div>" for number in range(2)}
        bodies[9] = f"<div>{story('every night', 9)}</div><div>읽은 사람이 늘어 {night}에 다시 싣는다.</div>"
        rows = [
            {
                "url": f"https://goeul.example.kr/{night if number < 9 else 'same'}/{number}",
                "html": f"<body>{body}</body>",
            }
            for number, body in bodies.items()
        ]
        (folder / "pages.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
    lake = Lake(str(tmp_path / "lake"))
    return {day: Night(lake, str(tmp_path / "landing"), day, day, recipe, ("blog",)) for day in NIGHTS}


def publish(lake: Lake, *nights: str) -> None:
    """What the pointer says when these nights are in force."""
    path = Path(lake.releases, "current.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"nights": {night: f"{night}-release" for night in nights}}))


def texts(night: Night) -> list[str]:
    rows = [
        row for file in read.files(night.lake, "documents", night.batch) for row in pq.read_table(file.path).to_pylist()
    ]
    return [row["text"] for row in rows]


def test_each_night_knows_the_nights_before(nights):
    first, second, third = nights.values()
    ingest.run(first)
    ingest.run(second)
    assert all(text.endswith(FOOTER) for text in texts(second)[:2]), "the first night is not published: nobody's past"

    publish(first.lake, first.batch)
    ingest.run(second)
    assert texts(second)[:2] == [story(second.batch, number) for number in (0, 1)]
    assert texts(second)[2].startswith(story("every night", 9)), "a page that comes every night repeats nobody"

    publish(first.lake, second.batch)
    ingest.run(third)
    assert texts(third)[:2] == [story(third.batch, number) for number in (0, 1)]
    publish(first.lake)
    ingest.run(third)
    assert all(text.endswith(FOOTER) for text in texts(third)[:2]), "rolled back, those nights say nothing"
