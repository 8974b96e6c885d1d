"""The same lake on the SQLite and the PostgreSQL catalog."""

import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from malmoi.lake import read, releases
from malmoi.lake.catalog import NAMESPACE, open_lake
from malmoi.lake.night import NightLake
from malmoi.lake.query import query
from malmoi.lake.rollback import rollback
from malmoi.lake.vacuum import vacuum

DAY = "2026-11-01"
PROGRAMS = ("initdb", "postgres")


@pytest.fixture(scope="module")
def postgres():
    """A PostgreSQL server on loopback; its address."""
    programs = {name: find_program(name) for name in PROGRAMS}
    missing = [name for name, path in programs.items() if path is None]
    if missing:
        pytest.skip(f"PostgreSQL's {missing[0]} is not on this machine: the PostgreSQL catalog was not tested")
    user = "postgres" if os.getuid() == 0 else None  # the server refuses to run as root
    # Not under pytest's own folder: that is closed to other users, at a depth that differs with the runner.
    folder = Path(tempfile.mkdtemp(prefix="malmoi-postgres-"))
    if user:
        shutil.chown(folder, user)
    data, port = folder / "data", free_port()
    subprocess.run(
        [programs["initdb"], "-D", str(data), "-A", "trust", "-U", "malmoi", "--no-sync"],
        user=user, check=True, capture_output=True, cwd=folder,
    )  # fmt: skip
    server = subprocess.Popen(
        [programs["postgres"], "-D", str(data), "-p", str(port), "-c", "listen_addresses=127.0.0.1", "-k", str(folder)],
        user=user, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    wait_for(port)
    yield f"postgresql+psycopg2://malmoi@127.0.0.1:{port}"
    server.send_signal(signal.SIGINT)  # does not wait for clients, as SIGTERM does
    server.wait(60)
    shutil.rmtree(folder)


def find_program(name: str) -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(found[-1]) if found else None)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"PostgreSQL did not listen on port {port} within a minute")


@pytest.fixture(params=["sqlite", "postgresql"])
def root(request, tmp_path, monkeypatch) -> str:
    """A lake whose catalog is of either kind, a database of its own."""
    monkeypatch.delenv("MALMOI_CATALOG", raising=False)
    if request.param == "postgresql":
        address = request.getfixturevalue("postgres")
        name = f"lake{time.monotonic_ns()}"
        create_database(address, name)
        monkeypatch.setenv("MALMOI_CATALOG", f"{address}/{name}")
    return str(tmp_path / "lake")


def create_database(address: str, name: str) -> None:
    import sqlalchemy

    engine = sqlalchemy.create_engine(f"{address}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text(f"CREATE DATABASE {name}"))
    engine.dispose()


def publish(root, recipe):
    held = NightLake(root, DAY, recipe, ["web"])
    return held.publish(held.check(lambda texts: [[] for _ in texts]), {}).manifest


def test_a_night_is_written_published_replaced_rolled_back_and_vacuumed(root, night_in, recipe, make_pages):
    night_in(root).source("web", make_pages("a.example", 3))
    first = publish(root, recipe())
    night_in(root, recipe_hash="1" * 64).source("web", make_pages("a.example", 5))
    second = publish(root, recipe())
    assert query(root, "SELECT count(*) AS n FROM shards").to_pylist() == [{"n": 5}]
    tagged = read.files(root, "shards", DAY, snapshot=f"release-{first.release}")
    assert sum(file.rows for file in tagged) == 3
    assert rollback(root, second.release) == {DAY: first.release}
    vacuum(root, datetime.now(UTC) + timedelta(days=20), superseded_days=14)
    assert releases.list_releases(root) == [first.release] and releases.verify(root, first.release) == []


def test_writers_at_once(root, night_in):
    def work(source):
        for count in (2, 3, 4):
            rows = [{"batch": DAY, "source": source, "doc_id": f"{number:032x}"} for number in range(count)]
            night_in(root).write("clean", source, rows)

    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=work, args=(source,)) for source in ("web", "news", "blog", "kin")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(300)
    assert [writer.exitcode for writer in writers] == [0] * 4
    found = read.files(root, "clean")
    assert {
        source: sum(f.rows for f in found if f.source == source) for source in ("web", "news", "blog", "kin")
    } == dict.fromkeys(("web", "news", "blog", "kin"), 4)


def test_the_database_holds_the_tables(root, night_in):
    night_in(root).write("clean", "web", [{"batch": DAY, "source": "web", "doc_id": "0" * 32}])
    assert open_lake(root).table("clean").name() == (NAMESPACE, "clean")
    assert Path(root, "catalog.sqlite").exists() == ("MALMOI_CATALOG" not in os.environ)
