"""Two whole nights with their lake on an S3 API: every Spark stage, gate, publish and query, as commands."""

import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.spark.commands import Commands, said

from malmoi.contracts.files import files_of
from malmoi.contracts.paths import Lake
from malmoi.lake import read, releases

pytestmark = pytest.mark.spark

FIRST, SECOND = "2026-11-01", "2026-11-02"


MARKET = (
    "영덕에서 열린 장터에 손님 백스무 명이 다녀갔다. 상인들은 비가 그친 뒤에야 천막을 걷었고, 남은 나물은 이웃과 나누었다고 한다. "
    "다음 장은 사흘 뒤에 서는데, 올해 마지막 장이라 사람들은 떡을 찌고 국밥을 끓여 손님을 맞을 생각이다."
)
BRIDGE = (
    "강을 건너는 오래된 다리를 새로 놓는 공사가 이번 주에 시작되었다. 버스는 다른 길로 돌아가고 정류장 두 곳이 잠시 문을 닫는다. "
    "주민들은 임시 다리로 다녀야 하지만, 장마가 오기 전에 끝난다는 말에 한숨을 돌렸다."
)
STOVE = (
    "겨울을 앞두고 보일러를 살피러 오는 기사님이 바빠졌다. 배관에 찬 공기를 빼고 필터를 씻기만 해도 방이 훨씬 빨리 데워진다고 한다. "
    "물어볼 것이 있으면 010-2345-6789로 연락하면 된다고 적힌 쪽지를 문에 붙여 두고 갔다."
)
LIBRARY = (
    "마을 도서관이 다음 달부터 저녁 아홉 시까지 문을 연다. 퇴근한 사람들이 책을 빌릴 수 있게 해 달라는 요청이 많았기 때문이다. "
    "어린이 자료실은 지금처럼 여섯 시에 닫고, 주차장은 두 시간까지 무료로 쓸 수 있다고 덧붙였다."
)
TEXTS = {FIRST: [MARKET, BRIDGE, STOVE], SECOND: [MARKET + " 끝.", LIBRARY]}


def rows(lake: str, table: str, batch: str, *columns: str) -> list[dict]:
    found = []
    for file in read.files(lake, table, batch):
        with files_of(Lake(lake)).open(file.path) as stream:
            found += pq.read_table(stream, columns=list(columns)).to_pylist()
    return found


def test_two_nights(object_store, tmp_path):
    night = Commands(tmp_path, TEXTS, object_store)
    said(night.stages(FIRST))
    for step in ("gate", "publish"):
        said(night.step(step, FIRST))
    current = releases.current(object_store)
    assert current is not None and releases.verify(object_store, current.release) == []
    texts = [row["text"] for row in rows(object_store, "shards", FIRST, "text")]
    assert texts == [MARKET, BRIDGE, STOVE.replace("010-2345-6789로", "<전화번호>로")]

    said(night.stages(SECOND, "ingest,annotate,dedup"))
    copies = rows(object_store, "clusters", SECOND, "keep", "method", "duplicate_batch")
    assert [tuple(row.values()) for row in copies] == [(False, "near", FIRST), (True, "single", None)]

    found = night.sql("select count(*) as n, min(url) as first from documents")
    assert "5  https://jang.example.kr/2026-11-01/0" in found
    scratch = Path(Lake(object_store).scratch)
    assert scratch.is_relative_to(tmp_path) and {"lookup", "locks"} <= set(os.listdir(scratch))
