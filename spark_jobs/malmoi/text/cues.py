"""Phrases that hint at what a text is for, found in one Aho-Corasick pass over each text.

The phrases lie in ``data/cues.toml``, by kind. Only counts and covered places leave this module; what they mean is
decided in ``spam.py`` and ``signals.py``.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np


class Cues(NamedTuple):
    """``n`` texts against the kinds of ``kinds()``."""

    different: np.ndarray  # float64 [n, kinds], different phrases found
    hits: np.ndarray  # float64 [n, kinds], phrases found
    chars: np.ndarray  # float64 [n, kinds], code points that they cover; overlapping phrases count once
    filler: np.ndarray  # float64 [n], code points of the sentences that hold a filler phrase


@cache
def kinds() -> tuple[str, ...]:
    """Names of the kinds, in the order of the columns."""
    return tuple(_lexicon())


@cache
def column(kind: str) -> int:
    return kinds().index(kind)


@cache
def _lexicon() -> dict[str, dict]:
    return tomllib.loads(files("malmoi.text").joinpath("data/cues.toml").read_text("utf-8"))


@cache
def _automaton():
    import ahocorasick

    entries: dict[str, list[int]] = {}
    for kind, body in enumerate(_lexicon().values()):
        for phrase in body["phrases"]:
            for spelling in dict.fromkeys((phrase.lower(), phrase.lower().replace(" ", ""))):
                if kind not in entries.setdefault(spelling, []):
                    entries[spelling].append(kind)
    automaton = ahocorasick.Automaton()
    for number, (spelling, meanings) in enumerate(sorted(entries.items())):
        bounded = len(spelling) <= 3 or spelling.isascii()
        automaton.add_word(spelling, (number, len(spelling), bounded, tuple(meanings)))
    automaton.make_automaton()
    return automaton


def find(texts: list[str]) -> Cues:
    """Counts the cues of each text. Linear in the text; only the hits cost Python time."""
    shape = (len(texts), len(kinds()))
    different, hits, chars, filler = np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros(len(texts))
    for row, text in enumerate(texts):
        different[row], hits[row], chars[row], filler[row] = _find_one(text.lower())
    return Cues(different, hits, chars, filler)


def _find_one(text: str) -> tuple[list[int], list[int], list[int], int]:
    width, filler_kind = len(kinds()), column("filler")
    different, hits, chars, reached = [0] * width, [0] * width, [0] * width, [0] * width
    filler = filler_end = 0
    seen = set()
    for last, (number, length, bounded, meanings) in _automaton().iter(text):
        end = last + 1
        start = end - length
        if bounded and not _stands_alone(text, start, end):
            continue
        new = number not in seen
        seen.add(number)
        for kind in meanings:
            hits[kind] += 1
            different[kind] += new
            chars[kind] += end - max(start, min(reached[kind], end))
            reached[kind] = end
            if kind == filler_kind and end > filler_end:
                begin, filler_end = _sentence(text, start, end, filler_end)
                filler += filler_end - begin
    return different, hits, chars, filler


def _stands_alone(text: str, start: int, end: int) -> bool:
    """A short phrase counts at the start of a word; one that ends in Latin letters only as a whole word."""
    if start and text[start - 1].isalnum():
        return False
    if end == len(text):
        return True
    last, following = text[end - 1], text[end]
    return not (last.isascii() and last.isalnum() and following.isascii() and following.isalnum())


_SENTENCE_WINDOW = 200


def _sentence(text: str, start: int, end: int, done: int) -> tuple[int, int]:
    """Bounds of the sentence around a hit, at most 200 code points to each side, from ``done`` on."""
    low = max(done, start - _SENTENCE_WINDOW)
    begin = max(low, *(text.rfind(sign, low, start) + 1 for sign in ".!?\n"))
    high = min(len(text), end + _SENTENCE_WINDOW)
    found = [place + 1 for place in (text.find(sign, end, high) for sign in ".!?\n") if place >= 0]
    return begin, min(found, default=high)
