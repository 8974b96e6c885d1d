"""The independent scan over digit runs."""

import pyarrow as pa
import pytest

from malmoi.text.pii import leaks
from malmoi.text.pii.leak_scan import leaks_of_column


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("번호 910203-2965123 끝", "rrn"),
        ("9701011964823", "rrn"),
        ("920724-5962414", "frn"),
        ("연락 010-2345-6789", "phone"),
        ("01023456789", "phone"),
        ("4539-5787-6362-1486", "card"),
        ("16-92-931719-43", "driver_license"),
        ("bada@naver.com으로", "email"),
        ("widgit@naver.com으로", "email"),
    ],
)
def test_leaks_are_named_and_placed(text: str, entity: str) -> None:
    (span,) = leaks([text])[0]
    assert span.entity == entity
    assert 0 <= span.start < span.end <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ISBN 978-89-364-3412-0",
        "2022-11-19 13:45:10",
        "1,234,567원",
        "8801234567893",
        "010-0000-0001",
        "000000-0000001",
        "user0001@example.com",
        "<전화번호>로 <이메일>을",
        "1234567890123456789012345678901234567890",
        "좌표 37.566535 126.977969",
        "git clone git@codehost.net:saebyeok/noteul.git 을 입력합니다",
    ],
)
def test_ordinary_numbers_and_replacements_pass(text: str) -> None:
    assert leaks([text]) == [[]]


def test_a_whole_column_gives_the_same_as_its_texts() -> None:
    texts = [
        "연락 01023456789",
        "",
        None,
        "글",
        "16-92-931719-43",
        "4539578763621486",
        "9701011964823",
        "a bada@naver.com",
    ]
    expected = {row: spans for row, spans in enumerate(leaks(texts)) if spans}
    assert leaks_of_column(pa.array(texts, pa.string())) == expected
    assert sorted(expected) == [0, 4, 5, 6, 7]
