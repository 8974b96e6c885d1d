"""Which paragraphs of a document are not worth reading, so that the rest can stay.

A paragraph's value is 1 minus half of its strongest sign of a menu, a footer or advertising, each relative to the
recipe's threshold for whole documents: a paragraph that would be dropped as a document has at most 0.5. What is left
reads on: code, tables and lists are cut whole or not at all, a heading leaves only with everything under it, and a
document that would lose most of itself is left to the rules for documents.
"""

import re
from collections.abc import Iterator
from itertools import compress
from typing import NamedTuple

import numpy as np

from malmoi.contracts.recipe.quality import Quality
from malmoi.text.doubt import HEADING, Doubt
from malmoi.text.layout import groups
from malmoi.text.signals import PARAGRAPH_SIGNS, paragraph_signs

_MOST_CUT = 0.6
"""A document that would lose more of its code points is not cut at all."""
_STRUCTURED = re.compile(r"\s*(?:[-*+•] |\d{1,3}[.)] |\||>|```|~~~)")
_FENCES = ("```", "~~~")
_FENCE = re.compile(r"^(?:```|~~~)", re.MULTILINE)


class Region(NamedTuple):
    start: int
    end: int  # exclusive, with the line feeds behind it
    heading: int  # level of a heading, 0 for a paragraph


def cuts(texts: list[str], quality: Quality) -> list[list[tuple[int, int]]]:
    """``[start, end)`` in code points, sorted, for each text: what should leave. Empty for most."""
    found: list[list[tuple[int, int]]] = [[] for _ in texts]
    if quality.min_region_value <= 0:
        return found
    regions: dict[int, list[Region]] = {}
    weighed: dict[str, None] = {}
    for low, high in groups(texts):
        doubt = Doubt(texts[low:high], quality)
        fresh = {low + row: _regions(texts[low + row]) for row in doubt.texts()}
        weighed |= dict.fromkeys(_doubtful(doubt, low, texts, fresh))
        regions |= fresh
    worthless = _worthless(list(weighed), quality)
    for row, rows in regions.items():
        found[row] = _cut(texts[row], rows, [texts[row][r.start : r.end] in worthless for r in rows])
    return found


def _doubtful(doubt: Doubt, low: int, texts: list[str], regions: dict[int, list[Region]]) -> Iterator[str]:
    """The paragraphs that have to be weighed; a heading goes by what stands under it, and code stays."""
    places = [(row, region) for row, these in regions.items() for region in these if not region.heading]
    passed = doubt.paragraphs([row - low for row, _ in places], [(region.start, region.end) for _, region in places])
    for row, region in compress(places, passed):
        paragraph = texts[row][region.start : region.end]
        if not _FENCE.search(paragraph):
            yield paragraph


def _worthless(paragraphs: list[str], quality: Quality) -> set[str]:
    """Those of little value."""
    low = _values(paragraphs, quality) < quality.min_region_value
    return set(compress(paragraphs, low.tolist()))


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
    heading = HEADING.match(text, start) if text.startswith("#", start) else None
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
