"""Repetition inside one document, measured on eojeol, by hashes of a whole batch at once.

Korean needs eojeol, not morphemes, here: the n-gram limits that English pipelines publish are per word and are measured
anew by ``malmoi calibrate``.
"""

from typing import NamedTuple

import numpy as np

from malmoi.text.eojeol import hashes, most_frequent, occurrences
from malmoi.text.layout import Layout

LONG, SHORT = 5, 3
"""Eojeol in a sequence: five for copied passages, three for templates in which one word changes."""
STEM = 2
"""Code points that stand for an eojeol's stem: most nouns have two syllables, and josa follow them."""

_MIN_FOR_VARIETY = 15


class Repetition(NamedTuple):
    """One float64 per text each."""

    unique_eojeol: np.ndarray  # different eojeol per eojeol
    repeated_lines: np.ndarray  # code points in lines that stood before / code points of all lines
    repeated_ngrams: np.ndarray  # code points in 5-eojeol sequences that stood before / code points of all eojeol
    repeated_trigrams: np.ndarray  # the same of 3-eojeol sequences
    top_stem: np.ndarray  # occurrences of the most frequent stem per eojeol
    variety: np.ndarray  # Herdan's C of the eojeol with Hangul: log different / log all; 1 below 15 of them


def repetition(layout: Layout, korean: np.ndarray) -> Repetition:
    """Measures every text of the layout; texts without eojeol give 1 and zeros (variety: 1).

    ``korean`` is True at eojeol that hold Hangul, bool [e]. Lines without any are code or figures, which repeat by
    nature: they count in the whole, never as repeated.
    """
    owner = layout.eojeol_text
    eojeol_hash = _eojeol_hashes(layout)
    eojeol_chars = (layout.eojeol_end - layout.eojeol_start).astype(np.float64)
    count = layout.per_text(owner)
    total = np.maximum(layout.per_text(owner, eojeol_chars), 1)
    korean_line, in_korean_line = _korean_lines(layout, korean)

    first, again = occurrences(eojeol_hash, owner)
    again &= in_korean_line

    line_chars = (layout.line_end - layout.line_start).astype(np.float64)
    line_first, _ = occurrences(_line_hashes(layout, eojeol_hash), layout.line_text)
    repeated_lines = layout.per_text(layout.line_text, line_chars * (~line_first & korean_line))
    all_lines = layout.per_text(layout.line_text, line_chars)

    def repeated(length: int) -> np.ndarray:
        covered = _repeated_sequences(eojeol_hash, again, owner, length)
        return layout.per_text(owner, eojeol_chars * covered) / total

    return Repetition(
        np.where(count > 0, layout.per_text(owner, first) / np.maximum(count, 1), 1.0),
        repeated_lines / np.maximum(all_lines, 1),
        repeated(LONG),
        repeated(SHORT),
        _top_stem(layout) / np.maximum(count, 1),
        _variety(layout.per_text(owner, first & korean), layout.per_text(owner, korean)),
    )


def _korean_lines(layout: Layout, korean: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lines that hold Hangul, bool [l], and the eojeol in them, bool [e]."""
    if not len(layout.line_eojeol):
        return np.zeros(0, bool), np.zeros(0, bool)
    lines = np.logical_or.reduceat(korean, layout.line_eojeol)
    return lines, np.repeat(lines, np.diff(layout.line_eojeol, append=len(korean)))


def _variety(different: np.ndarray, count: np.ndarray) -> np.ndarray:
    enough = count >= _MIN_FOR_VARIETY
    return np.where(enough, np.log(np.maximum(different, 1)) / np.log(np.maximum(count, 2)), 1.0)


def _mix(values: np.ndarray) -> np.ndarray:
    """The finalizer of splitmix64 (Steele, Lea, Flood 2014): spreads integers over 64 bits."""
    with np.errstate(over="ignore"):
        values = values.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
        values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return values ^ (values >> np.uint64(31))


def _eojeol_hashes(layout: Layout) -> np.ndarray:
    """One uint64 an eojeol: sum of code point times a weight by its place."""
    lengths = layout.eojeol_end - layout.eojeol_start
    weights = _mix(np.arange(lengths.max(initial=0)))
    return hashes(layout.codes, layout.eojeol_start, layout.eojeol_end, weights)


def _line_hashes(layout: Layout, eojeol_hash: np.ndarray) -> np.ndarray:
    """One uint64 a line: sum of eojeol hash times a weight by its place in the line."""
    if not len(layout.line_eojeol):
        return np.zeros(0, np.uint64)
    lengths = np.diff(layout.line_eojeol, append=len(eojeol_hash))
    place = np.arange(len(eojeol_hash)) - np.repeat(layout.line_eojeol, lengths)
    weights = _mix(np.arange(int(lengths.max()))) | np.uint64(1)
    with np.errstate(over="ignore"):
        return np.add.reduceat(eojeol_hash * weights[place], layout.line_eojeol)


def _repeated_sequences(hashes: np.ndarray, again: np.ndarray, owner: np.ndarray, length: int) -> np.ndarray:
    """True for every eojeol inside a sequence of ``length`` eojeol that the same text held before.

    Only sequences in which every eojeol occurs more than once can repeat; the others are never hashed.
    """
    covered = np.zeros(len(hashes), bool)
    count = len(hashes) - length + 1
    if count <= 0:
        return covered
    possible = owner[:count] == owner[length - 1 :]
    for k in range(length):
        possible &= again[k : k + count]
    places = np.flatnonzero(possible)
    weights = _mix(np.arange(length)) | np.uint64(1)
    grams = np.zeros(len(places), np.uint64)
    with np.errstate(over="ignore"):
        for k in range(length):
            grams += hashes[places + k] * weights[k]
    first, _ = occurrences(grams, owner[places])
    repeated = places[~first]
    for k in range(length):
        covered[repeated + k] = True
    return covered


def _top_stem(layout: Layout) -> np.ndarray:
    """Occurrences of each text's most frequent stem, float64 [n]. Stems are the first code points of longer eojeol."""
    long = np.flatnonzero(layout.eojeol_end - layout.eojeol_start >= STEM)
    stems = np.zeros(len(long), np.uint64)
    for k in range(STEM):
        stems = (stems << np.uint64(16)) | layout.codes[layout.eojeol_start[long] + k]
    return most_frequent(stems, layout.eojeol_text[long], layout.texts)
