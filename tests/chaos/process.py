"""A task of a night as a running process: which stage it is in, who belongs to it, and how to end all of it."""

import os
import re
import signal
import subprocess
import threading
import time
from pathlib import Path

import psutil
from tests.e2e.corpus import SECONDS, Corpus

from malmoi.contracts.stages import STAGES

MARK = "MALMOI_CHAOS"
"""In the environment of every process that was started here: the folder of its corpora."""

_DONE = re.compile(rf"({'|'.join(STAGES)})\b.*(?: in, |already done)")


class Running:
    """A task in a session of its own, as the process group of an Airflow task. Its output goes to a log.

    ``ends``: when each stage had been done, by ``time.monotonic``, in the order of the stages; a task without stages has
    none. Phase 0 begins with the process, phase *n* where stage *n* was done.
    """

    def __init__(self, corpus: Corpus, task: str, day: str):
        environment = corpus.environment | {MARK: str(corpus.folder)}
        log = open(corpus.folder / "chaos.log", "a")
        self.began = time.monotonic()
        self.ends: list[float] = []
        self.process = subprocess.Popen(
            corpus.command(task, day), env=environment, stdout=subprocess.PIPE, stderr=log, text=True,
            start_new_session=True,
        )  # fmt: skip
        self._reading = threading.Thread(target=self._read, args=(log,), daemon=True)
        self._reading.start()

    def wait(self) -> int:
        """The exit code, when the process that was started has ended. What a killed one left behind may go on."""
        code = self.process.wait(SECONDS)
        if code == 0:
            self._reading.join(5.0)
        return code

    @property
    def is_over(self) -> bool:
        return self.process.poll() is not None

    def phase_began(self, phase: int) -> float | None:
        """When a phase began, or None where it has not."""
        if phase == 0:
            return self.began
        return self.ends[phase - 1] if len(self.ends) >= phase else None

    def phases(self) -> list[float]:
        """Seconds of each phase, after the end."""
        times = [self.began, *self.ends, time.monotonic()]
        return [after - before for before, after in zip(times, times[1:], strict=False)]

    def _read(self, log) -> None:
        seen: set[str] = set()
        with log:
            for line in self.process.stdout or ():
                log.write(line)
                found = _DONE.match(line)
                if found and found[1] not in seen:
                    seen.add(found[1])
                    self.ends.append(time.monotonic())


def left_running(folder: Path) -> list[psutil.Process]:
    """Every process that works on the corpora of a folder, whoever its parent is."""
    return [process for process in psutil.process_iter() if _mark(process) == str(folder)]


def wait_for_all(folder: Path, seconds: float) -> list[psutil.Process]:
    """Waits until none of them is left; returns those that stay longer."""
    until = time.monotonic() + seconds
    while (left := left_running(folder)) and time.monotonic() < until:
        time.sleep(0.1)
    return left


def end_all(folder: Path) -> None:
    """Ends every process that works on the corpora of a folder."""
    while left := left_running(folder):
        for process in left:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        psutil.wait_procs(left, 10.0)


def kill(pid: int, group: bool) -> bool:
    """SIGKILL for a process or its whole group; False where it was gone."""
    try:
        (os.killpg if group else os.kill)(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def _mark(process: psutil.Process) -> str | None:
    try:
        return None if process.status() == psutil.STATUS_ZOMBIE else process.environ().get(MARK)
    except psutil.Error:
        return None
