"""Paragraphs that are not worth reading leave; what is left reads on."""

import dataclasses
import random
import re

import pytest

from malmoi.contracts.recipe.quality import Quality
from malmoi.text.regions import _regions, cuts

MENU = "홈 로그인 회원가입 장바구니 고객센터"
FOOTER = "Copyright ⓒ 말모이. All rights reserved. 무단전재 및 재배포 금지"
PROSE = "나는 오늘 산에 갔다. 바람이 시원하게 불었고 나뭇잎이 흔들렸다. 꼭대기에서 김밥을 먹었다."
MORE = "내려오는 길에는 다리가 아팠다. 그래도 다음 달에 또 가기로 했다."


def _left(text: str, quality: Quality | None = None) -> str:
    kept, at = [], 0
    for start, end in cuts([text], quality or Quality())[0]:
        kept.append(text[at:start])
        at = end
    return "".join(kept) + text[at:]


def test_menus_and_footers_leave():
    assert _left(f"{MENU}\n\n{PROSE}\n\n{MORE}\n\n{FOOTER}") == f"{PROSE}\n\n{MORE}\n\n"


def test_advertising_between_paragraphs_leaves():
    advert = "무직자 대출 당일 입금! 24시간 상담, 지금 바로 카톡 문의 주세요."
    assert _left(f"{PROSE}\n\n{advert}\n\n{MORE}") == f"{PROSE}\n\n{MORE}"


@pytest.mark.parametrize(
    "text",
    [
        f"{PROSE}\n\n{MORE}",
        f"# 산에 간 날\n\n{PROSE}\n\n## 내려오며\n\n{MORE}",
        f"{PROSE}\n\n- 김밥\n- 물\n- 수건\n\n{MORE}",
        f"{PROSE}\n\n```\nlogin(menu, search)\n\nhome()\n```\n\n{MORE}",
        "꽃이 진다\n바람이 분다\n\n나는 서 있다\n아무도 없다",
        "로그인 화면에서 비밀번호를 잊었다면 아래의 찾기를 누르면 됩니다.",
        "",
        "\n\n",
    ],
)
def test_what_reads_on_is_left_alone(text):
    assert cuts([text], Quality()) == [[]]


def test_a_heading_leaves_only_with_its_section():
    text = f"# 산행기\n\n{PROSE}\n\n## 바로가기\n\n{MENU}\n\n{FOOTER}\n"
    assert _left(text) == f"# 산행기\n\n{PROSE}\n\n"
    text = f"# 산행기\n\n{PROSE}\n\n## 그 뒤\n\n{MENU}\n\n{MORE}\n"
    assert _left(text) == f"# 산행기\n\n{PROSE}\n\n## 그 뒤\n\n{MORE}\n"


def test_a_document_that_would_lose_most_is_left_to_the_rules():
    assert cuts([f"{MENU}\n\n{FOOTER}\n\n짧은 글."], Quality()) == [[]]


def test_the_recipe_switches_it_off():
    off = dataclasses.replace(Quality(), min_region_value=0.0)
    assert _left(f"{PROSE}\n\n{MORE}\n\n{FOOTER}", off).endswith(FOOTER)


def test_texts_keep_their_order():
    found = cuts([PROSE, f"{PROSE}\n\n{MORE}\n\n{FOOTER}", PROSE], Quality())
    assert [len(spans) for spans in found] == [0, 1, 0]


def test_a_paragraph_is_weighed_once_and_leaves_wherever_it_stands():
    texts = [
        f"{MENU}\n\n{PROSE}\n\n{MORE}",
        f"{PROSE}\n\n{MENU}\n\n{MORE}\n\n{MENU}\n\n",
        f"# 산\n\n{MENU}\n\n{PROSE}",
        MENU,
    ]
    assert cuts(texts, Quality()) == [cuts([text], Quality())[0] for text in texts]


@pytest.mark.parametrize("seed", range(200))
def test_regions_are_runs_of_lines(seed: int):
    """A line opens a region unless it is empty or goes on with what is fenced, listed or tabled; no code point is lost."""
    rng = random.Random(seed)
    pieces = (
        "가",
        "나 다",
        "\n",
        "\n\n",
        "\n\n",
        " ",
        "```",
        "~~~",
        "- ",
        "# ",
        "## ",
        "| ",
        "1. ",
        "\r\n",
        "\u2028",
        ">",
        "*",
    )
    text = "".join(rng.choice(pieces) for _ in range(rng.randint(0, 30)))
    expected: list[str] = []
    fenced = structured = False
    for line in text.splitlines(keepends=True):
        fence, blank = line[:3] in {"```", "~~~"}, not line.strip()
        listed = fenced or fence or re.match(r"\s*([-*+•] |\d{1,3}[.)] |[|>]|```|~~~)", line) is not None
        goes_on = structured and (listed or blank)
        if expected and (goes_on or (blank and not fenced)):
            expected[-1] += line
        else:
            expected.append(line)
        structured = listed or (blank and structured)
        fenced ^= fence
    assert [text[region.start : region.end] for region in _regions(text)] == expected
    levels = [re.match("#{1,6} ", part) for part in expected]
    assert [region.heading for region in _regions(text)] == [level.end() - 1 if level else 0 for level in levels]
