"""The machine of the Airflow worker: a detached process that ``malmoi.train.launch`` watches over."""

import fcntl
import os
import signal
import subprocess
import sys
import time

from malmoi.contracts.errors import InfrastructureError
from malmoi.contracts.release import read_json
from malmoi.contracts.training import LOCK, PROCESS, TrainingRun
from malmoi_airflow.training.backends.base import Backend, State, Status, written_exit

_START_SECONDS = 60
_STOP_SECONDS = 25  # below the triggerer's on_kill_timeout of 30


class LocalBackend(Backend):
    """One process tree on this machine; worker and triggerer must share it. Options: ``environment``."""

    def find(self, run: TrainingRun) -> Status:
        if not (run.folder / PROCESS).is_file():
            return Status(State.ABSENT)
        process = read_json(run.folder / PROCESS, "start the run again")
        job = f"process {process['pid']} on {process['host']}"
        if _locked(run):
            return Status(State.RUNNING, job)
        end = written_exit(run)
        if end is None:
            return Status(State.LOST, job, "its process is gone without an exit code: killed, or the machine restarted")
        return Status(end.state, job, end.detail)

    def submit(self, run: TrainingRun) -> Status:
        run.save()
        with open(run.folder / "launch.log", "a") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "malmoi.train.launch", "--run", str(run.folder)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={**os.environ, **run.environment_here(), **self.options.get("environment", {})},
            )
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            ended = process.poll() is not None
            status = self.find(run)
            if status.state.active or (ended and status.state is not State.ABSENT):
                return status
            if ended:
                break
            time.sleep(0.1)
        raise InfrastructureError(
            f"{run.folder / 'launch.log'}: the training process did not start; its output is there"
        )

    def cancel(self, run: TrainingRun) -> None:
        if not _locked(run):
            return
        pid = read_json(run.folder / PROCESS, "stop the process by hand")["pid"]
        try:
            os.kill(pid, signal.SIGTERM)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + _STOP_SECONDS
        while _locked(run) and time.monotonic() < deadline:
            time.sleep(0.1)


def _locked(run: TrainingRun) -> bool:
    """Whether the job's process lives: the kernel drops its lock when it ends, in whatever way."""
    try:
        with open(run.folder / LOCK) as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
