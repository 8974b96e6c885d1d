"""Overlap of a text with evaluation sets: windows of running text that stand in a set as well.

Two kinds of window, both over normalised text: so many eojeol in a row, and so many letters and digits in a row without
spaces. The first finds a question whose spacing was kept, the second finds it whatever its spacing. Hashes of all windows
of the sets are held sorted, behind a bitmap that turns away nearly every window of a text.

A window's hash is its polynomial in the code points modulo 2^64, from running sums, so that all windows of a text cost one
pass each; then splitmix64's finalizer (public domain).
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from malmoi.text.encoding import code_points

Spans = list[tuple[int, int]]

_DROPPED = re.compile(r"[^\w\s]+|_+")
_NOT_WORD = re.compile(r"[\W_]+")
_BOUNDARY = re.compile(r"(?<=[.?!…])[ \t]+|\n+")
_MULTIPLIER = 0x9E3779B97F4A7C15
_INVERSE = pow(_MULTIPLIER, -1, 2**64)
_BITS_A_WINDOW = 16


class Windows(NamedTuple):
    """The windows of evaluation sets. ``hashes``: sorted uint64; ``bitmap``: a bit for the leading bits of each."""

    eojeol: int
    chars: int
    hashes: np.ndarray
    bitmap: np.ndarray
    shift: int


def windows(items: Iterable[str], eojeol: int, chars: int) -> Windows:
    """Windows of ``eojeol`` eojeol and of ``chars`` letters and digits of every item; shorter items have none."""
    found = [np.empty(0, np.uint64)]
    for item in items:
        plain = _Plain(item)
        found += [plain.hashes(*plain.of_eojeol(eojeol)), plain.hashes(*plain.of_chars(chars))]
    hashes = np.unique(np.concatenate(found))
    bits = max(16, int(hashes.size * _BITS_A_WINDOW).bit_length())
    places = hashes >> np.uint64(64 - bits)
    bitmap = np.zeros(2 ** (bits - 3), np.uint8)
    np.bitwise_or.at(bitmap, places >> np.uint64(3), (1 << (places & np.uint64(7))).astype(np.uint8))
    return Windows(eojeol, chars, hashes, bitmap, 64 - bits)


def overlaps(text: str, known: Windows) -> tuple[Spans, float]:
    """Spans of the text that windows of the sets cover, joined where they touch, and their share of its letters and
    digits."""
    plain = _Plain(text)
    spans: Spans = []
    for starts, stops in (plain.of_eojeol(known.eojeol), plain.of_chars(known.chars)):
        met = _met(plain.hashes(starts, stops), known)
        spans += zip(starts[met].tolist(), stops[met].tolist(), strict=True)
    if not spans:
        return [], 0.0
    joined = union(spans)
    share = sum(stop - start for start, stop in joined) / len(plain.letters)
    places = _places(text)
    if len(places) != len(plain.letters):  # a text that is not NFC: its letters have no places of their own
        return [(0, len(text))], share
    return [(places[start], places[stop - 1] + 1) for start, stop in joined], share


def passages(text: str, spans: Sequence[tuple[int, int]]) -> Spans:
    """The sentences and lines that spans touch, whole: half a question is still a hint."""
    edges = [0, *(found.end() for found in _BOUNDARY.finditer(text)), len(text)]
    starts = [max(edge for edge in edges if edge <= start) for start, _ in spans]
    stops = [min(edge for edge in edges if edge >= stop) for _, stop in spans]
    return union(zip(starts, stops, strict=True))


def union(spans: Iterable[tuple[int, int]]) -> Spans:
    """The same places as spans in order, none of which touch."""
    joined: Spans = []
    for start, stop in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], stop))
        else:
            joined.append((start, stop))
    return joined


class _Plain:
    """A text as the windows see it: NFC, lower case, letters and digits only, with the bounds of its eojeol."""

    def __init__(self, text: str):
        eojeol = _DROPPED.sub("", unicodedata.normalize("NFC", text).lower()).split()
        self.letters = "".join(eojeol)
        self.bounds = np.cumsum([0, *map(len, eojeol)])
        points = code_points(self.letters).astype(np.uint64)
        powers, self._inverse = _powers(_capacity(points.size))
        self._sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(points * powers[: points.size])])

    def of_eojeol(self, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Starts and stops of all windows of that many eojeol."""
        return self.bounds[:-count], self.bounds[count:]

    def of_chars(self, count: int) -> tuple[np.ndarray, np.ndarray]:
        starts = np.arange(max(0, len(self.letters) - count + 1))
        return starts, starts + count

    def hashes(self, starts: np.ndarray, stops: np.ndarray) -> np.ndarray:
        values = (self._sums[stops] - self._sums[starts]) * self._inverse[starts]
        values ^= values >> np.uint64(30)
        values *= np.uint64(0xBF58476D1CE4E5B9)
        values ^= values >> np.uint64(27)
        values *= np.uint64(0x94D049BB133111EB)
        return values ^ (values >> np.uint64(31))


def _met(hashes: np.ndarray, known: Windows) -> np.ndarray:
    """Which of these windows stand in a set."""
    places = hashes >> np.uint64(known.shift)
    may = np.flatnonzero((known.bitmap[places >> np.uint64(3)] >> (places & np.uint64(7)).astype(np.uint8)) & 1)
    if not may.size:
        return may
    at = np.minimum(np.searchsorted(known.hashes, hashes[may]), known.hashes.size - 1)
    return may[known.hashes[at] == hashes[may]]


def _places(text: str) -> list[int]:
    """Where in the text each letter of its plain form comes from."""
    return [at for at, letter in enumerate(text) for _ in _NOT_WORD.sub("", letter.lower())]


def _capacity(size: int) -> int:
    return 1 << max(12, size.bit_length())


@lru_cache(maxsize=12)
def _powers(size: int) -> tuple[np.ndarray, np.ndarray]:
    def powers(base: int) -> np.ndarray:
        factors = np.full(size, base, np.uint64)
        factors[0] = 1
        return np.cumprod(factors)

    return powers(_MULTIPLIER), powers(_INVERSE)
