"""Numbers spelled in Korean numerals, with or without pauses: 공일공 이삼사오 육칠팔구."""

import re

from malmoi.text.pii import digits
from malmoi.text.pii.rule import Context, Rule

_N = rf"[{digits.HANGUL}0-9]"
_PAUSE = r"(?:\s{0,2}(?:[-.·,~/]|에|의|다시|대시|하이픈)\s{0,2}|\s{1,2}|)"
_RUN = re.compile(
    rf"(?<![가-힣0-9])(?P<value>[{digits.HANGUL}]{_N}{{1,5}}{_PAUSE}{_N}{{2,6}}(?:{_PAUSE}{_N}{{2,7}}){{0,3}})(?![0-9])"
)
_SINGLY = re.compile(rf"(?<![가-힣0-9])(?P<value>[{digits.HANGUL}](?:\s?[.·,~-]\s?{_N}|\s{_N}){{9,12}})(?![0-9])")
_LABEL = re.compile(r"전화|연락|번호|핸드폰|휴대폰|폰|문자|전번|텔|계좌|주민|민번|카드|입금", re.IGNORECASE)


def _number(match: re.Match[str]) -> str:
    return digits.plain(match["value"])


def _name(match: re.Match[str]) -> str:
    number = _number(match)
    if len(number) == 13 and number[:2] != "01":
        return "frn" if number[6] in "5678" else "rrn"
    return "phone"


def _score(match: re.Match[str], context: Context) -> float:
    number = _number(match)
    if sum(letter in digits.HANGUL for letter in match["value"]) < 7:
        return 0.0
    if len(number) == 13 and digits.birth_date(number[:7]):
        return 0.9
    if re.fullmatch(r"01[016789][0-9]{7,8}|0(?:2|[3-6][1-5])[0-9]{7,8}|070[0-9]{8}|050[0-9]{8,9}", number):
        return 0.9
    labelled = _LABEL.search(context.before(match.start(), 14)) is not None
    return 0.7 if labelled and 8 <= len(number) <= 14 else 0.0


ENTITIES = ("phone", "rrn", "frn")

SEED = r"(?:[공영일이삼사오육륙칠팔구] ?[-.·, ] ?){8}|[공영일이삼사오육륙칠팔구]{4}|[공영][일이삼사오육륙칠팔구][공영일이삼사오육륙칠팔구]?[- ][공영일이삼사오육륙칠팔구0-9]{3}"
REACH = (40, 40)

RULES = (Rule(_name, _RUN, _score), Rule(_name, _SINGLY, _score))

POSITIVES = (
    "연락처는 ⟦공일공-일칠구오-칠사칠사⟧ 입니다",
    "연락처는 ⟦공일공일일이공공일칠사⟧",
    "연락 ⟦공.일.공.일.이.삼.사.오.육.칠.팔⟧",
    "주민번호 ⟦구일공이공삼-이구육오일이삼⟧",
)
NEAR_MISSES = (
    "일이삼 사오육 칠팔구 하며 숫자를 셌다",
    "육이오 전쟁과 삼일운동",
    "공공일자리 이공계",
    "오일팔 민주화운동",
)
