"""Vacuum, rollback and withdrawal: what goes, and what must stay."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from malmoi.contracts.errors import ContractError
from malmoi.contracts.tables import TABLES
from malmoi.lake import read, releases
from malmoi.lake.catalog import open_lake
from malmoi.lake.commit import attempt, committed
from malmoi.lake.night import NightLake
from malmoi.lake.query import query
from malmoi.lake.rollback import rollback, withdraw
from malmoi.lake.vacuum import vacuum

FIRST, SECOND = "2026-11-01", "2026-11-02"


def release(root, batch, recipe):
    held = NightLake(root, batch, recipe, ["web"])
    return held.publish(held.check(lambda texts: [[] for _ in texts]), {}).manifest


def later(days: float = 1) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


def data_files(root) -> set[str]:
    return {str(path) for path in Path(root, "data").rglob("*.parquet")}


def current_files(root) -> set[str]:
    return {file.path for table in TABLES for file in read.files(root, table)}


def test_old_content_goes_and_releases_in_force_stay(night, recipe, make_pages, lake_root):
    night().source("web", make_pages("a.example", 4))
    old = release(lake_root, FIRST, recipe())
    night(batch=SECOND).source("web", make_pages("b.example", 3))
    second = release(lake_root, SECOND, recipe())
    night().source("web", make_pages("a.example", 6))
    new = release(lake_root, FIRST, recipe())
    assert new.supersedes == (old.release,) and new.parent is None and second.parent == old.release

    young = vacuum(lake_root, later(1), superseded_days=14)
    assert young.releases == [] and releases.verify(lake_root, old.release) == []
    gone = vacuum(lake_root, later(15), superseded_days=14)
    assert gone.releases == [old.release]
    assert releases.list_releases(lake_root) == [new.release, second.release]
    assert data_files(lake_root) == current_files(lake_root)
    for kept in (new, second):
        assert releases.verify(lake_root, kept.release) == []
        tagged = read.files(lake_root, "shards", kept.batches[0], snapshot=f"release-{kept.release}")
        assert [file.path for file in tagged] == [os.path.join(lake_root, shard.path) for shard in kept.shards]
    again = vacuum(lake_root, later(15), superseded_days=14)
    assert again.files == [] and set(again.snapshots.values()) == {0}
    assert query(lake_root, "SELECT count(*) AS n FROM shards").to_pylist() == [{"n": 9}]


def test_a_dry_run_removes_nothing(night, make_pages, lake_root):
    night().source("web", make_pages("a.example", 4))
    Path(attempt(lake_root, "clean", FIRST, "web").folder, "part-00000000.parquet").write_bytes(b"x")
    Path(lake_root, "data", "clean", "left.parquet").write_bytes(b"left behind")
    before = {str(path) for path in Path(lake_root).rglob("*")}
    found = vacuum(lake_root, later(100), superseded_days=14, dry_run=True)
    assert found.files == ["data/clean/left.parquet"] and found.bytes == 11
    after = {str(path) for path in Path(lake_root).rglob("*") if path.parent.name != "locks"}
    assert after == {path for path in before if "/locks/" not in path}


def test_a_living_attempt_stays_and_a_dead_one_goes(lake_root):
    living = attempt(lake_root, "clean", FIRST, "web")
    Path(living.path("part-00000000.parquet")).write_bytes(b"at work")
    script = (
        "import sys; from malmoi.lake.commit import attempt; from pathlib import Path\n"
        f"place = attempt({lake_root!r}, 'clean', {FIRST!r}, 'web')\n"
        "Path(place.path('part-00000000.parquet')).write_bytes(b'dead'); print(place.folder)"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    dead = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert Path(dead.stdout.strip()).is_dir()
    vacuum(lake_root, later(0), superseded_days=14)
    assert not Path(dead.stdout.strip()).exists()
    assert Path(living.path("part-00000000.parquet")).read_bytes() == b"at work"


def test_rollback_puts_the_older_release_and_its_tables_back(night, recipe, make_pages, lake_root):
    night().source("web", make_pages("a.example", 4))
    old = release(lake_root, FIRST, recipe())
    before = current_files(lake_root)
    manifest = committed(lake_root, "decisions", FIRST, "web")
    night(recipe_hash="1" * 64).source("web", make_pages("a.example", 6))
    new = release(lake_root, FIRST, recipe())
    assert rollback(lake_root, new.release) == {FIRST: old.release}
    assert releases.current(lake_root) == old
    assert current_files(lake_root) == before
    assert committed(lake_root, "decisions", FIRST, "web") == manifest
    with pytest.raises(ContractError, match="not in force"):
        rollback(lake_root, new.release)


def test_rollback_of_a_night_without_an_older_release_withdraws_it(night, recipe, make_pages, lake_root):
    night().source("web", make_pages("a.example", 4))
    first = release(lake_root, FIRST, recipe())
    night(batch=SECOND).source("web", make_pages("b.example", 3))
    second = release(lake_root, SECOND, recipe())
    assert rollback(lake_root, second.release) == {SECOND: None}
    assert releases.current(lake_root) == first
    assert {file.batch for file in read.files(lake_root, "dedup_index")} == {FIRST}
    assert committed(lake_root, "documents", SECOND, "web") is None
    with pytest.raises(ContractError, match="holds no night"):
        withdraw(lake_root, SECOND)


def test_what_retention_removed_cannot_come_back_and_says_so(night, recipe, make_pages, lake_root):
    night().source("web", make_pages("a.example", 4))
    release(lake_root, FIRST, recipe())
    documents = read.files(lake_root, "documents")[0].path
    night().source("web", make_pages("a.example", 6))
    new = release(lake_root, FIRST, recipe())
    os.unlink(documents)
    with pytest.raises(ContractError, match="removed by retention; withdraw the night"):
        rollback(lake_root, new.release)
    assert releases.current(lake_root) == new


def test_snapshots_that_a_tag_needs_are_not_expired(night, recipe, make_pages, lake_root):
    night().source("web", make_pages("a.example", 4))
    held = release(lake_root, FIRST, recipe())
    night().source("web", make_pages("a.example", 6))  # not published: the release still needs the older shards
    vacuum(lake_root, later(100), superseded_days=14)
    tag = open_lake(lake_root).table("shards").refs()[f"release-{held.release}"]
    assert open_lake(lake_root).table("shards").metadata.snapshot_by_id(tag.snapshot_id) is not None
    assert releases.verify(lake_root, held.release) == []
