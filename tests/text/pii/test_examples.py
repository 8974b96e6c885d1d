"""Every family's own table: what it must find, and what it must leave alone."""

import re

import pytest

from malmoi.contracts.recipe.privacy import ENTITIES
from malmoi.text.pii import find, rules

FAMILIES = rules.STRUCTURED + rules.COSTLY
POSITIVES = [(family, example) for family in FAMILIES for example in family.POSITIVES]
NEAR_MISSES = [(family, example) for family in FAMILIES for example in family.NEAR_MISSES]


def _short(value: object) -> str:
    return getattr(value, "__name__", str(value)).rpartition(".")[2]


def marked(example: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without ⟦ ⟧, and where they stood."""
    text, values = "", []
    for part in re.split(r"(⟦[^⟧]*⟧)", example):
        if part.startswith("⟦"):
            values.append((len(text), len(text) + len(part) - 2))
            part = part[1:-1]
        text += part
    return text, values


@pytest.mark.parametrize(("family", "example"), POSITIVES, ids=_short)
def test_positives_are_covered(family, example: str) -> None:
    text, values = marked(example)
    spans = [span for span in find(text) if span.entity in family.ENTITIES]
    covered = {place for span in spans for place in range(span.start, span.end)}
    for start, end in values:
        letters = [place for place in range(start, end) if text[place].isalnum()]
        assert sum(place in covered for place in letters) >= 0.9 * len(letters)


@pytest.mark.parametrize(("family", "example"), NEAR_MISSES, ids=_short)
def test_near_misses_are_left_alone(family, example: str) -> None:
    assert [span.entity for span in find(example) if span.entity in family.ENTITIES] == []


def test_every_entity_has_a_family_and_a_rank() -> None:
    assert {entity for family in FAMILIES for entity in family.ENTITIES} == set(ENTITIES)
    assert set(rules.PRIORITY) == set(ENTITIES)
