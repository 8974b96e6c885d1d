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

import numpy as np
import pyarrow as pa

from malmoi.text.profanity.alphabet import PAD, VOWELS, WIDTH, decompose, encode, table

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
_GAP = f"{PAD}*(?:[{re.escape(_SIGNS)} ]{PAD}*){{0,4}}"
_ELEMENT = re.compile(r"(=?)(\[[^\]]+\]|[ㄱ-ㅣㆁ])(\??)")


def pattern(spelling: str) -> str:
    """The RE2 pattern, over encoded text, of a root in the notation above. Raises ValueError for a bad element."""
    parts = []
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
    """A regular expression over lower-case Latin as a pattern on the skeleton: signs may stand between its atoms."""
    atoms = re.findall(r"(?:\[[^\]]+\]|\([^)]*\)|\\.|.)[?+*]?", expression)
    joined = []
    for atom in atoms:
        body, many = (atom[:-1], atom[-1]) if atom[-1] in "?+*" and len(atom) > 1 else (atom, "")
        joined.append(f"(?:{body}{PAD}*){many}")
    return f"(?:{PAD}*[.0-9]{PAD}*){{0,2}}".join(joined)


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
    return f"{silent}{one}(?:{PAD}*{silent}{_set(''.join(dict.fromkeys(allowed + _DRAWN_OUT + '.')))})" + "{0,4}"


class Skeletons:
    """The skeletons of a batch of texts, one after another in one buffer.

    ``column`` is an Arrow string array for the gate, ``of(row)`` the bytes of one text; position / 4 is the code point.
    """

    def __init__(self, texts: list[str]):
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
        signs = table()
        self._data = signs[np.minimum(codes, len(signs) - 1)].tobytes()
        self._ends = np.concatenate(([0], np.cumsum(lengths))) * WIDTH
        self.column = pa.LargeStringArray.from_buffers(
            len(texts), pa.py_buffer(self._ends.tobytes()), pa.py_buffer(self._data)
        )

    def of(self, row: int) -> bytes:
        """Skeleton of one text, four bytes a code point."""
        return self._data[self._ends[row] : self._ends[row + 1]]
