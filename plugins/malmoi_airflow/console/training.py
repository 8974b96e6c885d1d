"""Pages over training runs: loss, tokens/s, evaluation, the release that each one read."""

import json
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from malmoi.contracts.training import CONFIG, EVALUATION, METRICS, RESULT, TrainingRun
from malmoi_airflow.console import charts
from malmoi_airflow.console.view import page, store
from malmoi_airflow.training import progress

router = APIRouter()
MOST_RUNS = 30
MOST_POINTS = 400


@router.get("/training", response_class=HTMLResponse)
def training(request: Request) -> HTMLResponse:
    """Every run with its last loss; the curves of the newest."""
    folders = sorted(Path(store().lake.join("runs")).glob(f"*/{CONFIG}"), reverse=True)[:MOST_RUNS]
    runs = [_run(path.parent) for path in folders]
    curves = {run["name"]: run["curve"] for run in runs[:5] if run["curve"][0]}
    return page(request, "training.html", runs=runs, figure=charts.lines(curves) if curves else "")


def _run(folder: Path) -> dict[str, Any]:
    run = TrainingRun.load(folder)
    metrics = _metrics(folder / METRICS)
    every = max(1, len(metrics) // MOST_POINTS)
    return {
        "name": folder.name,
        "steps": run.train.steps,
        "left": progress.clock(left) if (left := progress.seconds_left(run)) else "",
        "release": run.release,
        "last": metrics[-1] if metrics else {},
        "result": _json(folder / RESULT),
        "evaluation": _json(folder / EVALUATION),
        "curve": ([one["step"] for one in metrics[::every]], [one["loss"] for one in metrics[::every]]),
    }


def _metrics(path: Path) -> list[dict[str, Any]]:
    """One line a step; a line that is being written is left out."""
    if not path.is_file():
        return []
    lines = path.read_text().splitlines()
    return [json.loads(line) for line in lines if line.endswith("}")]


def _json(path: Path) -> dict[str, Any]:
    return json.loads(path.read_bytes()) if path.is_file() else {}
