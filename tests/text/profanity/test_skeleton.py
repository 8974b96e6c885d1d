"""The skeleton: offsets, folding, patterns."""

import pytest
import re2

from malmoi.text.profanity.alphabet import WIDTH, decompose
from malmoi.text.profanity.latin import typed
from malmoi.text.profanity.skeleton import Skeletons, pattern
from malmoi.text.profanity.spelling import collapsed, without_codas

ROOT = re2.compile(pattern("ㅅ ㅣ ㅂ ㅏ ㄹ").encode())


@pytest.mark.parametrize(
    "text",
    [
        "시발",
        "씨팔",
        "시1발",
        "ㅅㅣㅂㅏㄹ",
        "씨이이발",
        "십알",
        "시\u200b발",
        "ﾵￜﾲￂﾩ",
        "人ㅣ발",
        "ｓｉ발",
        "시.!발",
        "씻발",
    ],
)
def test_one_pattern_reads_every_spelling(text):
    assert ROOT.search(Skeletons([text]).of(0))


@pytest.mark.parametrize("text", ["세발", "시장", "사발", "시골", "신발장", "식별", "시계"])
def test_other_words_have_other_skeletons(text):
    assert not ROOT.search(Skeletons([text]).of(0))


def test_offsets_are_code_points():
    texts = ["가😀시발", "", "나"]
    skeletons = Skeletons(texts)
    assert [len(skeletons.of(row)) // WIDTH for row in range(3)] == [4, 0, 1]
    assert ROOT.search(skeletons.of(0)).start() == 2 * WIDTH
    assert skeletons.rows(ROOT) == {0: 2 * WIDTH}


def test_a_match_never_runs_from_one_text_into_the_next():
    assert Skeletons(["시", "발"]).rows(ROOT) == {}


def test_a_bad_element_is_named():
    with pytest.raises(ValueError, match="not an element"):
        pattern("ㅅ !! ㅂ")


def test_jamo_keys_and_spelling():
    assert decompose("값") == "ㄱㅏㅂㅅ"
    assert decompose("병") == "ㅂㅕㆁ"
    assert typed("시발").replace("%", "") == "tlqkf"
    assert (collapsed("벼엉신"), collapsed("시바알"), without_codas("짓랄")) == ("병신", "시발", "지랄")
