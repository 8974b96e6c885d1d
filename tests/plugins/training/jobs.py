"""Training tasks with small shell commands in the trainer's place: real processes, no torch."""

import asyncio
import json
import time
from pathlib import Path

from airflow.sdk.exceptions import TaskDeferred

from malmoi.contracts.training import PROCESS, TrainingRun
from malmoi_airflow.training.operator import GpuTrainingOperator

CONNECTION = "AIRFLOW_CONN_MALMOI_TRAINING"

STEPS = (
    'for i in 1 2 3; do echo "걸음 $i"; '
    'echo "{\\"step\\": $i, \\"loss\\": $((5 - i)).5, \\"tokens_per_second\\": 1000}" >> "$MALMOI_METRICS"; done'
)
FOREVER = f"{STEPS}; sleep 600"


def task(packed, folder: Path, script: str, **changes) -> GpuTrainingOperator:
    """An operator whose job runs a shell script. ``folder`` takes the recipe."""
    lake, _, tokens = packed
    train = {"command": ["bash", "-c", script], "steps": 3, "held_out_share": 0.2, **changes.pop("train", {})}
    recipe = folder / "test.toml"
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in train.items()]
    recipe.write_text('name = "test"\n[sources.web]\ntype = "warc"\n[train]\n' + "\n".join(lines))
    return operator_of(lake.root, str(tokens), str(recipe), **changes)


def operator_of(lake: str, tokens: str, recipe: str, **changes) -> GpuTrainingOperator:
    """The operator on a packed release, with a recipe that lies there."""
    arguments = {"task_id": "train", "lake": lake, "tokens": tokens, "recipe": recipe, "poll_seconds": 0.1}
    return GpuTrainingOperator(**{**arguments, **changes})


def deferred(operator: GpuTrainingOperator) -> TaskDeferred:
    """Executes until the task waits."""
    try:
        operator.execute({})
    except TaskDeferred as waiting:
        return waiting
    raise AssertionError("the task did not wait")


async def _first(trigger):
    async for event in trigger.run():
        return event


def event_of(trigger, seconds: float = 60) -> dict:
    """The event that ends a trigger."""
    return asyncio.run(asyncio.wait_for(_first(trigger), seconds)).payload


def folder_of(waiting: TaskDeferred) -> Path:
    return Path(waiting.trigger.folder)


def pid_of(folder: Path) -> int:
    return json.loads((folder / PROCESS).read_text())["pid"]


def run_of(folder: Path) -> TrainingRun:
    return TrainingRun.load(folder)


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False


def children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in path.read_text().split()]


def wait_for(condition, seconds: float = 60):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
    return found


def environment(**extra) -> str:
    """Value of the training connection's variable."""
    return json.dumps({"conn_type": "generic", "extra": json.dumps(extra)})
