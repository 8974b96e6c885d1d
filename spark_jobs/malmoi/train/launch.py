"""Keeps one training job on this machine: starts it once, stops it in time, leaves no process behind.

Runs in a session of its own, so it outlives whoever started it. The run folder's ``lock`` is held as long as it lives: a
second start for the same work ends at once, and anyone can see whether the job is alive. At the end ``exit.json`` holds the
exit code and the reason: ended, walltime or cancelled.
"""

import argparse
import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import psutil

from malmoi.contracts.endings import ending
from malmoi.contracts.errors import ContractError
from malmoi.contracts.manifest import serialise
from malmoi.contracts.release import write_atomically
from malmoi.contracts.training import ERROR, EXIT, LOCK, LOG, PROCESS, TrainingRun

_GRACE_SECONDS = 15
_POLL_SECONDS = 0.5
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36  # linux/prctl.h


def launch(folder: Path) -> int:
    """Runs the job of a run folder to its end; returns its exit code. A job that runs already is left alone: 0."""
    run = TrainingRun.load(folder)
    with open(folder / LOCK, "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"{folder}: this work is running already", flush=True)
            return 0
        for name in (EXIT, ERROR):
            (folder / name).unlink(missing_ok=True)
        write_atomically(folder / PROCESS, serialise({"pid": os.getpid(), "host": os.uname().nodename}))
        with open(folder / LOG, "a") as log:
            code, reason = _Job(run, log).wait(run.train.walltime_minutes * 60)
        write_atomically(folder / EXIT, serialise({"code": code, "reason": reason}))
    return code


class _Job:
    """The job's process and all that it starts."""

    def __init__(self, run: TrainingRun, log: IO[str]):
        self._stopped = False
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        libc = ctypes.CDLL(None)
        # Orphans of the job become children of this process, so that none is missed at the end.
        libc.prctl(_PR_SET_CHILD_SUBREAPER, 1)
        command = run.command(sys.executable)
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=run.folder,
                env={**os.environ, **run.environment_here()},
                preexec_fn=lambda: libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM),
            )
        except OSError as error:
            raise ContractError(f"train.command: {command[0]}: {error.strerror}") from None

    def _stop(self, *_: object) -> None:
        self._stopped = True

    def wait(self, walltime_seconds: float) -> tuple[int, str]:
        """Exit code and reason, when nothing of the job is left."""
        deadline = time.monotonic() + walltime_seconds
        reason = "ended"
        while self._process.poll() is None:
            if self._stopped or time.monotonic() > deadline:
                reason = "cancelled" if self._stopped else "walltime"
                self._process.terminate()
                try:
                    self._process.wait(_GRACE_SECONDS)
                except subprocess.TimeoutExpired:
                    self._process.kill()
                    self._process.wait()
                break
            time.sleep(_POLL_SECONDS)
        _kill_children()
        return self._process.returncode, reason


def _kill_children() -> None:
    children = psutil.Process().children(recursive=True)
    for child in children:
        child.kill()
    psutil.wait_procs(children, timeout=_GRACE_SECONDS)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m malmoi.train.launch", description=__doc__.splitlines()[0])
    parser.add_argument("--run", required=True, type=Path, help="run folder with its run.json")
    return launch(parser.parse_args().run)


if __name__ == "__main__":
    code = 0
    with ending() as end:
        code = main()
    sys.exit(end.code or (code and 1))
