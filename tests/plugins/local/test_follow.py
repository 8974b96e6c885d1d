"""What is read from a task's log: how far it is, and the one line that says why it failed."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from malmoi.contracts.endings import ERROR_PREFIX
from malmoi_airflow.local.follow import Follower, TaskState

TASK = TaskState("corpus_nightly", "manual__1", "read_pages.ingest", 1, "news", "running", 2, 3.0)


class NoRest:
    """Stands where the API is not asked."""

    def tasks_of_dag(self, dag: str) -> list[str]:
        return []


@pytest.fixture
def follower(tmp_path: Path) -> Follower:
    return Follower(NoRest(), tmp_path, "corpus_nightly", "manual__1")


def log(follower: Follower, *events: dict, task: TaskState = TASK) -> None:
    path = follower.log(task)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events))


def test_where_airflow_writes_it(follower: Follower, tmp_path: Path):
    folder = tmp_path / "dag_id=corpus_nightly" / "run_id=manual__1" / "task_id=read_pages.ingest"
    assert follower.log(TASK) == folder / "map_index=1" / "attempt=2.log"
    assert follower.log(replace(TASK, map_index=-1)) == folder / "attempt=2.log"


def test_the_newest_progress_counts(follower: Follower):
    log(
        follower,
        {"event": "annotate: 1 of 8 units done, 1,200 rows in work"},
        {"event": "annotate: 3 of 8 units done, 3,400 rows in work"},
        {"event": "something else"},
    )
    assert follower.note(TASK) == "3 of 8 units done, 3,400 rows in work"


def test_no_progress_yet(follower: Follower):
    assert follower.note(TASK) == ""
    log(follower, {"event": "starting"})
    assert follower.note(TASK) == ""


def test_the_one_line_of_a_stage(follower: Follower):
    log(follower, {"event": f"26/11/01 {ERROR_PREFIX}news: no landing files"}, {"event": "Spark ends"})
    assert follower.error(TASK) == "news: no landing files"


def test_the_exception_of_a_task(follower: Follower):
    detail = [{"exc_type": "ContractError", "exc_value": "day '2026-13-01' is no date\nsecond line"}]
    log(follower, {"event": "Task failed with exception", "error_detail": detail})
    assert follower.error(TASK) == "ContractError: day '2026-13-01' is no date"


def test_a_log_that_is_missing_or_broken(follower: Follower):
    assert follower.error(TASK) == f"no message; its log is {follower.log(TASK)}"
    log(follower)
    follower.log(TASK).write_text('not json\n["a list"]\n{"event": "ok"}\n')
    assert follower.error(TASK).startswith("no message")
