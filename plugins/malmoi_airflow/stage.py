"""Spark stages as Airflow tasks."""

import logging
import re
import sys
from typing import Any

from airflow.sdk import BaseHook, BaseOperator
from airflow.sdk.exceptions import AirflowException, AirflowNotFoundException

from malmoi.contracts.balance import counts
from malmoi.contracts.endings import CONTRACT_EXIT, ERROR_PREFIX
from malmoi.contracts.errors import ContractError, InfrastructureError
from malmoi.contracts.manifest import StageManifest
from malmoi.contracts.paths import Lake
from malmoi.contracts.recipe import load_recipe
from malmoi.contracts.stages import standing
from malmoi_airflow import config
from malmoi_airflow.night import stage_arguments

log = logging.getLogger("malmoi.stage")


class StageOperator(BaseOperator):
    """Runs stages of a night with ``spark-submit``, through the Spark provider's SparkSubmitOperator.

    Purpose: one named task a stage, with a retry that is safe. How it works: ``run_stage.py`` commits a stage in one
    transaction. A task may run several stages in one Spark session; the tasks of the later ones find their work standing
    (same inputs, recipe and code), say what came out, and start no Spark. What it does not do: it does not re-attach to
    a driver; a lost driver is a new attempt of the same work. Why not a subclass: importing the provider loads two
    Kubernetes clients, which every parse of the DAG would pay.

    :param stages: stages to run, in order; the first is the task's own
    :param then: stages that follow in the same session when the night has this one source only, so that nothing else has
        to be waited for
    :param night: what ``night.prepare`` or ``night.join`` returned
    :param conn_id: Spark connection
    :param submit: further arguments of SparkSubmitOperator (``conf``, ``executor_memory``, ``env_vars``...)
    """

    template_fields = ("night",)
    ui_color = "#f6d9c4"

    def __init__(
        self,
        *,
        stages: list[str],
        night: Any,
        then: list[str] | None = None,
        conn_id: str = config.SPARK_CONNECTION,
        submit: dict[str, Any] | None = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.stages = stages
        self.then = then or []
        self.night = night
        self.conn_id = conn_id
        self.submit = submit or {}
        self._running: Any = None

    def execute(self, context: Any) -> list[str]:
        found = standing_work(self.night, self.stages)
        if found:
            for manifest in found:
                log.info("%s %s", manifest.stage, counts(manifest.source, manifest.balance))
            return self.night["sources"]
        self.run_spark(context)
        return self.night["sources"]

    def run_spark(self, context: Any) -> None:
        """Submits the stages and waits. Raises ContractError or InfrastructureError."""
        self._running = self._operator()
        try:
            self._running.execute(context)
        except AirflowException as error:
            raise submit_error(str(error)) from None

    def on_kill(self) -> None:
        if self._running is not None:
            self._running.on_kill()

    def _session(self) -> list[str]:
        """The stages of this Spark session."""
        return [*self.stages, *self.then] if self.night.get("single_source") else self.stages

    def _operator(self) -> Any:
        SparkSubmitOperator = spark_submit_operator(self.conn_id)
        python = {"PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON": sys.executable}
        return SparkSubmitOperator(
            task_id=self.task_id,
            application=str(config.RUN_STAGE),
            application_args=stage_arguments(self.night, self._session()),
            conn_id=self.conn_id,
            name=f"malmoi {self.stages[0]}",
            durable=False,
            env_vars={**python, **self.submit.get("env_vars", {})},
            **{name: value for name, value in self.submit.items() if name != "env_vars"},
        )


def spark_submit_operator(conn_id: str) -> type:
    """The provider's SparkSubmitOperator. Its Kubernetes client, which the provider itself treats as optional and which
    takes four seconds to import, is left out where the connection's master is no Kubernetes.
    """
    client = "airflow.providers.cncf.kubernetes.kube_client"
    optional = client not in sys.modules and not _on_kubernetes(conn_id)
    if optional:
        sys.modules[client] = None  # type: ignore[assignment]
    try:
        from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
    finally:
        if optional:
            del sys.modules[client]
    return SparkSubmitOperator


def _on_kubernetes(conn_id: str) -> bool:
    try:
        return "k8s" in (BaseHook.get_connection(conn_id).host or "")
    except AirflowNotFoundException:
        return False


def standing_work(night: dict[str, Any], stages: list[str]) -> list[StageManifest]:
    """Manifests of what these stages write where all of it stands already; else nothing.

    Ingest is always submitted: whether its landing files changed is for the job to see.
    """
    lake = Lake(night["lake"])
    if lake.is_object_store or "ingest" in stages:
        return []
    recipe_hash = load_recipe(night["recipe"]).hash()
    found: list[StageManifest] = []
    for stage in stages:
        manifests = standing(lake, stage, night["batch"], night["sources"], recipe_hash, night["sample"])
        if manifests is None:
            return []
        found += manifests
    return found


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
