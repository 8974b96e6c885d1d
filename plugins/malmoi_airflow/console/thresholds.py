"""The values of a recipe that *What if* can move: those that the decisions follow from, and the policies of personal data.

Which they are, their limits and their help come from the recipe's own dataclasses.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, get_type_hints

from malmoi.contracts.errors import RecipeError
from malmoi.contracts.recipe import Recipe
from malmoi.contracts.recipe.privacy import ENTITIES, IDENTIFYING_BY_LAW, POLICIES
from malmoi.contracts.recipe.recipe import PER_SOURCE
from malmoi.contracts.recipe.uses import USES

POLICY = "privacy.policy"
_ELSEWHERE = {("quality", "min_region_value")}
"""Read by redact alone: cuts paragraphs, moves no document."""
Changes = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Threshold:
    """One value as a form shows it. ``name``: ``section.key``; ``choices`` is empty for a number."""

    name: str
    value: Any
    help: str
    kind: type
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()

    def read(self, text: str) -> Any:
        """What a person wrote, as a value. Raises RecipeError for no number; limits are the recipe's own to check."""
        if self.choices:
            return text
        try:
            return self.kind(text)
        except ValueError:
            what = "a whole number" if self.kind is int else "a number"
            raise RecipeError(f"{self.name} = {text[:40]!r}: must be {what}") from None


def thresholds(recipe: Recipe, source: str) -> dict[str, list[Threshold]]:
    """Section -> its values for one source; for all sources where ``source`` is empty."""
    found = {section: list(_section(recipe, section, keys, source)) for section, keys in USES["decide"].items()}
    if source:
        found = {section: values for section, values in found.items() if section in PER_SOURCE}
    policy = (recipe.for_source("privacy", source) if source else recipe.privacy).policy
    found[POLICY] = [
        Threshold(f"{POLICY}.{entity}", policy[entity], word, str, choices=_policies(entity))
        for entity, word in ENTITIES.items()
    ]
    return found


def _section(recipe: Recipe, section: str, keys: tuple[str, ...], source: str) -> Iterator[Threshold]:
    values = recipe.for_source(section, source) if source and section in PER_SOURCE else getattr(recipe, section)
    hints = get_type_hints(type(values))
    for one in fields(values):
        wanted = not keys or one.name in keys
        if not wanted or hints[one.name] not in (int, float, str) or (section, one.name) in _ELSEWHERE:
            continue
        rules = one.metadata
        yield Threshold(
            f"{section}.{one.name}",
            getattr(values, one.name),
            rules["help"],
            hints[one.name],
            rules.get("low"),
            rules.get("high"),
            rules.get("choices") or (),
        )


def _policies(entity: str) -> tuple[str, ...]:
    return tuple(one for one in POLICIES if entity not in IDENTIFYING_BY_LAW or one not in ("keep", "keep_part"))


def changes(found: Mapping[str, list[Threshold]], asked: Mapping[str, str], source: str) -> Changes:
    """What a form asks for beside what stands: section -> values, as ``load_recipe`` takes them. Raises RecipeError."""
    made: Changes = {}
    for values in found.values():
        for one in values:
            text = asked.get(one.name, "").strip()
            if text and (value := one.read(text)) != one.value:
                _put(made, one.name, value, source)
    return made


def _put(made: Changes, name: str, value: Any, source: str) -> None:
    section, *inner, key = name.split(".")
    at: dict[str, Any] = made.setdefault(section, {})
    for step in [*(("source", source) if source else ()), *inner]:
        at = at.setdefault(step, {})
    at[key] = value
