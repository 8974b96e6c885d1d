"""Spark stages as Airflow tasks."""

import logging
import re
import sys
import tempfile
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from airflow.sdk import BaseHook, BaseOperator
from airflow.sdk.exceptions import AirflowException, AirflowNotFoundException, AirflowSkipException

from malmoi.contracts.balance import counts
from malmoi.contracts.endings import APPLICATION_FILE, CONTRACT_EXIT, ERROR_PREFIX
from malmoi.contracts.errors import ContractError, InfrastructureError
from malmoi.contracts.manifest import StageManifest
from malmoi.contracts.stages import STAGES, standing
from malmoi_airflow import config
from malmoi_airflow.links import ConsoleLink, HistoryLink
from malmoi_airflow.night import join, landing_bytes, scope_of, stage_arguments

log = logging.getLogger("malmoi.stage")


class StageOperator(BaseOperator):
    """Runs stages of a night with ``spark-submit``, through the Spark provider's SparkSubmitOperator.

    Purpose: one named task a stage, with a retry that is safe. How it works: ``run_stage.py`` commits a stage in one
    transaction. A task may run several stages in one Spark session; the tasks of the later ones find their work standing
    (same inputs, recipe and code), say what came out, and start no Spark. What it does not do: it does not re-attach to
    a driver; a lost driver is a new attempt of the same work. Why not a subclass: importing the provider loads two
    Kubernetes clients, which every parse of the DAG would pay.

    :param stages: stages to run, in order; the first is the task's own
    :param night: what ``night.prepare`` or ``night.join`` returned
    :param conn_id: Spark connection
    :param submit: further arguments of SparkSubmitOperator (``conf``, ``executor_memory``, ``env_vars``...)
    """

    template_fields = ("night",)
    operator_extra_links = (ConsoleLink(), HistoryLink())
    ui_color = "#f6d9c4"

    def __init__(
        self,
        *,
        stages: list[str],
        night: Any,
        conn_id: str = config.SPARK_CONNECTION,
        submit: dict[str, Any] | None = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.stages = stages
        self.night = night
        self.conn_id = conn_id
        self.submit = submit or {}
        self.application = ""
        """Id of the Spark application that this attempt has started."""
        self._running: Any = None

    def execute(self, context: Any) -> list[str] | str:
        found = standing_work(self.night, self.stages)
        if found:
            for manifest in found:
                log.info("%s %s", manifest.stage, counts(manifest.source, manifest.balance))
            return self.night["sources"]
        self.run_spark(context)
        return self.night["sources"]

    def run_spark(self, context: Any) -> None:
        """Submits the stages and waits. Raises ContractError or InfrastructureError."""
        with tempfile.NamedTemporaryFile("r", prefix="malmoi-application-") as told:
            self._running = self._operator({APPLICATION_FILE: told.name})
            try:
                self._running.execute(context)
            except AirflowException as error:
                raise submit_error(str(error)) from None
            finally:
                self.application = told.read().strip()

    def on_kill(self) -> None:
        if self._running is not None:
            self._running.on_kill()

    def _arguments(self) -> list[str]:
        return stage_arguments(self.night, self.stages)

    def _operator(self, environment: Mapping[str, str] = MappingProxyType({})) -> Any:
        SparkSubmitOperator = spark_submit_operator(self.conn_id)
        python = {"PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON": sys.executable}
        return SparkSubmitOperator(
            task_id=self.task_id,
            application=str(config.RUN_STAGE),
            application_args=self._arguments(),
            conn_id=self.conn_id,
            name=f"malmoi {self.stages[0]}",
            durable=False,
            env_vars={**python, **environment, **self.submit.get("env_vars", {})},
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


class SmallNightOperator(StageOperator):
    """Runs every stage of a small night, all sources together, in one Spark session.

    Purpose: a Spark session costs some 20 seconds before it reads the first page; a session for each source would cost a
    small night more than its work. How it works: as StageOperator; the tasks after it find their work standing. What it
    does not do: it never fails the run. A night whose landing files are together larger than ``limit_mib``, or one whose
    session fails, is left to the tasks of the single sources, which show what is wrong with which source; the task is
    then marked as skipped and its log says why. Its retries are for a lost process of the task itself. Known limit: while
    it runs, sources do not have a task of their own.

    :param nights: what ``night.prepare`` returned, a night for each source
    :param limit_mib: size of all landing files up to which a night is small, in MiB
    """

    template_fields = ("nights",)

    def __init__(self, *, nights: Any, limit_mib: int = config.SMALL_NIGHT_MIB, **kwargs: Any):
        super().__init__(stages=list(STAGES), night=None, **kwargs)
        self.nights = nights
        self.limit_mib = limit_mib

    def execute(self, context: Any) -> list[str] | str:
        self.night = join(self.nights)
        size = landing_bytes(self.night)
        if size > self.limit_mib * 2**20:
            raise AirflowSkipException(
                f"{size / 2**20:,.0f} MiB of landing files: above {self.limit_mib:,} MiB sources have sessions of their own"
            )
        try:
            return super().execute(context)
        except (ContractError, InfrastructureError) as error:
            raise AirflowSkipException(f"{error} (every source now goes on by itself)") from None


def standing_work(night: dict[str, Any], stages: list[str]) -> list[StageManifest]:
    """Manifests of what these stages write where all of it stands already; else nothing."""
    scope = scope_of(night)
    found: list[StageManifest] = []
    for stage in stages:
        manifests = standing(scope, stage)
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
