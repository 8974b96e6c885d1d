"""Is it Korean? Hangul belongs to one language, so the share of Hangul answers for nearly every page.

Only pages between the two certain ends are looked at closer: their code, addresses and tables are set aside, and what
is left is weighed letter by letter.
"""

import re
from typing import NamedTuple

_LEADS = bytes([0xEA, 0xEB, 0xEC, 0xED])
"""First bytes of three-byte UTF-8 for U+A000..U+DFFF: Hangul syllables, and next to nothing else."""
_NO_HANGUL_BELOW = 0.02
_LATIN_PER_SYLLABLE = 2.5
"""A Hangul syllable carries about as much as two to three Latin letters."""
_READ_CHARS = 20_000

_FENCE = re.compile(r"^(```|~~~)[^\n]*\n.*?(?:^\1[^\n]*$|\Z)", re.MULTILINE | re.DOTALL)
_ASIDE = re.compile(
    r"`[^`\n]{1,500}`|https?://[^\s)>\]]{1,500}|<[^<>\n]{1,300}>|\S{1,100}@\S{1,100}|[\w./\\:-]{0,100}[./\\_:=-]\w[\w./\\:-]{0,100}",
    re.ASCII,
)
_HANGUL = re.compile(r"[가-힣ㄱ-ㆎ]+")
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
        if not _LETTERS.search(text):
            return Share("und", share, True)
        return Share("", share, bool(not _HANGUL.search(text)))
    return Share("", share, False)


def prose_share(text: str) -> tuple[float, str]:
    """Weight of Hangul among the letters of the prose, 0..1, and the prose itself (code and addresses set aside).

    Reads at most 20,000 code points.
    """
    prose = _ASIDE.sub(" ", _FENCE.sub("\n", text[:_READ_CHARS]))
    hangul = sum(map(len, _HANGUL.findall(prose)))
    kana = len(_KANA.findall(prose))
    letters = sum(map(len, _LETTERS.findall(prose))) - hangul
    other = (letters - kana) / _LATIN_PER_SYLLABLE + kana
    total = hangul + other
    return (hangul / total if total else 0.0), prose
