"""Which families have to read a text at all: those whose seed stands in it, and of which some rule can match.

Seeds are looked for in the text as given, where the rules read one spelling of it; so what is spelled oddly (full-width
digits, no width, HTML entities) passes for all families. Every step goes over the whole batch before the next: an automaton
that is asked again at once is still in the processor's cache.
"""

from collections.abc import Callable, Sequence
from functools import cache
from types import ModuleType

from malmoi.text.pii import normal, relaxed
from malmoi.text.pii.rules import COSTLY, STRUCTURED
from malmoi.text.scan import encoded, holds, matching

_ODD = (
    r"&#[0-9xX]|&nbsp;[0-9]|&commat;|[\x{200b}-\x{200d}\x{2060}\x{feff}\x{ad}\x{20e3}]|[⓪①-⑨][⓪①-⑨]|[０-９]{2}|[\x{1d7ce}-\x{1d7ff}]|"
    r"＠|[0-9OoIl][–—―−‐‑‒ㅡ─～〜∼・ㆍ‧∙⋅●○•◯◎✱×\x{a0}\x{3000}][0-9OoIl●○•◯◎✱×]{3}"
)


def families(texts: Sequence[str], costly: bool = True) -> list[list[ModuleType]]:
    """For each text the families that have to read it. ``costly``: also those that go by words."""
    raws = [encoded(text) for text in texts]
    rows = _seeded(raws, costly)
    spelled = {row: _spelled(texts[row], raws[row]) for row in set().union(*rows.values())}
    found: list[list[ModuleType]] = [[] for _ in texts]
    for family, those in rows.items():
        any_matches = relaxed.search(*(rule.pattern for rule in family.RULES))
        for row in those:
            if any_matches(spelled[row]):
                found[row].append(family)
    return found


def _seeded(raws: Sequence[bytes], costly: bool) -> dict[ModuleType, list[int]]:
    """For each family the rows that pass its gate. Few texts pass the one for all structured families, so it goes first."""
    structured = holds("|".join([_ODD, *(family.SEED for family in STRUCTURED)]))
    rows = _passing(STRUCTURED, [(row, raw) for row, raw in enumerate(raws) if structured(raw)])
    return rows | _passing(COSTLY, list(enumerate(raws))) if costly else rows


def _passing(group: tuple[ModuleType, ...], texts: Sequence[tuple[int, bytes]]) -> dict[ModuleType, list[int]]:
    rows: dict[ModuleType, list[int]] = {family: [] for family in group}
    numbers_of = _gate(group)
    for row, raw in texts:
        numbers = numbers_of(raw)
        for number in range(len(group)) if len(group) in numbers else numbers:
            rows[group[number]].append(row)
    return rows


@cache
def _gate(group: tuple[ModuleType, ...]) -> Callable[[bytes], list[int]]:
    """Says which seeds of the families stand in an encoded text, by number; the last number is what is spelled oddly."""
    return matching((*(family.SEED for family in group), _ODD))


def _spelled(text: str, raw: bytes) -> bytes:
    """The text as the rules read it, encoded."""
    plain = normal.view(text).text
    return raw if plain is text else encoded(plain)
