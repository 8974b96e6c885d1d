"""How a job gets on, from the metrics that it writes."""

import json
import re
import signal
from pathlib import Path
from typing import Any

from malmoi.contracts.training import LOG, METRICS, RESULT, STARTED, TrainingRun

_TAIL_BYTES = 65_536


def newest(run: TrainingRun, count: int = 50) -> list[dict[str, Any]]:
    """The last metrics of the run, oldest first; lines that are half written are left out."""
    path = run.folder / METRICS
    try:
        with open(path, "rb") as file:
            file.seek(max(0, file.seek(0, 2) - _TAIL_BYTES))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return []
    found = []
    for line in lines[-count:]:
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return [entry for entry in found if isinstance(entry, dict) and "step" in entry]


def line(run: TrainingRun) -> str:
    """``step 20 of 40 steps, loss 5.21, 12,345 tokens/s, 0:01:20 left``; empty before the first step."""
    entries = newest(run)
    if not entries:
        return ""
    last = entries[-1]
    parts = [f"step {last['step']:,} of {run.train.steps:,} steps"]
    if "loss" in last:
        parts.append(f"loss {last['loss']:.3f}")
    if speed := _speed(entries):
        parts += [f"{speed:,.0f} tokens/s", f"{clock(_left(run, last['step'], speed))} left"]
    return ", ".join(parts)


def seconds_left(run: TrainingRun) -> float | None:
    """Until the last step, at the speed of the last ones; None where that is not known."""
    entries = newest(run)
    speed = _speed(entries)
    return _left(run, entries[-1]["step"], speed) if speed else None


def clock(seconds: float) -> str:
    """Hours, minutes and seconds, as ``1:02:03``."""
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def _speed(entries: list[dict[str, Any]]) -> float | None:
    """The median of their tokens a second."""
    speeds = sorted(entry["tokens_per_second"] for entry in entries if entry.get("tokens_per_second"))
    return speeds[len(speeds) // 2] if speeds else None


def _left(run: TrainingRun, step: int, speed: float) -> float:
    return (run.train.steps - step) * run.train.batch_sequences * run.train.sequence_tokens / speed


def killed_rank(run: TrainingRun) -> str:
    """``rank 1 was killed by SIGKILL`` where torchrun says so of the newest start of the job; else empty."""
    try:
        text = (run.folder / LOG).read_text("utf-8", "replace")[-_TAIL_BYTES:]
    except FileNotFoundError:
        return ""
    cause = text.rpartition(STARTED)[2].rpartition("Root Cause")[2]
    found = re.search(r"rank\s*: (\d+) .*?exitcode\s*: -(\d+) ", cause, re.DOTALL)
    return f"rank {found[1]} was killed by {signal.Signals(int(found[2])).name}" if found else ""


def summary(run: TrainingRun) -> dict[str, Any]:
    """What the job left: ``result.json`` of the reference trainer, else the last metrics of another command."""
    path: Path = run.folder / RESULT
    if path.is_file():
        result = json.loads(path.read_text())
        result.pop("settings", None)
        return result
    entries = newest(run, 1)
    return {"steps": entries[-1]["step"], "last_loss": entries[-1].get("loss")} if entries else {}
