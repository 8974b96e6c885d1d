"""Two runs of one day at once: both end well, and the lake holds one night that is the night of either."""

import hashlib
from pathlib import Path

import pytest
from tests.spark.commands import Commands, said

from malmoi.lake import releases

pytestmark = pytest.mark.spark

DAY = "2026-11-01"
TEXTS = [
    "영덕에서 열린 장터에 손님 백스무 명이 다녀갔다. 상인들은 비가 그친 뒤에야 천막을 걷었고, 남은 나물은 이웃과 나누었다고 한다.",
    "강을 건너는 오래된 다리를 새로 놓는 공사가 이번 주에 시작되었다. 버스는 다른 길로 돌아가고 정류장 두 곳이 잠시 문을 닫는다.",
]


def files(lake: str) -> dict[str, str]:
    """Data files with their hashes."""
    found = Path(lake, "data").rglob("*.parquet")
    return {str(path.relative_to(lake)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def test_two_runs_of_one_day(tmp_path):
    night = Commands(tmp_path, {DAY: TEXTS})
    for ended in [night.stages(DAY), night.stages(DAY)]:
        said(ended)
    before = files(night.lake)
    assert len(before) == 8, "each table has one part, but quarantine none: neither run left a second form of anything"
    said(night.step("gate", DAY))
    outputs = [said(ended) for ended in [night.step("publish", DAY), night.step("publish", DAY)]]
    assert sorted("was published before" in output for output in outputs) == [False, True]
    (release,) = releases.list_releases(night.lake)
    assert releases.verify(night.lake, release) == []
    assert files(night.lake) == before
