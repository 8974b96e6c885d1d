"""A real Airflow of one machine: started, driven through REST, followed, stopped without a trace."""

import io
import os
import socket
import sqlite3
from pathlib import Path

import psutil
import pytest
from rich.console import Console

from malmoi.contracts.errors import InfrastructureError
from malmoi_airflow.local.home import Home
from malmoi_airflow.local.night import Night
from malmoi_airflow.local.progress import Progress
from malmoi_airflow.local.services import Services, free_port, running

DAGS = '''
"""Two small DAGs with the names and the asset of the real ones."""
from airflow.sdk import Asset, CronPartitionTimetable, Param, PartitionedAssetTimetable, dag, task

RELEASE = Asset("malmoi_release")

@dag(
    schedule=CronPartitionTimetable("0 0 * * *", timezone="Asia/Seoul", key_format="%Y-%m-%d"),
    params={"recipe": Param("good", type="string")},
    catchup=False,
)
def corpus_nightly():
    @task
    def ingest(source, params=None):
        if params["recipe"] == source:
            raise ValueError(f"source {source} is broken")

    @task(outlets=[RELEASE])
    def publish():
        return 1

    ingest.expand(source=["news", "blog"]) >> publish()

@dag(schedule=PartitionedAssetTimetable(assets=RELEASE), catchup=False)
def corpus_train():
    @task
    def pack(dag_run=None):
        assert dag_run.partition_key == "2026-11-01"
    pack()

corpus_nightly()
corpus_train()
'''


def test_a_taken_port_is_passed_over():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port(port) != port
    assert free_port(port) == port


def test_nothing_runs_in_a_new_home(tmp_path: Path):
    home = Home(tmp_path)
    home.create()
    assert running(home) is None


def of_home(home: Home) -> list[psutil.Process]:
    """Processes whose environment names this home."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and process.environ().get("AIRFLOW_HOME") == str(home.airflow):
                found.append(process)
        except psutil.Error:
            continue
    return found


@pytest.mark.airflow
def test_a_night_from_start_to_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    dags = tmp_path / "dags"
    dags.mkdir()
    (dags / "small.py").write_text(DAGS)
    monkeypatch.setenv("MALMOI_DAGS", str(dags))
    home = Home(tmp_path / "home")
    home.create()
    said = io.StringIO()
    progress = Progress(Console(file=said, width=200))
    with Services(home, free_port(), scheduled=False) as services:
        services.wait_ready(["corpus_nightly", "corpus_train"], lambda passed: None)
        night = Night(services.rest, home, progress, services.check)
        assert night.follow("2026-11-01", "good")
        assert not night.follow("2026-11-01", "news")
        with pytest.raises(InfrastructureError, match="is using"), Services(home, free_port(), scheduled=False):
            pass
        assert len(of_home(home)) > 4
        # No cron fired: there are the two runs asked for, and the one that the release started.
        with sqlite3.connect(home.airflow / "airflow.db") as database:
            runs = [row[0] for row in database.execute("select dag_id from dag_run order by dag_id")]
        assert runs == ["corpus_nightly", "corpus_nightly", "corpus_train"]
    assert of_home(home) == []
    text = said.getvalue()
    assert "corpus_train  pack: success" in text
    assert "failed: ValueError: source news is broken" in text
