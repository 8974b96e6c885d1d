"""One process holds all Airflow components of a machine: start it, stop it, and nothing is left.

Importing Airflow costs each of its processes several CPU seconds. Here one process imports it and creates the database,
then forks the four components, which share that memory. It is the subreaper of everything below it, so a Spark driver
or a task whose parent died is still found and ended. It ends when told to, when a component ends, or when the process
that started it dies. Linux only.
"""

import contextlib
import ctypes
import gc
import os
import signal
import sys
import time
from pathlib import Path

import psutil

COMPONENTS = {
    "api-server": ["api-server", "--workers", "1"],
    "scheduler": ["scheduler", "--skip-serve-logs"],
    "dag-processor": ["dag-processor"],
    "triggerer": ["triggerer", "--skip-serve-logs"],
}
PATIENCE = 8.0
"""Seconds that processes get between SIGTERM and SIGKILL."""

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


def main() -> int:
    """Runs until stopped. 0 when told to stop, 1 when a component ended by itself."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        logs = Path(os.environ["AIRFLOW_HOME"]) / "logs" / "services"
        _prepare_airflow()
        gc.collect()
        gc.freeze()
        children = {_fork(name, logs / f"{name}.log"): name for name in COMPONENTS}
        return _watch(children)
    except _Stopped:
        return 0
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        end_descendants()


def end_descendants(patience: float = PATIENCE) -> None:
    """Ends every process below this one: SIGTERM, ``patience`` seconds, then SIGKILL until none is left."""
    deadline = time.monotonic() + patience
    asked: set[int] = set()
    while children := _living():
        late = time.monotonic() > deadline
        for child in children:
            if late or child.pid not in asked:
                asked.add(child.pid)
                with contextlib.suppress(psutil.NoSuchProcess):
                    child.kill() if late else child.terminate()
        psutil.wait_procs(children, timeout=0.2)


class _Stopped(BaseException):
    """Told to stop."""


def _stop(signum: int, frame: object) -> None:
    raise _Stopped


def _prepare_airflow() -> None:
    """Imports what the components share, and brings the database to this version's tables."""
    from airflow.utils import db

    db.initdb()
    import airflow.api_fastapi.app
    import airflow.cli.cli_parser
    import airflow.jobs.scheduler_job_runner
    import airflow.jobs.triggerer_job_runner  # noqa: F401
    from airflow import settings

    settings.dispose_orm()


def _fork(name: str, log: Path) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(output, 1)
        os.dup2(output, 2)
        _run_component(COMPONENTS[name])
        os._exit(0)
    except SystemExit as leaving:
        os._exit(leaving.code if isinstance(leaving.code, int) else 1)
    except BaseException:
        import traceback

        traceback.print_exc()
        os._exit(1)


def _run_component(arguments: list[str]) -> None:
    from airflow import settings
    from airflow.__main__ import main as airflow_main

    settings.configure_orm()
    sys.argv = ["airflow", *arguments]
    airflow_main()


def _watch(children: dict[int, str]) -> int:
    """Reaps whatever ends below this process until a component is among it."""
    while True:
        pid, status = os.wait()
        if pid in children:
            print(f"{children[pid]} ended with code {os.waitstatus_to_exitcode(status)}", flush=True)
            return 1


def _living() -> list[psutil.Process]:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    return psutil.Process().children(recursive=True)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


if __name__ == "__main__":
    sys.exit(main())
