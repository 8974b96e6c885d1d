"""Which passages stand in an evaluation set, and which only come near."""

import numpy as np
import pytest

from malmoi.text import contamination

QUESTION = (
    "다음 중 물이 얼음으로 바뀔 때 일어나는 변화로 알맞은 것을 고르시오. 부피가 늘어나고 질량은 그대로이며 밀도는 작아진다. "
    "따라서 얼음은 물 위에 뜨게 되고, 겨울철 수도관이 터지는 까닭도 이와 같다."
)
BEFORE = "지난주 과학 동아리에서 나눈 이야기를 적어 둔다. "
AFTER = " 다음 모임에서는 소금물로 같은 실험을 해 보기로 했다."
KNOWN = contamination.windows([QUESTION, "짧은 보기"], 13, 50)


def found(text: str) -> list[str]:
    return [text[start:stop] for start, stop in contamination.overlaps(text, KNOWN)[0]]


def eojeol(start: int, stop: int, text: str = QUESTION) -> str:
    return " ".join(text.split()[start:stop])


def test_a_question_inside_a_post_is_found_where_it_stands():
    assert found(BEFORE + QUESTION + AFTER) == [QUESTION.rstrip(".")]


@pytest.mark.parametrize(
    "text",
    [
        QUESTION.replace(" ", ""),
        QUESTION.replace(" ", "\n\n"),
        QUESTION.replace(",", "").replace(".", "!"),
        f"“{QUESTION}”",
        eojeol(4, 17),
        eojeol(0, 40).replace("물이 얼음으로", "물이얼음으로"),
    ],
    ids=["no spaces", "line breaks", "punctuation", "quotes", "thirteen eojeol", "one space less"],
)
def test_found_however_it_is_set(text):
    assert found(BEFORE + text + AFTER)


@pytest.mark.parametrize(
    "text",
    [
        eojeol(4, 16),
        eojeol(0, 8) + " 아닌 것을 " + eojeol(10, 18),
        " ".join(word + "는" for word in QUESTION.split()),
        "물이 얼음으로 바뀔 때 부피가 늘어나는 까닭은 분자가 육각형으로 늘어서기 때문이다.",
        "짧은 보기",
        " ".join(reversed(QUESTION.split())),
        "",
        "   \n ",
    ],
    ids=["twelve eojeol", "two halves", "other josa", "same subject", "short item", "other order", "empty", "blank"],
)
def test_near_misses_stay(text):
    assert len(contamination.overlaps(text, KNOWN)[0]) == 0
    assert found(BEFORE + text + AFTER) == []


def test_twelve_eojeol_that_are_long_enough_meet_by_their_letters():
    known = contamination.windows(["가나다라마바사 " * 12], 13, 50)
    assert contamination.overlaps("가나다라마바사 " * 8, known)[0]
    assert not contamination.overlaps("가나다라마바사 " * 7, known)[0]


def test_share_is_of_letters_and_digits():
    _, share = contamination.overlaps(BEFORE + QUESTION + AFTER, KNOWN)
    letters = [len("".join(c for c in text if c.isalnum())) for text in (QUESTION, BEFORE + AFTER)]
    assert share == pytest.approx(letters[0] / sum(letters))
    assert contamination.overlaps(QUESTION, KNOWN)[1] == 1.0


def test_spans_are_code_points_behind_signs_outside_the_plane():
    text = "😀🎉 ー " + QUESTION
    assert found(text) == [QUESTION.rstrip(".")]


def test_a_text_that_is_not_composed_is_taken_whole():
    import unicodedata

    text = unicodedata.normalize("NFD", BEFORE + QUESTION)
    assert contamination.overlaps(text, KNOWN)[0] == [(0, len(text))]


def test_whole_sentences_leave():
    text = "첫 문장이다. 두 번째 문장은 조금 길다.\n새 줄의 문장이다. 끝."
    span = (text.index("번째"), text.index("조금"))
    assert [text[a:b] for a, b in contamination.passages(text, [span])] == ["두 번째 문장은 조금 길다.\n"]
    span = (text.index("길다"), text.index("줄의"))
    assert [text[a:b] for a, b in contamination.passages(text, [span])] == [
        "두 번째 문장은 조금 길다.\n새 줄의 문장이다. "
    ]
    assert contamination.passages(text, []) == []
    assert contamination.passages(text, [(0, len(text))]) == [(0, len(text))]


def test_agrees_with_a_plain_search_on_made_up_texts():
    rng = np.random.default_rng(5)
    words = [chr(0xAC00 + n) * (1 + n % 3) for n in range(30)]
    sets = [" ".join(rng.choice(words, 40)) for _ in range(20)]
    known = contamination.windows(sets, 5, 14)
    for _ in range(200):
        own = list(rng.choice(words, 60))
        if rng.random() < 0.7:
            piece = sets[rng.integers(20)].split()
            start, size = rng.integers(0, 30), rng.integers(2, 9)
            own[20 : 20 + size] = piece[start : start + size]
        text = " ".join(own)
        plain_sets, plain = [s.replace(" ", "") for s in sets], text.replace(" ", "")
        letters = any(plain[at : at + 14] in one for at in range(len(plain) - 13) for one in plain_sets)
        in_a_row = any(f" {' '.join(own[at : at + 5])} " in f" {one} " for at in range(len(own) - 4) for one in sets)
        spans, _ = contamination.overlaps(text, known)
        assert bool(spans) == (letters or in_a_row)
        assert all(
            plain_piece in "|".join(plain_sets) for a, b in spans if (plain_piece := text[a:b].replace(" ", "")[:14])
        )


def test_no_sets_no_windows():
    empty = contamination.windows([], 13, 50)
    assert contamination.overlaps(QUESTION, empty) == ([], 0.0)
