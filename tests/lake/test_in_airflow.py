"""The takedown and the upkeep as Airflow runs them, on a small lake of real tables."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from malmoi.lake import read, releases
from malmoi.lake.night import NightLake
from malmoi.lake.takedown.execute import receipts

pytestmark = pytest.mark.airflow

DAY = "2026-11-01"
RUN = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
name, conf = sys.argv[1], json.loads(sys.argv[2])
run = DagBag(sys.argv[3]).dags[name].test(run_conf=conf, mark_success_pattern="approve")
print("STATES " + json.dumps({ti.task_id: str(ti.state) for ti in run.get_task_instances()}))
"""


class Airflow:
    """A fresh Airflow whose DAGs work on one lake."""

    def __init__(self, home: Path, lake: str, root: Path):
        self._root = root
        home.mkdir(exist_ok=True)
        (home / "landing").mkdir(exist_ok=True)
        bundles = [{"name": "dags", "classpath": "airflow.dag_processing.bundles.local.LocalDagBundle",
                    "kwargs": {"path": str(root / "dags")}}]  # fmt: skip
        self._env = {
            **{key: value for key, value in os.environ.items() if not key.startswith("AIRFLOW__")},
            "AIRFLOW_HOME": str(home),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__DAGS_FOLDER": str(root / "dags"),
            "AIRFLOW__CORE__PLUGINS_FOLDER": str(root / "plugins"),
            "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST": json.dumps(bundles),
            "PYTHONPATH": f"{root / 'spark_jobs'}:{root / 'plugins'}",
            "MALMOI_LAKE": lake,
            "MALMOI_LANDING": str(home / "landing"),
            "MALMOI_SECRET": "a key of the tests, long enough",
        }
        self._call("-m", "airflow", "db", "migrate")

    def run(self, dag: str, **conf) -> dict[str, str]:
        """Task -> state after a run of the DAG; a person approves."""
        said = self._call("-c", RUN, dag, json.dumps(conf), str(self._root / "dags"))
        line = next(line for line in said.splitlines() if line.startswith("STATES "))
        return json.loads(line.removeprefix("STATES "))

    def _call(self, *arguments: str) -> str:
        done = subprocess.run([sys.executable, *arguments], env=self._env, capture_output=True, text=True, timeout=580)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout


def test_takedown_and_upkeep(night, recipe, make_pages, page, lake_root, tmp_path, root, monkeypatch):
    monkeypatch.setenv("MALMOI_SECRET", "a key of the tests, long enough")
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
