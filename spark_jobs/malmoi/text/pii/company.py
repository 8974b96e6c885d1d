"""Business and corporate registration numbers (사업자등록번호, 법인등록번호)."""

import re

from malmoi.text.pii import digits, labels
from malmoi.text.pii.rule import Context, Rule

_BUSINESS = re.compile(
    r"(?<![0-9])(?<![0-9][-.])[0-9]{3}(?P<gap>\s?[-.~ ]?\s?)[0-9]{2}\s?[-.~ ]?\s?[0-9]{5}(?![0-9])(?!-[0-9])"
)
_CORPORATE = re.compile(r"(?<![0-9])(?<![0-9][-.])[0-9]{6}(?P<gap>\s?[-.~ ]?\s?)[0-9]{7}(?![0-9])(?!-[0-9])")


def _business(match: re.Match[str], context: Context) -> float:
    number = digits.plain(match.group())
    before = context.before(match.start(), 20)
    if labels.OTHER_NUMBER.search(before) or labels.EXAMPLE.search(context.after(match.end())):
        return 0.0
    labelled = labels.BUSINESS.search(before) is not None
    valid = digits.business_check(number)
    if labelled:
        return 0.95 if valid or match["gap"].strip() else 0.6
    return 0.7 if valid and match["gap"].strip() == "-" else 0.0


def _corporate(match: re.Match[str], context: Context) -> float:
    number = digits.plain(match.group())
    before = context.before(match.start(), 20)
    if labels.CORPORATE.search(before):
        return 0.95
    if not match["gap"].strip() or labels.OTHER_NUMBER.search(before):
        return 0.0
    return 0.6 if number[4:6] in {"11", "12", "13", "14", "21", "22"} and digits.corporate_check(number) else 0.0


ENTITIES = ("business", "corporate")

SEED = r"[0-9]{3}[-.~ ]{0,3}[0-9]{2}[-.~ ]{0,3}[0-9]{5}|[0-9]{6}[-.~ ]{0,3}[0-9]{7}"
REACH = (40, 20)

RULES = (
    Rule("business", _BUSINESS, _business),
    Rule("corporate", _CORPORATE, _corporate),
)

POSITIVES = (
    "사업자등록번호 ⟦120-12-56005⟧ 상호",
    "사업자번호는 ⟦1201256005⟧",
    "법인등록번호 ⟦180114-0932693⟧입니다",
)
NEAR_MISSES = (
    "123-45-67890 은 예시입니다",
    "EC 번호 231-791-2",
    "특허 10-2019-0123456 호",
    "CAS 50-00-0",
)
