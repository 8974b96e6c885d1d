"""The language of a text by its letters."""

import re

import pytest

from malmoi.text.html.language import language_of
from malmoi.text.html.scripts import letters_by_script

SCRIPTS = [
    "[\uac00-\ud7a3]",
    "[A-Za-z\u00c0-\u024f]",
    "[\u3041-\u30ff]",
    "[\u4e00-\u9fff]",
    "[\u0400-\u04ff]",
    "[\u0600-\u06ff]",
    "[\u0e00-\u0e7f]",
    "[\u0370-\u03ff]",
    "[\u0590-\u05ff]",
    "[\u0900-\u097f]",
]
"""In the order in which they are counted."""


@pytest.mark.parametrize("number", range(len(SCRIPTS)))
def test_a_script_is_counted_letter_by_letter(number: int) -> None:
    codes = [*range(0x11000), 0x1F600, 0x10FFFF]
    of_script = [code for code in codes if re.fullmatch(SCRIPTS[number], chr(code))]
    assert [code for code in codes if letters_by_script(chr(code), 1)[number]] == of_script
    assert letters_by_script("".join(map(chr, codes)), len(codes))[number] == len(of_script)
    assert not any(letters_by_script("".join(map(chr, codes)), 0))


@pytest.mark.parametrize(
    ("text", "declared", "found"),
    [
        ("", "", "ko"),
        ("1234", "fr", "fr"),
        ("1234 !?", "ko", "und"),
        ("말을 모으다", "en", "ko"),
        ("Korean 말모이", "ko-KR", "ko"),
        ("a corpus of Korean text", "ko", "en"),
        ("un corpus de textes", "fr_FR", "fr"),
        ("言葉を集める", "ko", "ja"),
        ("收集语言", "", "zh"),
        ("собирать слова", "en", "ru"),
        ("собирати слова", "uk", "uk"),
        ("\ud800 말모이", "", "ko"),
    ],
)
def test_the_script_tells_or_else_the_page(text: str, declared: str, found: str) -> None:
    assert language_of(text, declared) == found
    assert language_of(text + " " * 4_000 + "x" * 50_000, declared) == language_of(text + " " * 4_000, declared)
