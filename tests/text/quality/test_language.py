"""Script share first, fastText for what that leaves open."""

import random
import re

import pytest

from malmoi.models.language_id import detect
from malmoi.text import language
from malmoi.text.language import hangul_share
from malmoi.text.passes import count

TECHNICAL = """# nginx 설정

`sites-available` 아래에 파일을 만들고 다음과 같이 적습니다.

```nginx
server {
    listen 80;
    root /var/www/html;
    location / { try_files $uri $uri/ =404; }
    location /api { proxy_pass http://127.0.0.1:8000; proxy_read_timeout 60s; }
}
```

설정을 검사한 다음 다시 읽게 하면 됩니다.
"""
COMMANDS = """메모리를 확인하는 명령을 정리합니다.
free -m --si --total
vmstat -S M 1 10 > vmstat.log
cat /proc/meminfo | grep -E 'MemFree|Cached'
ps aux --sort=-%mem | head -n 20
pidstat -r -p ALL 1 5
가장 많이 쓰는 것은 첫 번째 명령입니다.
"""
TABLE = """버전별 차이
| version | released | end of life | default heap |
|---|---|---|---|
| 3.2.1 | 2021-03-01 | 2022-03-01 | 512m |
| 3.3.0 | 2022-01-15 | 2023-01-15 | 1024m |
업그레이드할 때는 힙 크기가 바뀐 것을 꼭 확인해야 합니다.
"""


@pytest.mark.parametrize(
    "text",
    [
        "오늘은 비가 왔다.",
        "살찐거같은데",
        "ㅋㅋㅋㅋㅋㅋ",
        "React의 useEffect는 render 이후에 실행되고 cleanup function은 unmount 때 호출된다.",
        TECHNICAL,
        COMMANDS,
        TABLE,
    ],
)
def test_korean(text):
    assert detect([text])[0][0] == "ko"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The quick brown fox jumps over the lazy dog and runs away into the forest.", "en"),
        ("今日は天気がいいので、友達と一緒に公園へ散歩に行きました。", "ja"),
        ("今天天气很好，我和朋友一起去公园散步，然后去吃了晚饭。", "zh"),
        ("Le chat est assis sur la table et regarde par la fenêtre du salon.", "fr"),
        ("Сегодня хорошая погода, и мы пошли гулять в парк вместе с друзьями.", "ru"),
    ],
)
def test_other_languages(text, language):
    assert detect([text])[0][0] == language


def test_an_english_page_with_korean_menus_is_english():
    page = "홈 소개 목록\n" + "This page explains how the scheduler assigns tasks to workers in the cluster. " * 8
    assert detect([page])[0][0] == "en"


@pytest.mark.parametrize("text", ["", "   \n", "12 34 56\n78 90", "-----", "…"])
def test_no_letters_no_language(text):
    assert detect([text]) == [("und", 0.0)]


def test_share_counts_syllables_per_non_space():
    assert hangul_share("가나 ab") == pytest.approx(0.5)
    assert hangul_share("가 나\t다\n라") == pytest.approx(1.0)
    assert hangul_share("\ud800 깨진 글") >= 0.5


def test_order_and_length_are_kept():
    texts = ["가나다라 마바사", "plain english text here", "", "한국어 문장이다."] * 3
    found = detect(texts)
    assert [language for language, _ in found] == ["ko", "en", "und", "ko"] * 3
    assert all(0.0 <= score <= 1.0 for _, score in found)


def test_a_page_of_megabytes_costs_no_more_than_its_head():
    page = "lorem ipsum dolor sit amet consectetur " * 100_000 + "한글 " * 40_000
    assert detect([page])[0][0] != "ko"


def test_letters_are_counted_as_expressions_find_them():
    chance = random.Random(12)
    every = [chr(code) for code in range(0x110000)]
    texts = [
        "".join(every),
        *("".join(chance.choices(every[:0x3400] + list("가힣ㄱ \n\t_1a"), k=40)) for _ in range(300)),
    ]
    for text in texts:
        for kind, expression in (
            (language._IS_HANGUL, "[가-힣ㄱ-ㆎ]"),
            (language._IS_KANA, r"[\u3040-\u30ff]"),
            (language._IS_LETTER, r"[^\W\d_]"),
            (language._IS_BLANK, "[ \n\t]"),
        ):
            assert count(text, language._marks(kind)) == len(re.findall(expression, text))
        leads = [byte for byte in text.encode("utf-8", "replace") if 0xEA <= byte <= 0xED]
        assert count(text, language._marks(language._IS_SYLLABLE)) == len(leads)
