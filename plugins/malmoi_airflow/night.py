"""What the tasks of the nightly DAG do. Light: contracts and files only; engines run in processes of their own."""

import logging
import re
from datetime import date
from typing import Any

from airflow.sdk.exceptions import AirflowSkipException

from malmoi.contracts.errors import ContractError, InputError
from malmoi.contracts.landing import landing_files, landing_stats
from malmoi.contracts.paths import Lake
from malmoi.contracts.recipe import load_recipe
from malmoi.contracts.stages import Scope
from malmoi_airflow import config, process

log = logging.getLogger("malmoi.night")


def run_day(partition_key: str | None, params: dict[str, Any]) -> str:
    """The day of a run, YYYY-MM-DD: the partition key, or the form's day. They must agree where both are given.

    Raises ContractError for no day or a day that does not exist.
    """
    asked = params.get("day") or None
    if partition_key and asked and asked != partition_key:
        raise ContractError(f"the form says day {asked}, the run's partition key is {partition_key}: give one of them")
    day = partition_key or asked
    if not day:
        raise ContractError("no day: trigger the run with a partition key or fill in the form's day (YYYY-MM-DD)")
    try:
        return date.fromisoformat(day).isoformat() if re.fullmatch(r"\d{4}-\d\d-\d\d", day) else _no_day(day)
    except ValueError:
        return _no_day(day)


def prepare(partition_key: str | None, params: dict[str, Any]) -> list[dict[str, Any]]:
    """Settles what the night works on: batch, recipe, and the sources that have landing files.

    Returns the night once for every source, ``{"batch", "day", "recipe", "sample", "dry_run", "lake", "landing",
    "sources", "missing"}`` with that one in ``sources``. A dry run has a batch of its own, ``DAY~dry``, which is never
    published. Raises RecipeError and InputError.
    """
    day = run_day(partition_key, params)
    path = config.recipe_path(params.get("recipe") or "nightly")
    recipe = load_recipe(path)
    chosen = recipe.select(params["sources"]) if params.get("sources") else recipe
    landing = config.landing_root()
    found = {name: landing_files(landing, name, source, day) for name, source in chosen.sources.items()}
    sources = [name for name, files in found.items() if files]
    missing = [name for name, files in found.items() if not files]
    if not sources:
        raise InputError(
            f"{landing}: no landing files for {day} in any of {', '.join(chosen.sources)}; "
            f"expected source=NAME/date={day}/ folders"
        )
    for name in missing:
        log.warning("source %s has no landing files for %s", name, day)
    required = [name for name in missing if chosen.sources[name].required]
    if required:
        raise InputError(f"source {required[0]} is required by {path.name} and has no landing files for {day}")
    dry_run = bool(params.get("dry_run"))
    night = {
        "batch": f"{day}~dry" if dry_run else day,
        "day": day,
        "recipe": str(path),
        "sample": float(params.get("sample_fraction") or 1.0),
        "dry_run": dry_run,
        "lake": config.lake_root(),
        "landing": landing,
        "missing": missing,
    }
    return [{**night, "sources": [name]} for name in sources]


def scope_of(night: dict[str, Any]) -> Scope:
    """The night as the stages' contracts see it. Raises RecipeError."""
    return Scope(
        lake=Lake(night["lake"]),
        landing=night["landing"],
        batch=night["batch"],
        day=night["day"],
        recipe=load_recipe(night["recipe"]),
        sources=tuple(night["sources"]),
        sample=night["sample"],
    )


def landing_bytes(night: dict[str, Any]) -> int:
    """Size of all landing files of a night's sources."""
    scope = scope_of(night)
    found = (landing_stats(scope.landing, name, scope.recipe.sources[name], scope.day) for name in scope.sources)
    return sum(stat.st_size for stats in found for stat in stats.values())


def stage_arguments(night: dict[str, Any], stages: list[str]) -> list[str]:
    """Command-line arguments of ``run_stage.py`` for some stages of a night."""
    return [
        ",".join(stages),
        "--recipe", night["recipe"],
        "--batch", night["batch"],
        "--day", night["day"],
        "--lake", night["lake"],
        "--landing", night["landing"],
        "--sample", str(night["sample"]),
        "--sources", ",".join(night["sources"]),
    ]  # fmt: skip


def join(nights: list[dict[str, Any]] | None, done: list[str] | None = None) -> dict[str, Any]:
    """The nights of single sources as one night. With ``done``, the sources whose ingest succeeded, it holds only those
    and counts the others as missing. Raises ContractError when nothing was read or a required source failed.
    """
    if not nights:
        raise ContractError("nothing was prepared: the log of the task prepare says why")
    night = nights[0]
    asked = [name for one in nights for name in one["sources"]]
    if done is None:
        return {**night, "sources": asked}
    recipe = load_recipe(night["recipe"])
    read = [name for name in asked if name in done]
    failed = [name for name in asked if name not in done]
    for name in failed:
        log.warning("source %s failed: the night goes on without it; see the log of its ingest task", name)
    required = [name for name in failed if recipe.sources[name].required]
    if required or not read:
        raise ContractError(
            f"source {(required or failed)[0]} failed and the night cannot do without it; see its ingest task"
        )
    missing = sorted({*failed, *night["missing"]})
    if missing and not recipe.gate.allow_missing_sources:
        log.warning(
            "%s: without %s the gate will not publish (gate.allow_missing_sources)", night["batch"], ", ".join(missing)
        )
    return {**night, "sources": read, "missing": missing}


def run_gate(night: dict[str, Any]) -> None:
    """Holds the night against its limits, in a process of its own. Raises ContractError where a check fails."""
    process.run(_command("gate", night))


def run_publish(night: dict[str, Any]) -> dict[str, Any]:
    """Publishes; returns ``{"release", "documents", "new", "batch", "missing_sources"}``."""
    if night["dry_run"]:
        raise AirflowSkipException(f"dry run: {night['batch']} is looked at, never published")
    return process.result(process.run(_command("publish", night))) | {
        "batch": night["batch"],
        "missing_sources": night["missing"],
    }


def run_report(night: dict[str, Any]) -> None:
    """Prints the funnel into the task log."""
    process.run(_command("report", night))


def _command(command: str, night: dict[str, Any]) -> list[str]:
    return [
        "-m", "malmoi.cli", command,
        "--lake", night["lake"],
        "--batch", night["batch"],
        "--recipe", night["recipe"],
        "--sources", ",".join(night["sources"]),
        "--missing", ",".join(night["missing"]),
    ]  # fmt: skip


def _no_day(day: str) -> str:
    raise ContractError(f"day {day!r} is no date: write YYYY-MM-DD, for example 2026-11-01")
