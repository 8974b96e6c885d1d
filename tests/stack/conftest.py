"""The compose stack, brought up once for all tests and taken down with everything that it made."""

import shutil
import subprocess
from pathlib import Path

import pytest
from tests.stack.compose import Stack

NO_ENGINE = (
    "not tested, no Docker Engine answers: install one with docker-compose (Debian: apt-get install docker.io "
    "docker-compose), start it, and let this user talk to it"
)


@pytest.fixture(scope="session")
def stack(root: Path, tmp_path_factory: pytest.TempPathFactory):
    if shutil.which("docker") is None or subprocess.run(["docker", "info"], capture_output=True).returncode:
        pytest.skip(NO_ENGINE)
    stack = Stack(root, tmp_path_factory.mktemp("stack") / "passwords")
    try:
        stack.script("up")
        yield stack
    finally:
        stack.script("down", "--volumes")
    assert stack.left() == []
