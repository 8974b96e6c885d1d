"""What every backend does: find, start, stop and read one job, whose identity is its run folder."""

import json
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from malmoi.contracts.errors import ContractError, InfrastructureError
from malmoi.contracts.training import ERROR, EXIT, LOG, TrainingRun

_LOG_CHUNK = 1 << 20
_STOPPED = "stopped"
_GONE_SECONDS = 90
_POLL_SECONDS = 0.2


class State(StrEnum):
    """States of a job, whatever the backend calls them."""

    ABSENT = "absent"
    PENDING = "pending"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    LOST = "lost"  # it was there and is gone without a word: killed hard, or its machine died

    @property
    def active(self) -> bool:
        return self in (State.PENDING, State.RUNNING)


@dataclass(frozen=True)
class Status:
    """``job``: the backend's own id of the job. ``detail``: what a person should know about the state."""

    state: State
    job: str = ""
    detail: str = ""

    @property
    def job_id(self) -> str:
        """What the backend itself calls the job: the number or name at the end of ``job``."""
        return self.job.rsplit(" job ", 1)[-1]


class Backend(ABC):
    """A strategy. Nothing is kept in it: the run folder and the backend's own queue hold the whole state, so a worker or
    triggerer that starts anew finds the job again.

    :param options: extras of the training connection
    """

    known_options: frozenset[str] = frozenset({"environment", "job_url"})

    def __init__(self, options: dict[str, Any]):
        unknown = sorted(set(options) - self.known_options)
        if unknown:
            raise ContractError(
                f"training connection: unknown extra {unknown[0]!r}; allowed are {', '.join(sorted(self.known_options))}"
            )
        self.options = options

    @abstractmethod
    def find(self, run: TrainingRun) -> Status:
        """The job of this work. Raises InfrastructureError when the backend does not answer."""

    @abstractmethod
    def submit(self, run: TrainingRun) -> Status:
        """Starts the job unless it is there; returns the one that is there now. Never leads to two."""

    @abstractmethod
    def cancel(self, run: TrainingRun) -> None:
        """Stops the job; nothing happens where none is active."""

    def stop(self, run: TrainingRun) -> None:
        """Cancels on behalf of a person in Airflow, and notes it: who starts the work again waits for its end first."""
        run.folder.joinpath(_STOPPED).touch()
        self.cancel(run)

    def settle(self, run: TrainingRun) -> Status:
        """The job of this work, after one that was stopped from Airflow is really gone.

        Raises InfrastructureError when it does not go.
        """
        note = run.folder / _STOPPED
        deadline = time.monotonic() + _GONE_SECONDS
        while (status := self.find(run)).state.active and note.exists():
            if time.monotonic() > deadline:
                raise InfrastructureError(f"{status.job}: was told to stop and still runs; stop it by hand")
            time.sleep(_POLL_SECONDS)
        note.unlink(missing_ok=True)
        return status

    def log(self, run: TrainingRun, offset: int) -> tuple[str, int]:
        """What the job wrote from a byte offset on, whole lines only, and the offset behind it."""
        try:
            with open(run.folder / LOG, "rb") as file:
                file.seek(offset)
                chunk = file.read(_LOG_CHUNK)
        except FileNotFoundError:
            return "", offset
        whole = chunk[: chunk.rfind(b"\n") + 1] if len(chunk) < _LOG_CHUNK else chunk
        return whole.decode("utf-8", "replace"), offset + len(whole)


def forget_end(run: TrainingRun) -> None:
    """Takes away how an earlier job of this work ended, before a new one is queued."""
    for name in (EXIT, ERROR):
        (run.folder / name).unlink(missing_ok=True)


def written_exit(run: TrainingRun) -> Status | None:
    """The job's end as ``exit.json`` tells it, or None where it did not end by itself."""
    try:
        end = json.loads((run.folder / EXIT).read_text())
    except (FileNotFoundError, ValueError):
        return None
    if end["code"] == 0:
        return Status(State.SUCCEEDED)
    if end["reason"] == "cancelled":
        return Status(State.CANCELLED, detail="stopped by a signal")
    if end["reason"] == "walltime":
        return Status(
            State.FAILED, detail=f"stopped after {run.train.walltime_minutes} minutes (train.walltime_minutes)"
        )
    return Status(State.FAILED, detail=f"ended with code {end['code']}")
