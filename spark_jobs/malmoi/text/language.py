"""Is it Korean? Hangul belongs to one language, so the share of Hangul answers for nearly every page.

Only pages between the two certain ends are looked at closer: their code, commands, addresses and tables are set aside,
and what is left is weighed letter by letter.
"""

import re
from typing import NamedTuple

_LEADS = bytes([0xEA, 0xEB, 0xEC, 0xED])
"""First bytes of three-byte UTF-8 for U+A000..U+DFFF: Hangul syllables, and next to nothing else."""
_NO_HANGUL_BELOW = 0.02
_LATIN_PER_SYLLABLE = 2.5
"""A Hangul syllable carries about as much as two to three Latin letters."""
_READ_CHARS = 20_000
_PROSE_WORDS = 6
"""A line without Hangul and with fewer words is a label, a command or a heading and says nothing."""

_FENCE = re.compile(r"^(```|~~~)[^\n]*\n.*?(?:^\1[^\n]*$|\Z)", re.MULTILINE | re.DOTALL)
_ASIDE = re.compile(r"`[^`\n]{1,500}`|https?://[^\s)>\]]{1,500}|<[^<>\n]{1,300}>")
_CODE = re.compile(r"[{};=<>|$\\]|\w\(|\w_\w|::|^\s*(?:[#$>]|//|--)|\w\.\w+\.\w|^\S+:\s*\S+$")
_HANGUL = re.compile(r"[가-힣ㄱ-ㆎ]+")
_JAMO = re.compile(r"[ㄱ-ㆎ]")
_LETTERS = re.compile(r"[^\W\d_]+")
_KANA = re.compile(r"[\u3040-\u30ff]")


class Share(NamedTuple):
    """What the quick look found. ``certain`` is True where nothing closer is needed."""

    language: str  # "ko", "und", or "" for not Korean
    share: float
    certain: bool


def hangul_share(text: str) -> float:
    """Hangul syllables per non-space, 0..1, by counting UTF-8 lead bytes."""
    raw = text.encode("utf-8", "replace")
    hangul = len(raw) - len(raw.translate(None, _LEADS))
    blank = text.count(" ") + text.count("\n") + text.count("\t")
    return min(hangul / max(len(text) - blank, 1), 1.0)


def quick_look(text: str, min_share: float) -> Share:
    """Decides by the share of Hangul where it is clear: "ko" from ``min_share`` on."""
    share = hangul_share(text)
    if share >= min_share:
        return Share("ko", share, True)
    if share < _NO_HANGUL_BELOW:
        if len(_JAMO.findall(text)) > min_share * len(text):
            return Share("ko", share, True)
        return Share("" if _LETTERS.search(text) else "und", share, True)
    return Share("", share, False)


def prose_share(text: str) -> tuple[float, str]:
    """Weight of Hangul among the letters of the prose, 0..1, and the prose itself: no code, commands, addresses.

    Reads at most 20,000 code points.
    """
    body = _ASIDE.sub(" ", _FENCE.sub("\n", text[:_READ_CHARS]))
    prose = "\n".join(line for line in body.split("\n") if _is_prose(line))
    hangul = sum(map(len, _HANGUL.findall(prose)))
    kana = len(_KANA.findall(prose))
    letters = sum(map(len, _LETTERS.findall(prose))) - hangul
    total = hangul + (letters - kana) / _LATIN_PER_SYLLABLE + kana
    return (hangul / total if total else 0.0), prose


def _is_prose(line: str) -> bool:
    """Lines with Hangul are; others when they have some words and no sign of code."""
    latin = line.isascii()
    if not latin and _HANGUL.search(line):
        return True
    return len(line.split()) >= (_PROSE_WORDS if latin else 1) and not _CODE.search(line)
