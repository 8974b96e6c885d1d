"""Shared by all tests: where the project lies, and an object store."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def pytest_configure() -> None:
    """Tests of modules that were compiled from other sources would say nothing."""
    code = "import compile, sys; sys.exit(not compile.is_fresh())"
    if subprocess.run([sys.executable, "-c", code], cwd=ROOT / "spark_jobs").returncode:
        pytest.exit(
            "a .pyx file has changed since it was compiled: run `make setup`, or python spark_jobs/compile.py", 3
        )


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def recipes(root: Path) -> Path:
    return root / "spark_jobs" / "recipes"


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    """A server with the S3 API on loopback."""
    pytest.importorskip("moto.server", reason="moto is not installed: the object store was not tested")
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 120
    while time.monotonic() < until and server.poll() is None:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.2)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(60)


@pytest.fixture
def object_store(s3_endpoint, tmp_path, monkeypatch) -> Iterator[str]:
    """The root of a lake in a fresh bucket, with its catalog in a file; the environment leads there."""
    import fsspec
    import s3fs

    for name, value in {
        "AWS_ENDPOINT_URL": s3_endpoint,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_REGION": "us-east-1",
        "MALMOI_CATALOG": f"sqlite:///{tmp_path}/catalog.sqlite",
        "MALMOI_SCRATCH": f"{tmp_path}/scratch",
    }.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    bucket = f"corpus-{time.monotonic_ns()}"
    fsspec.filesystem("s3").mkdir(bucket)
    yield f"s3://{bucket}/lake"
    s3fs.S3FileSystem.clear_instance_cache()
