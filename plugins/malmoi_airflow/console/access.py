"""Who may see and who may act: Airflow's own login and its rights on the DAG ``corpus_nightly``.

Every route needs the right to read the DAG. Unmasking needs the right to edit it, and is written to Airflow's audit log.
"""

import json
from typing import Annotated

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
from airflow.api_fastapi.auth.managers.models.resource_details import DagDetails
from airflow.api_fastapi.core_api.security import GetUserDep, requires_access_dag
from fastapi import Depends

DAG = "corpus_nightly"
may_see = requires_access_dag("GET", param_dag_id=DAG)


def _is_editor(user: GetUserDep) -> bool:
    return get_auth_manager().is_authorized_dag(method="PUT", details=DagDetails(id=DAG), user=user)


Editor = Annotated[bool, Depends(_is_editor)]
"""Whether the user may edit the DAG."""


def log_unmasking(user: BaseUser, batch: str, doc_id: str) -> None:
    """Writes who looked at the personal data of which document to Airflow's audit log."""
    from airflow.models.log import Log
    from airflow.utils.session import create_session

    with create_session() as session:
        extra = json.dumps({"batch": batch, "document": doc_id})
        session.add(Log(event="malmoi_unmask", dag_id=DAG, owner=user.get_name(), extra=extra))
