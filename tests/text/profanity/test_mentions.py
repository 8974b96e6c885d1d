"""Mentions that insult nobody, and uses that look like them."""

import pytest

from malmoi.text.profanity.mentions import mention


def kind(text: str, word: str) -> str | None:
    start = text.index(word)
    return mention(text, start, start + len(word), word)


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("육십갑자로 병신에 해당하는 해에 가뭄이 들었다", "병신", "dictionary"),
        ("염병을 피해 산으로 들어간 마을", "염병", "medical"),
        ("염병이 돌아 문을 걸어 잠갔다", "염병", "medical"),
        ("소의 새끼를 함부로 잡지 못하게 하였다", "새끼", "animal"),
        ("'지랄'이라는 말은 어디서 왔을까", "지랄", "dictionary"),
        ('주인공을 "병신"이라며 놀리는 장면', "병신", "quoted"),
    ],
)
def test_mentions(text: str, word: str, expected: str) -> None:
    assert kind(text, word) == expected


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('동료가 "아 씨발 집에 가고 싶다"라고 혼잣말을 했다', "씨발"),
        ("이 병신에게 뭘 맡기냐", "병신"),
        ("염병을 떨고 있네", "염병"),
        ("그 사람의 새끼가 와서 따졌다", "새끼"),
    ],
)
def test_uses(text: str, word: str) -> None:
    assert kind(text, word) is None
