"""Telephone numbers: mobile, landline, 070, 050x, 080, business lines, abroad forms, masked and spelled ones."""

import re

from malmoi.text.pii import digits, labels
from malmoi.text.pii.rule import Context, Rule

_D = digits.DIGIT
_M = rf"[0-9OoIlㅇ{digits.HANGUL}*xX#]"
_WORD = r"\s{0,2}(?:에|의|다시|대시|하이픈|짝대기|빼기)\s{0,2}"
_GAP = rf"(?:[ ]{{0,2}}[^\w\s]{{0,2}}_?[ ]{{0,2}}|\s?-\s?\n?\s?|{_WORD})"
_ABROAD = r"(?:\(?(?:\+|00|00[0-9]{3}-?|011[- ]?)\s?82\)?|82(?=[- .)]))[-. )]{0,2}(?:\(0\)|0)?[-. ]?"
_END = r"(?![0-9])(?!-[0-9]{2})"

_MOBILE = re.compile(
    rf"(?<![0-9])(?<![0-9][-.])(?P<value>\(?(?P<code>[0Oo공영ㅇ][1Il일하][0Oo공영ㅇ16789육륙칠팔구])"
    rf"{_GAP}(?P<middle>{_M}{{3,4}}){_GAP}(?P<last>{_M}{{4}}))(?![0-9*])(?!-[0-9]{{2}})"
)
_MOBILE_ABROAD = re.compile(rf"(?<![0-9+])(?P<value>{_ABROAD}\(?1[016789]\)?{_GAP}{_M}{{3,4}}{_GAP}{_M}{{4}})(?![0-9])")
_AFTER_WORD = re.compile(
    r"(?<![0-9])(?P<value>0\s?1\s?0\s?(?:뒤에?|다음에?)\s?(?:는|은)?\s?[0-9]{4}\s?[-. ]?\s?[0-9]{4})(?![0-9])(?!-[0-9])"
)
_SPACED = re.compile(r"(?<![0-9])[0Oo][ .][1Il][ .][0Oo](?:[ .-]{1,3}[0-9OoIl]){8}(?![0-9])")
_LANDLINE = re.compile(
    r"(?<![0-9])(?<![0-9][-.])(?P<value>\(?(?P<code>0(?:2|3[1-3]|4[1-4]|5[1-5]|6[1-4]|70|80|50[2-9]?|30[0-9]|60))(?P<gap>\)?(?:[ ]{0,2}[-.·~_/,):]{0,2}[ ]{0,2}))"
    r"[0-9*xX]{3,4}(?P<gap2>[ ]{0,2}[-.·~_/,:)]{0,2}[ ]{0,2}|\s?-\s?\n\s?)[0-9*xX]{4}(?:\s?~\s?[0-9]{1,4}(?![0-9])|\s?\(?내선\s?[0-9]{1,5}\)?)?)(?![0-9])(?!-[0-9])"
)
_LANDLINE_ABROAD = re.compile(
    rf"(?<![0-9+])(?P<value>{_ABROAD}(?:2|3[1-3]|4[1-4]|5[1-5]|6[1-4]|70|80|50[2-8]?)\)?[-. )]{{0,2}}[0-9]{{3,4}}[-. ]{{0,2}}[0-9]{{4}}){_END}"
)
_FOREIGN = re.compile(
    r"(?<![0-9A-Za-z+])(?P<value>\+(?!82)[1-9][0-9]{0,2}[-. (]{1,2}[0-9]{1,4}(?:[-. )]{1,2}[0-9]{2,4}){2,4})(?![0-9])"
)
_BUSINESS_LINE = re.compile(
    r"(?<![0-9])(?<![0-9][-.])(?P<value>(?:15(?:22|33|44|66|77|88|99)|16(?:00|44|55|60|61|66|68|70|77|88|99)|18(?:00|11|22|33|44|55|66|77|88|99))"
    r"\s?[-.~)·]?\s?[0-9]{4})(?![0-9])(?!-[0-9])"
)
_LOCAL = re.compile(
    r"(?:전화|☎|☏|📞|연락처|팩스|전번|(?<![A-Za-z])(?:[Tt][Ee][Ll]|[Ff][Aa][Xx]|[Hh]\.?\s?[Pp]))(?:번호)?[.)]?\s{0,2}[:.]?\s{0,2}(?:은|는)?\s?"
    r"(?P<value>[2-9][0-9]{2,3}\s?[-.]\s?[0-9]{4}(?:~[0-9]{1,4})?)(?![0-9])(?!-[0-9])"
)
_TO_CALL = re.compile(
    r"(?<![0-9])(?<![0-9][-.])(?P<value>[2-9][0-9]{2,3}-[0-9]{4})(?=\s?(?:으로|로)\s?(?:문자|전화|연락|걸|통화))"
)
_NO_ZERO = re.compile(r"(?<![0-9])(?<![0-9][-.,])(?P<value>10\s?[-.]\s?[0-9]{4}\s?[-.]\s?[0-9]{4})(?![0-9])(?!-[0-9])")
_LINE_CONTEXT = re.compile(
    r"전화|문의|고객\s?센터|콜|상담|대표|☎|☏|tel|연락|ars|예약|신고|접수|센터|주문|안내|서비스|가입", re.IGNORECASE
)
_CALLING = re.compile(r"\A\s?(?:번)?\s?(?:으로|로)?\s?(?:.{0,6})(?:전화|문의|연락|걸|상담|접수|신고|예약)")
_NO_LINE = re.compile(r"\A\s?(?:년|루멘|모델|시즌|원|명|개|km|m|mm|번지|호)")


def _mobile(match: re.Match[str], context: Context) -> float:
    value = match["value"]
    known = sum(letter.isdigit() or letter in digits.HANGUL for letter in match["middle"] + match["last"])
    if known < (2 if "*" in value else 3) or (
        match["code"][0] in "Oo"
        and context.before(match.start(), 1).isalpha()
        and context.before(match.start(), 1).isascii()
    ):
        return 0.0
    code, number = digits.plain(match["code"]), digits.plain(match["middle"] + match["last"])
    if code == "010" and len(match["middle"]) == 3 and match["middle"].isdigit() and not re.search(r"[-.)]", value):
        return 0.0
    if known == 8 and _unusable(number, context, match.end()):
        return 0.0
    bare = value.isdigit()
    if code != "010" and bare and not labels.PHONE.search(context.before(match.start(), 16)):
        return 0.0
    if bare and labels.OTHER_NUMBER.search(context.before(match.start())):
        return 0.0
    return 0.95 if known == 8 else 0.85


def _unusable(number: str, context: Context, end: int) -> bool:
    trivial = digits.placeholder(number) or number == "12345678"
    return trivial and (digits.placeholder(number) or labels.EXAMPLE.search(context.after(end)) is not None)


def _landline(match: re.Match[str], context: Context) -> float:
    value = match["value"]
    before = context.before(match.start(), 16)
    labelled = labels.PHONE.search(before) is not None
    if (not labelled or value.isdigit()) and labels.OTHER_NUMBER.search(context.before(match.start())):
        return 0.0
    if sum(letter.isdigit() for letter in value) < 7 or digits.placeholder(digits.plain(value)[3:]):
        return 0.0
    if re.search(r"[-.)(·~_/]", match["gap"] + match["gap2"] + value[0]):
        if labelled:
            return 0.95
        commas = "," in match["gap"] + match["gap2"]
        return 0.0 if commas or re.search(r"[0-9][-. ]\Z", before) else 0.85
    labelled = labelled or labels.PHONE.search(context.after(match.end(), 12)) is not None
    if labelled or match["code"] in {"070", "080"} or match["code"].startswith("050"):
        return 0.9
    spaced = match["gap"].strip(" ") == "" == match["gap2"].strip(" ") and match["gap"] and match["gap2"]
    return (
        0.6
        if spaced and not re.search(r"[0-9]\s?\Z", before) and not re.match(r"\s?[0-9]", context.after(match.end(), 2))
        else 0.0
    )


def _abroad(match: re.Match[str], context: Context) -> float:
    return 0.0 if digits.placeholder(digits.plain(match.group())[4:]) else 0.95


def _spaced(match: re.Match[str], context: Context) -> float:
    return 0.85


def _foreign(match: re.Match[str], context: Context) -> float:
    return 0.7 if 9 <= len(digits.plain(match["value"])) <= 15 else 0.0


def _business_line(match: re.Match[str], context: Context) -> float:
    after = context.after(match.end(), 16)
    if _NO_LINE.match(after):
        return 0.0
    if labels.OTHER_NUMBER.search(context.before(match.start())):
        return 0.0
    bare = not re.search(r"[-.~)·]", match["value"])
    if _LINE_CONTEXT.search(context.before(match.start(), 8 if bare else 16)) or _CALLING.match(
        after[: 10 if bare else 16]
    ):
        return 0.6 if bare else 0.9
    return 0.0


def _no_zero(match: re.Match[str], context: Context) -> float:
    return (
        0.8
        if re.search(r"전화|연락|휴대|핸드폰|폰|전번|hp|h\.p|mobile", context.before(match.start(), 12), re.IGNORECASE)
        else 0.0
    )


ENTITIES = ("phone",)

SEED = (
    r"(?:^|[^0-9])(?:[0Oo공영ㅇ]\)? ?[1Il일][ .)]?[0Oo공영ㅇ16789육륙칠팔구]|82[-. )]{1,2}[0(]{0,2}[1-7]|0(?:[2-6][1-5]?|70|80|50[2-9]?|30[0-9]|60)(?:[-.·~_/,):] ?|[ ]{1,2}| - )[0-9*xX]{3}|0[2-8][0-9]{7,10})|"
    r"(?:\+|00) ?82|\+[1-9]|1[568](?:[0-9]0|[0-9][1-9]) ?[-.~)·]? ?[0-9]{4}|[2-9][0-9]{2,3} ?[-.] ?[0-9]{4}|10 ?[-.] ?[0-9]{4} ?[-.]"
)
REACH = (40, 40)

RULES = (
    Rule("phone", _MOBILE, _mobile),
    Rule("phone", _MOBILE_ABROAD, _abroad),
    Rule("phone", _AFTER_WORD, lambda match, context: 0.8),
    Rule("phone", _SPACED, _spaced),
    Rule("phone", _LANDLINE, _landline),
    Rule("phone", _LANDLINE_ABROAD, _abroad),
    Rule("phone", _FOREIGN, _foreign),
    Rule("phone", _BUSINESS_LINE, _business_line),
    Rule("phone", _LOCAL, lambda match, context: 0.85),
    Rule("phone", _TO_CALL, lambda match, context: 0.75),
    Rule("phone", _NO_ZERO, _no_zero),
)

POSITIVES = (
    "문의는 ⟦010-1071-3105⟧로 주세요",
    "연락처⟦01005494405⟧입니다",
    "tel ⟦010.1535.7928⟧",
    "폰 ⟦010 - 1521 - 5358⟧ 이요",
    "전화 ⟦(010) 0143-6998⟧",
    "해외에서는 ⟦+82 10 0689 2294⟧로",
    "국제전화 ⟦+82(0)10-1782-4593⟧",
    "연락 ⟦０１０－１２３１－２２６１⟧",
    "연락 ⟦010ㅡ1007ㅡ7827⟧ 주세요",
    "연락 ⟦O1O-1626-8529⟧",
    "문의 ⟦공1공-1001-6961⟧",
    "연락 ⟦010\u200b1140\u200b6349⟧",
    "당첨자 ⟦010-****-7425⟧ 님",
    "예전번호 ⟦011-193-3991⟧",
    "Tel. ⟦02)156-5921⟧ 팩스",
    "전화 ⟦(02)1469-9284⟧로",
    "사무실 ⟦055-173-0004⟧으로",
    "Phone ⟦+82-2-1979-7671⟧",
    "상담 ⟦070-1622-0030⟧까지",
    "안심번호 ⟦0505-1541-0632⟧ 로",
    "수신거부 ⟦080-192-0655⟧",
    "고객센터 ⟦1800-0358⟧로",
    "☎ ⟦031-120-6775~7⟧",
    "번호는 ⟦010에 1712에 0034⟧",
    "연락처는 ⟦010-1234-\n0078⟧",
    "문의 ⟦010&#45;1234&#45;0078⟧",
    "⟦010 뒤에 33918827⟧입니다",
    "010 빼고 ⟦3291-0158⟧로 문자 주세요",
)
NEAR_MISSES = (
    "010 버전과 011 버전의 차이",
    "010-0000-0000 형식으로 입력",
    "1600-2000 루멘 밝기",
    "1588년 2022년의 역사",
    "조회수 1588 댓글 1234",
    "송장번호 6077-1234-5678",
    "좌표 37.566535, 126.977969",
    "국번없이 112, 119",
    "12:34:56",
    "010-1234-5678 형식",
    "+3 대 -2",
    "점수는 02 대 03",
    "2010-2021-2022 연속",
)
