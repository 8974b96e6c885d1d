"""A lake with one night for the console: a kept document with personal data, a copy, a profane one, a broken record."""

import contextlib
import gzip
import html
import json
import os
import socket
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import httpx
import pyarrow as pa
import pytest

from malmoi.contracts.balance import Balance, Count
from malmoi.contracts.gate import Check
from malmoi.contracts.manifest import FileEntry, StageManifest
from malmoi.contracts.paths import Lake
from malmoi.contracts.recipe.handoff import Train
from malmoi.contracts.signals import SIGNALS
from malmoi.contracts.tables import TABLES
from malmoi.contracts.training import EVALUATION, METRICS, TrainingRun
from malmoi.lake.commit import attempt
from malmoi.lake.commit import commit as commit_attempt
from malmoi.stages.parts import PartWriter

BATCH = "2026-11-01"
LANDING_FILE = f"source=web/date={BATCH}/web.warc.gz"
PHONE = "010-9876-5432"
PERSON = "한가람"
BYLINE = "김하늘 기자 haneul@shop.example"
TEXT = f"동네 서점 안내입니다. 문의는 {PHONE}으로 해 주세요. <script>alert(1)</script> 토요일에는 쉽니다."
KEPT, COPY, RUDE = "a" * 32, "b" * 32, "c" * 32


PROSE = dict.fromkeys(SIGNALS, 0.0) | {
    "chars": 600.0, "eojeol": 150.0, "lines": 10.0, "hangul_share": 0.9, "mean_eojeol_length": 3.2,
    "josa_eomi_share": 0.7, "prose_eojeol": 105.0, "sentences": 12.0, "sentence_end_share": 0.8, "variety": 0.95,
    "quality_score": 0.9, "longest_run": 9.0,
}  # fmt: skip
PAGE = f"""<html><head><title>서점</title></head><body><nav><a href="/">처음</a> <a href="/new">새 글</a></nav>
<article><h1>서점</h1><p>{html.escape(TEXT)}</p><p class="byline">{BYLINE}</p></article>
<footer>대표 전화 {PHONE}</footer></body></html>"""


def record(url: str, page: str) -> bytes:
    """A gzip member with one WARC record."""
    body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page.encode()
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-11-01T03:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + body + b"\r\n\r\n", mtime=0)


RECORDS = [record(f"https://shop.example/{at}", PAGE) for at in range(2)]
"""What lies in the landing file; the third document's record is gone from it."""


def origin(at: int) -> dict:
    return {"file": LANDING_FILE, "offset": sum(map(len, RECORDS[:at])), "length": len(RECORDS[0])}


def documents() -> list[dict]:
    start = TEXT.index(PHONE)
    phone = [{"start": start, "end": start + len(PHONE), "entity": "phone", "score": 0.9}]
    titles = {KEPT: f"서점 {PHONE}", COPY: f"{PERSON} 씨의 서점", RUDE: "아직 아무도 읽지 않은 제목"}
    name = [{"start": 0, "end": len(PERSON), "entity": "name", "score": 0.9}]
    spans = {KEPT: [{**phone[0], "start": 3, "end": 3 + len(PHONE)}], COPY: name, RUDE: None}
    base = {"batch": BATCH, "source": "web", "kind": "page", "site": "shop.example", "bytes": 100, "language": "ko"}
    rows = [
        {"doc_id": KEPT, "text": TEXT, "pii": phone, "keep": True, "cluster_size": 2},
        {"doc_id": COPY, "text": TEXT + "\n끝.", "pii": phone, "keep": False, "cluster_size": 2,
         "reason": "duplicate_near", "duplicate_of": KEPT, "value": 0.93, "method": "near", "similarity": 0.93},
        {"doc_id": RUDE, "text": "거친 말이 많은 글", "pii": [], "keep": False, "cluster_size": 1,
         "reason": "profane", "value": 0.4, "threshold": 0.1,
         "signals": PROSE | {"profanity_density": 0.4, "profane_sentence_share": 0.9},
         "profanity": [{"start": 0, "end": 4, "severity": "strong", "lemma": "x"}]},
    ]  # fmt: skip
    return [
        {**base, "cluster_id": KEPT if row["cluster_size"] > 1 else row["doc_id"], "url": f"https://shop.example/{at}",
         "origin": origin(at), "raw_bytes": 100, "signals": PROSE | {"chars": 30.0 + at}, "profanity_action": "keep",
         "text_hash": f"{at}", "signature": b"\0" * 448, "method": "single",
         "title": titles[row["doc_id"]], "title_pii": spans[row["doc_id"]], **row}
        for at, row in enumerate(rows)
    ]  # fmt: skip


def commit(lake: Lake, table: str, rows: list[dict], balance: Balance) -> None:
    """Commits a part, as a stage does."""
    place = attempt(lake, table, BATCH, "web")
    schema = TABLES[table]
    writer = PartWriter(place.folder, 0, schema)
    columns = [pa.array([row.get(name) for row in rows], schema.field(name).type) for name in schema.names]
    writer.write(pa.Table.from_arrays(columns, schema=schema))
    files = (FileEntry(**writer.close()),)
    commit_attempt(place, StageManifest(table, BATCH, "web", "0" * 64, "test", "0" * 64, {}, files, balance))


@pytest.fixture(scope="package")
def lake(tmp_path_factory) -> Lake:
    """One night, committed as the stages commit it."""
    folder = tmp_path_factory.mktemp("console")
    lake = Lake(str(folder / "lake"))
    landing = folder / "landing" / LANDING_FILE
    landing.parent.mkdir(parents=True)
    landing.write_bytes(b"".join(RECORDS))
    rows = documents()
    one, three = Count(1, 100), Count(3, 300)
    for table in ("documents", "annotations", "clusters"):
        read = (
            Balance(Count(4, 400), three, {}, {"broken_json": one}) if table == "documents" else Balance(three, three)
        )
        stay = [{**row, "keep": row["keep"] or row["cluster_size"] == 1} for row in rows]  # a rule drops, no cluster
        commit(lake, table, stay if table == "clusters" else rows, read)
    commit(lake, "decisions", rows, Balance(three, one, {"duplicate_near": one, "profane": one}))
    clean = [{**rows[0], "text": TEXT.replace(PHONE, "<전화번호>"), "title": "서점"}]
    commit(lake, "clean", clean, Balance(one, one))
    commit(lake, "shards", clean, Balance(one, one))
    broken = {
        "batch": BATCH,
        "source": "web",
        "stage": "ingest",
        "fault": "broken_json",
        "file": "web.jsonl",
        "offset": 7,
        "length": 9,
    }
    commit(lake, "quarantine", [broken], Balance(one, one))
    Path(lake.gate(BATCH)).parent.mkdir(parents=True)
    failed = Check("leaks", 1, 0, False, "one phone number was found", "web", (KEPT,))
    Path(lake.gate(BATCH)).write_text(json.dumps({"shards": {}, "checks": [failed.to_json()]}))
    run = TrainingRun(lake.root, f"{BATCH}-release", "tokens.json", "0" * 64, asdict(Train(steps=40)) | {"command": []})
    run.save()
    step = {"step": 3, "loss": 5.5, "tokens_per_second": 1_024.25}
    (run.folder / METRICS).write_text(json.dumps(step) + '\n{"step": 4, "lo')
    evaluated = {"all": {"bits_per_byte": 2.125}, "choices": {"all": {"accuracy": 0.405}}}
    (run.folder / EVALUATION).write_text(json.dumps(evaluated))
    return lake


SERVE = """
import sys, uvicorn
from airflow.utils import db
db.initdb()
from airflow.dag_processing.bundles.manager import DagBundlesManager
DagBundlesManager().sync_bundles_to_db()
from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db
sync_bag_to_db(DagBag(sys.argv[2]), "dags-folder", None)
from airflow.api_fastapi.app import create_app
uvicorn.run(create_app(apps="all"), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
"""
PASSWORDS = {"admin": "admin-password-for-the-test", "vic": "viewer-password-for-the-test"}


@pytest.fixture(scope="package")
def airflow(lake, root, tmp_path_factory):
    """Gives the URL of a real Airflow API server that has the plugin, and an SQLite database of its own."""
    home = tmp_path_factory.mktemp("airflow")
    (home / "passwords.json").write_text(json.dumps(PASSWORDS))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "API__BASE_URL": f"http://127.0.0.1:{port}", "API__SECRET_KEY": "k" * 32, "API_AUTH__JWT_SECRET": "j" * 64,
        "CORE__AUTH_MANAGER": "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager",
        "CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin,vic:viewer",
        "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home / "passwords.json"),
        "CORE__LOAD_EXAMPLES": "False", "CORE__PLUGINS_FOLDER": str(root / "plugins"),
        "CORE__DAGS_FOLDER": str(root / "dags"), "CORE__FERNET_KEY": "",
    }  # fmt: skip
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("AIRFLOW", "MALMOI"))}
    environment |= {f"AIRFLOW__{key}": value for key, value in settings.items()}
    environment |= {
        "AIRFLOW_HOME": str(home),
        "MALMOI_LAKE": lake.root,
        "MALMOI_LANDING": str(Path(lake.root).with_name("landing")),
        "MALMOI_SECRET": "a secret for the test of the console",
        "PYTHONPATH": f"{root / 'spark_jobs'}:{root / 'plugins'}",
    }
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(port), str(root / "dags")],
            env=environment,
            stdout=log,
            stderr=log,
            cwd=home,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url, server, home / "server.log")
        yield url
    finally:
        server.terminate()
        server.wait(30)


def _wait(url: str, server: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{url}/api/v2/monitor/health", timeout=5).is_success:
                return
        time.sleep(0.5)
    pytest.fail(f"the API server did not start: {log.read_text()[-2000:]}")


@pytest.fixture(scope="package")
def client(airflow):
    """Makes a client that is logged in: ``client("admin")``; ``client(None)`` is nobody."""

    def login(user: str | None) -> httpx.Client:
        made = httpx.Client(base_url=airflow, timeout=60)
        if user:
            answer = made.post("/auth/token", json={"username": user, "password": PASSWORDS[user]})
            made.cookies.set("_token", answer.json()["access_token"])
        return made

    return login
