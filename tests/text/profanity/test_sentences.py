"""Taking sentences out: what is left reads on."""

import random
import re

import pytest

from malmoi.text.edits import splice
from malmoi.text.profanity import Hit, drop_sentences
from malmoi.text.profanity.sentences import _END, sentences


def dropped(text: str, word: str) -> str:
    at = text.index(word)
    return splice(text, drop_sentences(text, [Hit(at, at + len(word), "strong", "씨발")]))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("첫 문장이다. 씨발 뭐냐. 셋째 문장이다.", "첫 문장이다. 셋째 문장이다."),
        ("씨발 뭐냐. 둘째 문장이다.", "둘째 문장이다."),
        ("첫 문장이다. 씨발 뭐냐.", "첫 문장이다."),
        ("- 하나\n- 씨발 둘\n- 셋", "- 하나\n- 셋"),
        ("하나\n씨발 둘", "하나"),
        ("씨발", ""),
    ],
)
def test_what_is_left_reads_on(text, left):
    assert dropped(text, "씨발") == left


def test_mild_hits_drop_nothing():
    assert drop_sentences("존나 좋다.", [Hit(0, 2, "mild", "존나")]) == []


def test_sentence_ends():
    text = '좋다. 3.5배다! "정말?" 그렇다\n끝'
    assert [text[a:b] for a, b in sentences(text)] == ["좋다.", "3.5배다!", '"정말?"', "그렇다", "끝"]


def test_sentence_ends_are_those_of_three_plain_rules():
    rules = re.compile(r"[.!?…]+[\"')\]」』”’]*(?=\s|$)|\n+|(?<=[가-힣][다요죠까네])\s(?=[ㅋㅎㅠㅜ]*\s?[가-힣])")
    chance = random.Random(9)
    for _ in range(20_000):
        text = "".join(chance.choices("다요까네가힣ㅋㅠa1.!?…\"')」’ \n\t\u3000\x85", k=chance.randrange(1, 16)))
        assert [match.span() for match in _END.finditer(text)] == [match.span() for match in rules.finditer(text)], text
