"""Alerts: what people must know in the morning, as a line in the log and, where one is set up, through a webhook."""

import logging
from typing import Any

import httpx
from airflow.sdk import BaseHook, BaseNotifier
from airflow.sdk.exceptions import AirflowNotFoundException

CONNECTION = "malmoi_alerts"
"""``host``: address of the webhook, with ``https://``. ``password``: its secret end, appended to the address."""

SECONDS = 10
"""How long a webhook may take. An alert waits in a task or in the triggerer, and must not hold either up."""

log = logging.getLogger("malmoi.alerts")


class Alert(BaseNotifier):
    """Says that a run needs a person: a task failed for good (a gate too), a night is late, documents drift.

    Purpose: nobody has to look at the UI to learn that there is no release. How it works: one warning in the log
    ``malmoi.alerts``; and where the connection ``malmoi_alerts`` exists, a POST of ``{"text", "kind", "dag", "run",
    "night", "task"}``, of which chat services show ``text``. What it does not do: it is sent once, and a webhook that
    does not answer costs a line in the log, never the task.

    :param kind: ``failed``, ``late`` or ``drift``
    :param text: what to say; empty: what the context tells
    """

    def __init__(self, kind: str, text: str = "", context: Any = None):
        self.kind = kind
        self.text = text
        super().__init__(context)

    def notify(self, context: Any) -> None:
        """From a task."""
        body = self.body(context)
        log.warning("%s", body["text"])
        try:
            address = _address(BaseHook.get_connection(CONNECTION))
        except AirflowNotFoundException:
            return
        try:
            httpx.post(address, json=body, timeout=SECONDS).raise_for_status()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            log.error("the webhook of connection %s failed: %s", CONNECTION, _what(error))

    async def async_notify(self, context: Any) -> None:
        """From the triggerer, where deadlines are watched."""
        body = self.body(context)
        log.warning("%s", body["text"])
        try:
            address = _address(await BaseHook.aget_connection(CONNECTION))
        except AirflowNotFoundException:
            return
        try:
            async with httpx.AsyncClient(timeout=SECONDS) as client:
                (await client.post(address, json=body)).raise_for_status()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            log.error("the webhook of connection %s failed: %s", CONNECTION, _what(error))

    def body(self, context: Any) -> dict[str, str]:
        """What is sent."""
        run = context.get("dag_run") or {}
        task = context.get("task_instance")
        found = {
            "dag": _get(run, "dag_id"),
            "run": _get(run, "dag_run_id") or _get(run, "run_id"),
            "night": _get(run, "partition_key"),
            "task": _get(task, "task_id"),
        }
        return {"text": self.text or _sentence(self.kind, found, context.get("exception")), "kind": self.kind, **found}


def _sentence(kind: str, found: dict[str, str], error: Any) -> str:
    night = f" of {found['night']}" if found["night"] else ""
    if kind == "late":
        return f"{found['dag']}{night} is late: it has not ended within its deadline"
    lines = str(error or "its log says why").strip().splitlines()
    return f"{found['dag']}{night}: task {found['task']} failed: {lines[0]}"


def _get(thing: Any, name: str) -> str:
    """A field of the triggerer's plain dictionary, or of the object that a task has."""
    value = thing.get(name) if isinstance(thing, dict) else getattr(thing, name, None)
    return str(value) if value else ""


def _address(connection: Any) -> str:
    return "/".join(part.strip("/") for part in (connection.host or "", connection.password or "") if part)


def _what(error: Exception) -> str:
    """Kind of error and status, never the address: its end is a secret."""
    status = f" {error.response.status_code}" if isinstance(error, httpx.HTTPStatusError) else ""
    return f"{type(error).__name__}{status}"
