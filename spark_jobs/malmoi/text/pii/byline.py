"""Nicknames: masked site ids, a nickname with its id in brackets, and what stands behind 작성자, 글쓴이, 닉네임."""

import re

from malmoi.text.pii.rule import Context, Rule, always

_NICK = r"[가-힣A-Za-z0-9_ㄱ-ㅎㅏ-ㅣ.-]{1,16}"
_LABEL = r"(?:작성자|글쓴이|글쓴\s?이|닉네임|닉넴|닉|별명|필명|대화명|활동명|등록자|게시자|올린\s?이|질문자|답변자|블로거|[Nn]ickname|[Ww]riter|[Aa]uthor|[Pp]osted by|[Bb]y)"
_MASKED_ID = re.compile(
    r"(?<![A-Za-z0-9*_.@/=?&-])(?P<value>[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}[A-Za-z0-9_]\*{2,8})(?![A-Za-z0-9*@])(?=\s?님|\s?\||\s{1,2}(?:20)?[0-9]{2}[-./]|\s?의?\s?(?:답변|질문|글|댓글|작성|등록|조회)|\s{0,2}(?:\n|$)|\s[0-9]{1,2}(?:분|시간|일)\s?전)"
)
_WITH_ID = re.compile(
    r"(?<![가-힣A-Za-z0-9])(?P<value>[가-힣A-Za-z0-9_ㄱ-ㅎ]{1,16}\((?=[A-Za-z0-9_*.-]{0,15}[a-z*])[A-Za-z0-9_.-]{1,12}\*{2,6}\))(?=\s?(?:님|회원|\||,|\n|$|의|답변|작성|조회|댓글|[0-9]{2}|[0-9]{1,2}(?:분|시간|일)\s?전))"
)
_AFTER_LABEL = re.compile(
    rf"(?<![가-힣A-Za-z]){_LABEL}\s{{0,3}}[:|]\s{{0,3}}(?P<value>{_NICK}(?:\([A-Za-z0-9_*.-]{{2,20}}\))?)(?=\s|[|,)\]]|$|님)"
)
_AFTER_SPACE = re.compile(
    r"(?<![가-힣A-Za-z])(?:작성자|글쓴이|닉네임|닉넴)(?:은|는)?\s{1,3}(?P<value>[가-힣A-Za-z0-9_]{2,16})(?=\s{1,3}(?:\||(?:20)[0-9]{2}[-./]|[0-9]{2}[-./][0-9]{2}|조회|추천|댓글|작성일|등록일|입니다|쓰는|사용))"
)
_NICK_IS = re.compile(
    r"(?<![가-힣])(?:(?:제|내)\s)?(?:닉네임|닉넴|필명|대화명|활동명)(?:은|는|이|\()\s{0,2}[\"'‘“「]?(?P<value>[가-힣A-Za-z0-9_]{2,14}?)[\"'’”」]?"
    r"(?=(?:이)?라고|입니다|이에요|예요|이고|님|\)|\s?[.,!]|\s{2}|\s?\n|\s?$)"
)
_STAR_NAME = re.compile(r"(?<![가-힣*])(?P<value>[가-힣]{2,6}\*{2,6})(?=\s?님)")
_LINE_START = re.compile(rf"(?:\A|\n|\||{_LABEL}\s{{0,2}}[:|]?)\s{{0,3}}\Z")
_NO_NICK = re.compile(
    r"\A(?:정보|보기|없음|알|[가-힣]?한글[가-힣]*|영문[가-힣]*|영어[가-힣]*|국문[가-힣]*|자유롭게|비공개|관리자|운영자|이름|익명|작성일|날짜|제목|조회수?|댓글|추천|등록일|전체|검색|입력|선택|ip|아이피|내용|글|님|본인|여러분|미상|불명|admin|user|the|your|a|an|on|or|author|writer|nickname|email|name|date|"
    r"[0-9]+(?:[~-][0-9]+)?(?:자|글자|명|개|회)|아이디|수정|삭제|.*(?:[었았였했겠됐졌]|[습입됩합립])니?다|.*[어아세네까해]요|확인|필수|미입력|변경|설정|중복|사용|가능|불가)\Z",
    re.IGNORECASE,
)


def _after_label(match: re.Match[str], context: Context) -> float:
    value = match["value"]
    if _NO_NICK.match(value) or value.isdigit() or re.fullmatch(r"[-.]+", value):
        return 0.0
    label = match.group()[: match.start("value") - match.start()]
    if re.match(r"(?:[Bb]y|[Aa]uthor|[Ww]riter|[Pp]osted)", label):
        return 0.0 if not re.search(r"[0-9_가-힣]", value) else 0.6
    return 0.7


def _masked_id(match: re.Match[str], context: Context) -> float:
    value = match["value"]
    if not re.search(r"[A-Za-z]", value) or not re.match(r"[A-Za-z0-9_.-]{2}", value):
        return 0.0
    line_end = re.match(r"\s{0,2}(?:\n|$)", context.after(match.end(), 3))
    if line_end and not _LINE_START.search(context.before(match.start(), 16)):
        return 0.0
    return 0.9 if value.count("*") >= 3 else 0.6


def _not_word(score: float):
    return lambda match, context: 0.0 if _NO_NICK.match(match["value"]) else score


ENTITIES = ("nickname",)

SEED = r"[A-Za-z0-9_가-힣]\*{2}|작성자|글쓴|닉네임|닉넴|닉 ?[:|]|별명|필명|대화명|활동명|등록자|게시자|올린 ?이|질문자|답변자|블로거|[Nn]ickname|[Ww]riter|[Aa]uthor|[Pp]osted by|[Bb]y ?[:|]"
REACH = (24, 50)

RULES = (
    Rule("nickname", _WITH_ID, always(0.9)),
    Rule("nickname", _MASKED_ID, _masked_id),
    Rule("nickname", _AFTER_LABEL, _after_label),
    Rule("nickname", _AFTER_SPACE, _not_word(0.7)),
    Rule("nickname", _NICK_IS, _not_word(0.7)),
    Rule("nickname", _STAR_NAME, always(0.6)),
)

POSITIVES = (
    "⟦nave****⟧님의 답변",
    "글쓴이 ⟦바람의아들(kdh28**)⟧ 2022.11.19",
    "작성자: ⟦푸른하늘⟧ | 조회 12",
    "닉네임: ⟦곰돌이푸⟧",
)
NEAR_MISSES = (
    "작성자: 관리자",
    "닉네임을 입력",
    "닉네임: 12자 이내",
    "닉네임이 변경되었습니다.",
    "닉네임이 새겨졌었다.",
    "닉네임은 한글로",
    "작성자: 알 수 없음",
    "별명이 보노보노였다",
    "작성자 정보 보기",
    "도박업체 fx****(에프엑스)",
    "2012도****판결",
)
