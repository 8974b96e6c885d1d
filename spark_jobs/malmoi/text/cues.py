"""Phrases that hint at what a text is for, found in one pass over a batch.

The phrases lie in ``data/cues.toml``, by kind. A hash of the next one to four code points is looked up for every place at
once (Rabin and Karp 1987, Wu and Manber 1994); only the few places that pass are compared. For this lexicon that costs a
fifth of an Aho-Corasick automaton that steps through every code point. Only counts and covered places leave this module;
what they mean is decided in ``spam.py`` and ``signals.py``.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from malmoi.text import passes
from malmoi.text.encoding import code_points
from malmoi.text.layout import DIGIT, HANGUL, JAMO, LATIN, LETTER, Layout, class_table

_PREFIX = 4
"""Code points that are hashed; shorter phrases are hashed whole."""
_BITS = 20
_PAIR_BITS = 16
_MULTIPLIERS = np.array((0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F), np.uint32)
_SPREAD = np.uint32(0x2545F491)
_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LOWER = str.maketrans(_UPPER, _UPPER.lower())
_SENTENCE_WINDOW = 200


class Cues(NamedTuple):
    """``n`` texts against the kinds of ``kinds()``."""

    different: np.ndarray  # float64 [n, kinds], different phrases found
    hits: np.ndarray  # float64 [n, kinds], phrases found
    chars: np.ndarray  # float64 [n, kinds], code points that they cover; overlapping phrases count once
    filler: np.ndarray  # float64 [n], code points of the sentences that hold a filler phrase


class Hints(NamedTuple):
    """Where phrases may stand in a text, and which: a superset of what ``find`` counts, for a fraction of its time."""

    codes: np.ndarray  # uint32 [m], the text's code points in lower case, those above the basic plane folded to U+FFFF
    places: np.ndarray  # int64 [p], sorted
    kinds: np.ndarray  # bool [p, kinds]
    chars: np.ndarray  # int64 [p], code points of the longest phrase that may stand there


class _Phrase(NamedTuple):
    text: str
    number: int
    bounded: bool  # counts only at the start of a word
    kinds: tuple[int, ...]


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
def _phrases() -> tuple[_Phrase, ...]:
    meanings: dict[str, list[int]] = {}
    for kind, body in enumerate(_lexicon().values()):
        for phrase in body["phrases"]:
            phrase = phrase.translate(_LOWER)
            for spelling in dict.fromkeys((phrase, phrase.replace(" ", ""))):
                if kind not in meanings.setdefault(spelling, []):
                    meanings[spelling].append(kind)
    return tuple(
        _Phrase(spelling, number, len(spelling) < _PREFIX or spelling.isascii(), tuple(found))
        for number, (spelling, found) in enumerate(sorted(meanings.items()))
    )


@cache
def _lower_codes() -> np.ndarray:
    """uint32 [65536]: every code point itself, ASCII capitals as small letters."""
    table = np.arange(0x10000, dtype=np.uint32)
    table[ord("A") : ord("Z") + 1] += ord("a") - ord("A")
    return table


@cache
def _cased() -> np.ndarray:
    """uint8 [2**17], 1 at capitals; there are none beyond."""
    return np.array([chr(code).lower() != chr(code) for code in range(0x20000)]).view(np.uint8)


@cache
def _beginnings() -> tuple[np.ndarray, np.ndarray]:
    """Hashes of the first two code points of a phrase, bool [2**16], and phrases of one code point, bool [65536]."""
    pairs, singles = np.zeros(1 << _PAIR_BITS, bool), np.zeros(0x10000, bool)
    for phrase in _phrases():
        codes = _codes(phrase.text[:2])
        if len(codes) == 1:
            singles[codes] = True
        else:
            pairs[_pair_hashes(codes)] = True
    return pairs, singles


@cache
def _filters() -> tuple[np.ndarray, ...]:
    """For each length 1..4, the hashes of the phrases with that prefix length: bool [2**20]."""
    tables = tuple(np.zeros(1 << _BITS, bool) for _ in range(_PREFIX))
    for phrase in _phrases():
        codes = _codes(phrase.text[:_PREFIX])
        tables[len(codes) - 1][_spread(_mixed(codes), _BITS)] = True
    return tables


@cache
def _by_prefix() -> dict[str, list[_Phrase]]:
    found: dict[str, list[_Phrase]] = {}
    for phrase in _phrases():
        found.setdefault(phrase.text[:_PREFIX], []).append(phrase)
    return found


@cache
def _meanings() -> tuple[tuple[np.ndarray, np.ndarray, np.ndarray], ...]:
    """For each length 1..4 the prefixes of that length: their mixed code points, sorted, uint32 [q]; kinds of the phrases that
    begin so, bool [q, kinds]; code points of the longest, int64 [q]."""
    found: list[dict[int, list[_Phrase]]] = [{} for _ in range(_PREFIX)]
    for phrase in _phrases():
        codes = _codes(phrase.text[:_PREFIX])
        found[len(codes) - 1].setdefault(int(_mixed(codes)[0]), []).append(phrase)
    return tuple(
        (
            np.array(sorted(by_prefix), np.uint32),
            np.array([np.isin(range(len(kinds())), [k for p in by_prefix[at] for k in p.kinds]) for at in sorted(by_prefix)]),
            np.array([max(len(phrase.text) for phrase in by_prefix[at]) for at in sorted(by_prefix)]),
        )
        for by_prefix in found
    )  # fmt: skip


@cache
def _in_words() -> np.ndarray:
    """bool [65536], True at what words consist of."""
    return np.isin(class_table(), (HANGUL, JAMO, DIGIT, LATIN, LETTER))


def _mixed(codes: np.ndarray) -> np.ndarray:
    return np.bitwise_xor.reduce(codes * _MULTIPLIERS[: len(codes)], keepdims=True)


def _codes(text: str) -> np.ndarray:
    return np.array([min(ord(char), 0xFFFF) for char in text], np.uint32)


def _spread(mixed: np.ndarray, bits: int) -> np.ndarray:
    return (mixed * _SPREAD) >> np.uint32(32 - bits)


def _pair_hashes(codes: np.ndarray) -> np.ndarray:
    """Hash of every two code points that follow one another."""
    return _spread(codes[:-1] * _MULTIPLIERS[0] ^ codes[1:] * _MULTIPLIERS[1], _PAIR_BITS)


def find(texts: list[str], layout: Layout) -> Cues:
    """Counts the cues of each text; ``layout`` is that of the same texts. Linear in the text."""
    shape = (len(texts), len(kinds()))
    different, hits, chars, filler = np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros(len(texts))
    known: dict[str, tuple[list[_Phrase], list[_Phrase]]] = {}
    places = _candidates(_lower_codes()[layout.codes])
    edges = np.searchsorted(places, np.append(layout.text_start, len(layout.codes)))
    for row in np.flatnonzero(np.diff(edges)).tolist():
        inside = (places[edges[row] : edges[row + 1]] - layout.text_start[row]).tolist()
        different[row], hits[row], chars[row], filler[row] = _compare(_lowered(texts[row]), inside, known)
    return Cues(different, hits, chars, filler)


def hints(text: str) -> Hints:
    """The hints of a text, or of several joined by line feeds, which no phrase holds."""
    codes = _lower_codes()[np.minimum(code_points(text + "\n"), 0xFFFF)]
    places = _candidates(codes)
    found, chars = np.zeros((len(places), len(kinds())), bool), np.zeros(len(places), np.int64)
    mixed = np.zeros(len(places), np.uint32)
    for place, (prefixes, meanings, lengths) in enumerate(_meanings()):
        mixed ^= codes[np.minimum(places + place, len(codes) - 1)] * _MULTIPLIERS[place]
        at = np.minimum(np.searchsorted(prefixes, mixed), len(prefixes) - 1)
        met = np.flatnonzero(prefixes[at] == mixed)
        found[met] |= meanings[at[met]]
        chars[met] = np.maximum(chars[met], lengths[at[met]])
    return Hints(codes, places, found, chars)


def _candidates(codes: np.ndarray) -> np.ndarray:
    """Places at which a phrase may start, sorted, int64, in code points of lower case. The first two of them rule out nine
    places in ten, in a table that stays in the processor's cache. A phrase holds no line feed, and every text has one behind
    it."""
    pairs, singles = _beginnings()
    begun = pairs[_pair_hashes(codes)]
    begun |= singles[codes[:-1]]
    places = np.flatnonzero(begun)
    opens = (places == 0) | ~_in_words()[codes[places - 1]]
    passed = np.zeros(len(places), bool)
    mixed = np.zeros(len(places), np.uint32)
    for place, table in enumerate(_filters()):
        mixed ^= codes[np.minimum(places + place, len(codes) - 1)] * _MULTIPLIERS[place]
        found = table[_spread(mixed, _BITS)]
        passed |= found if place == _PREFIX - 1 else found & opens
    return places[passed]


def _compare(text: str, places: list[int], known: dict) -> tuple[list[int], list[int], list[int], int]:
    width, filler_kind = len(kinds()), column("filler")
    different, hits, chars, reached = [0] * width, [0] * width, [0] * width, [0] * width
    filler = filler_end = 0
    seen = set()
    for start in places:
        for phrase in _starting_at(text, start, known):
            end = start + len(phrase.text)
            new = phrase.number not in seen
            seen.add(phrase.number)
            for kind in phrase.kinds:
                hits[kind] += 1
                different[kind] += new
                if end > reached[kind]:
                    chars[kind] += end - max(start, reached[kind])
                    reached[kind] = end
                if kind == filler_kind and end > filler_end:
                    begin, filler_end = _sentence(text, start, end, filler_end)
                    filler += filler_end - begin
    return different, hits, chars, filler


def _starting_at(text: str, start: int, known: dict[str, tuple[list[_Phrase], list[_Phrase]]]) -> list[_Phrase]:
    """Phrases of the lexicon that stand at ``start``; ``known`` remembers what begins with the same prefix."""
    prefix = text[start : start + _PREFIX]
    if prefix not in known:
        by_prefix = _by_prefix()
        short = [p for length in range(1, len(prefix)) for p in by_prefix.get(prefix[:length], ())]
        known[prefix] = (by_prefix.get(prefix, []), short)
    long, short = known[prefix]
    found = [p for p in long if text.startswith(p.text, start)] if long else []
    opens = start == 0 or not text[start - 1].isalnum()
    if opens and short:
        found += short
    return [p for p in found if not p.bounded or (opens and _is_whole(text, start + len(p.text)))]


def _is_whole(text: str, end: int) -> bool:
    """False for Latin letters or digits that go on: "top" in "topic"."""
    if end >= len(text):
        return True
    last, following = text[end - 1], text[end]
    return not (last.isascii() and last.isalnum() and following.isascii() and following.isalnum())


def _lowered(text: str) -> str:
    """Lower case with every place kept; a few capital letters become two code points in ``str.lower``."""
    plain = passes.lowered(text, _cased())
    if plain is not None:
        return plain
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else text.translate(_LOWER)


def _sentence(text: str, start: int, end: int, done: int) -> tuple[int, int]:
    """Bounds of the sentence around a hit, at most 200 code points to each side, from ``done`` on."""
    low = max(done, start - _SENTENCE_WINDOW)
    begin = max(low, *(text.rfind(sign, low, start) + 1 for sign in ".!?\n"))
    high = min(len(text), end + _SENTENCE_WINDOW)
    found = [place + 1 for place in (text.find(sign, end, high) for sign in ".!?\n") if place >= 0]
    return begin, min(found, default=high)
