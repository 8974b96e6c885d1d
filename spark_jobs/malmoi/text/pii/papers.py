"""Passports, driving licences and number plates."""

import re

from malmoi.text.pii import labels
from malmoi.text.pii.rule import Context, Rule

_REGIONS = "서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|전북|전남|경북|경남|제주"
_PASSPORT_NEW = re.compile(r"(?<![0-9A-Za-z])[MSRODGPTmsrod]\s?-?\s?[0-9]{3}[A-Za-z][0-9]{4}(?![0-9A-Za-z])")
_PASSPORT = re.compile(
    r"(?<![0-9A-Za-z])[A-Za-z]{1,2}\s?-?\s?(?:[0-9]{7,8}|[0-9]{4} [0-9]{4}|[0-9]{2}[0-9*]{3,4}[0-9*]{2})(?![0-9A-Za-z*])"
)
_LICENSE = re.compile(
    r"(?<![0-9])(?<![0-9][-.])(?P<region>1[1-9]|2[0-8])(?P<gap>\s?[-.~/ ]?\s?)[0-9]{2}(?P<gap2>\s?[-.~/ ]?\s?)[0-9*]{6}\s?[-.~/ ]?\s?[0-9*]{2}(?![0-9])(?!-[0-9])"
)
_LICENSE_REGION = re.compile(
    rf"(?P<value>(?:{_REGIONS})(?:\s?\(?1[1-9]\)?|\s?\(?2[0-8]\)?)?\s{{0,2}}-?\s?[0-9]{{2}}\s?[-.~/ ]\s?[0-9*]{{6}}\s?[-.~/ ]\s?[0-9*]{{2}})(?![0-9])"
)
_PLATE_LETTERS = "가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주바사아자배하허호육해공국합"
_PLATE = re.compile(
    rf"(?<![0-9가-힣])(?<![0-9][-.,])(?P<number>[0-9]{{2,3}})(?P<gap>\s?)(?P<letter>[{_PLATE_LETTERS}])(?P<gap2>\s?)(?P<last>[0-9]{{4}})(?![0-9])(?![-.,][0-9])"
)
_PLATE_REGION = re.compile(
    rf"(?P<value>(?:{_REGIONS})\s?[0-9]{{1,2}}\s?[{_PLATE_LETTERS}]\s?[0-9]{{4}})(?![0-9])(?![-.,][0-9])"
)
_SURE_LETTERS = "거너더러머버어저고노로모허하호나라마"
"""Letters that no counter, unit or particle between two numbers is written with."""
_COUNTED = re.compile(r"\A\s?(?:년|월|일|원|명|개|건|호|점|만|억|천|km|m|%|퍼센트|여\s|가구|세대|톤|장|회|권|쪽)")
_CAR = re.compile(
    r"(?<![기열전승하정민])차(?![이례원트별관])|차량|주차|사고|번호|택시|블박|블랙박스|렌터카|뺑소니|렌트|견인|운전|자가용|승용|트럭|오토바이|버스|주정차|목격|"
    r"흰색|검은색|검정|은색|그랜저|소나타|쏘나타|아반떼|제네시스|모닝|카니발|k[357]|sm[3567]|suv|벤츠|bmw|출차|입차|세차|하이패스|번호판|과태료|운행|탑승|하차|승차|빼\s?주",
    re.IGNORECASE,
)


def _passport_new(match: re.Match[str], context: Context) -> float:
    if labels.PASSPORT.search(context.before(match.start(), 24)):
        return 1.0
    if " " in match.group() or match.group()[0].islower() or match.group()[0] not in "MSROD":
        return 0.0
    around = context.before(match.start(), 16)
    if labels.OTHER_NUMBER.search(around) or re.match(
        r"\s?(?:부품|모델|제품|칩|보드|시리즈|버전|노트북|기판|규격|모듈)", context.after(match.end(), 10)
    ):
        return 0.0
    return 0.85


def _passport(match: re.Match[str], context: Context) -> float:
    near = labels.PASSPORT.search(context.before(match.start(), 24)) or labels.PASSPORT.search(
        context.after(match.end(), 14)
    )
    return 1.0 if near else 0.0


def _license(match: re.Match[str], context: Context) -> float:
    value = match.group()
    labelled = labels.LICENSE.search(context.before(match.start(), 24)) or labels.LICENSE.search(
        context.after(match.end(), 14)
    )
    if labelled:
        return 1.0
    if "*" in value or match["gap"].strip() not in {"-"} or match["gap2"].strip() != "-":
        return 0.0
    before = context.before(match.start())
    other = labels.OTHER_NUMBER.search(before) or re.search(r"계좌|입금|송금|은행|통장|예금주|뱅크", before)
    return 0.0 if other else 0.85


def _license_region(match: re.Match[str], context: Context) -> float:
    return 0.0 if labels.OTHER_NUMBER.search(context.before(match.start())) else 0.95


def _plate(match: re.Match[str], context: Context) -> float:
    if _COUNTED.match(context.after(match.end(), 4)):
        return 0.0
    if _CAR.search(context.before(match.start(), 18)) or _CAR.search(context.after(match.end(), 14)):
        return 0.0 if match["gap"] and match["gap2"] and match["letter"] not in _SURE_LETTERS else 0.9
    tight = not match["gap"] and not match["gap2"] and len(match["number"]) == 3
    return 0.75 if tight and match["letter"] in _SURE_LETTERS and match["number"][0] != "0" else 0.0


def _plate_region(match: re.Match[str], context: Context) -> float:
    return 0.0 if _COUNTED.match(context.after(match.end(), 4)) else 0.9


ENTITIES = ("passport", "driver_license", "plate")

SEED = (
    r"[A-Za-z][ -]{0,3}[0-9]{3}[A-Za-z][0-9]{4}|[A-Za-z][ -]{0,3}(?:[0-9]{7}|[0-9]{4} [0-9]{4}|[0-9]{2,5}\*{3})|[12][0-9][-.~/ ]{0,3}[0-9]{2}[-.~/ ]{0,3}[0-9*]{6}|[0-9]{2}[-.~/ ]{1,3}[0-9*]{6}[-.~/ ]|"
    r"[0-9] ?[" + _PLATE_LETTERS + r"] ?[0-9]{4}"
)
REACH = (40, 30)

RULES = (
    Rule("passport", _PASSPORT_NEW, _passport_new),
    Rule("passport", _PASSPORT, _passport),
    Rule("driver_license", _LICENSE, _license),
    Rule("driver_license", _LICENSE_REGION, _license_region),
    Rule("plate", _PLATE_REGION, _plate_region),
    Rule("plate", _PLATE, _plate),
)

POSITIVES = (
    "여권번호 ⟦M02155802⟧입니다",
    "⟦M079F0538⟧ 로 예약했어요",
    "면허번호 ⟦16-92-931719-43⟧ 확인",
    "운전면허번호 ⟦179258047436⟧",
    "운전면허 ⟦부산 99-355680-02⟧ 소지",
    "차량 ⟦179마7430⟧ 차주분",
    "주차된 ⟦64너 3304⟧ 차",
    "사고차량 ⟦경기27사4912⟧ 목격자",
    "⟦M02155802⟧ (여권번호)",
)
NEAR_MISSES = (
    "A1234567 부품은 단종",
    "품번 M123A4567 재고",
    "운송장번호 123456789012",
    "12조 3456억",
    "30대 2022명이 참여",
    "100만 2000명",
    "형법 제307조 1항",
    "19대 대선과 20대 총선 2022년",
    "노트북 15Z90P",
    "22년 1119건",
)
