"""Waits for a training job outside of any worker, and passes its log and progress on."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from airflow.triggers.base import BaseTrigger, TriggerEvent

from malmoi.contracts.errors import InfrastructureError
from malmoi.contracts.release import write_atomically
from malmoi.contracts.training import TrainingRun
from malmoi_airflow.training import progress
from malmoi_airflow.training.backends import State, Status, backend

_STREAMED = "streamed"
_PATIENCE = 20
"""Polls in a row that may find the backend silent."""


class TrainingTrigger(BaseTrigger):
    """Polls the job of a run folder until it has ended.

    How far the log has been passed on is noted in the run folder, so another triggerer goes on where this one stopped.

    :param folder: the run folder
    :param backend_name: local, slurm or kubernetes
    :param options: extras of the training connection, without its environment
    :param poll_seconds: time between two looks
    """

    def __init__(self, folder: str, backend_name: str, options: dict[str, Any], poll_seconds: float):
        super().__init__()
        self.folder = folder
        self.backend_name = backend_name
        self.options = options
        self.poll_seconds = poll_seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        return "malmoi_airflow.training.trigger.TrainingTrigger", {
            "folder": self.folder,
            "backend_name": self.backend_name,
            "options": self.options,
            "poll_seconds": self.poll_seconds,
        }

    async def run(self) -> AsyncIterator[TriggerEvent]:
        watch = Watch(TrainingRun.load(self.folder), backend(self.backend_name, self.options), self.log.info)
        while True:
            status = await asyncio.to_thread(watch.look)
            if not status.state.active:
                ended = {"state": str(status.state), "job": status.job, "detail": status.detail}
                yield TriggerEvent({"folder": self.folder, **ended})
                return
            await asyncio.sleep(self.poll_seconds)

    async def on_kill(self) -> None:
        """A person cleared, failed or marked the task: the job must not go on alone."""
        await asyncio.to_thread(backend(self.backend_name, self.options).stop, TrainingRun.load(self.folder))


class Watch:
    """One look after another at a job: its state, what is new in its log, how far it is."""

    def __init__(self, run: TrainingRun, where: Any, say: Any):
        self._run, self._where, self._say = run, where, say
        self._silent = 0
        self._last_line = ""
        self._noted = run.folder / _STREAMED
        self._offset = int(self._noted.read_text()) if self._noted.is_file() else 0

    def look(self) -> Status:
        """Raises InfrastructureError when the backend has not answered for a long time."""
        try:
            status = self._where.find(self._run)
        except InfrastructureError as error:
            self._silent += 1
            if self._silent >= _PATIENCE:
                raise
            self._say("no answer, still waiting: %s", error)
            return Status(State.RUNNING)
        self._silent = 0
        self._pass_on()
        return status

    def _pass_on(self) -> None:
        while True:
            text, offset = self._where.log(self._run, self._offset)
            for row in text.splitlines():
                self._say("%s", row)
            if offset == self._offset:
                break
            self._offset = offset
            write_atomically(self._noted, str(offset).encode())
        if (line := progress.line(self._run)) != self._last_line:
            self._last_line = line
            self._say("%s", line)
