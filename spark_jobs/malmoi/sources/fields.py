"""Fields of JSON objects and rows, read with care: exports name and type them in many ways."""

from datetime import datetime

from malmoi.contracts.kinds import KINDS
from malmoi.text.html.dates import parse_date


def text_of(record: dict, *names: str) -> str:
    """The first of the fields that holds text; numbers count as text."""
    for name in names:
        value = record.get(name)
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
    return ""


def flag_of(record: dict, *names: str) -> bool:
    """Whether one of the fields says yes."""
    return any(record.get(name) in (True, 1, "1", "Y", "y", "true", "True", "yes") for name in names)


def count_of(record: dict, *names: str) -> int:
    """The first of the fields that holds a number, as a number from 0 up to what fits in 32 bits."""
    for name in names:
        value = record.get(name)
        if isinstance(value, str) and value.replace(",", "").strip().isdigit():
            value = int(value.replace(",", ""))
        if isinstance(value, int | float) and not isinstance(value, bool) and value == value:
            return int(max(0, min(value, 2**31 - 1)))
    return 0


def kind_of(record: dict) -> str:
    """The record's own document kind, where it is one."""
    kind = record.get("kind")
    return kind if kind in KINDS else ""


def moment_of(record: dict, *names: str) -> datetime | None:
    """A date field as UTC."""
    return parse_date(text_of(record, *names))
