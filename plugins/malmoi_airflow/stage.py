"""Spark stages as Airflow tasks."""

import re
import sys
from typing import Any

from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.sdk.exceptions import AirflowException

from malmoi.contracts.endings import CONTRACT_EXIT, ERROR_PREFIX
from malmoi.contracts.errors import ContractError, InfrastructureError
from malmoi_airflow import config
from malmoi_airflow.night import stage_arguments


class StageOperator(SparkSubmitOperator):
    """Runs stages of a night with ``spark-submit``.

    Purpose: one named task a stage, with a retry that is safe. How it works: ``run_stage.py`` commits a stage in one
    transaction and skips a stage whose inputs, recipe and code are those of the last commit; so a task may run several
    stages in one Spark session (``through``), and the tasks of the later ones find their work done and say what came
    out. What it does not do: it does not re-attach to a driver; a lost driver is a new attempt of the same work.

    :param stages: stages to run, in order; the first is the task's own
    :param night: what ``night.prepare`` or ``night.join`` returned
    """

    template_fields = (*SparkSubmitOperator.template_fields, "night")

    def __init__(self, *, stages: list[str], night: Any, **kwargs: Any):
        kwargs.setdefault("application", str(config.RUN_STAGE))
        kwargs.setdefault("conn_id", config.SPARK_CONNECTION)
        kwargs.setdefault("name", f"malmoi {stages[0]}")
        kwargs.setdefault("durable", False)
        super().__init__(**kwargs)
        self.stages = stages
        self.night = night

    def execute(self, context: Any) -> list[str]:
        self.application_args = stage_arguments(self.night, self.stages)
        python = {"PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON": sys.executable}
        self.env_vars = {**python, **(self.env_vars or {})}
        try:
            super().execute(context)
        except AirflowException as error:
            raise submit_error(str(error)) from None
        return self.night["sources"]


def submit_error(message: str) -> Exception:
    """The error behind a failed submit: ContractError when run_stage.py said so, else InfrastructureError.

    Keeps only the stage's own one-line message; Spark's output is in the task log.
    """
    said = re.findall(rf"(?m)^.*{re.escape(ERROR_PREFIX)}(.*)$", message)
    code = re.search(r"Error code is: (-?\d+)", message)
    if said and code and int(code[1]) == CONTRACT_EXIT:
        return ContractError(said[-1].strip())
    if said:
        return InfrastructureError(said[-1].strip())
    return InfrastructureError(f"spark-submit ended with code {code[1] if code else 'unknown'}; its output is above")
