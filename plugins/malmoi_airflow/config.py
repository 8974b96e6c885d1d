"""Where things lie, and which choices a form offers. Read from the environment, never from a database at parse time."""

import os
from pathlib import Path

from malmoi.contracts.errors import ContractError
from malmoi.contracts.paths import Lake, checked_name

PROJECT = Path(__file__).resolve().parents[2]
SPARK_JOBS = PROJECT / "spark_jobs"
RECIPES = SPARK_JOBS / "recipes"
RUN_STAGE = SPARK_JOBS / "run_stage.py"
DRAFT_PREFIX = "drafts/"
"""Starts the name of a recipe that the console saved in the lake."""
TIMEZONE = "Asia/Seoul"
SPARK_CONNECTION = "spark_default"
SMALL_NIGHT_MIB = int(os.environ.get("MALMOI_SMALL_NIGHT_MIB", "1024"))
"""Landing files up to this size, in MiB, are worked on in one Spark session."""


def lake_root() -> str:
    """The lake's folder, from ``MALMOI_LAKE``. Raises ContractError when it is not set."""
    return _needed("MALMOI_LAKE", "the folder of the corpus lake")


def landing_root() -> str:
    """The landing folder, from ``MALMOI_LANDING``. Raises ContractError when it is not set."""
    return _needed("MALMOI_LANDING", "the folder that holds source=NAME/date=DAY/ files")


def recipe_names() -> list[str]:
    """Recipes that can be chosen in a form: the TOML files that describe sources."""
    return sorted(path.stem for path in RECIPES.glob("*.toml") if path.stem != "sites")


def recipe_path(name: str) -> Path:
    """A recipe's file, by name, by ``drafts/NAME``, or by path. Raises ContractError for a draft where there is no lake."""
    if name.startswith(DRAFT_PREFIX):
        return Path(Lake(lake_root()).drafts, f"{checked_name(name.removeprefix(DRAFT_PREFIX))}.toml")
    return RECIPES / f"{name}.toml" if "/" not in name and not name.endswith(".toml") else Path(name)


def spark_history() -> str:
    """Address of Spark's history server as a browser reaches it, from ``MALMOI_SPARK_HISTORY``; empty where there is none."""
    return os.environ.get("MALMOI_SPARK_HISTORY", "").rstrip("/")


def _needed(variable: str, what: str) -> str:
    value = os.environ.get(variable)
    if not value:
        raise ContractError(f"{variable} is not set: it names {what}; `make ui` and `make stack` set it")
    return value
