"""The language of a text by its letters."""

import re

import numpy as np
import pytest

from malmoi.text.html import language
from malmoi.text.html.language import language_of

SCRIPTS = {
    "[\uac00-\ud7a3]": language._HANGUL,
    "[\u3041-\u30ff]": language._KANA,
    "[\u4e00-\u9fff]": language._HAN,
    "[A-Za-z\u00c0-\u024f]": language._LATIN,
    "[\u0400-\u04ff]": language._OTHER_SCRIPTS["ru"],
    "[\u0600-\u06ff]": language._OTHER_SCRIPTS["ar"],
    "[\u0e00-\u0e7f]": language._OTHER_SCRIPTS["th"],
    "[\u0370-\u03ff]": language._OTHER_SCRIPTS["el"],
    "[\u0590-\u05ff]": language._OTHER_SCRIPTS["he"],
    "[\u0900-\u097f]": language._OTHER_SCRIPTS["hi"],
}


@pytest.mark.parametrize("letters", SCRIPTS)
def test_a_script_is_counted_letter_by_letter(letters: str) -> None:
    codes = [*range(0x11000), 0x1F600, 0x10FFFF]
    of_script = [code for code in codes if re.fullmatch(letters, chr(code))]
    assert [code for code in codes if language._count(SCRIPTS[letters], np.array([code], "<u4"))] == of_script
    assert language._count(SCRIPTS[letters], np.array(codes, "<u4")) == len(of_script)


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
