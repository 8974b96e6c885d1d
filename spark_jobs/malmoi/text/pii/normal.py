"""One spelling for the many that people use: full-width digits, dashes, dots, stars, circled digits.

The map is one to one, so positions stay. What has no width (zero-width spaces, soft hyphens, variation selectors) and
HTML entities cannot be mapped one to one; a text that holds them is made shorter, and ``View.offsets`` leads back. So is
one with a run of digits that is too long to be anyone's number: 50 MB of digits would cost a minute.
"""

import html
import re
import unicodedata
from array import array
from typing import NamedTuple

import numpy as np

from malmoi.text.passes import spelled


class View(NamedTuple):
    """``text`` in one spelling; ``offsets[i]`` is where code point i stood (None: at i); one more for the end."""

    text: str
    offsets: array | None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The positions of ``[start, end)`` in the text as given; what has no width inside is included."""
        if self.offsets is None:
            return start, end
        return self.offsets[start], self.offsets[end - 1] + 1 if end > start else self.offsets[start]


def _table() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    for code in range(0x80, 0x20000):  # beyond these two planes Unicode has no digits
        if unicodedata.category(chr(code)) == "Nd":
            table[code] = str(unicodedata.digit(chr(code)))
    for first, value in ((0x2460, 1), (0x2776, 1), (0x2780, 1), (0x278A, 1)):
        table |= {first + i: str(value + i) for i in range(9)}
    table |= {0x24EA: "0", 0x24FF: "0"}
    for spellings, plain in (
        ("‐‑‒–—―−ㅡ﹣➖─━", "-"),
        ("〜∼˜～", "~"),
        ("\u00a0\u3000\u2002\u2003\u2007\u2009\u202f", " "),
        ("●○•◯◎∗✱×✕❌■□★☆◆", "*"),
        ("・ㆍ‧∙⋅•", "·"),
        ("﹕︓", ":"),
        ("．。", "."),
    ):
        table |= {ord(letter): plain for letter in spellings if ord(letter) not in table or plain != "·"}
    return table


_WIDTHLESS = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0e\ufe0f\u20e3")
_SHORTER = re.compile(
    rf"[{''.join(sorted(_WIDTHLESS))}]|&#[0-9]{{2,5}};|&#[xX][0-9A-Fa-f]{{2,4}};|"
    "&(?:nbsp|commat|period|hyphen|ndash|amp|shy|lpar|rpar|ast|colon|num);|[0-9]{64,}"
)
_ENDLESS = 64
_NOTHING = "\ufffd"

_PLANES = 0x20000
_PLAIN = np.arange(_PLANES, dtype="<u4")
_ODD, _CUT = 1, 2
_KIND = np.zeros(_PLANES + 1, np.uint8)
"""By code point: spelled oddly, or what a piece that is left out begins with. The last place is for all code points beyond."""
for _code, _letter_in_plain in _table().items():
    _PLAIN[_code], _KIND[_code] = ord(_letter_in_plain), _ODD
_KIND[[ord(letter) for letter in (*_WIDTHLESS, "&")]] = _CUT


def view(text: str) -> View:
    """The text as the rules read it."""
    plain, starts, endless = spelled(text, _KIND, _PLAIN, _ENDLESS)
    tried = (_SHORTER.match(text, start) for start in starts)
    cuts = list(_SHORTER.finditer(text)) if endless else [cut for cut in tried if cut]
    if not cuts:
        return View(plain, None)
    shorter, offsets = _shorten(text, cuts)
    return View(spelled(shorter, _KIND, _PLAIN, _ENDLESS)[0], offsets)


def _shorten(text: str, cuts: list[re.Match[str]]) -> tuple[str, array]:
    pieces: list[str] = []
    offsets = array("L")
    done = 0
    for cut in cuts:
        pieces.append(text[done : cut.start()])
        offsets.frombytes(np.arange(done, cut.start(), dtype="L").tobytes())
        letter = _letter(cut.group())
        if letter:
            pieces.append(letter)
            offsets.append(cut.end() - 1)
        done = cut.end()
    pieces.append(text[done:])
    offsets.frombytes(np.arange(done, len(text) + 1, dtype="L").tobytes())
    return "".join(pieces), offsets


def _letter(found: str) -> str:
    if found[0].isdigit():
        return _NOTHING
    letter = html.unescape(found)
    if found[0] != "&" or len(letter) != 1 or letter in _WIDTHLESS:
        return ""
    return letter
