"""Cues: the filters in front of the comparison let every phrase of the lexicon through."""

import pytest

from malmoi.text import cues
from malmoi.text.layout import lay_out


def in_capitals(text: str) -> str:
    return "".join(char.upper() if char.isascii() else char for char in text)


@pytest.mark.parametrize("around", ["{}", "오늘 {} 내일", "- {}\n가나다"], ids=["alone", "in a sentence", "in a list"])
@pytest.mark.parametrize("spelled", [str, in_capitals], ids=["as written", "in capitals"])
def test_every_phrase_is_found_wherever_it_stands(around, spelled):
    phrases = cues._phrases()
    texts = [around.format(spelled(phrase.text)) for phrase in phrases]
    hits = cues.find(texts, lay_out(texts)).hits
    assert [phrase.text for row, phrase in enumerate(phrases) if not hits[row, list(phrase.kinds)].all()] == []
