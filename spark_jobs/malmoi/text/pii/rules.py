"""All rules together: one text in, spans without overlaps out."""

import bisect
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
    resident,
    spoken,
)
from malmoi.text.pii.rule import Context, Rule, value_span
from malmoi.text.pii.span import Span

STRUCTURED: tuple[ModuleType, ...] = (resident, phone, spoken, papers, money, company, email, network, birth)
COSTLY: tuple[ModuleType, ...] = (handles, address, byline, names)

PRIORITY = (
    "rrn", "frn", "email", "url_id", "phone", "card", "driver_license", "passport", "corporate", "business", "account",
    "ip", "plate", "address", "birth", "account_id", "name", "nickname",
)  # fmt: skip
"""Where spans overlap, the first of these stays; of one entity the longer."""

_RANK = {entity: rank for rank, entity in enumerate(PRIORITY)}


def find(text: str, structured: bool = True, costly: bool = True) -> list[Span]:
    """Personal data in ``text``, sorted, without overlaps. ``structured``/``costly``: which half of the rules runs."""
    if not text:
        return []
    view = normal.view(text)
    context = Context(view.text, [])
    if structured:
        context.found.extend(_run(STRUCTURED, context))
    if costly:
        context.found.extend(_run(COSTLY, context))
        context.found.extend(Span(start, end, "name", score) for start, end, score in names.near_numbers(context))
    spans = [Span(*view.original(span.start, span.end), span.entity, span.score) for span in context.found]
    return without_overlaps(spans)


def _run(families: tuple[ModuleType, ...], context: Context) -> list[Span]:
    return [span for family in families for rule in family.RULES for span in _hits(rule, context)]


def _hits(rule: Rule, context: Context) -> list[Span]:
    hits = []
    for match in rule.pattern.finditer(context.text):
        score = rule.score(match, context)
        if score:
            start, end = value_span(match)
            hits.append(Span(start, end, rule.entity or rule.name(match), score))
    return hits


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
