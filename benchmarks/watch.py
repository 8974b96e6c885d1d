"""A command run to its end: wall seconds, and CPU seconds and memory of all its processes."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

import psutil

MEMORY_EVERY = 10
"""Looks at the processes for each look at their memory, which costs more."""


@dataclass
class Timing:
    """One run. ``cpu``: seconds of all processes; ``peak_mib``: the most that they held together, as the sum of their shares
    of memory; ``said``: what a listener made of the output."""

    wall: float
    cpu: float
    peak_mib: float = 0.0
    said: dict = field(default_factory=dict)


class Watch:
    """CPU seconds and memory of a process and all below it, looked at again and again: Spark's Python workers are nobody's
    children when the JVM ends, so what a parent is told of its children misses them. Known limit: what a process does after
    the last look at it, at most ``every`` seconds, is not counted."""

    def __init__(self, pid: int, every: float = 0.2):
        self._pid, self._every, self._done = pid, every, threading.Event()
        self._seconds: dict[psutil.Process, float] = {}
        self._commands: dict[psutil.Process, str] = {}
        self.peak_mib = 0.0
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    @property
    def cpu(self) -> float:
        return sum(self._seconds.copy().values())

    def cpu_of(self, word: str) -> float:
        """Seconds of the processes whose command holds a word."""
        return sum(
            seconds for process, seconds in self._seconds.copy().items() if word in self._commands.get(process, "")
        )

    def end_rest(self) -> None:
        """Ends what still runs of all that was seen."""
        for process in self._seconds:
            with suppress(psutil.Error):
                process.kill()  # compares the time of creation: a new process with an old number is safe

    def _look(self) -> None:
        turn = 0
        while not self._done.wait(self._every):
            with suppress(psutil.Error):
                root = psutil.Process(self._pid)
                found = [root, *root.children(recursive=True)]
                for process in found:
                    with suppress(psutil.Error):
                        times = process.cpu_times()
                        self._seconds[process] = times.user + times.system
                        self._commands[process] = " ".join(process.cmdline()) or self._commands.get(process, "")
                if turn % MEMORY_EVERY == 0:
                    self.peak_mib = max(self.peak_mib, sum(map(_memory_mib, found)))
            turn += 1


def run(
    command: list[str],
    environment: dict[str, str],
    hear: Callable[[str, float, Watch, dict], None] = lambda line, wall, watch, said: None,
) -> Timing:
    """Runs a command. ``hear`` gets every line of its standard output with the wall seconds until then, the watch
    over the processes and the ``said`` of the result. Ends this program where the command fails.

    The output goes to a file and the process is waited for, not its output: an orphan that keeps standard output open
    would hold up a reader for ever.
    """
    with tempfile.TemporaryDirectory(prefix="malmoi-run-") as folder:
        out, errors = Path(folder, "out"), Path(folder, "err")
        began, said = time.monotonic(), {}
        with (
            out.open("wb") as to,
            errors.open("wb") as to_errors,
            out.open(encoding="utf-8", errors="replace") as lines,
        ):
            process = subprocess.Popen(command, stdout=to, stderr=to_errors, stdin=subprocess.DEVNULL, env=environment)
            with Watch(process.pid) as watch:
                while (code := process.poll()) is None:
                    time.sleep(0.02)
                    while line := _whole_line(lines):
                        hear(line, time.monotonic() - began, watch, said)
            wall = time.monotonic() - began
            while line := _whole_line(lines):
                hear(line, wall, watch, said)
        watch.end_rest()
        if code:
            sys.exit(f"{' '.join(command)} ended with code {code}:\n{errors.read_text(errors='replace')[-3000:]}")
    return Timing(wall, watch.cpu, watch.peak_mib, said)


def _whole_line(lines: TextIO) -> str:
    """The next line, empty where none is complete yet."""
    at = lines.tell()
    line = lines.readline()
    if not line.endswith("\n"):
        lines.seek(at)
        return ""
    return line


def load() -> float:
    """Mean number of running processes of the last minute: above 0.3 at the start, something else was running."""
    return os.getloadavg()[0]


def _memory_mib(process: psutil.Process) -> float:
    with suppress(psutil.Error):
        return process.memory_full_info().pss / 2**20
    return 0.0
