"""One process holds all Airflow components of a machine: start it, stop it, and nothing is left.

Importing Airflow costs each of its processes some 7 CPU seconds, and the Spark operator another 7 in *every task*,
because the provider loads two Kubernetes clients. Here one process imports all of that and creates the database, then
forks the four components; they, and the tasks forked by the scheduler, share that memory. It is the subreaper of
everything below it, so a Spark driver or a task whose parent died is still found and ended. It ends when told to, when
a component ends, or when the process that started it dies. Linux only.
"""

import contextlib
import ctypes
import gc
import importlib
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

COMPONENTS = {
    "api-server": ["api-server", "--workers", "1"],
    "scheduler": ["scheduler", "--skip-serve-logs"],
    "dag-processor": ["dag-processor"],
    "triggerer": ["triggerer", "--skip-serve-logs"],
}
SHARED = ["airflow.cli.cli_parser", "airflow.api_fastapi.app"]
API_ONLY = [
    "airflow.api_fastapi.core_api.routes.public",
    "airflow.api_fastapi.core_api.routes.ui",
    "airflow.api_fastapi.execution_api.routes",
]
TASKS = [
    "airflow.jobs.scheduler_job_runner",
    "airflow.jobs.triggerer_job_runner",
    "airflow.sdk.execution_time.task_runner",
    "airflow.providers.apache.spark.operators.spark_submit",
    "airflow.providers.standard.decorators.python",
    "airflow.providers.standard.operators.hitl",
]
"""What the other components, and every task, would import by themselves. No module of Malmoi: tasks load those afresh,
so an edited stage counts at the next task."""

POLITE, PATIENCE = 2.0, 6.0
"""Seconds until SIGTERM goes to everything below the components, and until SIGKILL."""

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


def main() -> int:
    """Runs until stopped. 0 when told to stop, 1 when a component ended by itself."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    # A quarter of the import time would go into looking for garbage.
    gc.disable()
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        logs = Path(os.environ["AIRFLOW_HOME"]) / "logs" / "services"
        _create_database()
        # The API server takes longest to start; what only the others need is imported meanwhile.
        _preload(SHARED)
        children = {_fork("api-server", logs, API_ONLY): "api-server"}
        _preload(TASKS)
        gc.freeze()
        children |= {_fork(name, logs): name for name in COMPONENTS if name != "api-server"}
        return _watch(children)
    except _Stopped:
        return 0
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        end_descendants()


def end_descendants(polite: float = POLITE, patience: float = PATIENCE) -> None:
    """Ends every process below this one; returns when none is left.

    The components get SIGTERM first, because some of them wait for children that must not be gone yet; after ``polite``
    seconds everything below them does, and after ``patience`` seconds SIGKILL.
    """
    began = time.monotonic()
    asked: set[int] = set()
    while living := _living():
        passed = time.monotonic() - began
        for process in living if passed > polite else psutil.Process().children():
            if passed > patience or process.pid not in asked:
                asked.add(process.pid)
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill() if passed > patience else process.terminate()
        psutil.wait_procs(living, timeout=0.2)


class _Stopped(BaseException):
    """Told to stop."""


def _stop(signum: int, frame: object) -> None:
    raise _Stopped


def _create_database() -> None:
    """Brings the database to the tables of the installed Airflow."""
    from airflow import __version__, settings

    done = Path(os.environ["AIRFLOW_HOME"]) / "database-version"
    if not done.exists() or done.read_text() != __version__:
        from airflow.utils import db

        db.initdb()
        done.write_text(__version__)
    settings.dispose_orm()


def _preload(modules: Sequence[str]) -> None:
    for module in modules:
        importlib.import_module(module)


def _fork(name: str, logs: Path, modules: Sequence[str] = ()) -> int:
    """Forks one component, which first imports ``modules``; its process id."""
    pid = os.fork()
    if pid:
        return pid
    try:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        output = os.open(logs / f"{name}.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(output, 1)
        os.dup2(output, 2)
        _preload(modules)
        gc.enable()
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
