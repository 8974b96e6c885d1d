"""One night through Airflow: trigger, follow, and follow what the release starts."""

import contextlib
import time
from collections.abc import Callable

from malmoi.contracts.errors import MalmoiError
from malmoi_airflow.local.follow import Follower
from malmoi_airflow.local.home import Home
from malmoi_airflow.local.progress import Progress
from malmoi_airflow.local.rest import Rest

POLL_SECONDS = 1.0
TRAIN_SECONDS = 60.0
"""How long the scheduler may take to start the DAG that waits for a release."""


class Night:
    """Runs a night on an Airflow that is up. ``check`` raises when that Airflow has died."""

    def __init__(self, rest: Rest, home: Home, progress: Progress, check: Callable[[], None]):
        self._rest = rest
        self._logs = home.airflow / "logs"
        self._progress = progress
        self._check = check

    def follow(self, day: str, recipe: str) -> bool:
        """Triggers ``corpus_nightly`` for a day and waits for it and the runs that its release starts.

        True when all of them succeeded. A run that is left by an error or Ctrl-C is marked failed, so that no later
        Airflow takes it up again.
        """
        run = self._rest.trigger("corpus_nightly", day, {"recipe": recipe})
        if not self._wait("corpus_nightly", run):
            return False
        results = [self._wait(dag, started) for dag, started in self._started_by("corpus_nightly", run)]
        return all(results)

    def end_leftovers(self) -> None:
        """Marks runs failed that a killed Airflow left unfinished; they would go on, and hold up the new one."""
        for dag, run in self._rest.unfinished():
            self._progress.say(f"ending {dag} {run}, which was left unfinished")
            self._rest.fail(dag, run)

    def _wait(self, dag: str, run: str) -> bool:
        follower = Follower(self._rest, self._logs, dag, run)
        try:
            with self._progress:
                while not follower.ended:
                    self._check()
                    self._progress.show(follower, follower.poll())
                    time.sleep(POLL_SECONDS)
        except BaseException:
            with contextlib.suppress(MalmoiError):
                self._rest.fail(dag, run)
            raise
        for task, message in follower.failures():
            self._progress.say(f"{dag}  {task.name} failed: {message}")
            self._progress.say(f"{dag}  log of {task.name}: {follower.log(task)}")
        return follower.state == "success"

    def _started_by(self, dag: str, run: str) -> list[tuple[str, str]]:
        if not self._rest.updated_assets(dag, run):
            self._progress.say("no release was published, so no training follows")
            return []
        deadline = time.monotonic() + TRAIN_SECONDS
        while not (started := self._rest.started_by(dag, run)):
            self._check()
            if time.monotonic() > deadline:
                self._progress.say(f"the release started no other run within {TRAIN_SECONDS:.0f} s")
                return []
            time.sleep(POLL_SECONDS)
        return started
