"""Josa after a replaced word."""

import pytest

from malmoi.text.josa import Final, agree, final

AGREEING = [
    ("<전화번호>", "으로 연락", "로"),
    ("<전화번호>", "은 없는 번호", "는"),
    ("<전화번호>", "이 바뀌었다", "가"),
    ("<이름>", "는 어제", "은"),
    ("<이름>", "가 왔다", "이"),
    ("<이름>", "를 만났다", "을"),
    ("<이름>", "와 함께", "과"),
    ("<이름>", "와는 다르다", "과"),
    ("<이름>", "라고 한다", "이라"),
    ("<이름>", "라는 사람", "이라"),
    ("<이름>", "야, 이리 와", "아"),
    ("<이름>", "였다", "이었"),
    ("<이름>", "예요", "이에요"),
    ("<이름>", "로부터 들었다", "으로"),
    ("<이름>", "나 다른 사람", "이나"),
    ("<이름>", "랑 갔다", "이랑"),
    ("<주소>", "이며 ", "며"),
    ("<주소>", "이고, 전화는", "이고"),
    ("<이름>", "고, 전화는", "이고"),
    ("<주소>", "이란 말", "란"),
    ("<이메일>", "으로 보내", "로"),  # 이메일 ends in ㄹ
    ("<이메일>", "는 이것", "은"),
    ("010-0000-0001", "으로", "로"),  # 일
    ("010-0000-0003", "로", "으로"),  # 삼
    ("010-0000-0002", "을 눌러", "를"),  # 이
    ("user@example.com", "로", "으로"),  # 컴
    ("(가람시 말모이로 3)", "를", "을"),
    ("KR", "는", "은"),
    ("“홍길동”", "는", "은"),
    ("홍**", "와 만나", "과"),
]

NO_JOSA = [
    "은행 계좌",
    "과장님께",
    "이상 없음",
    "가격은",
    "로마",
    "을지로",
    "이 ",
    " 으로",
    "",
    "에서",
    "에게",
    "입니다",
    "님",
    "나무",
    "고객",
    "다음",
    "라면 한 그릇",
]
SPLIT = {"이 ", "라면 한 그릇"}  # these are josa by every sign that stands in the text


@pytest.mark.parametrize(("word", "following", "expected"), AGREEING)
def test_josa_follows_the_final_sound(word: str, following: str, expected: str) -> None:
    length, josa = agree(word, following)
    assert josa == expected
    assert 0 < length <= 4


@pytest.mark.parametrize("following", [text for text in NO_JOSA if text not in SPLIT])
def test_other_syllables_are_left_alone(following: str) -> None:
    assert agree("<전화번호>", following) == (0, "")


@pytest.mark.parametrize(
    ("word", "sound"),
    [
        ("<전화번호>", Final.VOWEL),
        ("[이메일]", Final.RIEUL),
        ("이름", Final.CONSONANT),
        ("7", Final.RIEUL),
        ("10", Final.CONSONANT),
        ("URL", Final.RIEUL),
        ("USB", Final.VOWEL),
        ("blog", Final.VOWEL),
        ("ranking", Final.CONSONANT),
        ("", Final.VOWEL),
        ("***", Final.VOWEL),
        ("\ud800", Final.VOWEL),
    ],
)
def test_final_sound(word: str, sound: Final) -> None:
    assert final(word) is sound
