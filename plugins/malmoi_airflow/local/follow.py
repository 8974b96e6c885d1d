"""Follows one DAG run through the REST API and the task logs on this machine."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from malmoi.contracts.endings import ERROR_PREFIX
from malmoi_airflow.local.rest import Rest

ENDED = frozenset({"success", "failed", "skipped", "upstream_failed", "removed"})
_BAD = frozenset({"failed", "upstream_failed"})
_PROGRESS = re.compile(r"\d[\d,]* of \d[\d,]* .+")
_TAIL_BYTES = 65_536


@dataclass(frozen=True)
class TaskState:
    """One task instance as it was at a poll."""

    dag: str
    run: str
    task: str
    map_index: int
    label: str
    state: str
    attempt: int
    seconds: float | None

    @property
    def name(self) -> str:
        """``group.task``, and the source or number of a mapped one."""
        return f"{self.task} [{self.label}]" if self.label else self.task

    @property
    def key(self) -> tuple[str, int]:
        return self.task, self.map_index

    @property
    def ended(self) -> bool:
        return self.state in ENDED

    @property
    def bad(self) -> bool:
        return self.state in _BAD


class Follower:
    """The state of one run: :meth:`poll` asks Airflow, the rest reads what it said."""

    def __init__(self, rest: Rest, logs: Path, dag: str, run: str):
        self._rest = rest
        self._logs = logs
        self._order = {task: place for place, task in enumerate(rest.tasks_of_dag(dag))}
        self.dag = dag
        self.run = run
        self.state = "queued"
        self.tasks: list[TaskState] = []

    def poll(self) -> list[TaskState]:
        """Asks for the run and its tasks; returns the tasks whose state or attempt changed."""
        before = {task.key: (task.state, task.attempt) for task in self.tasks}
        # The run first: when it has ended, the tasks asked for afterwards have ended too.
        self.state = self._rest.run(self.dag, self.run)["state"]
        found = [self._task(answer) for answer in self._rest.tasks(self.dag, self.run)]
        self.tasks = sorted(found, key=lambda task: (self._order.get(task.task, len(self._order)), task.map_index))
        return [task for task in self.tasks if before.get(task.key) != (task.state, task.attempt)]

    @property
    def ended(self) -> bool:
        return self.state in ("success", "failed")

    def failures(self) -> list[tuple[TaskState, str]]:
        """Tasks that failed themselves, with the one line that each said."""
        return [(task, self.error(task)) for task in self.tasks if task.state == "failed"]

    def note(self, task: TaskState) -> str:
        """The newest "n of m ..." line of a task's log, empty when there is none."""
        for event in reversed(list(self._events(task))):
            if found := _PROGRESS.search(str(event.get("event", ""))):
                return found[0]
        return ""

    def error(self, task: TaskState) -> str:
        """Why a task failed, or where to look when it did not say."""
        return self.reason(task) or f"no message; its log is {self.log(task)}"

    def reason(self, task: TaskState) -> str:
        """The one line that says why a task failed, gave up or waits for another try; empty where its log has none."""
        said = ""
        for event in self._events(task):
            text = str(event.get("event", ""))
            if ERROR_PREFIX in text:
                said = text.split(ERROR_PREFIX, 1)[1]
            for detail in event.get("error_detail") or []:
                said = f"{detail.get('exc_type', 'error')}: {detail.get('exc_value', '')}"
        return said.strip().splitlines()[0] if said.strip() else ""

    def log(self, task: TaskState) -> Path:
        """The log file of a task's last attempt."""
        folder = self._logs / f"dag_id={task.dag}" / f"run_id={task.run}" / f"task_id={task.task}"
        if task.map_index >= 0:
            folder = folder / f"map_index={task.map_index}"
        return folder / f"attempt={task.attempt}.log"

    def _events(self, task: TaskState) -> Iterator[dict[str, Any]]:
        """The last lines of a task's log: one JSON object each."""
        try:
            with open(self.log(task), "rb") as file:
                file.seek(max(0, file.seek(0, 2) - _TAIL_BYTES))
                lines = file.read().decode("utf-8", "replace").splitlines()
        except OSError:
            return
        for line in lines:
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if isinstance(event, dict):
                yield event

    def _task(self, answer: dict[str, Any]) -> TaskState:
        mapped = answer["map_index"] >= 0
        return TaskState(
            dag=self.dag,
            run=self.run,
            task=answer["task_id"],
            map_index=answer["map_index"],
            label=(answer["rendered_map_index"] or str(answer["map_index"])) if mapped else "",
            state=answer["state"] or "waiting",
            attempt=answer["try_number"],
            seconds=answer["duration"],
        )
