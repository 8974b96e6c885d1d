"""Starts and stops the Airflow of one home, and knows when it is ready."""

import contextlib
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from malmoi.contracts.errors import InfrastructureError
from malmoi_airflow.local.home import USER, Home, Lock, environment, write_private
from malmoi_airflow.local.rest import Rest

READY_SECONDS = 180.0
"""A machine that takes longer than this to start Airflow has a problem worth a message."""


class Services:
    """The Airflow processes below one supervisor process. Use as a context manager: leaving it stops them all."""

    def __init__(self, home: Home, port: int, *, scheduled: bool):
        self.home = home
        self.port = port
        self._scheduled = scheduled
        self._process: subprocess.Popen | None = None
        self._lock = Lock(home)
        self.rest = Rest(f"http://127.0.0.1:{port}", USER, home.password())

    def __enter__(self) -> "Services":
        if not self._lock.taken():
            raise InfrastructureError(
                f"another `make run` or `make ui` is using {self.home.root}: wait for it, or stop it"
            )
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def wait_ready(self, dags: list[str], waiting: Callable[[float], None], patience: float = READY_SECONDS) -> None:
        """Returns when Airflow answers and knows ``dags``; calls ``waiting`` with the seconds so far.

        Raises InfrastructureError when a DAG does not load, a component ends, or it takes too long.
        """
        began = time.monotonic()
        while not self._is_ready(dags):
            self.check()
            passed = time.monotonic() - began
            if passed > patience:
                raise InfrastructureError(f"Airflow is not ready after {passed:.0f} s; its output is in {self.logs}")
            waiting(passed)
            time.sleep(0.25)

    def check(self) -> None:
        """Raises InfrastructureError with the end of the output when a component has ended."""
        if self._process is None or self._process.poll() is not None:
            raise InfrastructureError(f"Airflow ended: {_last_line(self.logs / 'supervisor.log')}; see {self.logs}")

    def stop(self) -> None:
        """Stops every process; returns when none is left. Twice is harmless."""
        self.rest.close()
        process, self._process = self._process, None
        if process is None:
            return
        # A second Ctrl-C must not leave half of them running.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            process.wait()
        finally:
            signal.signal(signal.SIGINT, before)
        self.home.serving.unlink(missing_ok=True)

    @property
    def logs(self) -> Path:
        return self.home.airflow / "logs" / "services"

    def _start(self) -> None:
        env = environment(self.home, self.port, scheduled=self._scheduled)
        with open(self.logs / "supervisor.log", "w") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "malmoi_airflow.local.supervisor"],
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                cwd=self.home.airflow,
            )
        self.home.serving.unlink(missing_ok=True)
        if self._scheduled:
            write_private(self.home.serving, json.dumps({"port": self.port}))

    def _is_ready(self, dags: list[str]) -> bool:
        if not self.rest.healthy():
            return False
        errors = self.rest.import_errors()
        if errors:
            raise InfrastructureError(f"a DAG does not load: {errors[0]}")
        return all(self.rest.has_dag(dag) for dag in dags)


def running(home: Home) -> Rest | None:
    """A client of the Airflow that another process (`make ui`) runs in this home, or None."""
    try:
        port = json.loads(home.serving.read_text())["port"]
    except (OSError, ValueError, KeyError):
        return None
    rest = Rest(f"http://127.0.0.1:{port}", USER, home.password())
    if not Lock(home).taken() and rest.healthy():
        return rest
    rest.close()
    return None


def free_port(preferred: int = 8080) -> int:
    """``preferred`` when nothing listens there, else any free port of 127.0.0.1."""
    for port in (preferred, 0):
        with contextlib.closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise InfrastructureError("no free port on 127.0.0.1")


def _last_line(path: Path) -> str:
    lines = path.read_text(errors="replace").strip().splitlines() if path.exists() else []
    return lines[-1].strip() if lines else "it said nothing"
