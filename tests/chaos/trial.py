"""Two nights under kills, and what must hold afterwards."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

from tests.chaos.kills import Calm, Kill, Victim, strike
from tests.chaos.process import Running, end_all, wait_for_all
from tests.chaos.witness import RELEASE_FILES, Reader, differences, inventory
from tests.e2e.corpus import NIGHTS, TASKS, Corpus

from malmoi.contracts.endings import CONTRACT_EXIT
from malmoi.lake.vacuum import vacuum

SUPERSEDED_DAYS = 14.0
LEFT_SECONDS = 60.0
"""How long a process may go on whose task was killed: a JVM that lost its driver, a worker that lost its JVM."""
MAX_SHOWN = 5

Planned = Sequence[tuple[str, list[Kill]]]


@dataclass
class Result:
    """``struck``, ``missed``: kills by victim; missed where the task ended before its moment. ``again``: tasks that had to
    be started again. ``same``: releases that are byte for byte those of the undisturbed run, of ``nights``."""

    struck: Counter[Victim] = field(default_factory=Counter)
    missed: Counter[Victim] = field(default_factory=Counter)
    again: int = 0
    nights: int = 0
    same: int = 0
    polls: int = 0
    problems: list[str] = field(default_factory=list)

    def add(self, other: "Result") -> None:
        self.struck += other.struck
        self.missed += other.missed
        self.again += other.again
        self.nights += other.nights
        self.same += other.same
        self.polls += other.polls
        self.problems += other.problems


def measure(corpus: Corpus) -> Calm:
    """Runs both nights undisturbed, and vacuum. Raises RuntimeError where a task fails."""
    calm = {}
    for day in NIGHTS:
        for task in TASKS:
            running = Running(corpus, task, day)
            if code := running.wait():
                raise RuntimeError(f"{task} of {day} ended with {code} without a kill; see {corpus.folder}/chaos.log")
            calm[day, task] = running.phases()
    _vacuum(corpus)
    return calm


def two_nights(calm: Corpus, corpus: Corpus, planned: Planned, random: Random, say: Callable[[str], None]) -> Result:
    """Runs the nights with their kills over a lake that is not there yet. ``calm`` holds what they must come to."""
    result, reader = Result(), Reader(corpus.lake)
    reader.start()
    try:
        for day, kills in planned:
            _night(corpus, day, kills, random, result, say)
            result.nights += 1
            different = _release_differences(calm, corpus, day)
            result.same += not different
            result.problems += different
        result.problems += [f"still running: {process.name()}" for process in wait_for_all(corpus.folder, LEFT_SECONDS)]
    except RuntimeError as error:
        result.problems.append(str(error))
    finally:
        end_all(corpus.folder)
        reader.stop()
    result.polls = reader.polls
    result.problems += reader.problems[:MAX_SHOWN]
    _vacuum(corpus)
    result.problems += differences(inventory(calm.lake), inventory(corpus.lake))[:MAX_SHOWN]
    return result


def _night(corpus: Corpus, day: str, kills: list[Kill], random: Random, result: Result, say: Callable[[str], None]):
    """Every task of a night until it has ended well, started again as Airflow would."""
    for task in TASKS:
        waiting = [kill for kill in kills if kill.victim.task == task]
        while True:
            struck = len(waiting)
            code = _attempt(corpus, task, day, waiting, random, result, say)
            struck -= len(waiting)
            if code == 0:
                break
            if code == CONTRACT_EXIT or not struck:
                raise RuntimeError(
                    f"{task} of {day} ended with {code} after {struck} kills; see {corpus.folder}/chaos.log"
                )
            result.again += 1
        result.missed.update(kill.victim for kill in waiting)


def _attempt(
    corpus: Corpus, task: str, day: str, waiting: list[Kill], random: Random, result: Result, say: Callable[[str], None]
) -> int:
    """Runs a task once, with the kills up to the first that a task does not survive; takes them out of ``waiting``."""
    running = Running(corpus, task, day)
    while waiting and strike(running, waiting[0], random):
        kill = waiting.pop(0)
        result.struck[kill.victim] += 1
        say(f"{day} {task:7} killed {kill.victim} in phase {kill.phase} after {kill.seconds:.1f} s")
        if kill.victim is not Victim.WORKER:
            break
    return running.wait()


def _release_differences(calm: Corpus, corpus: Corpus, day: str) -> list[str]:
    """Manifest, reports and shards of a night's release against those of the undisturbed run."""
    name = calm.release_folder(day).name
    if corpus.release_folder(day).name != name:
        return [f"{day}: release {corpus.release_folder(day).name} instead of {name}"]
    paths = [f"releases/{name}/{file}" for file in RELEASE_FILES]
    paths += [shard.path for shard in calm.release(day).shards]
    return [
        f"{day}: {path} differs"
        for path in paths
        if (calm.lake / path).read_bytes() != (corpus.lake / path).read_bytes()
    ]


def _vacuum(corpus: Corpus) -> None:
    vacuum(str(corpus.lake), datetime.now(UTC), SUPERSEDED_DAYS)
