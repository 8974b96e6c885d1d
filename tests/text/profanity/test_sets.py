"""What is asked in one pass answers as every pattern alone would."""

import random

import pytest

from malmoi.models import profanity
from malmoi.text.profanity.alphabet import WIDTH
from malmoi.text.profanity.lexicon import lexicon, matching, root_starts
from malmoi.text.profanity.skeleton import Skeletons

TEXTS = [
    "tlqkf 진짜",
    "sibal wlfkf",
    "오늘 qudtls 같은 하루",
    "gaesaekki",
    "평범한 문장입니다",
    "시발역에서 새끼손톱을 다쳤다",
    "README",
    "",
]


@pytest.mark.parametrize("text", TEXTS)
def test_the_set_of_latin_spellings_names_each_root_that_matches(text):
    words, skeleton = lexicon(), Skeletons([text]).of(0)
    alone = [entry for entry in words.roots if entry.latin is not None and entry.latin.search(skeleton)]
    assert matching(words.latin, words.latin_set, skeleton) == alone


def test_passages_are_cleared_together_as_each_would_be_alone():
    skeletons = Skeletons(TEXTS)
    passages = [skeletons.of(row) for row in range(len(TEXTS))]
    alone = [lexicon().cleared.sub(profanity.BLANK, passage) for passage in passages]
    assert profanity._without_cleared(passages) == alone
    assert alone != passages


def test_hidden_words_pass_the_gates_that_each_gate_alone_would_open():
    texts = TEXTS + ["si발 뭐야", "ㅅl발", "씨1발놈", "tl 발", "씨bal\n평범한 줄"]
    words, skeletons = lexicon(), Skeletons(texts)
    _, mixed, _, latin = profanity._gates(texts, skeletons)
    assert mixed == set(skeletons.rows(words.mixed_gate)) != set()
    assert latin == set(skeletons.rows(words.latin_gate)) != set()


def test_roots_begin_where_each_would_be_found_alone():
    chance = random.Random(7)
    pieces = [
        "시발",
        "씨",
        "1",
        "발",
        "병신",
        "ㅅㅂ",
        "ㅂㅅ",
        "지",
        "랄",
        "ㅈㄹ",
        "새끼",
        "개",
        "ㅡ",
        "ㅏ",
        " ",
        ".",
        "ㅋ",
        "\n",
        "\u200b",
        "가",
        "x",
        "s",
        "i",
    ]
    met = set()
    for _ in range(3_000):
        text = "".join(chance.choices(pieces, k=chance.randrange(12)))
        skeleton = Skeletons([text]).of(0)
        alone = []
        for entry in lexicon().roots:
            places = range(0, len(skeleton), WIDTH)
            starts = [at // WIDTH for at in places if entry.pattern.match(skeleton, at)]
            if starts:
                alone.append((entry, starts))
        first = Skeletons([text]).rows(lexicon().root_gate).get(0, len(skeleton))
        assert root_starts(lexicon(), skeleton, 0) == alone, text
        assert root_starts(lexicon(), skeleton, first) == alone, text
        met.update(entry.lemma for entry, _ in alone)
    assert len(met) > 5
