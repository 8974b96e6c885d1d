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
from malmoi.text.signals import PARAGRAPH_SIGNS, paragraph_signs

_MOST_CUT = 0.6
"""A document that would lose more of its code points is not cut at all."""
_STRUCTURED = re.compile(r"\s*(?:[-*+•] |\d{1,3}[.)] |\||>|```|~~~)")
_HEADING = re.compile(r"#{1,6} ")
_FENCES = ("```", "~~~")
_FENCE = re.compile(r"^(?:```|~~~)", re.MULTILINE)


class Region(NamedTuple):
    start: int
    end: int  # exclusive, with the line feeds behind it
    heading: int  # level of a heading, 0 for a paragraph


def cuts(texts: list[str], quality: Quality) -> list[list[tuple[int, int]]]:
    """``[start, end)`` in code points, sorted, for each text: what should leave. Empty for most."""
    regions = [_regions(text) for text in texts]
    paragraphs = [[text[r.start : r.end] for r in rows] for text, rows in zip(texts, regions, strict=True)]
    low = _worthless(paragraphs, regions, quality)
    return [
        _cut(text, rows, [part in low for part in parts])
        for text, rows, parts in zip(texts, regions, paragraphs, strict=True)
    ]


def _worthless(paragraphs: list[list[str]], regions: list[list[Region]], quality: Quality) -> set[str]:
    """The paragraphs of little value, each weighed once; a heading goes by what stands under it, and code stays."""
    weighed = {
        part: None
        for parts, rows in zip(paragraphs, regions, strict=True)
        for part, region in zip(parts, rows, strict=True)
        if not region.heading and not _FENCE.search(part)
    }
    if not weighed or quality.min_region_value <= 0:
        return set()
    low = _values(list(weighed), quality) < quality.min_region_value
    return {part for part, leaves in zip(weighed, low.tolist(), strict=True) if leaves}


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
