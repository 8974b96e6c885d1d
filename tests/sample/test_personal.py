"""Invented personal data: valid where a checker looks, and nobody's."""

import re
from datetime import datetime
from random import Random

import pytest

from malmoi.sample import personal

MANY = range(300)


def check_digit(first12: str, base: int) -> int:
    weights = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]
    return (base - sum(int(a) * b for a, b in zip(first12, weights, strict=True)) % 11) % 10


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


@pytest.mark.parametrize(("make", "base"), [(personal.resident, 11), (personal.foreigner, 13)])
def test_numbers_have_a_valid_check_digit_and_a_place_that_does_not_exist(make, base):
    for n in MANY:
        number = digits(make(Random(n)))
        assert len(number) == 13
        assert int(number[12]) == check_digit(number[:12], base)
        assert 96 <= int(number[7:9]) <= 99  # places end at 95


def test_births_are_real_days_of_the_century_that_the_number_says():
    for n in MANY:
        number = digits(personal.resident(Random(n)))
        century = {"1": "19", "2": "19", "3": "20", "4": "20"}[number[6]]
        assert datetime.strptime(century + number[:6], "%Y%m%d") < datetime(2010, 1, 1)


def test_the_form_of_2020_never_has_a_valid_check_digit():
    for n in MANY:
        number = digits(personal.resident_2020(Random(n)))
        assert int(number[12]) != check_digit(number[:12], 11)


def test_cards_pass_luhn():
    for n in MANY:
        number = digits(personal.card(Random(n)))
        doubled = [int(d) * (2 - i % 2) for i, d in enumerate(number)]
        assert len(number) == 16 and sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


@pytest.mark.parametrize("spelling", ["-", ".", "~", "_", "none", "full", "abroad"])
def test_mobile_numbers_lie_in_blocks_without_subscribers(spelling):
    for n in MANY:
        number = personal.mobile(Random(n), spelling)
        plain = "".join(str(int(c)) for c in number if c.isdigit())
        assert re.fullmatch(r"(010|8210)[01]\d{7}", plain), spelling


def test_mobile_numbers_in_other_letters():
    assert re.fullmatch(
        r"[공일이삼사오육칠팔구]{3}-[공일이삼사오육칠팔구]{4}-[공일이삼사오육칠팔구]{4}",
        personal.mobile(Random(1), "hangul"),
    )
    assert personal.mobile(Random(1), "letters").startswith("O1O-")


def test_mail_goes_to_reserved_domains():
    for n in MANY:
        assert re.search(r"example\.(com|net|org)$", personal.email(Random(n)))
