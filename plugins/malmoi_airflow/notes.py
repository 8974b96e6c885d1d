"""A note on every run that succeeded: which release it published, read or replaced. Shown in Airflow's list of runs.

A listener, because a task cannot write the note of its run. It runs in the scheduler, inside the transaction that ends the
run, so it reads one row and raises nothing.
"""

import logging
from typing import Any

from airflow.listeners import hookimpl

log = logging.getLogger("malmoi.notes")

TOLD_BY = {
    "corpus_nightly": "release.publish",
    "corpus_train": "report",
    "corpus_rebuild": "publish",
    "corpus_takedown": "remove",
}
"""DAG -> the task whose result says what came out."""


@hookimpl
def on_dag_run_success(dag_run: Any, msg: str) -> None:
    """Writes the note, unless a person wrote one."""
    if dag_run.dag_id not in TOLD_BY or dag_run.note:
        return
    try:
        text = note(dag_run.dag_id, _result(dag_run))
    except Exception as error:  # the end of a run must not depend on its note
        log.warning("no note on %s %s: %s", dag_run.dag_id, dag_run.run_id, type(error).__name__)
        return
    if text:
        dag_run.note = text


def note(dag_id: str, result: Any) -> str:
    """What a run's note says of the result of its telling task; empty where there is none (a dry run, a rejected plan)."""
    match dag_id, result:
        case "corpus_nightly", {"release": release, "documents": documents}:
            return f"release {release}, {documents:,} documents"
        case "corpus_train", {"release": release, "run": run, "last_loss": float() as loss}:
            return f"read release {release}; run {run}, last loss {loss:.3f}"
        case "corpus_rebuild", list() as releases if releases:
            return f"releases {', '.join(releases)}"
        case "corpus_takedown", {"receipt": receipt, "documents": documents, "releases": releases}:
            said = f"receipt {receipt}, {len(documents):,} documents removed"
            return f"{said}; releases {', '.join(releases.values())}" if releases else said
    return ""


def _result(dag_run: Any) -> Any:
    from airflow.models.xcom import XComModel
    from sqlalchemy.orm import object_session

    session = object_session(dag_run)
    assert session is not None, "the scheduler ends a run inside a session"
    wanted = XComModel.get_many(
        run_id=dag_run.run_id, dag_ids=dag_run.dag_id, task_ids=TOLD_BY[dag_run.dag_id], key="return_value"
    )
    with session.no_autoflush:
        row = session.scalars(wanted.limit(1)).first()
    return XComModel.deserialize_value(row) if row is not None else None
