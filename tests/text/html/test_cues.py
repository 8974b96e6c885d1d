"""Lines and class names that belong to the page: each rule with what it must find and what it must leave."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from malmoi.text.html import cues


@pytest.mark.parametrize(
    "line",
    [
        "2024.05.13 09:05",
        "입력 2024.05.13. 오전 9:05 수정 2024.05.13. 오전 10:11",
        "2024년 5월 13일 (월) 14:20",
        "Posted May 13, 2024 Updated Jun 4, 2024",
        "Mar 13, 2020 2020-03-13T14:00:00+08:00 by walker",
        "조회수 1,203 · 댓글 7",
        "2024-05-13 · 3 min read",
        "26.05.2022 — 여행, 부산 — 2 min read",
        "약 5분 소요",
    ],
)
def test_lines_of_metadata(line):
    assert cues.is_metadata_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "2024년 5월 13일 첫 장이 열렸다",
        "댓글 문화",
        "5분 자유 발언",
        "2024년 계획",
        "회의는 14:20에 시작한다",
        "오전 9:05 출발, 부산 도착",
        "3월",
    ],
)
def test_lines_that_say_something_are_none(line):
    assert not cues.is_metadata_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "공유하기",
        "카카오톡 공유하기",
        "페이스북 트위터 카카오톡",
        "더보기",
        "URL 복사",
        "글자 크기 조절",
        "Copy",
        "댓글 쓰기",
    ],
)
def test_buttons(line):
    assert cues.BUTTON.fullmatch(line)


@pytest.mark.parametrize(
    "line", ["공유하기 좋은 사진", "페이스북", "더보기를 누르면 열린다", "복사본을 만든다", "구독하기 전에 생각할 것"]
)
def test_text_that_looks_like_a_button(line):
    assert not cues.BUTTON.fullmatch(line)


@pytest.mark.parametrize(
    "line",
    [
        "저작권자 ⓒ 산성일보, 무단전재 및 재배포 금지",
        "<저작권자(c) 산성통신, 무단 전재-재배포, AI 학습 및 활용 금지>",
        "Copyright © 2024 산성일보 All rights reserved.",
        "ⓒ 산성일보",
        "▶ 제보는 카카오톡 산성제보",
        "제보는 카카오톡 채널 산성통신으로 해 주세요",
        "<저작권자(c) 산성통신, 무단 전재-재배포, AI 학습 및 활용 금지> 2024/05/13 08:10 송고",
        "이 페이지에서 제공하는 정보에 만족하십니까?",
        "This post is licensed under CC BY 4.0 by the author.",
        "저작자표시 비영리 변경금지",
    ],
)
def test_notices(line):
    assert cues.NOTICE.fullmatch(line)


@pytest.mark.parametrize("line", ["저작자표시를 하면 누구나 쓸 수 있다", "무단전재가 문제라고 한다"])
def test_text_that_looks_like_a_notice(line):
    assert not cues.NOTICE.fullmatch(line)


@pytest.mark.parametrize("line", ["관련 글", "'살림' 카테고리의 다른 글", "최근 글", "다른 글"])
def test_headings_over_other_pages(line):
    assert cues.CLOSING.fullmatch(line)


@pytest.mark.parametrize("line", ["다른 글을 읽고 나서", "카테고리의 개념", "최근 글쓰기 수업에서"])
def test_headings_of_the_text(line):
    assert not cues.CLOSING.fullmatch(line)


@pytest.mark.parametrize(
    "line",
    [
        "김텃밭 기자",
        "(서울=산성뉴스) 김텃밭 기자 kim@example.kr",
        "김텃밭 기자 = kim@example.kr",
        "나산성 논설위원",
        "By walker",
        "작성자: 걷는이",
    ],
)
def test_bylines(line):
    assert cues.BYLINE.fullmatch(line)


@pytest.mark.parametrize(
    "line",
    [
        "김텃밭 기자는 말했다",
        "기자",
        "전직 기자 두 사람",
        "신문 기자가 되는 길",
        "By the river we sat down",
        "작성자는 따로 있다",
    ],
)
def test_text_that_looks_like_a_byline(line):
    assert not cues.BYLINE.fullmatch(line)


@pytest.mark.parametrize(
    ("name", "flag"),
    [
        ("post-meta", cues.CHROME),
        ("entryFooter", cues.CHROME),
        ("sns_share", cues.CHROME),
        ("relatedPosts", cues.CHROME),
        ("comment-content", cues.CHROME),
        ("article_body", cues.CONTENT),
        ("postContent", cues.CONTENT),
        ("highlight", cues.CODE),
        ("rouge-gutter gl", cues.GUTTER),
        ("sr-only", cues.HIDDEN),
        ("no-sidebar", 0),
        ("with-comments", 0),
        ("css-1a2b3c", 0),
        ("shareholder", 0),
        ("metabolism", 0),
        ("address-book", 0),
    ],
)
def test_class_names(name, flag):
    assert cues.meaning({"class": name}) == flag


def test_a_long_class_costs_no_more_than_a_short_one():
    assert cues.meaning({"class": "a " * 10_000_000}) == 0


@given(st.from_regex(re.compile(cues.BUTTON.pattern.replace(f"(?={cues._FIRST})", ""), re.IGNORECASE), fullmatch=True))
def test_fuzz_no_button_begins_otherwise(line):
    assert cues.BUTTON.fullmatch(line), line


@given(st.from_regex(cues.NOTICE, fullmatch=True))
def test_fuzz_every_notice_holds_one_of_its_words(line):
    assert cues.may_hold_notice(f"장터 소식\n{line}\n다음 장은 닷새 뒤에 선다."), line


@given(st.from_regex(cues.META_TOKEN, fullmatch=True))
def test_fuzz_a_line_of_metadata_begins_with_few_syllables(token):
    assert not "가" <= token[0] <= "힣" or token[0] in cues._META_HANGUL, token
