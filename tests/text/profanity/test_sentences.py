"""Taking sentences out: what is left reads on."""

import itertools
import random
import re

import pytest

from malmoi.text.edits import splice
from malmoi.text.passes import holds_hangul
from malmoi.text.profanity import Hit, drop_sentences
from malmoi.text.profanity.sentences import passages, sentences


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


RULES = re.compile(r"[.!?…]+[\"')\]」』”’]*(?=\s|$)|\n+|(?<=[가-힣][다요죠까네])\s(?=[ㅋㅎㅠㅜ]*\s?[가-힣])")


def by_rules(text: str, length: int) -> list[tuple[int, int]]:
    """Sentences that end where a rule matches, and of at most ``length`` code points together as one."""
    ends = [0, *(match.end() for match in RULES.finditer(text)), len(text)]
    found: list[tuple[int, int]] = []
    for start, end in itertools.pairwise(ends):
        piece = text[start:end]
        if not piece.strip():
            continue
        first, last = start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
        if found and last - found[-1][0] <= length:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found


@pytest.mark.parametrize(
    "letters", ["다요까네가힣ㅋㅠa1.!?…\"')」’ \n\t\u3000\x85", "a.!?\"') \n\xa0é", "다요.?” \n\u2028😀\ud800"]
)
def test_sentences_are_those_of_three_plain_rules(letters):
    chance = random.Random(9)
    for _ in range(20_000):
        text = "".join(chance.choices(letters, k=chance.randrange(20)))
        assert sentences(text) == by_rules(text, 0), text
        assert passages(text, 7) == by_rules(text, 7), text


def test_hangul_is_counted_where_asked():
    text = "가ㄱa힣 ㅣㅤ\ud7a4각"
    for start in range(len(text) + 1):
        for end in range(start, len(text) + 3):
            count = len(re.findall("[가-힣ㄱ-ㅣ]", text[start:end]))
            assert [holds_hangul(text, start, end, enough) for enough in range(7)] == [count >= n for n in range(7)]
    assert not holds_hangul("plain", 0, 5, 1)
    assert holds_hangul("😀가나", 0, 3, 2) and not holds_hangul("😀가나", 0, 2, 2)
