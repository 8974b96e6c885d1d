"""Bad input: nothing crashes, nothing hangs, positions stay inside the text."""

import random
import time

import pytest

from malmoi.contracts.recipe.privacy import ENTITIES, Privacy
from malmoi.models import presidio
from malmoi.text.edits import splice
from malmoi.text.pii import find, leaks, normal, persons, replace

PIECES = (
    "0101", "010-", "-", " ", "\n", "*", "x", "@", ".", ".com", "naver", "골뱅이", "공일", "이삼사", "주민번호 ", "계좌 ", "국민은행 ", "서울 강남구 ", "테헤란로 ", "길", "로", "동 ",
    "12", "9", "홍길동", "님", "씨", "이름: ", "(", ")", "\u200b", "&#45;", "&nbsp;", "０１", "\ud800", "😀", "가", "카톡 ", "https://blog.naver.com/", "a", "_", "년 ", "월 ", "일생", "M1",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(60))
def test_fuzz(seed: int) -> None:
    rng = random.Random(seed)
    text = "".join(rng.choice(PIECES) for _ in range(rng.randint(1, 400)))
    started = time.process_time()
    spans = find(text)
    assert time.process_time() - started < 2
    assert spans == sorted(spans)
    assert all(0 <= span.start < span.end <= len(text) and span.entity in ENTITIES for span in spans)
    assert all(first.end <= second.start for first, second in zip(spans, spans[1:], strict=False))
    persons(text, spans)
    leaks([text])


@pytest.mark.parametrize("piece", PIECES)
def test_one_piece_over_and_over_is_linear(piece: str) -> None:
    def cost(length: int) -> float:
        text = piece * (length // len(piece))
        started = time.process_time()
        find(text)
        leaks([text])
        return time.process_time() - started

    cost(2_000)
    assert cost(80_000) < 4.0


def test_empty_and_blank() -> None:
    assert find("") == []
    assert find(" \n\t") == []


def test_offsets_lead_back_through_what_has_no_width() -> None:
    text = "가\u200b나&#48;1&nbsp;다"
    view = normal.view(text)
    assert view.text == "가나01\xa0다".replace("\xa0", " ")
    for place, letter in enumerate(view.text):
        start, end = view.original(place, place + 1)
        assert normal.view(text[start:end]).text.endswith(letter) or text[start:end] in {";"}


def test_an_endless_run_of_digits_is_nobodys_number_and_moves_nothing() -> None:
    text = f"{'0101234567' * 7} 전화 010-2345-6789\n{'9' * 500}, 010-3456-7890"
    assert [text[span.start : span.end] for span in find(text)] == ["010-2345-6789", "010-3456-7890"]


def test_spans_are_in_the_text_as_given() -> None:
    text = "연락\u200b처 010\u200b-2345-\u200b6789 끝"
    (span,) = find(text)
    assert text[span.start : span.end] == "010\u200b-2345-\u200b6789"


@pytest.mark.parametrize(
    "piece",
    ["1", "31415926535", "오늘 회의에서 자료를 나눠 주고 질문을 받았다. ", "\ud800", "\ud800 010-2345-6789 ", "12.5 31 2022-11-19,", "공일이삼", "a@", " "],
)  # fmt: skip
def test_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    """Ten times the text: linear work costs ten times as much, quadratic work a hundred. The bound lies between the two, and the
    least of three runs is taken, since a collection or a neighbour on the machine only ever adds."""

    def once(length: int) -> float:
        text = piece * (length // len(piece))
        started = time.process_time()
        spans = presidio.find([text])[0]
        splice(text, replace(text, spans, Privacy()))
        leaks([text])
        return time.process_time() - started

    once(5_000)
    runs = [(once(20_000), once(200_000)) for _ in range(3)]
    short, long = (min(costs) for costs in zip(*runs, strict=True))
    assert long < 30 * max(short, 0.02)


@pytest.mark.parametrize("piece", ["7", "오늘 회의에서 자료를 나눠 주고 질문을 받았다.\n"])
def test_fifty_megabytes_in_one_document(piece: str) -> None:
    text = piece * (50_000_000 // len(piece.encode()))
    started = time.process_time()
    assert presidio.find([text, ""]) == [[], []] and leaks([text]) == [[]]
    assert time.process_time() - started < 60
