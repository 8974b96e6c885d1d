"""The takedown and the upkeep as Airflow runs them, on a small lake of real tables."""

import pytest
from tests.lake.dag_runs import SECRET, Airflow

from malmoi.lake import read, releases
from malmoi.lake.night import NightLake
from malmoi.lake.takedown.execute import receipts

pytestmark = pytest.mark.airflow

DAY = "2026-11-01"


def test_takedown_and_upkeep(night, recipe, make_pages, page, lake_root, tmp_path, root, monkeypatch):
    monkeypatch.setenv("MALMOI_SECRET", SECRET)
    goes = make_pages("gone.example", 2)
    night().source("web", [*make_pages("a.example", 5), *goes])
    held = NightLake(lake_root, DAY, recipe(), ["web"])
    old = held.publish(held.check(lambda texts: [[] for _ in texts]), {}).manifest
    airflow = Airflow(tmp_path / "airflow", lake_root, root)

    states = airflow.run("corpus_takedown", hosts=["gone.example"])
    assert states == dict.fromkeys(("find_hits", "briefing", "approve", "remove"), "success")
    assert sum(file.rows for file in read.files(lake_root, "shards", DAY)) == 5
    (receipt,) = receipts(lake_root)
    assert sorted(one["doc_id"] for one in receipt["documents"]) == sorted(one.doc_id for one in goes)
    new = releases.read_pointer(lake_root).nights[DAY]
    assert receipt["releases"] == {old.release: new} and releases.verify(lake_root, new) == []
    # The same again names nothing that exists: the run fails in its first task and nothing changes.
    assert airflow.run("corpus_takedown", hosts=["gone.example"])["find_hits"] == "failed"

    states = airflow.run("corpus_maintenance", dry_run=True)
    assert states == {"compact": "skipped", "maintain": "success", "drift": "success"}
    assert len(read.files(lake_root, "documents", DAY)) == 3
    states = airflow.run("corpus_maintenance", recipe="nightly")
    assert states == dict.fromkeys(("compact", "maintain", "drift"), "success")
    assert releases.verify(lake_root, new) == []
