"""Which paragraphs of a document are not worth reading, so that the rest can stay.

A paragraph's value is 1 minus half of its strongest sign of a menu, a footer or advertising, each relative to the
recipe's threshold for whole documents: a paragraph that would be dropped as a document has at most 0.5. What is left
reads on: code, tables and lists are cut whole or not at all, a heading leaves only with everything under it, and a
document that would lose most of itself is left to the rules for documents.
"""

import re
from typing import NamedTuple

import numpy as np

from malmoi.contracts.recipe.quality import Quality
from malmoi.text import cues, spam
from malmoi.text.layout import character_table, groups
from malmoi.text.signals import PARAGRAPH_SIGNS, paragraph_signs

_MOST_CUT = 0.6
"""A document that would lose more of its code points is not cut at all."""
_STRUCTURED = re.compile(r"\s*(?:[-*+•] |\d{1,3}[.)] |\||>|```|~~~)")
_HEADING = re.compile(r"#{1,6} ")
_FENCES = ("```", "~~~")
_FENCE = re.compile(r"^(?:```|~~~)", re.MULTILINE)
_LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
"""Where ``str.splitlines`` cuts."""
_SHARES = ("navigation", "footer")
"""Kinds of cue of which a paragraph's share is a sign."""
_SLACK = 1 - 1e-6
"""Bounds are looser than the values that they stand for by this factor, as floating point asks for."""


class Region(NamedTuple):
    start: int
    end: int  # exclusive, with the line feeds behind it
    heading: int  # level of a heading, 0 for a paragraph


def cuts(texts: list[str], quality: Quality) -> list[list[tuple[int, int]]]:
    """``[start, end)`` in code points, sorted, for each text: what should leave. Empty for most."""
    found: list[list[tuple[int, int]]] = [[] for _ in texts]
    doubtful = _doubtful(texts, quality)
    regions = [_regions(texts[row]) for row in doubtful]
    paragraphs = [[texts[row][r.start : r.end] for r in rows] for row, rows in zip(doubtful, regions, strict=True)]
    low = _worthless(paragraphs, regions, quality)
    for row, rows, parts in zip(doubtful, regions, paragraphs, strict=True):
        found[row] = _cut(texts[row], rows, [part in low for part in parts])
    return found


def _worthless(paragraphs: list[list[str]], regions: list[list[Region]], quality: Quality) -> set[str]:
    """The paragraphs of little value, each weighed once; a heading goes by what stands under it, and code stays."""
    weighed = {
        part: None
        for parts, rows in zip(paragraphs, regions, strict=True)
        for part, region in zip(parts, rows, strict=True)
        if not region.heading and not _FENCE.search(part)
    }
    parts = list(weighed)
    parts = [parts[at] for at in _doubtful(parts, quality)]
    if not parts:
        return set()
    low = _values(parts, quality) < quality.min_region_value
    return {part for part, leaves in zip(parts, low.tolist(), strict=True) if leaves}


def _doubtful(texts: list[str], quality: Quality) -> list[int]:
    """Which texts may hold a paragraph of little value; nine in ten do not, and all else here is several times as costly.

    A phrase lies within a line and a paragraph is whole lines, so that no sign is stronger in a paragraph than in one of them;
    advertising asks for phrases of several kinds.
    """
    if quality.min_region_value <= 0:
        return []
    most = 2 * (1 - quality.min_region_value) * _SLACK
    found = np.zeros(len(texts), bool)
    for low, high in groups(texts):
        found[low:high] = _may_be_low(texts[low:high], quality, most)
    return np.flatnonzero(found).tolist()


def _may_be_low(texts: list[str], quality: Quality, most: float) -> np.ndarray:
    """bool [n]: texts with a line in which a sign may be more than ``most`` times its threshold, or phrases of spam enough."""
    hints = cues.hints("\n".join(texts))
    starts = np.cumsum([0, *(len(text) + 1 for text in texts[:-1])])
    owner = np.searchsorted(starts, hints.places, "right") - 1
    spamming = hints.kinds[:, [cues.column(kind) for kind in spam.KINDS]]
    place, kind = np.nonzero(spamming)
    different = np.unique(owner[place] * len(spam.KINDS) + kind) // len(spam.KINDS)
    found = np.bincount(different, minlength=len(texts)) >= spam.least_kinds(most * quality.max_spam_score)

    ends = np.flatnonzero(character_table(_LINE_ENDS)[hints.codes])
    line = np.searchsorted(ends, hints.places)
    chars = np.diff(ends, prepend=-1) - 1
    for kind_name in _SHARES:
        covered = np.bincount(line, hints.chars * hints.kinds[:, cues.column(kind_name)], len(ends))
        limit = most * getattr(quality, f"max_{kind_name}_share")
        lines = np.flatnonzero((covered > 0) & (covered >= limit * chars))
        found[np.searchsorted(starts, ends[lines], "right") - 1] = True
    return found


def _values(paragraphs: list[str], quality: Quality) -> np.ndarray:
    signals = paragraph_signs(paragraphs)
    worst = np.zeros(len(paragraphs))
    for name in PARAGRAPH_SIGNS:
        worst = np.maximum(worst, signals[name] / max(getattr(quality, f"max_{name}"), 1e-9))
    return 1 - np.minimum(worst / 2, 1)


def _regions(text: str) -> list[Region]:
    """Headings, paragraph lines, and lists, tables and code as wholes."""
    bounds: list[tuple[int, int]] = []
    start = at = 0
    fenced = structured = False
    for line in text.splitlines(keepends=True):
        end = at + len(line)
        if not fenced and line.isspace():
            if not structured:
                if at > start:
                    bounds.append((start, at))
                if bounds:
                    bounds[-1] = (bounds[-1][0], end)
                    start = end
        else:
            fence = line.startswith(_FENCES)
            inside = fenced or fence or bool(_STRUCTURED.match(line))
            if not (inside and structured):
                if at > start:
                    bounds.append((start, at))
                start = at
            structured = inside
            fenced ^= fence
        at = end
    if at > start:
        bounds.append((start, at))
    return [Region(*bound, _level(text, bound[0])) for bound in bounds]


def _level(text: str, start: int) -> int:
    heading = _HEADING.match(text, start) if text.startswith("#", start) else None
    return len(heading[0]) - 1 if heading else 0


def _cut(text: str, regions: list[Region], low: list[bool]) -> list[tuple[int, int]]:
    if not any(low):
        return []
    low = [flag and not region.heading for flag, region in zip(low, regions, strict=True)]
    for index in range(len(regions) - 1, -1, -1):
        if regions[index].heading:
            low[index] = _section_leaves(regions, low, index)
    spans: list[tuple[int, int]] = []
    for region, leaves in zip(regions, low, strict=True):
        if leaves and spans and spans[-1][1] == region.start:
            spans[-1] = (spans[-1][0], region.end)
        elif leaves:
            spans.append((region.start, region.end))
    if sum(end - start for start, end in spans) > _MOST_CUT * len(text):
        return []
    return spans


def _section_leaves(regions: list[Region], low: list[bool], index: int) -> bool:
    """A heading leaves when its section holds something and all of it leaves."""
    under = []
    for region, leaves in zip(regions[index + 1 :], low[index + 1 :], strict=True):
        if region.heading and region.heading <= regions[index].heading:
            break
        under.append(leaves)
    return bool(under) and all(under)
