"""Dates of birth, where the text says that they are."""

import re

from malmoi.text.pii import digits
from malmoi.text.pii.rule import Context, Rule

_YEAR = r"(?P<year>(?:18|19|20)[0-9]{2}|'?[0-9]{2})"
_WRITTEN = rf"{_YEAR}\s?년\s{{0,2}}(?P<month>1[0-2]|0?[1-9])\s?월\s{{0,2}}(?P<day>3[01]|[12][0-9]|0?[1-9])\s?일"
_DOTTED = r"(?P<year>(?:18|19|20)[0-9]{2}|[0-9]{2})\s?[-./]\s?(?P<month>1[0-2]|0?[1-9])\s?[-./]\s?(?P<day>3[01]|[12][0-9]|0?[1-9])\.?"
_TIGHT = r"(?P<year>(?:19|20)?[0-9]{2})(?P<month>1[0-2]|0[1-9])(?P<day>3[01]|[12][0-9]|0[1-9])"
_LABEL = r"(?:생\s?년\s?월\s?일|(?<!발)생\s?일|출생(?:일자?|년월일|연월일)?|생년|탄생일|태어난\s?(?:날|일)|DOB|D\.O\.B\.?|[Dd]ate of [Bb]irth|[Bb]irth(?:day|date)?|주민\s?앞\s?자리|민증\s?앞자리|앞\s?(?:6|여섯)\s?자리|주민(?:등록)?번호\s?앞\s?자리)"
_TO = r"(?:\s?\([^()\n]{1,8}\))?[\s은는이가:=|)\]>(\[-]{0,6}(?:음력|양력)?\s{0,2}[:(]?\s?"

_WRITTEN_BORN = re.compile(
    rf"(?<![0-9])(?P<value>{_WRITTEN}\s?(?:생(?!활|산|방|각|명|겨|긴|길|물|중)|출생|에?\s?태어(?:났|난|나)))"
)
_WRITTEN_LABEL = re.compile(rf"{_LABEL}{_TO}(?P<value>{_WRITTEN})(?!\s?(?:까지|부터))")
_DOTTED_LABEL = re.compile(rf"{_LABEL}{_TO}(?P<value>{_DOTTED})(?![0-9])")
_DOTTED_BORN = re.compile(rf"(?<![0-9.~-])(?<!~ )(?P<value>{_DOTTED}\s?(?:생(?!활|산|방|각|명|겨|긴|길|물)|출생))")
_TIGHT_LABEL = re.compile(rf"{_LABEL}{_TO}(?P<value>{_TIGHT})(?![0-9])(?!-[0-9])")
_TIGHT_BORN = re.compile(rf"(?<![0-9])(?<![0-9][-.])(?P<value>{_TIGHT}\s?(?:생(?!활|산|방|각|명|겨|긴|길|물)|출생))")
_BORN_THERE = re.compile(
    rf"(?<![0-9])(?P<value>{_WRITTEN})(?=\s[^.\n0-9]{{1,10}}(?:에서|출신)\s?(?:태어났|태어난|출생))"
)
_YEAR_BORN = re.compile(
    r"(?<![0-9])(?P<value>(?P<year>(?:19|20)?[0-9]{2})년생\s?,?\s?(?P<month>1[0-2]|0?[1-9])월\s?(?P<day>3[01]|[12][0-9]|0?[1-9])일)"
)
_YEAR_MONTH = re.compile(
    r"(?<![0-9])(?P<value>(?:19|20)?[0-9]{2}년\s?(?:1[0-2]|0?[1-9])월생)(?=입니다|이에요|이고|인데|이라|,|\s)"
)
_MONTH_DAY = re.compile(
    r"(?:제|내|본인)\s?생일은?\s?(?:음력|양력)?\s?(?P<value>(?P<month>1[0-2]|0?[1-9])월\s?(?P<day>3[01]|[12][0-9]|0?[1-9])일)"
)


def _date(match: re.Match[str], context: Context) -> float:
    year = int(digits.plain(match["year"]))
    return 0.9 if digits.calendar(year if year > 99 else 2000, int(match["month"]), int(match["day"])) else 0.0


ENTITIES = ("birth",)

SEED = (
    r"일 ?(?:생|출생)|태어[났난]|에서 출생|[0-9]\.? ?(?:생|출생)|[년월]생|(?:생 ?년 ?월 ?일|생 ?일|출생(?:일자?|년월일|연월일)?|생년|탄생일|태어난 ?(?:날|일)|[Bb]irth[a-z ]{0,6}|DOB|D\.O\.B\.?|"
    r"앞 ?자리|앞 ?(?:6|여섯) ?자리)[^0-9\n]{0,14}['0-9]"
)
REACH = (60, 50)

RULES = (
    Rule("birth", _WRITTEN_BORN, _date),
    Rule("birth", _WRITTEN_LABEL, _date),
    Rule("birth", _DOTTED_LABEL, _date),
    Rule("birth", _DOTTED_BORN, _date),
    Rule("birth", _TIGHT_LABEL, _date),
    Rule("birth", _TIGHT_BORN, _date),
    Rule("birth", _BORN_THERE, _date),
    Rule("birth", _YEAR_BORN, _date),
    Rule("birth", _YEAR_MONTH, lambda match, context: 0.7),
    Rule("birth", _MONTH_DAY, lambda match, context: 0.7),
)

POSITIVES = (
    "⟦1977년 9월 12일생⟧ 출생입니다",
    "생년월일 ⟦990823⟧ 입니다",
    "생년월일: ⟦1979.08.01⟧",
    "⟦87년 3월 2일생⟧",
    "생일은 ⟦87년 3월 2일⟧",
    "DOB: ⟦1990-01-31⟧",
    "저는 ⟦91년 3월생⟧입니다",
    "생년월일(6자리) ⟦020714⟧",
)
NEAR_MISSES = (
    "2022년 11월 19일 생방송",
    "사건 발생일이 2018년 12월 31일",
    "출생아 수 1234명",
    "생년월일을 6자리로 입력",
    "11월 19일 생활관 입소",
    "1977년 9월 12일 개교",
    "22년 3월생산분부터 적용",
    "90년대생이 온다",
    "2024년 1월 1일 이후 출생아부터 지원한다",
)
