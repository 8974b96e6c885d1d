"""One spelling, against a reading letter by letter."""

import html
import random
import re
import sys

import pytest

from malmoi.text.pii import normal

WIDTHLESS = "\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0e\ufe0f\u20e3"
ENTITY = re.compile(
    r"&(?:#[0-9]{2,5}|#[xX][0-9A-Fa-f]{2,4}|nbsp|commat|period|hyphen|ndash|amp|shy|lpar|rpar|ast|colon|num);"
)
PIECES = (
    "가", "연락처 ", "&", "R&D", "&amp;", "&#45;", "&#65296;", "&#xFF10;", "&#x200b;", "&#128512;", "&nbsp;", "&lt;", "&#99999;", ";", "０", "①", "·", "•", "–", "\u3000", "\U0001d7d8",
    "\U0001f600", "\U00020000", "\ud800", "1" * 63, "12", "٣" * 64, *WIDTHLESS,
)  # fmt: skip


def _reference(text: str) -> tuple[str, list[int]]:
    """The text in one spelling, and where each of its letters ends in ``text``, less one."""
    letters, places = [], []
    at = 0
    while at < len(text):
        digits, entity = re.compile("[0-9]{64,}").match(text, at), ENTITY.match(text, at)
        end, letter = at + 1, text[at]
        if digits:
            end, letter = digits.end(), "\ufffd"
        elif entity:
            end, letter = entity.end(), html.unescape(entity[0])
        if len(letter) == 1 and letter not in WIDTHLESS:
            letters.append(normal._table().get(ord(letter), letter))
            places.append(end - 1)
        at = end
    return "".join(letters), [*places, len(text)]


@pytest.mark.parametrize("seed", range(40))
def test_the_text_is_read_as_letter_by_letter(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    table = normal._table()
    monkeypatch.setattr(normal, "_table", lambda: table)
    rng = random.Random(seed)
    for length in (0, 1, 3, 30):
        text = "".join(rng.choice(PIECES) for _ in range(length))
        view = normal.view(text)
        expected, places = _reference(text)
        assert view.text == expected
        assert list(view.offsets or range(len(text) + 1)) == places
        assert all(type(place) is int for place in view.original(0, len(view.text)))


def test_what_is_spelled_oddly_becomes_plain_once_and_for_all() -> None:
    table = normal._table()
    assert not table.keys() & {ord(plain) for plain in table.values()}
    assert max(table) < 0x20000 and all(len(plain) == 1 for plain in table.values())


def test_every_code_point() -> None:
    table = normal._table()
    for first in range(0, sys.maxunicode + 1, 0x400):
        codes = range(first, first + 0x400)
        expected = "".join(table.get(code, chr(code)) for code in codes if chr(code) not in WIDTHLESS)
        assert normal.view("".join(map(chr, codes))).text == expected
