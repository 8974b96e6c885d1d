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
_FENCE = re.compile(r"^(?:```|~~~)", re.MULTILINE)


class Region(NamedTuple):
    start: int
    end: int  # exclusive, with the line feeds behind it
    heading: int  # level of a heading, 0 for a paragraph


def cuts(texts: list[str], quality: Quality) -> list[list[tuple[int, int]]]:
    """``[start, end)`` in code points, sorted, for each text: what should leave. Empty for most."""
    regions = [_regions(text) for text in texts]
    flat = [text[r.start : r.end] for text, rows in zip(texts, regions, strict=True) for r in rows]
    if not flat or quality.min_region_value <= 0:
        return [[] for _ in texts]
    low = _values(flat, quality) < quality.min_region_value
    low &= ~np.array([bool(_FENCE.search(paragraph)) for paragraph in flat])
    result, at = [], 0
    for text, rows in zip(texts, regions, strict=True):
        result.append(_cut(text, rows, low[at : at + len(rows)].tolist()))
        at += len(rows)
    return result


def _values(paragraphs: list[str], quality: Quality) -> np.ndarray:
    signals = paragraph_signs(paragraphs)
    worst = np.zeros(len(paragraphs))
    for name in PARAGRAPH_SIGNS:
        worst = np.maximum(worst, signals[name] / max(getattr(quality, f"max_{name}"), 1e-9))
    return 1 - np.minimum(worst / 2, 1)


def _regions(text: str) -> list[Region]:
    """Headings, paragraph lines, and lists, tables and code as wholes."""
    regions: list[Region] = []
    start = at = 0
    fenced = structured = False
    for line in text.splitlines(keepends=True):
        fence = bool(_FENCE.match(line))
        inside = fenced or fence or bool(_STRUCTURED.match(line))
        blank = not line.strip() and not fenced
        if not ((inside or blank) and structured):
            if at > start:
                regions.append(_region(text, start, at))
            start = at if not blank or not regions else start
            if blank and regions:
                regions[-1] = regions[-1]._replace(end=at + len(line))
                start = at + len(line)
        structured = inside or (blank and structured)
        fenced ^= fence
        at += len(line)
    if at > start:
        regions.append(_region(text, start, at))
    return regions


def _region(text: str, start: int, end: int) -> Region:
    heading = _HEADING.match(text, start)
    return Region(start, end, len(heading[0]) - 1 if heading else 0)


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
