"""TOML -> Recipe, with one clear error for whatever is wrong: file, key, value, and what is allowed."""

import tomllib
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Any, get_origin, get_type_hints

from malmoi.contracts.errors import RecipeError
from malmoi.contracts.recipe.privacy import IDENTIFYING_BY_LAW
from malmoi.contracts.recipe.recipe import PER_SOURCE, Recipe
from malmoi.contracts.recipe.sections import Source

_TOP = ("name", "description")


def load_recipe(path: str | Path, changes: dict[str, dict[str, Any]] | None = None) -> Recipe:
    """Reads and validates a recipe file. Raises RecipeError.

    ``extends = "other.toml"`` in the file takes that file, beside it, as the base: tables are merged key by key, all
    else is replaced. ``changes``: section -> values that replace those of the file, checked like them.
    """
    content = _read(Path(path), ())
    return recipe_from_mapping(_merged(content, changes or {}), str(path))


def _read(path: Path, seen: tuple[Path, ...]) -> dict[str, Any]:
    if path in seen:
        raise RecipeError(f"{path}: extends itself, through {' -> '.join(one.name for one in seen)}")
    content = _parse(path)
    base = content.pop("extends", None)
    if base is None:
        return content
    return _merged(_read(path.parent / _text(base, f"{path}: extends"), (*seen, path)), content)


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise RecipeError(f"{path}: no such recipe; recipes lie in spark_jobs/recipes/") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RecipeError(f"{path}: not TOML: {error}") from None


def _merged(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    both = dict(base)
    for key, value in changes.items():
        inner = both.get(key)
        both[key] = _merged(inner, value) if isinstance(inner, dict) and isinstance(value, dict) else value
    return both


def recipe_from_mapping(content: dict[str, Any], path: str = "recipe") -> Recipe:
    """Validates the content of a recipe file. Raises RecipeError."""
    sections = {f.name: section for f in fields(Recipe) if (section := _section_type(f)) is not None}
    allowed = (*_TOP, "sources", *sections)
    for key in content:
        if key not in allowed:
            raise RecipeError(f"{path}: unknown key {key!r}; allowed are {', '.join(allowed)}")
    sources = content.get("sources")
    if not isinstance(sources, dict) or not sources:
        raise RecipeError(f"{path}: at least one [sources.NAME] table is needed")

    values: dict[str, Any] = {key: _text(content.get(key, ""), f"{path}: {key}") for key in _TOP}
    values["sources"] = {name: _build(Source, body, f"{path}: sources.{name}") for name, body in sources.items()}
    overrides: dict[str, dict[str, dict]] = {}
    for name, section in sections.items():
        body = dict(_tables(content.get(name, {}), f"{path}: {name}"))
        per_source = body.pop("source", {}) if name in PER_SOURCE else {}
        values[name] = _build(section, body, f"{path}: {name}")
        for source, changed in _tables(per_source, f"{path}: {name}.source").items():
            where = f"{path}: {name}.source.{source}"
            if source not in sources:
                raise RecipeError(f"{where}: no such source; the recipe has {', '.join(sources)}")
            overrides.setdefault(name, {})[source] = _checked(section, changed, where)
    recipe = Recipe(path=path, overrides=overrides, **values)
    _check_ranges(recipe)
    return recipe


def _section_type(f: Field) -> type | None:
    return f.type if isinstance(f.type, type) and hasattr(f.type, "__dataclass_fields__") else None


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise RecipeError(f"{where} = {value!r}: must be text")
    return value


def _tables(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise RecipeError(f"{where} = {value!r}: must be a table")
    return value


def _build(section: type, body: Any, where: str) -> Any:
    values = _checked(section, body, where)
    for f in fields(section):
        if f.name not in values and f.default is MISSING and f.default_factory is MISSING:
            raise RecipeError(f"{where}: {f.name} is missing; {f.metadata['help']}")
        if f.name in values and f.default_factory is not MISSING:
            values[f.name] = {**f.default_factory(), **values[f.name]}
    return section(**values)


def _checked(section: type, body: Any, where: str) -> dict[str, Any]:
    known = {f.name: f for f in fields(section)}
    hints = get_type_hints(section)
    values = {}
    for key, value in _tables(body, where).items():
        if key not in known:
            raise RecipeError(f"{where}: unknown key {key!r}; allowed are {', '.join(known)}")
        values[key] = _value(hints[key], known[key].metadata, value, f"{where}.{key} = {value!r}")
    return values


def _value(kind: Any, rules: Any, value: Any, where: str) -> Any:
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if kind is str and rules.get("choices") and value not in rules["choices"]:
        raise RecipeError(f"{where}: must be one of {', '.join(rules['choices'])}")
    if get_origin(kind) is tuple:
        return _words(rules, value, where)
    if get_origin(kind) is dict:
        return _table(rules, value, where)
    if type(value) is not kind:
        raise RecipeError(f"{where}: must be {_NAMES.get(kind, kind.__name__)}")
    low, high = rules.get("low"), rules.get("high")
    if kind in (int, float) and not ((low is None or value >= low) and (high is None or value <= high)):
        raise RecipeError(f"{where}: must lie between {low} and {high}")
    return value


_NAMES = {int: "a whole number", float: "a number", str: "text", bool: "true or false"}


def _words(rules: Any, value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise RecipeError(f"{where}: must be a list of texts")
    allowed = rules.get("item_choices")
    for item in value:
        if allowed and item not in allowed:
            raise RecipeError(f"{where}: {item!r} must be one of {', '.join(allowed)}")
    return tuple(value)


def _table(rules: Any, value: Any, where: str) -> dict[str, str]:
    if not isinstance(value, dict):
        raise RecipeError(f"{where}: must be a table")
    for key, item in value.items():
        if not isinstance(item, str):
            raise RecipeError(f"{where}: {key} = {item!r} must be text")
        if rules.get("key_choices") and key not in rules["key_choices"]:
            raise RecipeError(f"{where}: unknown {key!r}; known are {', '.join(rules['key_choices'])}")
        if rules.get("value_choices") and item not in rules["value_choices"]:
            raise RecipeError(f"{where}: {key} = {item!r} must be one of {', '.join(rules['value_choices'])}")
    return dict(value)


def _check_ranges(recipe: Recipe) -> None:
    """What single values cannot show: minima above maxima, and policies that the law forbids."""
    for source in recipe.sources:
        quality = recipe.for_source("quality", source)
        for low, high in (("min_chars", "max_chars"), ("min_mean_eojeol_length", "max_mean_eojeol_length")):
            if getattr(quality, low) > getattr(quality, high):
                raise RecipeError(f"{recipe.path}: quality for {source}: {low} is above {high}")
        policy = recipe.for_source("privacy", source).policy
        for entity in IDENTIFYING_BY_LAW:
            if policy[entity] in ("keep", "keep_part"):
                raise RecipeError(
                    f"{recipe.path}: privacy.policy.{entity} = {policy[entity]!r}: identifying numbers by law "
                    "are never kept; use remove, tag or surrogate"
                )
