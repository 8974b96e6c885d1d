"""What Malmoi's DAGs and their tasks have in common: owner, retries by kind of error, alerts, one run at a time."""

from datetime import timedelta
from typing import Any

import pendulum
from airflow.sdk import (  # type: ignore[attr-defined]  # airflow.sdk's stub file lacks the deadline classes
    AsyncCallback,
    DeadlineAlert,
    DeadlineReference,
    ExceptionRetryPolicy,
    RetryAction,
    RetryRule,
)

from malmoi_airflow import config
from malmoi_airflow.alerts import Alert

RETRIES = 2

RETRY_POLICY = ExceptionRetryPolicy(
    rules=[
        RetryRule(
            exception="malmoi.contracts.errors.ContractError",
            action=RetryAction.FAIL,
            reason="the data or the recipe breaks a contract; the same input would fail again",
        ),
        RetryRule(
            exception="malmoi.contracts.errors.InfrastructureError",
            action=RetryAction.RETRY,
            retry_delay=timedelta(seconds=30),
            reason="infrastructure failed; the same work may succeed",
        ),
    ]
)

DEFAULT_ARGS = {
    "owner": "malmoi",
    "retries": RETRIES,
    "retry_delay": timedelta(seconds=30),
    "retry_policy": RETRY_POLICY,
    "on_failure_callback": Alert("failed"),
}


ONE_AT_A_TIME: dict[str, Any] = {
    "start_date": pendulum.datetime(2026, 11, 1, tz=config.TIMEZONE),
    "catchup": False,
    "max_active_runs": 1,
    "default_args": DEFAULT_ARGS,
}
"""What every DAG but the nightly one says: days that passed are nobody's debt, and two runs never share the lake."""


def night_deadline(hours: float) -> DeadlineAlert:
    """An alert when a run has not ended ``hours`` after it was queued (partitioned runs have no logical date)."""
    return DeadlineAlert(
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=timedelta(hours=hours),
        callback=AsyncCallback(Alert, kwargs={"kind": "late"}),
        name="late",
    )
