"""What the tasks of the fetching DAG do: choose day and sources, and run ``malmoi fetch`` beside the worker."""

import logging
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from airflow.sdk import BaseHook
from airflow.sdk.exceptions import AirflowNotFoundException, AirflowSkipException

from malmoi.contracts.recipe import load_recipe
from malmoi_airflow import config, process
from malmoi_airflow.night import run_day

log = logging.getLogger("malmoi.fetch")

NAVER_CONNECTION = "naver_openapi"


def choose(moment: datetime, params: dict[str, Any]) -> dict[str, Any]:
    """``{"day", "recipe", "landing", "sources"}`` of a run that was due at ``moment``: without a day in the form, the day
    in Seoul at that time, also when the task is tried again after midnight. Skips where no source asks for fetching.

    Raises RecipeError.
    """
    day = run_day(None, {"day": params.get("day") or moment.astimezone(ZoneInfo(config.TIMEZONE)).date().isoformat()})
    path = config.recipe_path(params.get("recipe") or "nightly")
    recipe = load_recipe(path)
    chosen = recipe.select(params["sources"]) if params.get("sources") else recipe
    sources = [name for name in chosen.sources if recipe.for_source("fetch", name).asks()]
    if not sources:
        raise AirflowSkipException(
            f"no source of {path.name} asks for fetching: it has no [fetch.source.NAME] with a list"
        )
    return {"day": day, "recipe": str(path), "landing": config.landing_root(), "sources": sources}


def run_fetch(work: dict[str, Any]) -> dict[str, Any]:
    """Fetches; returns the outcomes of pages and lists by source. Raises ContractError and InfrastructureError."""
    arguments = [
        "-m", "malmoi.cli", "fetch",
        "--recipe", work["recipe"],
        "--landing", work["landing"],
        "--day", work["day"],
        "--sources", ",".join(work["sources"]),
    ]  # fmt: skip
    return process.result(process.run(arguments, naver_environment()))


def naver_environment() -> dict[str, str]:
    """The credentials of the connection ``naver_openapi`` as ``malmoi fetch`` reads them; empty where it is not there."""
    try:
        connection = BaseHook.get_connection(NAVER_CONNECTION)
    except AirflowNotFoundException:
        return {}
    found = {
        "NAVER_OPENAPI_ID": connection.login,
        "NAVER_OPENAPI_SECRET": connection.password,
        "NAVER_OPENAPI_HOST": connection.host,
    }
    return {name: value for name, value in found.items() if value}
