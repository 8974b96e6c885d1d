"""Payment cards and bank accounts."""

import re

from malmoi.text.pii import digits, labels
from malmoi.text.pii.rule import Context, Rule

_GAP = r"(?:\s?[-.·~_/=]\s?|[ ]{1,2}|)"
_CARD = re.compile(
    rf"(?<![0-9])(?<![0-9][-.])(?P<value>[0-9]{{4}}(?P<gap>{_GAP})[0-9]{{4}}{_GAP}[0-9]{{4}}(?:{_GAP}|\s?-\s?\n\s?)[0-9]{{4}})(?![0-9])(?!-[0-9])"
)
_AMEX = re.compile(
    rf"(?<![0-9])(?<![0-9][-.])(?P<value>3[47][0-9]{{2}}(?P<gap>{_GAP})[0-9]{{6}}{_GAP}[0-9]{{5}})(?![0-9])(?!-[0-9])"
)
_CARD_MASKED = re.compile(
    r"(?<![0-9*])(?P<value>[0-9*xX#]{4}\s?[-. ]?\s?[0-9*xX#]{4}\s?[-. ]?\s?[0-9*xX#]{4}\s?[-. ]?\s?[0-9*xX#]{3,4})(?![0-9*A-Za-z])"
)
_BANK = (
    r"(?:국민|신한|우리|하나|농협|축협|수협|신협|기업|산업|제일|씨티|시티|외환|한미|카카오|토스|케이|부산|대구|광주|전북|경남|제주|아이엠|새마을(?:\s?금고)?|우체국|"
    r"저축|증권|미래에셋|삼성증권|키움|산림조합|[Kk][Bb]|[Nn][Hh]|[Ii][Bb][Kk]|[Kk][Dd][Bb]|[Ss][Cc]|[Kk][Ee][Bb]|[Ii][Mm]|[Bb][Nn][Kk]|카뱅|케뱅|토뱅|국은|Kookmin|Shinhan|Woori|Hana|Kakao|Toss|Nonghyup)"
)
_SURE_BANK = r"(?:[가-힣A-Za-z]{2,6}은행|뱅크|농협|축협|수협|신협(?![약정])|새마을\s?금고|우체국|카뱅|케뱅|토뱅|신한(?![국류일반])|MG|NH|KB|IBK)"
_CONTEXT = re.compile(
    rf"계\s?좌|입\s?금|이\s?체|송\s?금|예\s?금\s?주|통\s?장|은행|뱅크|후원|무통장|환불|가상|납부|account|적금|급여|{_SURE_BANK}",
    re.IGNORECASE,
)
_BANK_BEFORE = re.compile(
    rf"{_BANK}(?:은행|뱅크|중앙회|금고|\s?[Bb]ank)?\s{{0,2}}(?:계좌)?\s?(?:번호)?[\s:/(\[|,)-]{{0,4}}\Z"
)
_BANK_AFTER = re.compile(rf"\A[\s(/,\[|]{{0,3}}{_BANK}(?:[가-힣]{{0,3}}(?:은행|뱅크|금고))?(?![가-힣]{{2}})")
_AFTER = re.compile(r"\A[\s(/,\[|]{0,3}(?:[으로]{0,2}\s)?(?:예\s?금\s?주|입금|송금|이체|계좌)")
_ACCOUNT = re.compile(
    r"(?<![0-9A-Za-z=/&?_])(?<![0-9][-.,])(?<![A-Za-z]-)(?P<value>[0-9]{2,6}(?:\s?[-–.~]\s?|[ ])[0-9*xX]{2,6}(?:(?:\s?[-.~]\s?|[ ])[0-9*xX]{1,8}){0,3}|[0-9]{10,16}|[0-9]{3,6}[*xX]{3,8}[0-9]{2,6})(?![0-9*])(?!-[0-9])(?!\.[A-Za-z])"
)
_PLAIN_STAMP = re.compile(r"20[0-3][0-9](?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_PLAIN_DATE = re.compile(r"\A(?:19|20)[0-9]{2}[-. ~]{1,3}(?:0?[1-9]|1[0-2])[-. ~]{1,3}[0-9]{1,2}(?:\b|[-. ~])")


def _card(match: re.Match[str], context: Context) -> float:
    number = digits.plain(match["value"])
    if digits.placeholder(number):
        return 0.0
    before = context.before(match.start(), 24)
    labelled = labels.CARD.search(before) or labels.CARD.search(context.after(match.end(), 16))
    bare = not match["gap"]
    if bare and (_PLAIN_STAMP.match(number) or labels.OTHER_NUMBER.search(before)):
        return 0.0
    if labelled:
        return 0.95
    if labels.OTHER_NUMBER.search(before) or _CONTEXT.search(before[-12:]):
        return 0.0
    known = number[0] in "34569" or 2221 <= int(number[:4]) <= 2720
    return 0.8 if known and digits.luhn(number) else 0.0


def _card_masked(match: re.Match[str], context: Context) -> float:
    value = match["value"]
    shown = sum(letter.isdigit() for letter in value)
    hidden = sum(letter in "*xX#" for letter in value)
    if not 4 <= shown <= 12 or hidden < 3:
        return 0.0
    if labels.CARD.search(context.before(match.start(), 24)) or labels.CARD.search(context.after(match.end(), 14)):
        return 0.95
    return 0.8 if shown >= 8 and re.search(r"[-. ]", value) else 0.0


def _account(match: re.Match[str], context: Context) -> float:
    value = match["value"]
    length = len(re.sub(r"[^0-9*xX]", "", value))
    if not 9 <= length <= 16 or sum(letter.isdigit() for letter in value) < 5 or _PLAIN_DATE.match(value):
        return 0.0
    if not re.search(r"[0-9*xX]{3}", value):
        return 0.0
    before, after = context.before(match.start(), 20), context.after(match.end(), 12)
    before = re.split(r"[\n.!?]\s", before)[-1]
    if (
        digits.placeholder(digits.plain(value))
        or labels.OTHER_NUMBER.search(before)
        or re.match(r"\s?(?:원|개|명|건|만|억|주|회|년)", after)
    ):
        return 0.0
    if _BANK_BEFORE.search(before) or _BANK_AFTER.match(after):
        return 0.95 if length >= 10 else 0.0
    if _CONTEXT.search(before) or _AFTER.match(after):
        return 0.9 if length >= 10 or "계좌" in before else 0.0
    return 0.0


ENTITIES = ("card", "account")

SEED = r"(?:[0-9*xX#][-.·~_/= ]{0,3}){8}[0-9*xX#]"
REACH = (50, 40)

RULES = (
    Rule("card", _CARD, _card),
    Rule("card", _AMEX, _card),
    Rule("card", _CARD_MASKED, _card_masked),
    Rule("account", _ACCOUNT, _account),
)

POSITIVES = (
    "국민은행 ⟦005426-00-259239⟧",
    "신한 ⟦110-022-368140⟧ 로 입금",
    "우리은행 계좌 ⟦1002-061-378139⟧으로",
    "농협 ⟦302-0680-0877-47⟧ 입금",
    "계좌번호 ⟦06564847147420⟧ (국민)",
    "⟦302-0176-3203-46⟧ 농협",
    "카드 ⟦9410-0004-2016-3096⟧로 결제",
    "카드번호 ⟦4502 0567 0721 9490⟧ 유효기간",
    "카드 ⟦0002-40**-****-3822⟧ 승인",
    "우체국 ⟦243-***-776707⟧ 출금",
)
NEAR_MISSES = (
    "쿠폰번호 1234-5678-9012-3456",
    "송장번호 6077-1234-5678",
    "주문번호 202211191234567",
    "하나 1234개를 만들면",
    "농협 2022년 사업계획",
    "계좌 개설은 3단계",
    "입금액 1,234,567원",
    "국민 5000만 명",
    "read.nhn?oid=015&aid=0004140625",
    "가격은 1234-5678원",
    "입금 순서 10 11 12 13 14",
    "통장 사진 IMG-20240902151155.png",
)
