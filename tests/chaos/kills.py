"""Who is killed, and when: drawn from a seed, uniform over the time that the undisturbed task took."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from random import Random

import psutil
from tests.chaos.process import Running, kill

POLL_SECONDS = 0.01

Calm = Mapping[tuple[str, str], list[float]]
"""(night, task) -> seconds of each phase of the undisturbed run."""


class Victim(StrEnum):
    DRIVER = "driver"  # the Python process that runs run_stage.py
    JVM = "JVM"  # spark-submit's Java process
    WORKER = "Python worker"  # one of the processes that Spark forks for Python, their parent among them
    TASK = "Airflow task"  # the whole process group of the stages at once
    GATE = "gate"
    PUBLISH = "publish"

    @property
    def task(self) -> str:
        return self.value if self in (Victim.GATE, Victim.PUBLISH) else "stages"


@dataclass(frozen=True, order=True)
class Kill:
    """``seconds`` after a phase began. Counting from the phase, not from the start, keeps the moment in the same stage on
    a slower machine, and in a retry that skips what stands."""

    phase: int
    seconds: float
    victim: Victim


def draw(random: Random, calm: Calm, nights: tuple[str, ...], count: int) -> Iterator[tuple[str, list[Kill]]]:
    """Nights, one after the other without end, each with ``count`` kills in the order of their moments. Every victim comes
    up equally often."""
    victims: list[Victim] = []
    while True:
        for night in nights:
            found = []
            for _ in range(count):
                victims = victims or random.sample(list(Victim), len(Victim))
                victim = victims.pop()
                found.append(Kill(*_moment(random, calm[night, victim.task]), victim))
            yield night, sorted(found)


def _moment(random: Random, phases: list[float]) -> tuple[int, float]:
    at = random.uniform(0, sum(phases))
    for phase, seconds in enumerate(phases):
        if at < seconds:
            return phase, at
        at -= seconds
    return len(phases) - 1, phases[-1]


def strike(running: Running, planned: Kill, random: Random) -> bool:
    """Waits for the moment, and for the victim to be there, and kills it. False where the task ended before."""
    while not running.is_over:
        began = running.phase_began(planned.phase)
        if began is not None and time.monotonic() >= began + planned.seconds:
            pid = _pid(running, planned.victim, random)
            if pid is not None and kill(pid, group=planned.victim is Victim.TASK):
                return True
        time.sleep(POLL_SECONDS)
    return False


def _pid(running: Running, victim: Victim, random: Random) -> int | None:
    if victim in (Victim.TASK, Victim.JVM, Victim.GATE, Victim.PUBLISH):
        return running.process.pid
    part = "run_stage.py" if victim is Victim.DRIVER else "pyspark.daemon"
    below = [child for child in _children(running.process.pid) if part in _arguments(child)]
    return random.choice(sorted(child.pid for child in below)) if below else None


def _children(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _arguments(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""
