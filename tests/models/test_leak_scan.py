"""Presidio's own recognizers over what leaves."""

import pytest

from malmoi.models.leak_scan import leaks


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("번호는 910203-2965123입니다", "rrn"),
        ("외국인 920724-5962414로", "frn"),
        ("연락은 010-2345-6789로", "phone"),
        ("연락은 (010) 2345 6789로", "phone"),
        ("연락은 +82 10-2345-6789로", "phone"),
        ("연락은 01023456789로", "phone"),
        ("카드 4539578763621486으로", "card"),
        ("메일은 bada@naver.com으로", "email"),
        ("면허 16-92-931719-43을", "driver_license"),
        ("접속 211.21.10.254에서", "ip"),
        ("카드는 4539-5787-6362-1486이고", "card"),
        ("(bada.kim@naver.com)", "email"),
    ],
)
def test_what_is_left_over_is_found_with_particles_glued_on(text: str, entity: str) -> None:
    assert entity in {span.entity for span in leaks([text])[0]}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "전화는 <전화번호>로, 메일은 <이메일>로",
        "전화는 010-0000-0001로, 메일은 user0001@example.com으로",
        "주민번호는 000000-0000001이고 면허는 00-00-000001-00",
        "송장번호 6077-1234-5678, 주문번호 202211191234567",
        "2022년 11월 19일 20시, ISBN 9788936434120",
        "버전 3.10.12.1 릴리즈",
        "| 0.2 | 0.104829351 | 0.918273645 |\n| 0.3 | 0.112233445 |",
        "| 0.10 2.83745192 | 0.11 3.84756102 |",
        "대역은 192.168.0.0/24입니다",
        "손실은 0.4539578763621486에서 12.4539578763621486까지",
        "1299 12.650792121887207\n1399 11.409923553466797",
        "git clone git@codehost.net:saebyeok/noteul.git 을 입력하고 ssh deploy@relay.saebyeok.net:22 로",
        "scp deploy@relay.saebyeok.net:/srv/noteul .",
        '<script src="https://unpkg.com/noteul.org@2.0.1/dist"> logo@2x.png',
        "주소는 111.111.111.111처럼 적는다",
        "전화는 010-****-****으로, 메일은 ***@naver.com으로",
    ],
)
def test_replacements_and_ordinary_numbers_pass(text: str) -> None:
    assert leaks([text]) == [[]]
