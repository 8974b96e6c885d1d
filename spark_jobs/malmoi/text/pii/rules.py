"""All rules together: one text in, spans without overlaps out.

A family's seed is a cheap expression near which all its hits lie. It serves twice: over a batch it says which texts to
read at all (gates.py), and in a text it says where the dear patterns have to look.
"""

import bisect
from collections.abc import Callable, Iterable
from functools import cache
from itertools import accumulate
from types import ModuleType

from malmoi.text.pii import (
    address,
    birth,
    byline,
    company,
    email,
    handles,
    money,
    names,
    network,
    normal,
    papers,
    phone,
    relaxed,
    resident,
    spoken,
)  # fmt: skip
from malmoi.text.pii.rule import Context, Rule, value_span
from malmoi.text.pii.span import Span
from malmoi.text.scan import encoded, finder, places, rows, scanner

STRUCTURED: tuple[ModuleType, ...] = (resident, phone, spoken, papers, money, company, email, network, birth)
"""Families that go by digits and signs."""
COSTLY: tuple[ModuleType, ...] = (handles, address, byline, names)
"""Families that go by words, which many texts hold."""

PRIORITY = (
    "rrn", "frn", "email", "url_id", "phone", "card", "driver_license", "passport", "corporate", "business", "account",
    "ip", "plate", "address", "birth", "account_id", "name", "nickname",
)  # fmt: skip
"""Where spans overlap, the first of these stays; of one entity the longer."""

_RANK = {entity: rank for rank, entity in enumerate(PRIORITY)}
_MAX_WORD = 80
"""A window grows at most so far to end at white space, so that no number is cut."""


NEAR_NAME = "near_name"
"""Asked for beside entities: names that stand directly at a number which was found, with no look at the rest."""


def find(text: str, entities: Iterable[str] = (*PRIORITY, NEAR_NAME)) -> list[Span]:
    """Personal data of the kinds ``entities`` in ``text``: sorted, without overlaps. Linear in the text."""
    wanted = frozenset(entities)
    if not text:
        return []
    view = normal.view(text)
    context, raw = Context(view.text, []), encoded(view.text)
    for family in STRUCTURED + COSTLY:
        if not wanted.isdisjoint(family.ENTITIES):
            _run(family, context, raw)
    if NEAR_NAME in wanted:
        wanted |= {"name"}
        for more in (names.near_numbers, names.listed):
            context.found.extend(Span(start, end, "name", score) for start, end, score in more(context))
    spans = without_overlaps(context.found)
    return [Span(*view.original(span.start, span.end), *span[2:]) for span in spans if span.entity in wanted]


@cache
def _searches(family: ModuleType) -> list[tuple[Rule, Callable[[bytes, int], tuple[int, int]]]]:
    """A family's rules, each with what says where it may match; kept, for patterns are slow as keys."""
    return [(rule, finder(scanner(relaxed.relaxed(rule.pattern)))) for rule in family.RULES]


def _run(family: ModuleType, context: Context, raw: bytes) -> None:
    windows = _windows(family, context.text, raw)
    if not windows:
        return
    pieces = [encoded(context.text[max(0, start - 1) : end]) for start, end in windows]
    starts, seen = [0, *accumulate(len(piece) + 1 for piece in pieces)], b"\n".join(pieces)
    for rule, may_match in _searches(family):
        for number in rows(may_match, seen, starts):
            _search(rule, context, *windows[number])


def _windows(family: ModuleType, text: str, raw: bytes) -> list[tuple[int, int]]:
    """Where the family's seeds stand, with the reach of its rules to both sides, merged. ``raw`` is the text in UTF-8."""
    before, after = family.REACH
    windows: list[tuple[int, int]] = []
    for first, last in places(family.SEED, raw):
        start, end = max(0, first - before), min(len(text), last + after)
        if windows and start <= windows[-1][1]:
            windows[-1] = (windows[-1][0], end)
        else:
            windows.append((start, end))
    return [(start, _word_end(text, end)) for start, end in windows]


def _word_end(text: str, position: int) -> int:
    last = min(len(text), position + _MAX_WORD)
    while position < last and not text[position].isspace():
        position += 1
    return position


def _search(rule: Rule, context: Context, start: int, end: int) -> None:
    if rule.needs is not None and rule.needs.search(context.text, start, end) is None:
        return
    for match in rule.pattern.finditer(context.text, start, end):
        score = rule.score(match, context)
        if score:
            context.found.append(Span(*value_span(match), rule.named(match), score))


def without_overlaps(spans: list[Span]) -> list[Span]:
    """Of spans that overlap, the one of the better entity, then the longer, then the surer."""
    starts: list[int] = []
    taken: dict[int, Span] = {}
    for span in sorted(spans, key=lambda span: (_RANK[span.entity], span.start - span.end, -span.score, span.start)):
        at = bisect.bisect_right(starts, span.start)
        clear_before = at == 0 or taken[starts[at - 1]].end <= span.start
        clear_behind = at == len(starts) or span.end <= starts[at]
        if clear_before and clear_behind:
            starts.insert(at, span.start)
            taken[span.start] = span
    return [taken[start] for start in starts]
