"""Recipe drafts: what the console saves in the lake's ``drafts/``, for a rebuild to try.

A draft extends the recipe that it was made from and holds the changed values only. It is a recipe like any other: copied into
``spark_jobs/recipes/``, with ``extends`` naming its neighbour, it decides the nights to come.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from malmoi.contracts.errors import ContractError
from malmoi.contracts.paths import Lake, checked_name
from malmoi.contracts.recipe import load_recipe
from malmoi.contracts.release import write_atomically
from malmoi_airflow import config

MAX_NAME_CHARS = 60


def names(lake: Lake) -> list[str]:
    """Drafts as a form names them, ``drafts/NAME``, newest first."""
    found = sorted(Path(lake.drafts).glob("*.toml"), key=lambda path: path.stat().st_mtime, reverse=True)
    return [f"{config.DRAFT_PREFIX}{path.stem}" for path in found]


def save(lake: Lake, name: str, base: Path, changes: dict[str, dict[str, Any]], author: str) -> str:
    """Writes a draft and returns its name as a form takes it.

    ``changes``: section -> values, as ``load_recipe`` takes them. Raises RecipeError for values that a recipe cannot have,
    ContractError for a name that is taken or no name.
    """
    if len(name) > MAX_NAME_CHARS:
        raise ContractError(f"the name has {len(name)} characters; at most {MAX_NAME_CHARS} are possible")
    path = Path(lake.drafts, f"{checked_name(name)}.toml")
    if path.exists():
        raise ContractError(f"a draft named {name} is there already: choose another name")
    load_recipe(base, changes)
    head = {"extends": str(base.resolve()), "name": name, "description": f"{base.stem}, changed by {author}"}
    lines = [f"# Saved by the console on {datetime.now(UTC):%Y-%m-%d %H:%M} UTC."]
    lines += [f"{key} = {_value(value)}" for key, value in head.items()]
    lines += [line for section, values in changes.items() for line in _table(section, values)]
    write_atomically(path, ("\n".join(lines) + "\n").encode())
    load_recipe(path)
    return f"{config.DRAFT_PREFIX}{name}"


def _table(name: str, values: dict[str, Any]) -> list[str]:
    """A TOML table with its inner tables behind it."""
    inner = {key: value for key, value in values.items() if isinstance(value, dict)}
    own = {key: value for key, value in values.items() if key not in inner}
    lines = ["", f"[{name}]", *(f"{key} = {_value(value)}" for key, value in own.items())] if own else []
    for key, value in inner.items():
        lines += _table(f"{name}.{_key(key)}", value)
    return lines


def _key(key: str) -> str:
    plain = key.replace("_", "").replace("-", "")
    return key if plain.isascii() and plain.isalnum() else json.dumps(key, ensure_ascii=False)


def _value(value: Any) -> str:
    """A number, a flag or a text. JSON writes these as TOML does."""
    return json.dumps(value, ensure_ascii=False)
