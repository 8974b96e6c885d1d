"""Compaction joins parts alike in every table, changes no row, and can be killed anywhere."""

from datetime import UTC, date, datetime

import pyarrow.parquet as pq
import pytest

from malmoi.contracts.paths import Lake
from malmoi.contracts.tables import TABLES
from malmoi.lake import read, releases
from malmoi.lake.commit import set_files
from malmoi.lake.compact import JOINED, MARK, compact
from malmoi.lake.history import read_manifest
from malmoi.lake.night import NightLake
from malmoi.lake.takedown.plan import plan
from malmoi.lake.takedown.request import Request

DAY, TODAY = "2026-11-01", date(2026, 11, 24)


def rows(root, table) -> list[dict]:
    return [row for file in read.files(root, table, DAY) for row in pq.read_table(file.path).to_pylist()]


def parts(root, table) -> list[int]:
    return [file.part for file in read.files(root, table, DAY)]


@pytest.fixture
def published(night, recipe, make_pages, page, lake_root, monkeypatch):
    monkeypatch.setenv("MALMOI_SECRET", "a key of the tests, long enough")
    found = make_pages("a.example", 9)
    # The third part keeps nothing, so clean and the index have no file for it.
    dropped = [page(f"https://a.example/x{n}", "짧은 글", reason="too_short") for n in range(2)]
    night().source("web", [*found[:4], *dropped, *found[4:]])
    held = NightLake(lake_root, DAY, recipe(), ["web"])
    return held.publish(held.check(lambda texts: [[] for _ in texts]), {}).manifest


def test_parts_become_few_and_rows_stay(published, lake_root, make_pages):
    before = {table: rows(lake_root, table) for table in (*JOINED, "shards")}
    assert parts(lake_root, "decisions") == [0, 1, 2, 3, 4, 5] and parts(lake_root, "clean") == [0, 1, 3, 4, 5]
    assert compact(Lake(lake_root), TODAY, 14) == {(DAY, "web"): (6, 1)}
    assert {table: rows(lake_root, table) for table in before} == before
    assert {table: parts(lake_root, table) for table in JOINED} == {table: [0] for table in JOINED}
    assert releases.verify(lake_root, published.release) == []
    assert compact(Lake(lake_root), TODAY, 14) == {}


def test_parts_that_an_older_version_wrote_get_the_columns_of_now(published, lake_root):
    before, newest = rows(lake_root, "annotations"), TABLES["annotations"].names[-1]
    for file in read.files(lake_root, "annotations", DAY):
        pq.write_table(pq.read_table(file.path).drop_columns([newest]), file.path)
    compact(Lake(lake_root), TODAY, 14)
    (joined,) = read.files(lake_root, "annotations", DAY)
    assert pq.read_schema(joined.path).equals(TABLES["annotations"])
    assert rows(lake_root, "annotations") == [row | {newest: None} for row in before]


def test_a_takedown_still_finds_its_rows(published, lake_root, make_pages):
    compact(Lake(lake_root), TODAY, 14)
    wanted = make_pages("a.example", 9)[7]
    found = plan(lake_root, [Request("url", wanted.url)], datetime(2026, 11, 24, tzinfo=UTC))
    assert [(hit.doc_id, hit.part, hit.kept) for hit in found.hits] == [(wanted.doc_id, 0, True)]


def test_young_and_unpublished_nights_are_left_alone(night, make_pages, published, lake_root):
    assert compact(Lake(lake_root), TODAY, 24) == {}
    night(batch="2026-10-01").source("web", make_pages("b.example", 6))
    assert list(compact(Lake(lake_root), TODAY, 14)) == [(DAY, "web")]


@pytest.mark.parametrize("limit", [4])
def test_groups_stay_below_the_limit(published, lake_root, monkeypatch, limit):
    monkeypatch.setattr("malmoi.lake.compact.MAX_ROWS", limit)
    before = rows(lake_root, "documents")
    compact(Lake(lake_root), TODAY, 14)
    assert all(file.rows <= limit for file in read.files(lake_root, "documents", DAY))
    assert rows(lake_root, "documents") == before
    assert parts(lake_root, "documents") == parts(lake_root, "annotations") == parts(lake_root, "decisions")


class Killed(Exception):
    pass


@pytest.mark.parametrize("after", [1, 2, 7, 11, 12])
def test_a_killed_compaction_goes_on_where_it_was(published, lake_root, monkeypatch, after):
    before = {table: rows(lake_root, table) for table in JOINED}
    steps = iter(range(1, 100))

    def die(step: str) -> None:
        if next(steps) == after:
            raise Killed

    def die_in_commit(*arguments):
        die("set")
        return set_files(*arguments)

    with monkeypatch.context() as killing:
        killing.setattr("malmoi.lake.rows.on_step", die)
        killing.setattr("malmoi.lake.rows.set_files", die_in_commit)
        with pytest.raises(Killed):
            compact(Lake(lake_root), TODAY, 14)
    compact(Lake(lake_root), TODAY, 14)
    assert {table: rows(lake_root, table) for table in JOINED} == before
    assert {table: parts(lake_root, table) for table in JOINED} == {table: [0] for table in JOINED}
    for table in JOINED:
        assert read_manifest(Lake(lake_root), table, DAY, "web").fingerprint.count(MARK) == 1
