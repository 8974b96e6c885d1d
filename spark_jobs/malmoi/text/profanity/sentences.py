"""Sentences of a text, and taking some of them out so that the rest reads on."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from malmoi.text import passes
from malmoi.text.edits import Edit
from malmoi.text.profanity.hits import Hit

_LEAD = re.compile(r"[ \t]*(?:[-*+•·]|\d{1,3}[.)]|>+|#{1,6})[ \t]+")
_DROPPED = ("strong", "slur")


def sentences(text: str) -> list[tuple[int, int]]:
    """``[start, end)`` of every sentence that is not blank, without the white space around it. Sentences end at
    sentence punctuation, at line ends, and at a space behind a final ending (다, 요, 죠, 까, 네)."""
    return passes.sentences(text)


def passages(text: str, length: int = 150) -> list[tuple[int, int]]:
    """``[start, end)`` of runs of whole sentences of about ``length`` code points: what the classifier is given."""
    return passes.sentences(text, length)


def sentence_of(spans: Sequence[tuple[int, int]], position: int) -> int:
    """Number of the sentence that holds ``position``."""
    return max(0, bisect_right(spans, (position, 1 << 60)) - 1)


def drop_sentences(text: str, hits: Iterable[Hit]) -> list[Edit]:
    """Edits that take out each sentence with a strong hit or a slur.

    A line that is left with nothing but its bullet or number goes with its line end; between two sentences one space
    stays.
    """
    spans = sentences(text)
    doomed = {sentence_of(spans, hit.start) for hit in hits if hit.severity in _DROPPED}
    return cut(text, [spans[number] for number in sorted(doomed)])


def cut(text: str, spans: Sequence[tuple[int, int]]) -> list[Edit]:
    """Edits that take ``spans`` (sorted sentences) out, with what would dangle around them."""
    edits: list[Edit] = []
    for start, end in spans:
        start, end = _with_surroundings(text, start, end, edits[-1].end if edits else 0)
        if edits and start <= edits[-1].end:
            start = edits.pop().start
        edits.append(Edit(start, end, ""))
    return edits


def _with_surroundings(text: str, start: int, end: int, done: int) -> tuple[int, int]:
    line = text.rfind("\n", 0, start) + 1
    lead = _LEAD.match(text, line)
    opens = max(done, line)
    first = text[opens:start].strip() == "" or (lead is not None and lead.end() >= start)
    while end < len(text) and text[end] in " \t":
        end += 1
    last = end == len(text) or text[end] == "\n"
    if first and last:
        if end < len(text):
            return opens, end + 1
        return max(done, line - 1) if line else opens, end
    if last:
        while start > opens and text[start - 1] in " \t":
            start -= 1
    return start, end
