"""Splicing, merging and josa repair."""

import time

import pytest

from malmoi.text.edits import Edit, merge, origin, splice, with_josa


def test_splice_replaces_inserts_and_removes() -> None:
    assert splice("가나다라", [Edit(0, 1, "A"), Edit(2, 2, "-"), Edit(3, 4, "")]) == "A나-다"
    assert splice("가나다라", []) == "가나다라"
    assert splice("", []) == ""


@pytest.mark.parametrize(
    "edits", [[Edit(0, 2, ""), Edit(1, 3, "")], [Edit(2, 1, "")], [Edit(3, 9, "")], [Edit(2, 3, ""), Edit(0, 1, "")]]
)
def test_splice_refuses_overlaps_and_positions_outside(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match="edit"):
        splice("가나다라", edits)


def test_splice_is_linear() -> None:
    assert _seconds(100_000) < 20 * _seconds(10_000)


def _seconds(count: int) -> float:
    """CPU time of the fastest of three."""
    text = "전화 010-0000-0000으로 " * count
    edits = [Edit(19 * i + 3, 19 * i + 16, "<전화번호>") for i in range(count)]
    taken = []
    for _ in range(3):
        started = time.process_time()
        result = splice(text, with_josa(text, edits))
        taken.append(time.process_time() - started)
        assert result == "전화 <전화번호>로 " * count
    return min(taken)


def test_merge_gives_the_first_precedence() -> None:
    first = [Edit(2, 4, "가"), Edit(8, 9, "나")]
    second = [Edit(0, 2, "a"), Edit(3, 5, "b"), Edit(4, 8, "c"), Edit(8, 10, "d"), Edit(10, 11, "e")]
    assert merge(first, second) == [
        Edit(0, 2, "a"),
        Edit(2, 4, "가"),
        Edit(4, 8, "c"),
        Edit(8, 9, "나"),
        Edit(10, 11, "e"),
    ]
    assert merge([], second[:1]) == second[:1]
    assert merge(first, []) == first


def test_josa_is_repaired_only_behind_the_edit() -> None:
    text = "민수는 서울에서 영희를 봤다"
    edits = [Edit(0, 2, "<이름>"), Edit(9, 11, "<이름>")]
    assert splice(text, with_josa(text, edits)) == "<이름>은 서울에서 <이름>을 봤다"


def test_a_removed_word_takes_its_josa_along() -> None:
    assert splice("번호 123으로 전화", with_josa("번호 123으로 전화", [Edit(3, 6, "")])) == "번호  전화"


def test_josa_is_not_taken_from_the_next_edit() -> None:
    text = "123을지로"
    edits = [Edit(0, 3, "<가>"), Edit(3, 6, "<나>")]
    assert splice(text, with_josa(text, edits)) == "<가><나>"


@pytest.mark.parametrize(
    ("spliced", "origin_of"),
    [
        ((0, 2), (0, 2)),  # before every edit
        ((3, 6), (3, 5)),  # 바보 and 가: the word that was replaced, with what follows
        ((4, 5), (3, 4)),  # inside the replacement: all that it replaces
        ((6, 8), (5, 10)),  # over what was taken out
        ((9, 10), (11, 12)),  # behind it
    ],
)
def test_origin(spliced: tuple[int, int], origin_of: tuple[int, int]) -> None:
    text = "어제 ㅂ가 씨발 또 왔다"
    edits = [Edit(3, 4, "바보"), Edit(6, 9, "")]
    assert splice(text, edits) == "어제 바보가 또 왔다"
    assert origin(edits, *spliced) == origin_of
