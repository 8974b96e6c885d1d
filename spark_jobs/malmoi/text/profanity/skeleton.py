"""Patterns on the skeleton: a root written in jamo matches every spelling that folds to it.

A pattern is a list of elements with spaces between them::

    "ㅅ ㅣ ㅂ ㅏ ㄹ"        each jamo stands for its class: tense and aspirated consonants, neighbouring vowels,
                          the Latin letters and digits that are typed, romanised or drawn for it
    "=ㅅ"                 this jamo alone
    "[ㅗㅛㅜ]"             one of these jamo alone
    "ㄹ?"                 may be missing

Between two elements there may be padding and up to three signs or digits (``ㅅ1ㅂ``) or a space; a vowel may be drawn out
(``씨이이발``), and the silent ㅇ may stand before a vowel (``십알``).
"""

import re
from itertools import accumulate

import numpy as np

from malmoi.text.encoding import code_points
from malmoi.text.profanity.alphabet import PAD, VOWELS, WIDTH, decompose, encode, table
from malmoi.text.profanity.latin import romanised, typed
from malmoi.text.scan import finder, rows

_CONSONANT_CLASSES = {
    "ㄱ": "ㄱㄲㅋrzgk7", "ㄲ": "ㄲㅋㄱrzk7", "ㄴ": "ㄴsn", "ㄷ": "ㄷㄸㅌedtx", "ㄹ": "ㄹflr", "ㅁ": "ㅁam", "ㅂ": "ㅂㅃㅍqbpv8", "ㅅ": "ㅅㅆts^c5",
    "ㅇ": "ㅇdo0", "ㅈ": "ㅈㅉㅊwjcz", "ㅊ": "ㅊㅈㅉcjw", "ㅋ": "ㅋㄱㄲkz", "ㅌ": "ㅌㄸㄷtx", "ㅍ": "ㅍㅂㅃpv", "ㅎ": "ㅎgh", "ㆁ": "ㆁㅇㄴdo0n", "ㄸ": "ㄸㄷㅌ",
    "ㅆ": "ㅆㅅts^", "ㅉ": "ㅉㅈㅊwj", "ㅃ": "ㅃㅂㅍqb",
}  # fmt: skip
_VOWEL_CLASSES = {
    "ㅏ": "ㅏㅑㅘak", "ㅐ": "ㅐㅔㅒㅖㅙㅞㅚoeph", "ㅓ": "ㅓㅕㅝuj", "ㅔ": "ㅔㅐㅒㅖㅙㅞㅚpeo", "ㅕ": "ㅕㅓㅡㅛyu", "ㅗ": "ㅗㅛoh", "ㅛ": "ㅛㅗy",
    "ㅜ": "ㅜㅠun", "ㅡ": "ㅡㅢum", "ㅣ": "ㅣㅟㅢㅡil1!|", "ㅑ": "ㅑㅏ", "ㅠ": "ㅠㅜ", "ㅢ": "ㅢㅣㅡ", "ㅟ": "ㅟㅣ",
}  # fmt: skip
_DRAWN_OUT = "ㅡ~"
_SIGNS = ".0123456789!|^"
_BETWEEN = _SIGNS + encode("ㅡㅋㅎ") + "xz"  # besides: laughter and the letters that stand for nothing (씨ㅋ발, 병x신)
_GAP = f"{PAD}*(?:[{re.escape(_BETWEEN)} ]{PAD}*){{0,4}}"
_FEW_SIGNS = f"(?:[{re.escape('._0123456789')}]{PAD * 3})" + "{0,2}"
_ADDED = f"(?:{PAD}*[{re.escape(encode('ㅅㅎ'))}])?"  # a coda that changes nothing: 씻발, 짓랄, 싷발
_ELEMENT = re.compile(r"(=?)(\[[^\]]+\]|[ㄱ-ㅣㆁ])(\??)")


def pattern(spelling: str) -> str:
    """The RE2 pattern, over encoded text, of a root in the notation above. Raises ValueError for a bad element."""
    parts: list[str] = []
    for element in spelling.split():
        found = _ELEMENT.fullmatch(element)
        if found is None:
            raise ValueError(f"not an element of a skeleton pattern: {element!r}")
        exact, letters, optional = found.groups()
        part = _vowel(letters, bool(exact)) if letters.strip("[]")[0] in VOWELS else _consonant(letters, bool(exact))
        gap = _GAP if parts else ""
        parts.append(f"(?:{gap}{part})?" if optional else gap + part)
    return "".join(parts)


def latin_pattern(expression: str) -> str:
    """A regular expression over lower-case Latin (latin.py) and spaces as a pattern on the skeleton; ``%``: up to two
    signs."""
    spread = re.sub(r"\[[^\]]+\]|[a-z ]", lambda atom: f"(?:{atom.group()}{PAD * 3})", expression)
    return spread.replace("%", _FEW_SIGNS)


def hybrids(word: str) -> list[str]:
    """Patterns for ``word`` with one syllable in Latin letters, typed or romanised: si발, tl발, 씨bal."""
    patterns = []
    for at, char in enumerate(word):
        before, after = ("".join(map(_character, part)) for part in (word[:at], word[at + 1 :]))
        for expression in (typed(char), romanised(char)):
            gaps = (_FEW_SIGNS if part else "" for part in (before, after))
            patterns.append(f"{before}{next(gaps)}{latin_pattern(expression)}{next(gaps)}{after}")
    return patterns


def mixed_pattern(expression: str) -> str:
    """A regular expression over characters (literals, ``[...]``, ``|``, ``(?:...)``, ``?``) as a pattern on the skeleton.

    A lone jamo matches only where it stands alone; ``%`` stands for up to three signs or digits.
    """
    parts = []
    for atom in re.findall(r"\(\?:|\[[^\]]+\]|.", expression):
        if atom == "%":
            parts.append(f"(?:[{re.escape(_SIGNS)}_]{PAD * 3})" + "{0,3}")
        elif atom[0] == "[" and len(atom) > 1:
            parts.append("(?:" + "|".join(_character(char) for char in atom[1:-1]) + ")")
        else:
            parts.append(atom if atom in ("(?:", ")", "|", "?", "+") else _character(atom))
    return "".join(parts)


def _character(char: str) -> str:
    return "(?:" + re.escape(encode(decompose(char.lower())).ljust(WIDTH, PAD)) + ")"


def _letters(letters: str, exact: bool, classes: dict[str, str]) -> str:
    if letters.startswith("["):
        return letters[1:-1]
    return letters if exact else classes.get(letters, letters)


def _set(letters: str) -> str:
    return "[" + re.escape(encode(letters)) + "]"


def _consonant(letters: str, exact: bool) -> str:
    one = _set(_letters(letters, exact, _CONSONANT_CLASSES))
    return f"{one}(?:{PAD}*{one})?"


def _vowel(letters: str, exact: bool) -> str:
    allowed = _letters(letters, exact, _VOWEL_CLASSES)
    one = _set(allowed)
    if not exact and ("ㅐ" in allowed):
        one = f"(?:{one}|{_set('ㅏㅓㅑㅕ')}{PAD}*{_set('ㅣ')}|ae)"
    silent = f"(?:{_set('ㅇ')}{PAD}*)?"
    return (
        f"{silent}{one}(?:{PAD}*{silent}{_set(''.join(dict.fromkeys(allowed + _DRAWN_OUT + '.')))})"
        + "{0,4}"
        + (_ADDED if "ㅅ" not in allowed else "")
    )


DRAWN_VOWELS = dict(zip("lIrH", "ㅣㅣㅏㅐ", strict=True))
"""Latin letters that are drawn for a vowel behind a lone consonant: ㅈl랄, ㅅlㅂrㄹ, ㄱH새끼."""


def _drawn_vowels(codes: np.ndarray, letters: np.ndarray) -> None:
    """Writes the vowel for what is drawn like one, in place."""
    behind = np.flatnonzero((codes >= ord("ㄱ")) & (codes <= ord("ㅎ"))) + 1
    behind = behind[behind < len(codes)]
    for shape, vowel in DRAWN_VOWELS.items():
        letters[behind[codes[behind] == ord(shape)]] = table()[ord(vowel)]


class Skeletons:
    """The skeletons of a batch of texts, one after another in one buffer, a line end between two.

    ``buffer`` is what the gates read; ``of(row)`` gives the bytes of one text; position / 4 is the code point.
    """

    def __init__(self, texts: list[str]):
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        codes = code_points("\n".join(texts))
        signs = table()
        letters = signs[np.minimum(codes, len(signs) - 1)]
        _drawn_vowels(codes, letters)
        self.buffer = letters.tobytes()
        self._starts = np.concatenate(([0], np.cumsum(lengths + 1))) * WIDTH

    def of(self, row: int) -> bytes:
        """Skeleton of one text, four bytes a code point."""
        return self.buffer[self._starts[row] : self._starts[row + 1] - WIDTH]

    def rows(self, gate) -> dict[int, int]:
        """Rows in which a compiled gate matches, and where it first does, in bytes of the skeleton."""
        return rows(finder(gate), self.buffer, self._starts.tolist())


def text_rows(texts: list[str], gate) -> dict[int, int]:
    """Rows in which a compiled gate over UTF-8 text matches, and where it first does."""
    return joined_rows([text.encode("utf-8", "surrogatepass") for text in texts], gate)


def joined_rows(data: list[bytes], gate) -> dict[int, int]:
    """Rows in which a compiled gate that crosses no line end matches, and where it first does."""
    starts = [0, *accumulate(len(row) + 1 for row in data)]
    return rows(finder(gate), b"\n".join(data), starts)
