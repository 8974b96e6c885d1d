"""Blocks that a site's pages share go; what a writer wrote stays."""

import random

import pytest

from malmoi.text.repeats import blocks_of, countable, without_repeats

STORIES = [
    f"{place}에서 {food} 축제가 열렸다. 주민들은 {number}년째 이 축제를 함께 준비해 왔다고 말했다. 올해는 손님이 더 많아 {number * 10}곳의 천막이 저녁 전에 문을 닫았다. {food} 값은 지난해보다 {number}% 내렸다."
    for number, (place, food) in enumerate([("영덕", "대게"), ("고흥", "유자"), ("보성", "꼬막"), ("순창", "고추장"),
                                            ("금산", "인삼"), ("강경", "젓갈"), ("봉화", "송이"), ("무안", "낙지")], 3)
]  # fmt: skip
FOOTER = "고을신문 대표전화 안내 및 구독 신청은 누리집에서 하실 수 있습니다"
TAGS = "- 지역 소식 12\n- 먹을거리 8\n- 사람들 31"
MENU = "지역 소식 모아 보기 사람들 이야기 모아 보기"


def pages(shape: str) -> list[str]:
    return [shape.format(story=story) for story in STORIES]


def cleaned(
    texts: list[str], fixed: list[bool] | None = None, yellow: int = 50, elsewhere: dict | None = None
) -> list[str]:
    split = [blocks_of(text) for text in texts]
    return without_repeats(texts, split, fixed or [False] * len(texts), 3, yellow, elsewhere or {})


@pytest.mark.parametrize(
    ("shape", "left"),
    [
        (f"{{story}}\n\n{FOOTER}", "{story}"),
        (f"{MENU}\n\n{{story}}\n\n### 인기 태그\n\n{TAGS}\n\n{FOOTER}", "{story}"),
        (f"## 축제\n\n{{story}}\n\n{FOOTER}", "## 축제\n\n{story}"),  # the heading heads what stays
        (f"{{story}}\n\n{FOOTER}\n\n뒷이야기: {{story}}", f"{{story}}\n\n{FOOTER}\n\n뒷이야기: {{story}}"),  # in between
        ("안녕하세요?\n\n{story}", "안녕하세요?\n\n{story}"),
        ("{story}\n\n```\nimport os\n\nos.getcwd()\n```", "{story}\n\n```\nimport os\n\nos.getcwd()\n```"),
        ("{story}\n\n| 날짜 | 곳 |\n| --- | --- |\n| 3일 | 장터 |", "{story}\n\n| 날짜 | 곳 |\n| --- | --- |\n| 3일 | 장터 |"),
        ("{story}\n\n> 축제는 사람이 만드는 것이라는 말이 있다.", "{story}\n\n> 축제는 사람이 만드는 것이라는 말이 있다."),
    ],
)  # fmt: skip
def test_what_goes_and_what_stays(shape, left):
    assert cleaned(pages(shape)) == pages(left)


def test_a_red_block_goes_wherever_it_stands():
    texts = pages(f"{{story}}\n\n{FOOTER}\n\n뒷이야기: {{story}}")
    assert cleaned(texts, yellow=7) == pages("{story}\n\n뒷이야기: {story}")
    assert cleaned(texts, yellow=8) == texts


def test_three_pages_are_green_and_four_are_not():
    texts = pages(f"{{story}}\n\n{FOOTER}")
    assert cleaned(texts[:3] + STORIES[3:]) == texts[:3] + STORIES[3:]
    assert cleaned(texts[:4] + STORIES[4:]) == STORIES


def test_pages_of_other_nights_count_with_those_at_hand():
    texts = pages(f"{{story}}\n\n{FOOTER}")[:2]
    assert cleaned(texts, elsewhere={FOOTER: 1}) == texts
    assert cleaned(texts, elsewhere={FOOTER: 2}) == STORIES[:2]
    assert cleaned(texts[:1], elsewhere={FOOTER: 3, STORIES[1]: 40}) == STORIES[:1]
    assert cleaned(texts[:1], elsewhere={FOOTER: 3, STORIES[0]: 40}) == texts[:1], "a copy stays whole"
    middle = pages(f"{{story}}\n\n{FOOTER}\n\n뒷이야기: {{story}}")[:1]
    assert cleaned(middle, elsewhere={FOOTER: 49}) == middle
    assert cleaned(middle, elsewhere={FOOTER: 50}) == pages("{story}\n\n뒷이야기: {story}")[:1]


def test_what_may_be_repeated_is_remembered():
    blocks = blocks_of(
        f"## 축제\n\n{STORIES[0]}\n\n안녕하세요?\n\n```\nls\n```\n\n> 인용\n\n| a | b |\n\n{FOOTER}\n\n{FOOTER}"
    )
    assert countable(blocks) == ["## 축제", STORIES[0], FOOTER]


def test_a_page_whose_markup_bounds_its_text_is_counted_only():
    texts = pages(f"{{story}}\n\n{FOOTER}")
    fixed = [True] * 7 + [False]
    assert cleaned(texts, fixed) == texts[:7] + STORIES[7:]


def test_copies_of_a_page_are_for_dedup():
    copy = "\n\n".join(STORIES[:4])
    assert cleaned([copy] * 6 + STORIES[4:]) == [copy] * 6 + STORIES[4:], "one text counts once"
    near = [f"{copy}\n\n{number}번째로 다시 실은 글이다." for number in range(6)]
    assert cleaned(near) == near, "most of it would go"


def test_the_order_of_pages_does_not_matter():
    texts = pages(f"{MENU}\n\n{{story}}\n\n{FOOTER}") + STORIES
    expected = dict(zip(texts, cleaned(texts), strict=True))
    for seed in range(5):
        mixed = random.Random(seed).sample(texts, len(texts))
        assert cleaned(mixed) == [expected[text] for text in mixed]


@pytest.mark.parametrize(
    ("text", "count"),
    [("가\n\n나", 2), ("```\n가\n\n나\n```\n\n다", 2), ("````\n```\n\n```\n\n가\n````", 1), ("> ```\n> 가\n> ```\n\n나", 2),
     ("```\n닫히지 않은\n\n울타리", 1), ("", 1)],
)  # fmt: skip
def test_blocks(text, count):
    assert len(blocks_of(text)) == count and "\n\n".join(blocks_of(text)) == text
