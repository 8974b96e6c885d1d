"""Replacing parts of a text, in one pass. Positions are code points of the text as it was."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from malmoi.text import josa

_JOSA_WINDOW = 8
"""Code points behind an edit that are looked at: the longest josa with its follower and one more."""


class Edit(NamedTuple):
    """``text[start:end]`` becomes ``replacement``."""

    start: int
    end: int
    replacement: str


def splice(text: str, edits: Iterable[Edit]) -> str:
    """``text`` with all ``edits`` made. Linear in text and edits.

    Edits are sorted by start and do not overlap. Raises ValueError (positions only, no text) where they do or where
    one reaches outside the text.
    """
    pieces = []
    done = 0
    for start, end, replacement in edits:
        if start < done or end < start:
            raise ValueError(
                f"edit [{start}, {end}) overlaps the one before it, which ends at {done}, or runs backwards"
            )
        pieces.append(text[done:start])
        pieces.append(replacement)
        done = end
    if done > len(text):
        raise ValueError(f"edit ends at {done}, the text has {len(text)} code points")
    pieces.append(text[done:])
    return "".join(pieces)


def origin(edits: Sequence[Edit], start: int, end: int) -> tuple[int, int]:
    """``[start, end)`` in the text before ``edits`` that ``[start, end)`` in the spliced text comes from; a replacement
    comes from all that it replaces."""
    return _origin(edits, start, first=True), _origin(edits, end, first=False)


def _origin(edits: Sequence[Edit], position: int, first: bool) -> int:
    shift = 0
    for edit in edits:
        begins = edit.start + shift
        ends = begins + len(edit.replacement)
        if position < begins or (position == begins and not first):
            break
        if position < ends or (position == ends and not first):
            return edit.start if first else edit.end
        shift += len(edit.replacement) - (edit.end - edit.start)
    return position - shift


def merge(first: Sequence[Edit], second: Sequence[Edit]) -> list[Edit]:
    """Both, sorted; of ``second`` only those that overlap none of ``first``. Each is sorted and free of overlaps."""
    merged = list(first)
    at = 0
    for edit in second:
        while at < len(first) and first[at].end <= edit.start:
            at += 1
        if at == len(first) or edit.end <= first[at].start:
            merged.append(edit)
    return sorted(merged)


def with_josa(text: str, edits: Sequence[Edit]) -> list[Edit]:
    """Extends each edit over the josa behind it where the replacement asks for its other shape.

    An empty replacement takes the josa with it: without the word it stands for nothing. A josa is written together with its
    word: behind an edit that ends with a space there is none.
    """
    repaired = []
    for number, edit in enumerate(edits):
        room = edits[number + 1].start if number + 1 < len(edits) else len(text)
        following = text[edit.end : edit.end + _JOSA_WINDOW]
        if text[edit.end - 1 : edit.end].isspace():
            following = ""
        length, agreeing = josa.agree(edit.replacement, following)
        if length and edit.end + length <= room:
            tail = agreeing if edit.replacement else ""
            edit = Edit(edit.start, edit.end + length, edit.replacement + tail)
        repaired.append(edit)
    return repaired
