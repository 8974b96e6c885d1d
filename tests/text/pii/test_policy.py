"""What is written in the place of personal data."""

import re

import pytest

from malmoi.contracts.recipe.privacy import ENTITIES, IDENTIFYING_BY_LAW, Privacy
from malmoi.text import edits
from malmoi.text.pii import Span, digest, digits, find, leaks, persons, replace

VALUES = {
    "rrn": "주민번호는 970101-1964823이고",
    "frn": "외국인등록번호는 920724-5962414로",
    "passport": "여권번호는 M02155802를",
    "driver_license": "면허번호는 16-92-931719-43을",
    "phone": "전화는 010-2345-6789로",
    "card": "카드번호는 4539-5787-6362-1486으로",
    "account": "국민은행 105426-00-259239로",
    "business": "사업자번호는 120-12-56005를",
    "corporate": "법인등록번호는 180114-0932693이며",
    "plate": "차량번호는 179마7430을",
    "email": "메일은 bada.03@naver.com으로",
    "ip": "접속 IP 211.21.10.254에서",
    "address": "주소는 경기 성남시 분당구 누리대로 216-26으로",
    "account_id": "카톡 아이디는 gaon4546으로",
    "url_id": "블로그 https://blog.naver.com/gaon6721 에",
    "nickname": "작성자: 푸른하늘 | 조회",
    "birth": "생년월일은 1979.08.01로",
    "name": "예금주 한하수 님",
}


def redacted(text: str, policy: str) -> str:
    return edits.splice(text, replace(text, find(text), Privacy(policy=dict.fromkeys(ENTITIES, policy))))


def value(text: str, entity: str) -> str:
    return next(text[span.start : span.end] for span in find(text) if span.entity == entity)


@pytest.mark.parametrize("entity", ENTITIES)
@pytest.mark.parametrize("policy", ["remove", "tag", "surrogate"])
def test_the_value_is_gone(entity: str, policy: str) -> None:
    text = VALUES[entity]
    assert value(text, entity) not in redacted(text, policy)


def test_tag_with_josa() -> None:
    assert redacted(VALUES["phone"], "tag") == "전화는 <전화번호>로"
    assert redacted(VALUES["email"], "tag") == "메일은 <이메일>로"
    assert redacted(VALUES["driver_license"], "tag") == "면허번호는 <운전면허번호>를"


def test_keep_keeps() -> None:
    assert redacted(VALUES["phone"], "keep") == VALUES["phone"]


@pytest.mark.parametrize("entity", IDENTIFYING_BY_LAW)
@pytest.mark.parametrize("policy", ["keep", "keep_part"])
def test_numbers_by_law_are_never_kept(entity: str, policy: str) -> None:
    result = redacted(VALUES[entity], policy)
    assert f"<{ENTITIES[entity]}>" in result
    assert not re.search(r"[0-9]{2}", result)


@pytest.mark.parametrize(
    ("entity", "kept", "lost"),
    [
        ("phone", "010-****-****", "6789"),
        ("email", "***@naver.com", "bada"),
        ("birth", "1970년대생", "08"),
        ("ip", "211.21.*.*", "254"),
        ("address", "경기 성남시 분당구", "누리대로"),
        ("name", "한○○", "하수"),
        ("card", "4539-****", "1486"),
        ("url_id", "https://blog.naver.com/***", "gaon6721"),
    ],
)
def test_keep_part(entity: str, kept: str, lost: str) -> None:
    result = redacted(VALUES[entity], "keep_part")
    assert kept in result
    assert lost not in result


def test_business_lines_are_kept_whole_by_keep_part() -> None:
    assert redacted("고객센터 1588-0358로", "keep_part") == "고객센터 1588-0358로"


@pytest.mark.parametrize("entity", ["rrn", "frn", "phone", "card", "account", "business", "corporate", "plate"])
def test_surrogates_keep_the_shape(entity: str) -> None:
    text = VALUES[entity]
    result = redacted(text, "surrogate")
    before, after = (re.sub("[0-9]", "0", part) for part in (value(text, entity), result))
    assert before in after


def test_surrogates_are_stable_inside_a_document_and_differ_between_values() -> None:
    text = "전화 010-2345-6789, 다시 010 2345 6789, 그리고 010-9876-5432"
    first, again, other = re.findall(r"010[- ](\d{4})[- ](\d{4})", redacted(text, "surrogate"))
    assert first == again
    assert first != other


def test_surrogates_are_impossible_and_pass_the_leak_scan() -> None:
    for entity, text in VALUES.items():
        result = redacted(text, "surrogate")
        assert leaks([result]) == [[]], entity
    assert not digits.luhn(digits.plain(re.search(r"[\d-]{19}", redacted(VALUES["card"], "surrogate")).group()))
    business = re.search(r"[\d-]{12}", redacted(VALUES["business"], "surrogate")).group()
    assert not digits.business_check(digits.plain(business))


@pytest.mark.parametrize(
    "text",
    [
        "예전번호 011-593-3991",
        "해외 +82-10-9166-3940",
        "전화 734-1234",
        "010 빼고 3291-8158로 문자",
        "사무실 (02)756-5921",
        "070-6622-3344",
        "1588-2345로 전화",
    ],
)
def test_surrogates_of_all_kinds_of_lines_pass(text: str) -> None:
    result = redacted(text, "surrogate")
    assert result != text
    assert leaks([result]) == [[]]


def test_tags_pass_the_leak_scan() -> None:
    assert leaks([redacted(text, "tag") for text in VALUES.values()]) == [[] for _ in VALUES]


def test_low_scores_are_left_alone() -> None:
    assert replace("010-2345-6789", [Span(0, 13, "phone", 0.3)], Privacy(min_score=0.5)) == []


def test_a_removed_value_takes_its_josa_along() -> None:
    assert redacted("연락은 010-2345-6789로 주세요", "remove") == "연락은  주세요"


def test_persons_counts_people_not_kinds() -> None:
    rows = [f"010-2345-67{i:02d} bada{i}@naver.com" for i in range(12)]
    text = "\n".join(rows)
    assert persons(text, find(text)) == 12
    assert persons("", []) == 0
    same = "010-2345-6789\n01023456789\n010 2345 6789"
    assert persons(same, find(same)) == 1


def test_office_lines_and_names_are_no_list_of_people() -> None:
    text = "\n".join(f"문의 02-2345-67{i:02d}, 송수석 씨" for i in range(20))
    assert persons(text, find(text)) == 0


def test_digest_is_keyed_and_blind_to_spelling() -> None:
    assert digest(b"key", "010-2345-6789") == digest(b"key", "０１０ 2345 6789")
    assert digest(b"key", "010-2345-6789") != digest(b"other", "010-2345-6789")
    assert re.fullmatch("[0-9a-f]{32}", digest(b"key", "x"))
    with pytest.raises(ValueError, match="empty"):
        digest(b"", "010-2345-6789")
