"""What kinds of code points a text holds, from one compiled look: whether anything in it has to be cleaned, composed or mended."""

import unicodedata
from functools import cache
from itertools import chain
from typing import NamedTuple

import numpy as np

from malmoi.text import look

CONTROL = 1
"""What no text holds: control characters, separators of lines and paragraphs, byte order marks, lone surrogates."""
UNCOMPOSED = 2
"""What NFC replaces, and marks and conjoining jamo, which may change what stands before them."""
RETURN = 4
"""Carriage returns."""
LOST = 8
"""Replacement characters."""
_MISREAD = 16
_LATIN = 32
LATIN_RUN = 64
"""Four of what UTF-8 and CP949 become when they are read as a western charset, ASCII between them aside."""
SURROGATE = 128

CP1252 = {ord(char): byte for byte in range(0x80, 0xA0) if (char := bytes([byte]).decode("cp1252", "ignore"))}
"""Characters of Windows-1252 outside Latin-1, and their bytes."""
_EMOJI_STYLE = 0xFE0F
"""The one mark that many pages hold; it composes with nothing."""
_MARKED = ((0x80, 0x3400), (0xA000, 0xAC00), (0xD7A4, 0x20000), (0x2F800, 0x2FA20), (0xE0000, 0xE0200))
"""Where marks lie and what NFC replaces; the rest is ideographs and syllables (``tests/text/test_seen.py`` asks all of Unicode)."""


class Seen(NamedTuple):
    """``has``: the kinds above, as bits; ``misread``: characters that UTF-8 read as CP949 leaves; ``wide``: code points that are no
    ASCII."""

    has: int
    misread: int
    wide: int


def in_utf8(raw: bytes) -> Seen | None:
    """What UTF-8 holds; None where the bytes are none, lone surrogates aside."""
    found = look.of_utf8(raw, _table())
    return None if found is None else Seen(*found)


def in_text(text: str) -> Seen:
    """What a text holds."""
    return Seen(*look.of_text(text, _table()))


def misread_characters() -> str:
    """What the two first bytes of a Hangul syllable in UTF-8 (0xEA-0xED, 0x80-0xBF) are in CP949."""
    found = []
    for lead in (0xEA, 0xEB, 0xEC, 0xED):
        for second in range(0x80, 0xC0):
            try:
                found.append(bytes((lead, second)).decode("cp949"))
            except UnicodeDecodeError:
                continue
    return "".join(found)


@cache
def _table() -> bytes:
    """The kinds of every code point."""
    kinds = np.zeros(0x110000, np.uint8)
    for code in chain.from_iterable(range(*bounds) for bounds in _MARKED):
        char = chr(code)
        if unicodedata.category(char)[0] == "M" or not unicodedata.is_normalized("NFC", char):
            kinds[code] |= UNCOMPOSED
    kinds[0x1100:0x1200] |= UNCOMPOSED
    kinds[_EMOJI_STYLE] &= ~np.uint8(UNCOMPOSED)
    kinds[[*range(9), 0xB, 0xC, *range(0xE, 0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF]] |= (
        CONTROL
    )
    kinds[0xD800:0xE000] |= CONTROL | SURROGATE
    kinds[ord("\r")] |= RETURN
    kinds[ord("\ufffd")] |= LOST
    kinds[[ord(char) for char in misread_characters()]] |= _MISREAD
    kinds[[*range(0x80, 0x100), *CP1252]] |= _LATIN
    return kinds.tobytes()
