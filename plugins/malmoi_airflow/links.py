"""Links from a task to where its work can be looked at: the console's page, the report, Spark's history, a training job."""

from typing import Any
from urllib.parse import quote

from airflow.sdk import BaseOperatorLink
from airflow.sdk.configuration import conf

from malmoi_airflow import config


class ConsoleLink(BaseOperatorLink):
    """The run's tab *Corpus*: the night, or the training, that it worked on."""

    name = "Corpus console"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:
        return f"{_base()}/dags/{ti_key.dag_id}/runs/{quote(ti_key.run_id, safe='')}/plugin/malmoi_run"


class ReportLink(BaseOperatorLink):
    """``report.html`` of the night's release."""

    name = "Report"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:
        return f"{_base()}/malmoi/run/{ti_key.dag_id}/{quote(ti_key.run_id, safe='')}/report"


class HistoryLink(BaseOperatorLink):
    """The Spark application in the history server, where ``MALMOI_SPARK_HISTORY`` names one and the task started Spark."""

    name = "Spark history"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:
        server, application = config.spark_history(), operator.application
        return f"{server}/history/{application}/jobs/" if server and application else ""


class JobLink(BaseOperatorLink):
    """The training job where it runs, if the connection has a ``job_url``; else its row in the console: step, loss, speed."""

    name = "Training job"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:
        if operator.job_url or not operator.run_key:
            return operator.job_url
        return f"{_base()}/malmoi/training#{operator.run_key}"


def night_report(batch: str) -> str:
    """The address of the report that was published with a night's release."""
    return f"{_base()}/malmoi/nights/{quote(batch, safe='')}/report"


def linked(result: Any, *links: BaseOperatorLink) -> Any:
    """The result of a decorated task, whose task shows these links."""
    result.operator.operator_extra_links = links
    return result


def _base() -> str:
    return conf.get("api", "base_url", fallback="").rstrip("/")
