"""Runs of Airflow and the nights that they worked on: the tab on a DAG run, and how long nights took."""

from collections.abc import Collection
from urllib.parse import quote

from airflow.api_fastapi.core_api.security import requires_access_dag
from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from malmoi_airflow.console.access import DAG
from malmoi_airflow.console.view import root_of

router = APIRouter()
TRAINING = "corpus_train"


@router.get("/run/{dag_id}/{run_id}", dependencies=[Depends(requires_access_dag("GET"))])
def run(request: Request, dag_id: str, run_id: str) -> RedirectResponse:
    """To the night of a run of the nightly DAG, to the training page for a run of the training DAG, else to all nights."""
    if dag_id == TRAINING:
        return _to(request, "training")
    batch = _batch(dag_id, run_id)
    return _to(request, f"nights/{quote(batch, safe='')}" if batch else "nights")


@router.get("/run/{dag_id}/{run_id}/report", dependencies=[Depends(requires_access_dag("GET"))])
def report_of(request: Request, dag_id: str, run_id: str) -> RedirectResponse:
    """To the report of the night of a run."""
    batch = _batch(dag_id, run_id)
    return _to(request, f"nights/{quote(batch, safe='')}/report" if batch else "nights")


def _batch(dag_id: str, run_id: str) -> str | None:
    """The batch that a run writes: its partition key, or the form's day; with the dry run's mark."""
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        found = session.scalar(select(DagRun).where(DagRun.dag_id == dag_id, DagRun.run_id == run_id))
        if found is None:
            raise HTTPException(404, f"no run {run_id} of {dag_id}")
        form = found.conf or {}
        day = found.partition_key or form.get("day")
        return f"{day}~dry" if day and form.get("dry_run") else day


def durations(batches: Collection[str]) -> dict[str, float]:
    """Night -> seconds that the newest successful run of ``corpus_nightly`` took for it."""
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session
    from sqlalchemy import select

    wanted = (
        select(DagRun.partition_key, DagRun.start_date, DagRun.end_date)
        .where(DagRun.dag_id == DAG, DagRun.state == "success", DagRun.partition_key.in_(batches))
        .order_by(DagRun.end_date)
    )
    with create_session() as session:
        found = session.execute(wanted).all()
    return {night: (end - start).total_seconds() for night, start, end in found if night and start and end}


def _to(request: Request, page: str) -> RedirectResponse:
    return RedirectResponse(f"{root_of(request)}/{page}", status_code=302)
