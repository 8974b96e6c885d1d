"""A document that kills Kiwi and one that hangs it, in a real night: both are set aside, everything else goes on."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.spark.commands import RECIPE, Commands, said

from malmoi.lake import releases

pytestmark = pytest.mark.spark

DAY = "2026-11-01"
POISON = Path(__file__).with_name("poison")
WINDOW = "먼지랄 것도 없이 깨끗하게 쓸고 닦았다는 말도 적혀 있다."
"""Kiwi decides whether 지랄 stands here, so the analyser reads every page that has it."""
PAGES = [
    "읍내 시계방은 사십 년 동안 한자리에 있었다. {} 주인은 태엽을 감으며 손님의 이야기를 들었고, 고친 시계는 늘 제시간에 돌려주었다고 한다.",
    "한약방 앞 골목에는 아침마다 쑥을 말리는 냄새가 났다. {} 손님들은 저울이 흔들리는 동안 평상에 앉아 지난 장날의 일을 서로 물었다.",
    "강가의 느티나무 아래에서 마을 회의가 열렸다. {} 다리를 고치는 일과 물길을 내는 일을 두고 저녁까지 이야기가 이어졌고 표결은 미뤄졌다.",
    "방앗간 기계가 멈춘 날에는 이웃 마을까지 쌀을 지고 갔다. {} 돌아오는 길에 소나기를 만나 처마 밑에서 한참을 기다린 기억을 적어 두었다.",
]
WORDS = ["깨진약탕기 이야기다.", "", "멈춘괘종시계 이야기다.", ""]


def test_a_document_that_kills_or_hangs_kiwi_is_quarantined(tmp_path):
    texts = [page.format(f"{word} {WINDOW}".strip()) for page, word in zip(PAGES, WORDS, strict=True)]
    night = Commands(
        tmp_path,
        {DAY: texts},
        path=POISON,
        settings={"spark.python.worker.idleTimeoutSeconds": "30"},  # workers that start on a busy machine need ten
        recipe=RECIPE + "[gate]\nmax_quarantine_share = 0.5\n",
    )
    said(night.stages(DAY))
    said(night.step("gate", DAY))
    said(night.step("publish", DAY))
    (release,) = releases.list_releases(night.lake)
    assert releases.verify(night.lake, release) == []
    assert rows(night.lake, "annotations", "defect") == ["engine_crashed", None, "engine_crashed", None]
    assert rows(night.lake, "shards", "text") == [texts[1], texts[3]]


def rows(lake: str, table: str, column: str) -> list:
    """A column of the night's only part."""
    (part,) = Path(lake, "data", table).rglob("*.parquet")
    return pq.read_table(part, columns=[column])[column].to_pylist()
