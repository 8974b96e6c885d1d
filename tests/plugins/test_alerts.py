"""Alerts: what is said, to whom, and that a broken webhook breaks nothing else."""

import asyncio
import json
import logging
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

from malmoi.contracts.balance import Balance, Count
from malmoi.contracts.errors import GateError
from malmoi.contracts.manifest import StageManifest
from malmoi.contracts.paths import Lake
from malmoi_airflow.alerts import CONNECTION, Alert
from malmoi_airflow.defaults import DEFAULT_ARGS, night_deadline
from malmoi_airflow.maintenance import drift

ENV = f"AIRFLOW_CONN_{CONNECTION.upper()}"
SECRET = "T01/B02/s3cr3t"
FAILED = {
    "dag_run": SimpleNamespace(dag_id="corpus_nightly", run_id="manual__1", partition_key="2026-11-01"),
    "task_instance": SimpleNamespace(task_id="release.gate"),
    "exception": GateError("gate missing_sources: 1, limit 0: blog; nothing was published\nsecond line"),
}
LATE = {"dag_run": {"dag_id": "corpus_nightly", "dag_run_id": "scheduled__1", "partition_key": "2026-11-01"}}


class Webhook(HTTPServer):
    """A chat service on loopback that keeps what it is sent."""

    def __init__(self, status: int = 200):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = status
        self.got: list[tuple[str, dict]] = []
        self.host = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    server: Webhook

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.got.append((self.path, body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture(params=[200, 500])
def webhook(request, monkeypatch):
    server = Webhook(request.param)
    connect(monkeypatch, server.host)
    yield server
    server.shutdown()
    server.server_close()


def connect(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv(ENV, json.dumps({"conn_type": "http", "host": host, "password": SECRET}))


async def awaited(alert: Alert) -> None:
    await alert


def test_a_failed_task_is_told_with_its_own_line(webhook, caplog):
    Alert("failed")(FAILED)
    said = "corpus_nightly of 2026-11-01: task release.gate failed: gate missing_sources: 1, limit 0: blog; nothing was published"
    expected = {
        "text": said,
        "kind": "failed",
        "dag": "corpus_nightly",
        "run": "manual__1",
        "night": "2026-11-01",
        "task": "release.gate",
    }
    assert webhook.got == [(f"/{SECRET}", expected)]
    assert said in caplog.messages


def test_a_late_night_is_told_by_the_triggerer(webhook, caplog):
    asyncio.run(awaited(Alert(kind="late", context=LATE)))
    said = "corpus_nightly of 2026-11-01 is late: it has not ended within its deadline"
    (path, body), *more = webhook.got
    assert path == f"/{SECRET}" and body["text"] == said and body["run"] == "scheduled__1" and not more
    assert said in caplog.messages


def test_a_webhook_that_refuses_is_one_line_without_its_secret(monkeypatch, caplog):
    server = Webhook(403)
    connect(monkeypatch, server.host)
    Alert("drift", "news: 12 % more dropped as too_short")({})
    server.shutdown()
    errors = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert errors == [f"the webhook of connection {CONNECTION} failed: HTTPStatusError 403"]
    assert SECRET not in caplog.text and "s3cr3t" not in caplog.text


@pytest.mark.parametrize("host", ["http://127.0.0.1:9", "no address at all", "ftp://example.com", "http://[::bad"])
def test_a_webhook_that_is_not_there_hurts_nobody(monkeypatch, caplog, host):
    connect(monkeypatch, host)
    Alert("failed")(FAILED)
    asyncio.run(awaited(Alert(kind="late", context=LATE)))
    errors = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(errors) == 2 and all(
        line.startswith(f"the webhook of connection {CONNECTION} failed") for line in errors
    )
    assert "s3cr3t" not in caplog.text


def test_without_a_connection_the_log_says_it(monkeypatch, caplog):
    monkeypatch.delenv(ENV, raising=False)
    Alert("drift", "news: 12 % more dropped as too_short")({})
    assert [record.getMessage() for record in caplog.records if record.name == "malmoi.alerts"] == [
        "news: 12 % more dropped as too_short"
    ]


@pytest.mark.parametrize(("spam", "told"), [(8, True), (2, False)])
def test_what_moved_in_the_drift_report_is_told(tmp_path, monkeypatch, caplog, spam, told):
    """The real report, in its own process, over manifests of two nights of ten documents."""
    monkeypatch.setenv("MALMOI_LAKE", str(tmp_path))
    lake = Lake(str(tmp_path))
    nights = {"2026-11-01": 2, "2026-11-02": spam}
    for night, dropped in nights.items():
        balance = Balance(Count(10, 100), Count(10 - dropped, 50), {"spam": Count(dropped, 50)})
        path = Path(lake.manifest("decisions", night, "web"))
        path.parent.mkdir(parents=True)
        path.write_bytes(StageManifest("decide", night, "web", "0" * 64, "1", "f" * 64, balance=balance).dumps())
    Path(lake.releases).mkdir()
    Path(lake.releases, "current.json").write_text(json.dumps({"nights": dict.fromkeys(nights, "r")}))
    drift({"recipe": "nightly", "nights": 8}, {"task_instance": SimpleNamespace(task_id="drift")})
    said = [record.getMessage() for record in caplog.records if record.name == "malmoi.alerts"]
    moved = (
        "the corpus drifts: web kept: -60.00% against the nights before; web spam: +60.00% against the nights before"
    )
    assert said == ([moved] if told else [])


def test_every_task_that_fails_for_good_and_every_late_night_alerts():
    assert DEFAULT_ARGS["on_failure_callback"].kind == "failed"
    deadline = night_deadline(hours=6)
    assert deadline.callback.path == "malmoi_airflow.alerts.Alert" and deadline.callback.kwargs == {"kind": "late"}
