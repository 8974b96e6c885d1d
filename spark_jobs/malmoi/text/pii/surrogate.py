"""Values of the same shape that cannot belong to anyone.

A surrogate is made from the entity and the running number of the value in its document, never from the value: equal
values of one document get equal surrogates, and nothing of the value is in them. The ranges:

- resident, foreigner and corporate numbers start with 000000: no such date, no such registry;
- telephone numbers keep the dialling code and continue with 0: no exchange begins so;
- cards, accounts and business numbers start with zeros and fail their check digit;
- passports are of type Z, licences of region 00, plates of number 00: none is given out;
- IP addresses lie in 192.0.2.0/24 (RFC 5737) and 2001:db8::/32 (RFC 3849), mail goes to example.com (RFC 2606).
"""

import re
from collections.abc import Callable

from malmoi.text.pii import digits

_DIGIT = re.compile(r"[0-9]")
_DIALLING = re.compile(
    r"\A\D{0,3}(?:(?:00)?82\D{0,3}0?\D{0,2}(?:1[0-9]|2|[3-6][0-9]|70|80|50[0-9]?)|0(?:1[0-9]|2|[3-6][0-9]|70|80|50[0-9]?))"
)
_NAMES = (
    "홍가람",
    "김누리",
    "이마루",
    "박아라",
    "최여울",
    "정하람",
    "강미르",
    "조다온",
    "윤나래",
    "장한결",
    "임새벽",
    "한이든",
)


def make(value: str, entity: str, number: int) -> str:
    """The ``number``-th (from 1) surrogate of ``entity`` in the shape of ``value`` (in one spelling)."""
    return _MAKERS[entity](value, number)


def _fill(value: str, filling: str) -> str:
    """The digits of ``value`` replaced by those of ``filling``, aligned right, zeros before."""
    places = _DIGIT.findall(value)
    supply = iter(filling.rjust(len(places), "0")[-len(places) :] if places else "")
    return _DIGIT.sub(lambda match: next(supply), value)


def _number(value: str, number: int) -> str:
    return _fill(value, str(number % 100_000))


def _failing(check: Callable[[str], bool]) -> Callable[[str, int], str]:
    def fill(value: str, number: int) -> str:
        made = _number(value, number)
        plain = digits.plain(made)
        if len(plain) in {10, 13, 15, 16} and check(plain):
            made = _number(value, number + 1)
        return made

    return fill


def _phone(value: str, number: int) -> str:
    dialling = _DIALLING.match(value)
    kept = dialling.end() if dialling else 0
    return value[:kept] + _number(value[kept:], number)


def _passport(value: str, number: int) -> str:
    return re.sub(r"[A-Za-z]", "Z", _number(value, number))


def _birth(value: str, number: int) -> str:
    """30 February 1900."""
    parts = re.findall(r"[0-9]+", value)
    if len(parts) < 3:
        return _fill(value, "19000230"[-len("".join(parts)) :])
    day = iter(("1900"[-len(parts[0]) :], "02"[-len(parts[1]) :], "30"))
    return re.sub(r"[0-9]+", lambda match: next(day, "0"), value)


def _url(value: str, number: int) -> str:
    host = re.match(r"(?:https?://)?[^/]+", value)
    return f"{host.group() if host else ''}/user{number:04d}"


_MAKERS: dict[str, Callable[[str, int], str]] = {
    "rrn": _number,
    "frn": _number,
    "corporate": _failing(digits.corporate_check),
    "business": _failing(digits.business_check),
    "card": _failing(digits.luhn),
    "account": _number,
    "phone": _phone,
    "passport": _passport,
    "driver_license": _number,
    "plate": _number,
    "email": lambda value, number: f"user{number:04d}@example.com",
    "ip": lambda value, number: f"2001:db8::{number % 0xFFFF:x}" if ":" in value else f"192.0.2.{number % 254 + 1}",
    "address": lambda value, number: f"가람도 누리시 말모이로 {number}",
    "account_id": lambda value, number: ("@" if value[:1] == "@" else "") + f"user{number:04d}",
    "url_id": _url,
    "nickname": lambda value, number: f"별명{number}",
    "birth": _birth,
    "name": lambda value, number: _NAMES[(number - 1) % len(_NAMES)],
}
