"""A lake with one night for the console: a kept document with personal data, a copy, a profane one, a broken record."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pyarrow as pa
import pytest

from malmoi.contracts.balance import Balance, Count
from malmoi.contracts.gate import Check
from malmoi.contracts.manifest import FileEntry, StageManifest
from malmoi.contracts.paths import Lake
from malmoi.contracts.tables import TABLES
from malmoi.stages.parts import PartWriter

BATCH = "2026-11-01"
PHONE = "010-9876-5432"
TEXT = f"동네 서점 안내입니다. 문의는 {PHONE}으로 해 주세요. <script>alert(1)</script> 토요일에는 쉽니다."
KEPT, COPY, RUDE = "a" * 32, "b" * 32, "c" * 32


def documents() -> list[dict]:
    start = TEXT.index(PHONE)
    phone = [{"start": start, "end": start + len(PHONE), "entity": "phone", "score": 0.9}]
    base = {"batch": BATCH, "source": "web", "kind": "page", "site": "shop.example", "bytes": 100, "language": "ko"}
    rows = [
        {"doc_id": KEPT, "text": TEXT, "title": f"서점 {PHONE}", "pii": phone, "keep": True, "cluster_size": 2},
        {"doc_id": COPY, "text": TEXT + "\n끝.", "title": "서점 사본", "pii": phone, "keep": False, "cluster_size": 2,
         "reason": "duplicate_near", "duplicate_of": KEPT, "value": 0.93, "method": "near", "similarity": 0.93},
        {"doc_id": RUDE, "text": "거친 말이 많은 글", "title": "거친 글", "pii": [], "keep": False, "cluster_size": 1,
         "reason": "profane", "value": 0.4, "threshold": 0.1,
         "profanity": [{"start": 0, "end": 4, "severity": "strong", "lemma": "x"}]},
    ]  # fmt: skip
    return [
        {**base, "cluster_id": KEPT if row["cluster_size"] > 1 else row["doc_id"], "url": f"https://shop.example/{at}",
         "origin": {"file": "web.warc.gz", "offset": 100 * at, "length": 100}, "signals": {"chars": 30.0}, **row}
        for at, row in enumerate(rows)
    ]  # fmt: skip


def commit(lake: Lake, table: str, rows: list[dict], balance: Balance) -> None:
    """Leaves a part and its manifest, as a stage does."""
    folder = lake.partition(table, BATCH, "web")
    schema = TABLES[table]
    writer = PartWriter(folder, 0, schema)
    columns = [pa.array([row.get(name) for row in rows], schema.field(name).type) for name in schema.names]
    writer.write(pa.Table.from_arrays(columns, schema=schema))
    entry = FileEntry(**writer.close())
    placed = FileEntry(lake.relative(f"{folder}/{entry.path}"), entry.rows, entry.bytes, entry.sha256)
    path = Path(lake.manifest(table, BATCH, "web"))
    path.parent.mkdir(parents=True)
    path.write_bytes(StageManifest(table, BATCH, "web", "0" * 64, "test", "0" * 64, {}, (placed,), balance).dumps())


@pytest.fixture(scope="package")
def lake(tmp_path_factory) -> Lake:
    lake = Lake(str(tmp_path_factory.mktemp("console") / "lake"))
    rows = documents()
    one, three = Count(1, 100), Count(3, 300)
    for table in ("documents", "annotations", "clusters"):
        read = (
            Balance(Count(4, 400), three, {}, {"broken_json": one}) if table == "documents" else Balance(three, three)
        )
        commit(lake, table, rows, read)
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
    run = Path(lake.join("runs", f"{BATCH}-run"))
    run.mkdir(parents=True)
    (run / "run.json").write_text(json.dumps({"release": f"{BATCH}-release"}))
    (run / "metrics.jsonl").write_text('{"step": 1, "loss": 9.0, "tokens_per_second": 10.0}\n{"step": 2, "lo')
    return lake


SERVE = """
import sys, uvicorn
from airflow.utils import db
db.initdb()
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
    environment = {key: value for key, value in os.environ.items() if not key.startswith("AIRFLOW")}
    environment |= {f"AIRFLOW__{key}": value for key, value in settings.items()}
    environment |= {
        "AIRFLOW_HOME": str(home),
        "MALMOI_LAKE": lake.root,
        "PYTHONPATH": f"{root / 'spark_jobs'}:{root / 'plugins'}",
    }
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(port)], env=environment, stdout=log, stderr=log, cwd=home
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
