"""Resident and foreigner registration numbers (주민등록번호, 외국인등록번호), whole, masked, cut and split in two.

YYMMDD-GNNNNNC. A calendar date in the century of G is the hard test; the check digit only makes surer, since numbers
given out after October 2020 have none.
"""

import re

from malmoi.text.pii import digits, labels
from malmoi.text.pii.rule import Context, Rule, always

_D = r"[0-9OoIl]"
_SEPARATOR = r"(?:\s{0,2}[-~./·_=,:|]{1,3}\s{0,2}|[ ]{1,3}|)"
_MASK = r"[*xX#]"


def _entity(match: re.Match[str]) -> str:
    return "frn" if digits.plain(match["sex"])[:1] in set("5678") else "rrn"


def _date(match: re.Match[str]) -> bool:
    return digits.birth_date((digits.plain(match["date"]) + digits.plain(match["sex"])).ljust(7, "0"))


def _whole(match: re.Match[str], context: Context) -> float:
    number = digits.plain(match.group())
    if len(number) != 13 or not match["sex"].isdigit() or not any(letter.isdigit() for letter in match["date"]):
        return 0.0
    before = context.before(match.start(), 24)
    if labels.CORPORATE.search(before[-14:]) and not re.search(r"주\s?민|외국인", before[-10:]):
        return 0.0
    labelled = labels.RESIDENT.search(before) is not None
    if not labelled and labels.OTHER_NUMBER.search(before):
        return 0.0
    if not _date(match):
        return _dateless(match, number, before)
    valid = digits.resident_check(number)
    if match["gap"].strip():
        return _separated(match, number, valid, labelled)
    if labelled or labels.RESIDENT.search(context.after(match.end(), 12)):
        return 1.0 if valid else 0.9
    return _unmarked(match, number, valid, before)


def _dateless(match: re.Match[str], number: str, before: str) -> float:
    """The date lies in the future or does not exist: a number called by its name, or a foreigner's by its shape."""
    if (
        match["gap"].strip() == "-"
        and match["sex"] in "5678"
        and digits.calendar(2000, int(number[2:4]), int(number[4:6]))
    ):
        return 0.6
    return 0.7 if _NAMED.search(before[-14:]) and len(set(number)) > 4 else 0.0


def _unmarked(match: re.Match[str], number: str, valid: bool, before: str) -> float:
    """Thirteen digits with nothing, or a space, between the halves and no label."""
    if match["gap"]:
        return 0.9 if valid else 0.7
    if number.startswith(("880", "978", "979")):
        return 0.0  # Korean goods and books
    return 0.8 if valid else 0.6 if _PERSONAL.search(before) else 0.0


def _separated(match: re.Match[str], number: str, valid: bool, labelled: bool) -> float:
    if valid or labelled:
        return 1.0
    if number[4:6] == "11" and digits.corporate_check(number):
        return 0.0  # a company of type 11, 주식회사
    return 0.85 if match["gap"].strip() in {"-", "~", "--"} else 0.7


def _grouped(match: re.Match[str], context: Context) -> float:
    number = digits.plain(match.group())
    labelled = labels.RESIDENT.search(context.before(match.start(), 24)) is not None
    return 0.8 if labelled and digits.birth_date(number[:7]) else 0.0


def _masked(match: re.Match[str], context: Context) -> float:
    if not _date(match):
        return 0.0
    return 0.95


def _first_seven(match: re.Match[str], context: Context) -> float:
    if not _date(match):
        return 0.0
    around = context.before(match.start(), 20) + " " + context.after(match.end(), 14)
    return (
        0.9
        if re.search(r"주\s?민|민번|앞\s?(?:자리|번호|7|일곱)|생년|본인|신분증|외국인|등록\s?번호|성별", around)
        else 0.0
    )


def _split(match: re.Match[str], context: Context) -> float:
    return 0.95 if _date(match) else 0.0


def _masked_birth(match: re.Match[str], context: Context) -> float:
    return 0.9 if labels.RESIDENT.search(context.before(match.start(), 24)) else 0.0


_GROUPED = re.compile(
    r"(?<![0-9])(?:(?P<date>[0-9]{2}[ .][0-9]{2}[ .][0-9]{2})\s?-\s?(?P<sex>[0-9])[0-9]{6}|(?:[0-9] ){5}[0-9] ?-? ?(?:[0-9] ){6}[0-9])(?![0-9])"
)
_PERSONAL = re.compile(r"(?<![가-힣])번호|명의|가입자|환자|회원|고객|성함|이름|신분|인증|아이|아들|딸|본인")
_NAMED = re.compile(
    r"(?:주\s?민|외국인|거소|ARC|등록증)(?:\s?등록|\s?신고)?\s?(?:번호|no\.?)[^0-9\n]{0,6}\Z", re.IGNORECASE
)
"""The number is called by its name: then it is one even with a date that does not exist."""
_WHOLE = re.compile(
    rf"(?<![0-9])(?<![0-9][-.])(?P<date>{_D}{{6}})(?P<gap>{_SEPARATOR}|-\s{{0,2}}\n\s{{0,2}}|\s?\n?\s?-\s?)(?P<sex>{_D}){_D}{{6}}(?![0-9])(?!-[0-9])"
)
_HALF_MASKED = re.compile(
    rf"(?<![0-9])(?P<date>[0-9]{{6}}){_SEPARATOR}(?P<sex>[0-9])[0-9]{{0,5}}{_MASK}{{1,8}}(?![0-9A-Za-z])"
)
_TAIL_MASKED = re.compile(rf"(?<![0-9])(?P<date>[0-9]{{6}})\s?-\s?(?P<sex>){_MASK}{{6,8}}(?![0-9A-Za-z*])")
_HEAD_MASKED = re.compile(
    rf"(?<![0-9*])(?:[0-9]{{2,4}}{_MASK}{{2,4}}|{_MASK}{{6}})\s?-\s?[0-9](?:[0-9]{{6}}|{_MASK}{{6}})(?![0-9*])"
)
_FIRST_SEVEN = re.compile(r"(?<![0-9])(?<![0-9][-.])(?P<date>[0-9]{6})\s?-?\s?(?P<sex>[0-9])(?![0-9])(?!-?[0-9*xX])")
_SPLIT = re.compile(
    r"(?:앞|주민|민번)[^0-9\n]{0,12}(?P<value>(?P<date>[0-9]{6})[^0-9]{0,14}(?:뒤|뒷|에\s|다시|그리고)[^0-9]{0,10}(?P<sex>[0-9])(?:[0-9]{6}|[*xX]{6}))(?![0-9])"
)
_SAID = re.compile(
    r"(?<![0-9])(?P<value>(?P<date>[0-9]{6})\s?(?:다시|대시|하이픈|짝대기|빼기)\s?(?P<sex>[0-9])[0-9]{6})(?![0-9])"
)
_LAST_SEVEN = re.compile(r"(?:주\s?민|민번)[^\n0-9]{0,12}뒷?\s?자리[^\n0-9]{0,8}(?P<value>[1-8][0-9]{6})(?![0-9])")

ENTITIES = ("rrn", "frn")

SEED = r"[0-9]{2}[ .][0-9]{2}[ .][0-9]{2} ?- ?[0-9]{7}|(?:[0-9] ){5}[0-9] ?-? ?[0-9] [0-9]|[0-9OoIl]{6}\s{0,2}[-~./·_=,:| ]{0,3}\s{0,2}[0-9OoIl*xX#]|[0-9]{6}[^0-9\n]{0,16}(?:뒤|뒷|에 |다시|대시|하이픈|짝대기|빼기|그리고)|[0-9]{2,4}[*xX#]{2,4} ?-|[*xX#]{6} ?- ?[0-9]|자리[^0-9\n]{0,8}[0-9]{6}"
REACH = (40, 40)

RULES = (
    Rule("rrn", _LAST_SEVEN, always(0.9)),
    Rule(_entity, _WHOLE, _whole),
    Rule(_entity, _HALF_MASKED, _masked),
    Rule("rrn", _TAIL_MASKED, _masked),
    Rule("rrn", _HEAD_MASKED, _masked_birth),
    Rule("rrn", _GROUPED, _grouped),
    Rule(_entity, _SPLIT, _split),
    Rule(_entity, _SAID, _split),
    Rule(_entity, _FIRST_SEVEN, _first_seven),
)

POSITIVES = (
    "고객님 ⟦850523 다시 2963205⟧ 맞으시죠",
    "주민등록번호는 ⟦970101-1964823⟧입니다",
    "본인확인은 ⟦9701011964823⟧로 했습니다 (주민번호)",
    "제 번호 ⟦860222 - 2964571⟧ 확인",
    "등록번호 ⟦420125 2960798⟧ 맞나요",
    "아이 번호 ⟦111216-3965660⟧예요",
    "본인 ⟦961021-2******⟧ 조회",
    "주민등록번호 앞자리 ⟦590505-2⟧ 까지만",
    "주민번호 ⟦910203-2965123⟧인데요",
    "주민등록번호 ⟦５７０１２６－１９６７８８９⟧",
    "조부 ⟦820524-9963779⟧",
    "외국인등록번호 ⟦920724-5962414⟧입니다",
    "체류자 ⟦040411-8964852⟧ 신청",
    "주민번호 앞 ⟦910203⟧ 뒤 ⟦2965123⟧",
    "주민등록번호: ⟦910203-\n2965123⟧",
    "주민등록번호 뒷자리는 ⟦2965123⟧",
    "주민번호 ⟦910203\u200b-\u200b2965123⟧",
)
NEAR_MISSES = (
    "품목보고번호 2010048217731",
    "ISBN 978-89-364-3412-0",
    "바코드 8801234567893",
    "주문번호 20221119-0001234",
    "접수번호 910203-2965123",
    "YYMMDD-1234567 형식",
    "900101부터 1234567까지",
    "법인등록번호 110111-1234567",
    "2022-11-19 13:45",
    "우편번호 135-080",
    "991399-1234567",
    "타임스탬프 1669012345678",
    "예) 000000-0000000",
)
