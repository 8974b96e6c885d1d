"""What the ``keep_part`` policy leaves of a value: nothing by which a person is found."""

import re
from collections.abc import Callable

_BUSINESS_LINE = re.compile(r"1[568][0-9]{2}\D{0,3}[0-9]{4}\Z")
_DIALLING = re.compile(r"\(?(?:\+?82\)?[-. ]?(?:\(0\))?0?)?(?:0?1[0-9]|02|0?[3-7][0-9]|080|050[0-9]?|2(?=\D))")
_DISTRICT = re.compile(r"\A(?:[가-힣]{2,7}\s)?[가-힣]{1,6}[시군구](?:\s[가-힣]{1,4}[구])?(?=\s)")
_HIDDEN = re.compile(r"[0-9A-Za-z공영일이삼사오육륙칠팔구]")


def keep_part(value: str, entity: str, tag: str) -> str:
    """The part of ``value`` (in one spelling) that may stay; ``tag`` where none may."""
    return _KEEPERS.get(entity, _nothing)(value, tag)


def _nothing(value: str, tag: str) -> str:
    return tag


def _phone(value: str, tag: str) -> str:
    if _BUSINESS_LINE.match(value):
        return value
    dialling = _DIALLING.match(value)
    if dialling is None:
        return tag
    return dialling.group() + _HIDDEN.sub("*", value[dialling.end() :])


def _email(value: str, tag: str) -> str:
    domain = re.search(r"@\s?([A-Za-z0-9.-]+)\Z", value)
    return f"***@{domain[1]}" if domain else tag


def _ip(value: str, tag: str) -> str:
    numbers = value.split(".")
    return ".".join([*numbers[:2], *("*" for _ in numbers[2:])]) if len(numbers) == 4 else tag


def _address(value: str, tag: str) -> str:
    district = _DISTRICT.match(value)
    return district.group() if district else tag


def _birth(value: str, tag: str) -> str:
    year = re.search(r"(?:18|19|20)[0-9]{2}", value)
    return f"{year.group()[:3]}0년대생" if year else tag


def _name(value: str, tag: str) -> str:
    return value[0] + "○" * (len(value.replace(" ", "")) - 1)


def _url(value: str, tag: str) -> str:
    host = re.match(r"(?:https?://)?[^/]+(?=/)", value)
    return f"{host.group()}/***" if host else tag


def _first(count: int) -> Callable[[str, str], str]:
    def keep(value: str, tag: str) -> str:
        return value[:count] + _HIDDEN.sub("*", value[count:])

    return keep


_KEEPERS: dict[str, Callable[[str, str], str]] = {
    "phone": _phone,
    "email": _email,
    "ip": _ip,
    "address": _address,
    "birth": _birth,
    "name": _name,
    "url_id": _url,
    "card": _first(4),
    "business": _first(3),
    "corporate": _first(4),
}
