"""Starting a DAG's run from a page, as Airflow's own button does: by those who may edit that DAG, one run at a time."""

import json
from typing import Any

from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
from airflow.api_fastapi.core_api.security import requires_access_dag

from malmoi.contracts.errors import ContractError, InputError

REBUILD, TAKEDOWN = "corpus_rebuild", "corpus_takedown"
may_rebuild = requires_access_dag("PUT", param_dag_id=REBUILD)
may_take_down = requires_access_dag("PUT", param_dag_id=TAKEDOWN)


def start(dag_id: str, conf: dict[str, Any], user: BaseUser) -> str:
    """Queues a run and notes who did it in the audit log; returns the run's id.

    Raises ContractError where a run of the DAG has not ended yet, InputError where Airflow does not know the DAG.
    """
    from airflow.api.common.trigger_dag import trigger_dag
    from airflow.exceptions import DagNotFound
    from airflow.models.log import Log
    from airflow.utils.session import create_session
    from airflow.utils.types import DagRunTriggeredByType

    if (active := _active(dag_id)) is not None:
        raise ContractError(f"{dag_id}: the run {active} has not ended yet; approve, reject or wait for it first")
    try:
        run = trigger_dag(
            dag_id, conf=conf, triggered_by=DagRunTriggeredByType.UI, triggering_user_name=user.get_name()
        )
    except DagNotFound:
        run = None
    if run is None:
        raise InputError(f"Airflow does not know the DAG {dag_id} yet")
    with create_session() as session:
        extra = json.dumps({"run": run.run_id})
        session.add(Log(event="malmoi_start", dag_id=dag_id, owner=user.get_name(), extra=extra))
    return run.run_id


def state(dag_id: str, run_id: str) -> str:
    """A run's state. Raises InputError where there is none."""
    found = _first(dag_id, "run_id", [run_id])
    if found is None:
        raise InputError(f"no run {run_id[:200]} of {dag_id}")
    return str(found.state)


def _active(dag_id: str) -> str | None:
    found = _first(dag_id, "state", ["queued", "running"])
    return found.run_id if found else None


def _first(dag_id: str, column: str, values: list[str]) -> Any:
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        wanted = select(DagRun).where(DagRun.dag_id == dag_id, getattr(DagRun, column).in_(values))
        return session.scalars(wanted.limit(1)).first()
