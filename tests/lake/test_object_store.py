"""The lake on an S3 API: a server on loopback, the catalog in a database."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from malmoi.contracts.errors import ContractError
from malmoi.contracts.files import files_of
from malmoi.contracts.paths import Lake
from malmoi.lake import read, releases
from malmoi.lake.commit import committed
from malmoi.lake.night import NightLake
from malmoi.lake.query import query
from malmoi.lake.rollback import rollback
from malmoi.lake.vacuum import vacuum

DAY = "2026-11-01"


@pytest.fixture
def root(object_store) -> str:
    return object_store


def publish(root, recipe):
    held = NightLake(root, DAY, recipe, ["web"])
    return held.publish(held.check(lambda texts: [[] for _ in texts]), {})


def test_a_night_on_an_object_store(root, night_in, recipe, make_pages):
    night_in(root, part_rows=10).source("web", make_pages("a.example", 5))
    first = publish(root, recipe())
    assert first.new and releases.current(root) == first.manifest
    assert releases.verify(root, first.manifest.release) == []
    assert not publish(root, recipe()).new
    assert query(root, "SELECT count(*) AS n FROM shards").to_pylist() == [{"n": 5}]
    assert all(file.path.startswith(f"{root}/data/shards/") for file in read.files(root, "shards"))

    night_in(root, part_rows=10, recipe_hash="1" * 64).source("web", make_pages("a.example", 7))
    second = publish(root, recipe())
    assert rollback(root, second.manifest.release) == {DAY: first.manifest.release}
    gone = vacuum(root, datetime.now(UTC) + timedelta(days=20), superseded_days=14)
    assert gone.releases == [second.manifest.release]
    named = {file.path for table in ("documents", "clean", "shards") for file in read.files(root, table)}
    store = files_of(Lake(root))
    assert {
        path for table in ("documents", "clean", "shards") for path in store.listing(f"{root}/data/{table}")
    } == named
    assert releases.verify(root, first.manifest.release) == []


def test_the_same_night_is_the_same_release_wherever_it_lies(root, night_in, recipe, make_pages, tmp_path, monkeypatch):
    night_in(root, part_rows=10).source("web", make_pages("a.example", 4))
    there = publish(root, recipe()).manifest
    monkeypatch.delenv("MALMOI_CATALOG")
    folder = str(tmp_path / "lake")
    night_in(folder, part_rows=10).source("web", make_pages("a.example", 4))
    assert publish(folder, recipe()).manifest.dumps() == there.dumps()


def test_a_damaged_object_is_refused_and_named(root, night_in, recipe, make_pages):
    night_in(root, part_rows=10).source("web", make_pages("a.example", 4))
    manifest = publish(root, recipe()).manifest
    store, path = files_of(Lake(root)), f"{root}/{manifest.shards[0].path}"
    content = bytearray(store.read(path))
    content[len(content) // 2] ^= 1
    store.write(path, bytes(content))
    assert releases.verify(root, manifest.release)[0].startswith(f"{path}: checksum differs")
    store.remove(path)
    assert releases.verify(root, manifest.release) == [f"{path}: missing"]
    assert committed(root, "shards", DAY, "web").rows == 4
    with pytest.raises(ContractError, match="no release"):
        releases.load(root, "2026-11-02-000000000000")


def test_no_local_folder_is_made_for_it(root, night_in, make_pages, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = set(os.listdir(tmp_path))
    night_in(root, part_rows=10).source("web", make_pages("a.example", 2))
    assert set(os.listdir(tmp_path)) - before <= {"catalog.sqlite", "scratch"}, "and nothing named after a scheme"
