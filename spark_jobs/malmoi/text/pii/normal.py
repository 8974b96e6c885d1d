"""One spelling for the many that people use: full-width digits, dashes, dots, stars, circled digits.

The map is one to one, so positions stay. What has no width (zero-width spaces, soft hyphens, variation selectors) and
HTML entities cannot be mapped one to one; a text that holds them is made shorter, and ``View.offsets`` leads back. So is
one with a run of digits that is too long to be anyone's number: 50 MB of digits would cost a minute.
"""

import html
import re
import sys
import unicodedata
from array import array
from typing import NamedTuple


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


_TABLE = {chr(code): plain for code, plain in _table().items()}
_ODD = frozenset(_TABLE)
_WIDTHLESS = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0e\ufe0f\u20e3")
_SHORTER = re.compile(
    rf"[{''.join(sorted(_WIDTHLESS))}]|&#[0-9]{{2,5}};|&#[xX][0-9A-Fa-f]{{2,4}};|"
    "&(?:nbsp|commat|period|hyphen|ndash|amp|shy|lpar|rpar|ast|colon|num);|[0-9]{64,}"
)
_ENDLESS = re.compile("[0-9]{64}")
_NOTHING = "\ufffd"


_IN_PLANE = re.compile(f"[{re.escape(''.join(sorted(odd for odd in _ODD | _WIDTHLESS if odd <= chr(0xFFFF))))}]")
_BEYOND = re.compile(f"[{chr(0x10000)}-{chr(sys.maxunicode)}]")
"""Two classes: with letters beyond the basic plane in it, one class is searched fifty times slower."""


def view(text: str) -> View:
    """The text as the rules read it."""
    offsets = None
    endless = _ENDLESS.search(text) is not None
    if "&" not in text and not endless and not _IN_PLANE.search(text) and not _BEYOND.search(text):
        return View(text, None)
    if "&" in text or endless or not _WIDTHLESS.isdisjoint(text):
        text, offsets = _shorten(text)
    for odd in sorted(_ODD.intersection(text)):
        text = text.replace(odd, _TABLE[odd])
    return View(text, offsets)


def _shorten(text: str) -> tuple[str, array]:
    pieces: list[str] = []
    offsets = array("L")
    done = 0
    for found in _SHORTER.finditer(text):
        pieces.append(text[done : found.start()])
        offsets.extend(range(done, found.start()))
        letter = _letter(found.group())
        if letter:
            pieces.append(letter)
            offsets.append(found.end() - 1)
        done = found.end()
    pieces.append(text[done:])
    offsets.extend(range(done, len(text) + 1))
    return "".join(pieces), offsets


def _letter(found: str) -> str:
    if found[0].isdigit():
        return _NOTHING
    letter = html.unescape(found)
    if found[0] != "&" or len(letter) != 1 or letter in _WIDTHLESS:
        return ""
    return letter
