"""A batch of texts as flat arrays: code points, their classes, eojeol and lines.

Every quality signal is an arithmetic over these arrays, so that a batch costs a few passes of NumPy and no Python
object a character. Work and memory are linear in the text, whatever it holds.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from malmoi.text.encoding import code_points
from malmoi.text.eojeol import class_counts, sums

SYMBOL, SPACE, NEWLINE, HANGUL, JAMO, DIGIT, LATIN, LETTER, PUNCTUATION, STOP = range(10)
"""Classes of code points. ``STOP`` ends a sentence; ``PUNCTUATION`` is what prose holds besides."""

_GROUP_CHARS = 300_000
"""Texts are laid out in groups of about this size, so that the arrays stay in the processor's cache."""

_STOPS = ".!?…。！？"
_PUNCTUATION = ",'\"()[]:;~/%-–—“”‘’·ㆍ<>《》〈〉「」『』&+℃→*#`_，（）："


class Layout(NamedTuple):
    """``n`` texts, each followed by one line feed, as one array of ``m`` code points."""

    codes: np.ndarray  # uint32 [m], code points above the basic plane are folded to U+FFFF
    classes: np.ndarray  # uint8 [m]
    blank: np.ndarray  # bool [m], white space
    text_start: np.ndarray  # int64 [n], first code point of each text
    eojeol_start: np.ndarray  # int64 [e]
    eojeol_end: np.ndarray  # int64 [e], exclusive
    eojeol_text: np.ndarray  # int64 [e], index of the text
    line_start: np.ndarray  # int64 [l], lines that hold an eojeol; first code point of the first eojeol
    line_end: np.ndarray  # int64 [l], exclusive, end of the last eojeol
    line_text: np.ndarray  # int64 [l]
    line_eojeol: np.ndarray  # int64 [l], index of the line's first eojeol

    @property
    def texts(self) -> int:
        return len(self.text_start)

    @property
    def text_lengths(self) -> np.ndarray:
        """Code points of each text and its line feed, int64 [n]."""
        return np.diff(self.text_start, append=len(self.codes))

    def class_counts(self) -> np.ndarray:
        """Code points of every class per text, int64 [n, 10]; the line feed behind each text is counted."""
        return class_counts(self.classes, self.text_start, 10)

    def per_document(self, mask: np.ndarray) -> np.ndarray:
        """True code points per text, int64 [n]."""
        return np.add.reduceat(mask.view(np.uint8), self.text_start, dtype=np.int64)

    def per_text(self, owner: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
        """Sums ``weights`` (bool, float64, or ones) of eojeol or lines into their texts, float64 [n]."""
        return sums(owner, weights, self.texts)


@cache
def character_table(characters: str) -> np.ndarray:
    """bool [65536], True at these characters: ``character_table("가나")[codes]`` is a fast ``isin``."""
    table = np.zeros(0x10000, bool)
    table[[ord(character) for character in characters]] = True
    return table


@cache
def class_table() -> np.ndarray:
    """uint8 [65536]: the class of every code point."""
    table = np.full(0x10000, SYMBOL, np.uint8)
    for code in range(0x10000):
        category = unicodedata.category(chr(code))
        if category[0] == "L" or category in ("Mn", "Mc"):
            table[code] = LETTER
        elif category == "Nd":
            table[code] = DIGIT
        elif chr(code).isspace():
            table[code] = SPACE
    table[ord("\n")] = NEWLINE
    table[ord("A") : ord("Z") + 1] = LATIN
    table[ord("a") : ord("z") + 1] = LATIN
    table[0xC0:0x250][table[0xC0:0x250] == LETTER] = LATIN
    table[0xAC00:0xD7A4] = HANGUL
    table[0x3131:0x3164] = JAMO
    table[0x1100:0x1200] = JAMO
    table[character_table(_PUNCTUATION)] = PUNCTUATION
    table[character_table(_STOPS)] = STOP
    return table


def groups(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """``[low, high)`` of runs of texts that are laid out together."""
    low = size = 0
    for index, text in enumerate(texts):
        size += len(text)
        if size >= _GROUP_CHARS:
            yield low, index + 1
            low, size = index + 1, 0
    if low < len(texts):
        yield low, len(texts)


def lay_outs(texts: Sequence[str]) -> Iterator[Layout]:
    """The layouts of all groups of a batch, in order; kept in a list, they serve all who measure the batch."""
    return (lay_out(texts[low:high]) for low, high in groups(texts))


def lay_out(texts: Sequence[str]) -> Layout:
    """Builds the arrays of a batch that holds at least one text."""
    joined = "\n".join(texts) + "\n"
    codes = code_points(joined)
    codes = np.minimum(codes, 0xFFFF)
    classes = class_table()[codes]
    lengths = np.fromiter(map(len, texts), np.int64, len(texts)) + 1
    text_start = np.cumsum(lengths) - lengths

    blank = (classes == SPACE) | (classes == NEWLINE)
    edges = np.flatnonzero(blank[1:] != blank[:-1]) + 1
    if not blank[0]:
        edges = np.concatenate(([0], edges))
    eojeol_start, eojeol_end = edges[0::2].copy(), edges[1::2].copy()
    first_eojeol = np.searchsorted(eojeol_start, text_start)
    eojeol_text = np.repeat(np.arange(len(texts)), np.diff(first_eojeol, append=len(eojeol_start)))

    opens_line = np.ones(len(eojeol_start), bool)
    if len(eojeol_start):
        feeds = np.add.reduceat((classes == NEWLINE).view(np.uint8), eojeol_start, dtype=np.int32)
        opens_line[1:] = feeds[:-1] > 0
    line_eojeol = np.flatnonzero(opens_line)
    last = np.append(line_eojeol[1:], len(eojeol_start)) - 1 if len(line_eojeol) else line_eojeol
    return Layout(
        codes,
        classes,
        blank,
        text_start,
        eojeol_start,
        eojeol_end,
        eojeol_text,
        eojeol_start[line_eojeol],
        eojeol_end[last],
        eojeol_text[line_eojeol],
        line_eojeol,
    )
