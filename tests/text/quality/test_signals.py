"""Every signal on texts that show it, and on their near misses."""

import time

import numpy as np
import pytest

from malmoi.contracts.signals import SIGNALS
from malmoi.text.signals import NAMES, measure

PROSE = "어제는 비가 와서 우산을 쓰고 시장에 다녀왔다. 감자를 사고 두부도 샀다. 집에 와서 찌개를 끓였다."


def _one(text: str, name: str, title: str = "") -> float:
    return measure([text], [title])[name][0]


def test_names_are_the_contract():
    assert set(NAMES) <= set(SIGNALS)
    columns = measure([PROSE, ""])
    assert list(columns) == list(NAMES)
    assert all(len(values) == 2 and all(isinstance(value, float) for value in values) for values in columns.values())
    assert all(values == [] for values in measure([]).values())


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("chars", "가나다 라", 5),
        ("eojeol", " 하나  둘\n셋\t넷 ", 4),
        ("lines", "하나\n\n둘\n  \n셋", 3),
        ("hangul_share", "가나ab", 0.5),
        ("mean_eojeol_length", "가 나다라", 2.0),
        ("lone_jamo_share", "가ㅋㅋㅋ", 0.75),
        ("digit_share", "가12", 2 / 3),
        ("symbol_share", "★★가나", 0.5),
        ("latin_share", "abc가", 0.75),
        ("unique_eojeol_share", "나는 너는 나는 너는", 0.5),
        ("longest_run", "가나다라마 바사", 5),
        ("single_share", "안 녕 하 세 요", 1.0),
        ("rare_syllable_share", "뷁쉙가나", 0.5),
        ("repeated_line_share", "같은 줄\n다른 줄\n같은 줄", 1 / 3),
    ],
)
def test_measured_exactly(name, text, value):
    assert _one(text, name) == pytest.approx(value)


@pytest.mark.parametrize(
    ("eojeol", "expected"),
    [
        ("국민이", True),
        ("회사가", True),
        ("국가", False),  # 국 ends in a consonant: 가 is no josa here
        ("사이", False),
        ("학교에서", True),
        ("먹었다.", True),
        ("가겠습니다!”", True),
        ("서울로", True),
        ("부산으로", True),
        ("대출", False),
        ("임플란트", False),
        ("갔는데", True),
        ("줄게", True),
    ],
)
def test_josa_and_endings(eojeol, expected):
    assert bool(_one(eojeol, "josa_eomi_share")) is expected


def test_word_lists_have_few_endings_and_prose_has_many():
    words = "강남 임플란트 가격 교정 비용 라미네이트 후기 추천 이벤트 역세권 주차 야간 진료 상담"
    assert _one(words, "josa_eomi_share") < 0.1
    assert _one(PROSE, "josa_eomi_share") > 0.8


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("비가 온다.", 1),
        ("비가 온다", 1),
        ("정말 좋네요!", 1),
        ("다음 주까지 정리하기로 함", 1),
        ("이름 주소 전화", 0),
        ("그는 말했다. 나는 들었다. 비가 왔다.", 3),
    ],
)
def test_sentences(text, expected):
    assert _one(text, "sentences") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("정부는 27일 대책을 발표하고 …더보기", 1.0),
        ("배추 값이 오르면서 소비자들의 부담이…", 1.0),
        ("첫날은 쉬었고 둘째 날에는 오름에 [계속 읽기]", 1.0),
        ("이 글은 유료 회원만 볼 수 있습니다. 로그인 후 이용해 주세요.", 1.0),
        ("정말 오래 기다렸는데...", 0.0),
        ("보고 싶네요…", 0.0),
        ("돈 없는 사람도 살게 해 주세요. 휴...", 0.0),
        ("더보기 버튼을 누르면 목록이 펼쳐집니다.", 0.0),
        ("비가 온다.", 0.0),
    ],
)
def test_teasers_and_thoughtful_dots(text, expected):
    assert _one(text, "truncation") == expected


def test_repeated_passages_and_templates():
    assert _one(" ".join([PROSE] * 3), "repeated_ngram_share") > 0.6
    assert _one(PROSE, "repeated_ngram_share") == 0
    template = " ".join(
        f"{city} 날씨는 맑음입니다. {city}의 기온은 12도입니다." for city in ("서울", "부산", "대구", "인천")
    )
    assert _one(template, "variety") < 0.88 < _one(PROSE, "variety")


def test_repetition_never_crosses_documents():
    alone = measure([PROSE])["repeated_ngram_share"]
    assert measure([PROSE, PROSE, PROSE])["repeated_ngram_share"] == alone * 3


def test_shuffled_words_break_the_grammar():
    salad = "우산을 시장의 어제는 감자를. 두부의 찌개를 비가 다녀왔다 집을 사고는 끓였다 샀다 쓰고를 와서의"
    assert _one(salad, "grammar_break_share") > 0.2
    assert _one(PROSE, "grammar_break_share") == 0
    assert _one("그가 온다고 했다 라고 적혀 있었다.", "grammar_break_share") == 0


def test_title_as_a_line_of_its_own():
    text = "# 비 오는 날\n\n비 오는 날\n\n비 오는 날에는 국수를 먹는다."
    assert _one(text, "title_repeats", "비 오는 날") == 2
    assert _one(text, "title_repeats", "눈 오는 날") == 0
    assert _one(text, "title_repeats", "") == 0


def test_filler_counts_the_sentences_that_hold_it():
    text = "오늘은 저축에 대해 알아보겠습니다. 저축은 매우 중요합니다. 끝까지 읽어주셔서 감사합니다."
    assert _one(text, "filler") > 0.8
    assert _one(PROSE + " 도움이 되셨으면 좋겠습니다.", "filler") < 0.4


@pytest.mark.parametrize(
    "text",
    [
        "가" * 300_000,
        " " * 300_000,
        "\n" * 300_000,
        "가 " * 150_000,
        "." * 300_000,
        "((((" * 75_000,
        "토토 " * 100_000,
        "에 대해 알아보겠습니다" * 27_000,
        "😀" * 100_000,
        "ㅋ" * 300_000,
        "http://a." * 33_000,
        "#" * 300_000,
        "0" * 300_000,
        "가\n" * 150_000,
        "\ud800" * 10_000,
        "İ" * 10_000 + " 로그인",
    ],
    ids=range(16),
)
def test_hostile_text_takes_linear_time(text):
    started = time.process_time()
    columns = measure([text, PROSE])
    assert time.process_time() - started < 5
    assert all(np.isfinite(values).all() for values in columns.values())
    assert columns["eojeol"][1] == 14 or columns["eojeol"][1] == len(PROSE.split())
