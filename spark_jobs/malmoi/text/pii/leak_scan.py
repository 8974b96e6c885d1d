"""The gate's second look at what leaves: nothing of the recognizers' patterns, only runs of digits and their sums.

Cheap enough for all texts. It reads plain spellings on purpose: what it finds is certain, and it knows nothing about
labels, so it cannot share a blind spot with the rules. Surrogates pass, their numbers are impossible.
"""

import re
from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from malmoi.text.pii.span import Span

_RUN = re.compile(r"[0-9](?:[0-9]|[-. ](?=[0-9])){8,24}")
# git@ is the account of a code host's server, in every tutorial's clone command; it names nobody.
_MAIL = re.compile(
    r"(?<![a-z0-9._+-])(?!git@)[a-z0-9][a-z0-9._+-]*@(?!example\.|[a-z0-9-]*\.?example)[a-z0-9-]+(?:\.[a-z]+)+",
    re.IGNORECASE,
)


_GATE = (
    r"[0-9]{6}[-. ]?[0-9]{7}|01[016789][-. ]?[0-9]{3,4}[-. ]?[0-9]{4}|[0-9]{4}(?:[-. ]?[0-9]{4}){3}|"
    r"[0-9]{2}[-. ][0-9]{2}[-. ][0-9]{6}[-. ][0-9]{2}|[A-Za-z0-9._+-]@[A-Za-z0-9-]+\.[A-Za-z]"
)
"""RE2 over a whole column: a text without a match has no leak, and most have none."""


def leaks_of_column(column: pa.Array) -> dict[int, list[Span]]:
    """Row -> leaks, for the rows of a string column that have any."""
    rows = pc.indices_nonzero(pc.match_substring_regex(column, _GATE))
    found = zip(rows.to_pylist(), leaks(column.take(rows).to_pylist()), strict=True)
    return {row: spans for row, spans in found if spans}


def leaks(texts: Iterable[str]) -> list[list[Span]]:
    """What looks like personal data left over in each text; positions in code points."""
    return [_leaks(text) if text else [] for text in texts]


def _leaks(text: str) -> list[Span]:
    found = []
    for run in _RUN.finditer(text):
        start, end = run.span()
        if text[start - 1 : start].isdigit() or text[end : end + 1].isdigit():
            continue
        entity = _entity(run.group())
        if entity:
            found.append(Span(start, end, entity, 1.0))
    if "@" in text:
        found.extend(Span(*mail.span(), "email", 1.0) for mail in _MAIL.finditer(text))
    return sorted(found)


def _entity(run: str) -> str | None:
    groups = [len(group) for group in re.split(r"[-. ]", run)]
    number = re.sub(r"[-. ]", "", run)
    if groups in ([6, 7], [13]) and _born(number):
        certain = groups == [6, 7] and "-" in run
        if certain or _mod11(number):
            return "frn" if number[6] in "5678" else "rrn"
    if groups in ([3, 4, 4], [3, 3, 4], [11]) and re.match(r"01(?:0[2-9]|[16789][2-9])", number):
        return "phone"
    if groups in ([4, 4, 4, 4], [16]) and number[0] in "34569" and _mod10(number):
        return "card"
    if groups == [2, 2, 6, 2] and 11 <= int(number[:2]) <= 28 and "-" in run:
        return "driver_license"
    return None


def _born(number: str) -> bool:
    month, day = int(number[2:4]), int(number[4:6])
    return 1 <= month <= 12 and 1 <= day <= 31


def _mod11(number: str) -> bool:
    total = sum(int(digit) * (2 + place % 8) for place, digit in enumerate(number[:12]))
    return int(number[12]) in {(11 - total % 11) % 10, (13 - total % 11) % 10}


def _mod10(number: str) -> bool:
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(number)]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
