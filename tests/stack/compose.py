"""A compose stack of its own for the tests, seen from outside: own project, ports, passwords and volumes."""

import json
import os
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from malmoi_airflow.local.rest import Rest

PROJECT = "malmoi-stack-test"
POLL_SECONDS = 0.5


class Stack:
    """The running stack, seen from outside: docker, compose, and Airflow's REST API."""

    def __init__(self, root: Path, passwords: Path):
        self._root = root
        self.passwords_file = passwords
        self.port, spark, history, metrics = _free_ports(4)
        self._env = os.environ | {
            "COMPOSE_PROJECT_NAME": PROJECT,
            "MALMOI_ENV": str(passwords),
            "MALMOI_PORT": str(self.port),
            "MALMOI_SPARK_PORT": str(spark),
            "MALMOI_HISTORY_PORT": str(history),
            "MALMOI_METRICS_PORT": str(metrics),
        }
        self.pages = {
            "Spark master": f"http://127.0.0.1:{spark}/",
            "history server": f"http://127.0.0.1:{history}/",
            "metrics": f"http://127.0.0.1:{metrics}/metrics",
        }

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def script(self, *arguments: str) -> str:
        """``scripts/stack``, as ``make`` calls it."""
        return self._run(str(self._root / "scripts" / "stack"), *arguments)

    def secrets(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in self.passwords_file.read_text().splitlines())

    def rest(self) -> Rest:
        return Rest(self.url, "admin", self.secrets()["MALMOI_ADMIN_PASSWORD"])

    def containers(self) -> dict[str, dict[str, Any]]:
        """What Docker knows of every container of the stack, by service; stopped ones included."""
        ids = self._docker("ps", "--all", "--quiet", *_ours()).split()
        found = json.loads(self._docker("inspect", *ids)) if ids else []
        return {one["Config"]["Labels"]["com.docker.compose.service"]: one for one in found}

    def left(self) -> list[str]:
        """Containers, volumes and networks of the stack."""
        kinds = {"ps": ["--all"], "volume": ["ls"], "network": ["ls"]}
        return [one for kind, more in kinds.items() for one in self._docker(kind, *more, "--quiet", *_ours()).split()]

    def inside(self, service: str, *command: str) -> str:
        """Runs a command in a service's container, as the user of the service."""
        return self._docker("exec", self.containers()[service]["Id"], *command)

    def kill(self, service: str) -> None:
        self._docker("kill", self.containers()[service]["Id"])

    def start(self, service: str) -> None:
        """Starts a container that was killed, as the machine's supervision would."""
        self._docker("start", self.containers()[service]["Id"])

    def healthy(self, service: str) -> bool:
        return self.containers()[service]["State"].get("Health", {}).get("Status") == "healthy"

    def _docker(self, *arguments: str) -> str:
        return self._run("docker", *arguments)

    def _run(self, *command: str) -> str:
        done = subprocess.run(command, env=self._env, cwd=self._root, capture_output=True, text=True)
        assert done.returncode == 0, f"{' '.join(command)}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
        return done.stdout


def wait_for(what: str, seen: Callable[[], Any], seconds: float) -> Any:
    """Asks until the answer is true; fails when it takes longer than ``seconds``."""
    end = time.monotonic() + seconds
    while not (answer := seen()):
        assert time.monotonic() < end, f"{what}: not within {seconds:.0f} s"
        time.sleep(POLL_SECONDS)
    return answer


def _ours() -> tuple[str, str]:
    return "--filter", f"label=com.docker.compose.project={PROJECT}"


def _free_ports(count: int) -> list[int]:
    """Ports that nothing listens on. Held open together, so that all differ."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()
