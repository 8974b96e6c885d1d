"""Dialogue: interviews, chats and scripts are found; lists of labels are not."""

import random
import re

import pytest

from malmoi.text.dialogue import _without_code, find_dialogue

INTERVIEW = """Q. 언제부터 도자기를 빚으셨나요?
A. 스무 살 때 공방에 들어가서 흙을 나르는 일부터 했습니다.
Q. 가장 어려웠던 때는요?
A. 가마가 무너졌을 때입니다. 석 달 동안 만든 것을 모두 잃었지요.
그래도 다시 쌓았습니다.
Q. 앞으로의 꿈은 무엇인가요?
A. 마을 아이들에게 물레를 가르치고 싶습니다."""

SCRIPT = """철수: 오늘 저녁은 뭘 먹을까?
영희: 비도 오는데 칼국수 어때?
철수: 좋지. 바지락이 남아 있던가?
영희: 어제 사 둔 게 조금 있어.
철수: 그럼 내가 물을 올릴게."""

CHAT = """[보라] [오후 3:12] 다들 도착했어?
[민준] [오후 3:13] 나는 지금 지하철이야
[보라] [오후 3:13] 몇 번 출구로 나와?
[민준] [오후 3:15] 4번! 편의점 앞에 있을게
[보라] [오후 3:16] 알았어 금방 갈게"""


@pytest.mark.parametrize(
    ("text", "speakers", "turns"),
    [(INTERVIEW, ["Q", "A"], 6), (SCRIPT, ["철수", "영희"], 5), (CHAT, ["보라", "민준"], 5)],
)
def test_dialogues_are_found(text, speakers, turns):
    found = find_dialogue(text)
    assert [turn["speaker"] for turn in found.turns[:2]] == speakers
    assert len(found.turns) == turns
    assert found.coverage > 0.9


def test_a_turn_goes_on_in_the_next_paragraph():
    assert find_dialogue(INTERVIEW).turns[3]["text"].endswith("잃었지요.\n그래도 다시 쌓았습니다.")


def test_lines_of_one_speaker_in_a_row_are_one_turn():
    text = SCRIPT.replace("영희: 어제", "영희: 음...\n영희: 어제")
    assert find_dialogue(text).turns[3]["text"] == "음...\n어제 사 둔 게 조금 있어."


@pytest.mark.parametrize(
    "text",
    [
        "재료: 감자 세 알\n시간: 30분\n난이도: 쉬움\n인원: 두 사람\n비용: 오천 원",
        "일시: 3월 2일\n장소: 시민회관\n문의: 총무과\n일시: 3월 9일\n장소: 도서관\n문의: 자료실",
        "첫 문장이다.\n둘째 문장이다.\n셋째 문장이다.\n넷째 문장이다.",
        "```\nwidth: 가로\nheight: 세로\nwidth: 가로\nheight: 세로\nwidth: 가로\nheight: 세로\n```\n넓이를 구한다.\n끝이다.\n그렇다.\n셋.",
        "name: 'a',\nage: 3,\nname: 'b',\nage: 4,\nname: 'c',\nage: 5,",
        "난이도: 하\n거리: 3km\n난이도: 중\n거리: 5km\n난이도: 상\n거리: 9km",
        "JOIN: 표를 잇는다\n첫 설명이다.\n둘째 설명이다.\nUNION: 표를 쌓는다\n셋째 설명이다.\n넷째다.\nJOIN: 표를 잇는다\nUNION: 표를 쌓는다",
        "철수: 안녕\n영희: 안녕",
        "그는 말했다: 이제 그만하자.\n나는 생각했다: 왜일까.\n그런데 아무도 답하지 않았다.\n밤이 깊었다.",
        "",
    ],
)
def test_what_is_no_dialogue(text):
    assert find_dialogue(text) is None


def test_property_code_is_what_fences_enclose():
    fence = re.compile(r"^ *(?:> )*(`{3,})[^\n]*\n.*?^ *(?:> )*\1 *$", re.MULTILINE | re.DOTALL)
    pieces = ["```", "````", "``", " ", "> ", "가", "\n", "\n", "```\n", "\n```", "파이썬"]
    generator = random.Random(2)
    for _ in range(20_000):
        text = "".join(generator.choices(pieces, k=generator.randrange(18)))
        expected = [line for line in fence.sub("", text).split("\n") if line.strip()]
        assert [line for line in _without_code(text.split("\n")) if line.strip()] == expected, text
