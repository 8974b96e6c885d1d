"""Dates as Korean pages write them, to UTC. A time without an offset is taken as Asia/Seoul."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

SEOUL = timezone(timedelta(hours=9))
"""Korea has had no daylight saving time since 1988."""

_FIRST_YEAR, _LAST_YEAR = 1990, 2100

_NUMERIC = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)\s?(?P<mark>[-./]|년)\s?(?P<month>\d{1,2})\s?(?:[-./]|월)\s?(?P<day>\d{1,2})(?!\d)\s?일?\.?"
    r"(?:\s*\(?[월화수목금토일]\)?(?:요일)?)?"
    r"(?:[\sT,|·]{0,4}(?P<half>오전|오후|AM|PM)?\s?(?P<hour>\d{1,2})\s?(?::|시)\s?(?P<minute>\d{1,2})"
    r"(?:\s?(?::|분)\s?(?P<second>\d{1,2})(?:\.\d+)?)?\s?(?:초|분)?\s?(?P<half_after>AM|PM)?\s?(?P<zone>Z|KST|UTC|GMT|[+-]\d\d:?\d\d)?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(
    r"^(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?:T?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?)?(?P<zone>Z)?$"
)
_DAY_DOTS = re.compile(r"(?<!\d)(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>(?:19|20)\d\d)(?!\d)")
_MONTHS = {
    name: number
    for number, names in enumerate(
        "jan january,feb february,mar march,apr april,may,jun june,jul july,aug august,sep sept september,oct october,"
        "nov november,dec december".split(","),
        1,
    )
    for name in names.split()
}
_MONTH_NAME = "|".join(sorted(_MONTHS, key=len, reverse=True))
_MONTH_FIRST = re.compile(
    rf"\b(?P<name>{_MONTH_NAME})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>(?:19|20)\d\d)\b", re.I
)
_DAY_FIRST = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<name>{_MONTH_NAME})\.?,?\s+(?P<year>(?:19|20)\d\d)\b", re.I
)


def parse_date(text: str | None) -> datetime | None:
    """The first date in a short text as an aware UTC datetime; None where there is none that exists."""
    if not text:
        return None
    text = text.strip()[:200]
    if "," in text and ":" in text and (parsed := _mail_date(text)):
        return parsed
    for pattern in (_COMPACT, _NUMERIC):
        found = pattern.search(text)
        if found:
            return _build(found.groupdict())
    found = _DAY_DOTS.search(text)
    if found:
        return _build(found.groupdict())
    for pattern in (_MONTH_FIRST, _DAY_FIRST):
        found = pattern.search(text)
        if found:
            fields = found.groupdict()
            return _build({**fields, "month": str(_MONTHS[fields["name"].lower()])})
    return None


def _mail_date(text: str) -> datetime | None:
    """RFC 2822, the form of feeds."""
    try:
        parsed = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return _to_utc(parsed)


def _build(fields: dict[str, str | None]) -> datetime | None:
    hour = int(fields.get("hour") or 0)
    half = (fields.get("half") or fields.get("half_after") or "").upper()
    if half in ("오후", "PM") and hour < 12:
        hour += 12
    elif half in ("오전", "AM") and hour == 12:
        hour = 0
    try:
        moment = datetime(
            int(fields["year"] or 0),
            int(fields["month"] or 0),
            int(fields["day"] or 0),
            hour,
            int(fields.get("minute") or 0),
            int(fields.get("second") or 0),
            tzinfo=_zone(fields.get("zone")),
        )
    except ValueError:
        return None
    return _to_utc(moment)


def _zone(mark: str | None) -> timezone:
    if not mark or mark.upper() == "KST":
        return SEOUL
    if mark.upper() in ("Z", "UTC", "GMT"):
        return UTC
    minutes = int(mark[1:3]) * 60 + int(mark[-2:])
    return timezone(timedelta(minutes=-minutes if mark[0] == "-" else minutes)) if minutes < 24 * 60 else SEOUL


def _to_utc(moment: datetime) -> datetime | None:
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=SEOUL)
    return moment.astimezone(UTC)
