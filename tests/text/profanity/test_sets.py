"""What is asked in one pass answers as every pattern alone would."""

import pytest

from malmoi.models import profanity
from malmoi.text.profanity.lexicon import lexicon, matching
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
    assert mixed == skeletons.rows(words.mixed_gate) != set()
    assert latin == skeletons.rows(words.latin_gate) != set()
