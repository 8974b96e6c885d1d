"""Links from tasks, notes on runs, the lineage of a release: what Airflow shows beside the work."""

import logging
import runpy
import uuid
from types import SimpleNamespace

import pytest

from malmoi.contracts.endings import RESULT_PREFIX
from malmoi_airflow import lineage, process
from malmoi_airflow.links import ConsoleLink, HistoryLink, JobLink, ReportLink
from malmoi_airflow.notes import TOLD_BY, note

RUN = SimpleNamespace(dag_id="corpus_nightly", run_id="manual__2026-11-02T01:00:00+00:00")
SAFE = "manual__2026-11-02T01%3A00%3A00%2B00%3A00"


def test_links_of_a_run_lead_to_its_night(monkeypatch):
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "http://corpus.example/airflow/")
    base = "http://corpus.example/airflow"
    console = ConsoleLink().get_link(None, ti_key=RUN)
    assert console == f"{base}/dags/corpus_nightly/runs/{SAFE}/plugin/malmoi_run"
    assert ReportLink().get_link(None, ti_key=RUN) == f"{base}/malmoi/run/corpus_nightly/{SAFE}/report"


@pytest.mark.parametrize(
    ("server", "application", "link"),
    [
        ("http://localhost:18080/", "app-20261101-0001", "http://localhost:18080/history/app-20261101-0001/jobs/"),
        ("", "app-20261101-0001", ""),  # no history server
        ("http://localhost:18080", "", ""),  # the work stood already: no Spark was started
    ],
)
def test_sparks_history_is_linked_where_there_is_one(monkeypatch, server, application, link):
    monkeypatch.setenv("MALMOI_SPARK_HISTORY", server)
    assert HistoryLink().get_link(SimpleNamespace(application=application), ti_key=RUN) == link


@pytest.mark.parametrize(
    ("key", "url", "link"),
    [
        ("r-1", "", "http://corpus.example/malmoi/training#r-1"),
        ("r-1", "https://portal.example/jobs/12", "https://portal.example/jobs/12"),
        ("", "", ""),  # refused before there was a job
    ],
)
def test_a_job_is_linked_where_it_runs_or_in_the_console(monkeypatch, key, url, link):
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "http://corpus.example")
    assert JobLink().get_link(SimpleNamespace(run_key=key, job_url=url), ti_key=RUN) == link


@pytest.mark.parametrize(
    ("dag", "result", "said"),
    [
        ("corpus_nightly", {"release": "2026-11-01-ab", "documents": 1208, "new": True}, "release 2026-11-01-ab, 1,208 documents"),
        ("corpus_nightly", None, ""),  # a dry run
        ("corpus_train", {"release": "r", "run": "r-1", "last_loss": 8.25725}, "read release r; run r-1, last loss 8.257"),
        ("corpus_rebuild", ["a", "b"], "releases a, b"),
        ("corpus_rebuild", [], ""),
        ("corpus_takedown", {"receipt": "x", "documents": [1, 2], "releases": {"a": "b"}}, "receipt x, 2 documents removed; releases b"),
        ("corpus_takedown", {"receipt": "x", "documents": [1], "releases": {}}, "receipt x, 1 documents removed"),
        ("corpus_fetch", {"release": "r"}, ""),
    ],
)  # fmt: skip
def test_a_note_says_which_release(dag, result, said):
    assert note(dag, result) == said


def test_the_tasks_that_notes_are_read_from_exist(root):
    for name, task in TOLD_BY.items():
        assert runpy.run_path(str(root / "dags" / f"{name}.py"))[name]().has_task(task)


def test_a_release_is_an_openlineage_event():
    night = {"landing": "/landing", "lake": "/lake", "day": "2026-11-01", "sources": ["web", "kin"]}
    run = str(uuid.uuid4())
    event = lineage.published(night, {"release": "2026-11-01-ab", "documents": 7}, run)
    assert {"eventTime", "producer", "schemaURL", "run", "job"} <= set(event)  # what the standard asks for
    assert event["eventType"] == "COMPLETE" and event["run"]["runId"] == run
    assert event["run"]["facets"]["nominalTime"]["nominalStartTime"] == "2026-11-01T00:00:00+09:00"
    assert [one["name"] for one in event["inputs"]] == [
        f"/landing/source={name}/date=2026-11-01" for name in ("web", "kin")
    ]
    (output,) = event["outputs"]
    assert output["name"] == "/lake/releases/2026-11-01-ab"
    assert output["outputFacets"]["outputStatistics"]["rowCount"] == 7
    facets = [*event["run"]["facets"].values(), *output["outputFacets"].values()]
    assert all({"_producer", "_schemaURL"} <= set(facet) for facet in facets)


def printing(*lines: str) -> list[str]:
    return ["-c", "import sys; print(*sys.argv[1:], sep=chr(10))", *lines]


def test_a_result_is_returned_and_not_logged(caplog):
    with caplog.at_level(logging.INFO):
        lines = process.run(printing("3 documents", f'{RESULT_PREFIX}{{"url": "https://secret.example/1"}}'))
    assert process.result(lines) == {"url": "https://secret.example/1"}
    assert "3 documents" in caplog.text and "secret.example" not in caplog.text
