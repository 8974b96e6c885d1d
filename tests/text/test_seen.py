"""The one look over a text sees what Python's own means see, for every code point and for broken UTF-8."""

import random
import re
import sys
import unicodedata

import pytest

from malmoi.text.encoding import decoded, encoded
from malmoi.text.seen import CONTROL, CP1252, LATIN_RUN, LOST, RETURN, SURROGATE, UNCOMPOSED, Seen, in_text, in_utf8

ALL = [chr(code) for code in range(sys.maxunicode + 1)]
PIECES = (
    *("가나다 라마. ", "<p class='ㄱ'>", "x" * 19, "\n", "\t", "\r\n", "\r", "\x85", "\u2028", "\x07", "\x7f", "·", "“", "é", "ÂÃ"),
    *("\ufffd", "\ufe0f", "\u0301", "ᄀ", "ᅡ", "豈", "Å", "\ud800", "\udfff", "🎉", "\U0002f81a", "\U000e0100", "©»", "똠방"),
    *("한국어".encode().decode("latin-1"), "한국어 문장".encode().decode("cp949", "replace"), "大韓民國", "\U0010ffff"),
)  # fmt: skip


def _plainly(text: str) -> Seen:
    """The same, by expressions and sets."""
    wide = re.sub("[\x00-\x7f]", "", text)
    western = "".join(map(chr, range(0x80, 0x100))) + "".join(map(chr, CP1252))
    misread = {bytes((a, b)).decode("cp949", "ignore") for a in range(0xEA, 0xEE) for b in range(0x80, 0xC0)} - {""}
    kinds = {
        CONTROL: "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]",
        RETURN: "\r",
        LOST: "\ufffd",
        SURROGATE: "[\ud800-\udfff]",
    }
    has = sum(kind for kind, pattern in kinds.items() if re.search(pattern, text))
    has |= UNCOMPOSED if any(_may_join(char) for char in wide) else 0
    has |= LATIN_RUN if re.search(f"[{re.escape(western)}]{{4}}", wide) else 0
    return Seen(has, sum(char in misread for char in wide), len(wide))


def _may_join(char: str) -> bool:
    marked = unicodedata.category(char)[0] == "M" and char != "\ufe0f"
    return marked or "\u1100" <= char < "\u1200" or not unicodedata.is_normalized("NFC", char)


@pytest.mark.parametrize("seed", range(150))
def test_a_look_sees_what_expressions_see(seed: int):
    rng = random.Random(seed)
    parts = [rng.choice(PIECES) * rng.choice([1, 1, 1, 4]) for _ in range(rng.randint(0, 14))]
    text = "".join(parts + rng.choices(ALL, k=rng.choice([0, 0, 3])))
    assert in_text(text) == in_utf8(encoded(text)) == _plainly(text)


@pytest.mark.parametrize("seed", range(150))
def test_broken_utf8_is_none(seed: int):
    rng = random.Random(seed)
    raw = bytearray(encoded("".join(rng.choices(PIECES, k=6)) + rng.choice(ALL)))
    for _ in range(rng.randint(0, 2)):
        raw[rng.randrange(len(raw))] = rng.randrange(256)
    broken = bytes(raw[: rng.randint(0, len(raw))])
    try:
        text = decoded(broken)
    except UnicodeDecodeError:
        assert in_utf8(broken) is None
    else:
        assert in_utf8(broken) == in_text(text)


def test_every_code_point_is_told_in_utf8_and_in_text():
    for char in ALL:
        found = in_text(char)
        assert found == in_utf8(encoded(char))
        assert bool(found.has & UNCOMPOSED) == (_may_join(char) and not char.isascii())


def test_what_changes_the_letter_before_it_is_looked_at_in_full():
    """A text is taken as NFC only where none of its code points joins what stands before it."""
    joining = {char for char in ALL if unicodedata.combining(char)}
    joining |= {chr(code) for code in (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))}  # Hangul composes by rule
    for char in ALL:
        parts = unicodedata.decomposition(char).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            joining.add(chr(int(parts[1], 16)))
    assert [char for char in joining if not in_text(char).has & UNCOMPOSED] == []
