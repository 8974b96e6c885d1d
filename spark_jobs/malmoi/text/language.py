"""Is it Korean? Hangul belongs to one language, so the share of Hangul answers for nearly every page.

Only pages between the two certain ends are looked at closer: their code, commands, addresses and tables are set aside,
and what is left is weighed letter by letter.
"""

import re
from functools import cache
from typing import NamedTuple

import numpy as np

from malmoi.text.passes import count

_NO_HANGUL_BELOW = 0.02
_LATIN_PER_SYLLABLE = 2.5
"""A Hangul syllable carries about as much as two to three Latin letters."""
_READ_CHARS = 20_000
_PROSE_WORDS = 6
"""A line without Hangul and with fewer words is a label, a command or a heading and says nothing."""

_FENCE = re.compile(r"^(```|~~~)[^\n]*\n.*?(?:^\1[^\n]*$|\Z)", re.MULTILINE | re.DOTALL)
_ASIDE = re.compile(r"`[^`\n]{1,500}`|https?://[^\s)>\]]{1,500}|<[^<>\n]{1,300}>")
_CODE = re.compile(r"[{};=<>|$\\]|\w\(|\w_\w|::|^\s*(?:[#$>]|//|--)|\w\.\w+\.\w|^\S+:\s*\S+$")
_HANGUL = re.compile(r"[가-힣ㄱ-ㆎ]")
_JAMO = re.compile(r"[ㄱ-ㆎ]")
_LETTER = re.compile(r"[^\W\d_]")

_IS_SYLLABLE, _IS_BLANK, _IS_HANGUL, _IS_KANA, _IS_LETTER = range(5)
_ASSIGNED = 0x40000
"""No code point from here on is a letter."""


class Share(NamedTuple):
    """What the quick look found. ``certain`` is True where nothing closer is needed."""

    language: str  # "ko", "und", or "" for not Korean
    share: float
    certain: bool


@cache
def _marks(kind: int) -> np.ndarray:
    """uint8 [2**18], 1 at code points of a kind; a syllable is what UTF-8 begins with EA to ED, next to nothing else."""
    marks = np.zeros(_ASSIGNED, np.uint8)
    if kind == _IS_SYLLABLE:
        marks[0xA000:0xD800] = 1
    elif kind == _IS_BLANK:
        marks[[ord(blank) for blank in " \n\t"]] = 1
    elif kind == _IS_HANGUL:
        marks[0xAC00:0xD7A4] = marks[0x3131:0x318F] = 1
    elif kind == _IS_KANA:
        marks[0x3040:0x3100] = 1
    else:
        marks[:] = [_LETTER.match(chr(code)) is not None for code in range(_ASSIGNED)]
    return marks


def hangul_share(text: str) -> float:
    """Hangul syllables per non-space, 0..1."""
    hangul, blank = (count(text, _marks(kind)) for kind in (_IS_SYLLABLE, _IS_BLANK))
    return min(hangul / max(len(text) - blank, 1), 1.0)


def quick_look(text: str, min_share: float) -> Share:
    """Decides by the share of Hangul where it is clear: "ko" from ``min_share`` on."""
    share = hangul_share(text)
    if share >= min_share:
        return Share("ko", share, True)
    if share < _NO_HANGUL_BELOW:
        if len(_JAMO.findall(text)) > min_share * len(text):
            return Share("ko", share, True)
        return Share("" if _LETTER.search(text) else "und", share, True)
    return Share("", share, False)


def prose_share(text: str) -> tuple[float, str]:
    """Weight of Hangul among the letters of the prose, 0..1, and the prose itself: no code, commands, addresses.

    Reads at most 20,000 code points.
    """
    body = text[:_READ_CHARS]
    if "```" in body or "~~~" in body:
        body = _FENCE.sub("\n", body)
    body = _ASIDE.sub(" ", body)
    prose = "\n".join(line for line in body.split("\n") if _is_prose(line))
    hangul, kana, letters = (count(prose, _marks(kind)) for kind in (_IS_HANGUL, _IS_KANA, _IS_LETTER))
    letters -= hangul
    total = hangul + (letters - kana) / _LATIN_PER_SYLLABLE + kana
    return (hangul / total if total else 0.0), prose


def _is_prose(line: str) -> bool:
    """Lines with Hangul are; others when they have some words and no sign of code."""
    latin = line.isascii()
    if not latin and _HANGUL.search(line):
        return True
    return len(line.split()) >= (_PROSE_WORDS if latin else 1) and not _CODE.search(line)
