"""Names of persons, in private contexts only: form labels, bylines, forms of address, self-introduction, near a number.

A Korean name is a surname of one or two syllables and a given name of two (seldom one). Thousands of words look like
that, so the surroundings decide and a list of words that are no names stops the rest.
"""

import re

from malmoi.text.pii.name_labels import (
    COLON,
    CONTACTS,
    RELATIVES,
    REPORTERS,
    ROLES,
    SELF,
    SIGNATURES,
    SPACE,
    TITLES,
    either,
    spaced,
)  # fmt: skip
from malmoi.text.pii.rule import Context, Rule
from malmoi.text.pii.surnames import (
    GIVEN_END,
    GIVEN_FIRST,
    GIVEN_LAST,
    GIVEN_LAST_AFTER,
    GIVEN_NATIVE,
    GIVEN_SINGLE,
    NO_NAME,
    PARTICLES,
    SURNAME,
    TWO_SYLLABLES,
)

_NAME = rf"(?P<value>(?:{TWO_SYLLABLES})[가-힣]{{1,2}}|[{SURNAME}][가-힣]{{2}}|[{SURNAME}]\s[가-힣]\s[가-힣]|[{SURNAME}][가-힣])"
_NAME3 = rf"(?P<value>(?:{TWO_SYLLABLES})[가-힣]{{1,2}}|[{SURNAME}][가-힣]{{2}})"
_END = (
    r"(?=\s*(?:$|\n|[,.)(\]|/·:;>\"'”~-])|\s{1,3}|님|씨|입니다|이에요|예요|이며|이고|이라|라고|인데|께|에게|의|은|는|"
    r"이(?:[가\s]|고|며)|가\s|을\s|를\s|와\s|과\s|로\s|으로|\d|$)"
)
_TITLE_END = r"[ ,.!?~()\]:;'\"”’·\n]|$|[은는이가을를과와의께도만로랑측등네아]|에게|한테|으로|입니다|처럼|에 |부부"

_COLON = re.compile(rf"(?<![가-힣A-Za-z._]){either(COLON)}명?[\"'”]?\s{{0,3}}[:=|]\s{{0,3}}[\"'“]?{_NAME}{_END}")
_SPACE = re.compile(rf"(?<![가-힣]){either(SPACE)}명?(?:은|는)?\s{{1,3}}{_NAME3}{_END}")
_ADDRESSED = re.compile(rf"(?<![가-힣]){_NAME3}\s?(?P<title>{either(TITLES)})(?=\s|{_TITLE_END})")
_REPORTER = re.compile(
    rf"(?<![가-힣]){_NAME3}\s{{0,2}}(?:(?:인턴|수습|선임|객원|전문|시민|명예|디지털\s?뉴스)\s?)?{either(REPORTERS)}"
    r"(?=\s|[=,.)(\]·|<\[/@\"']|$|입니다|가|는|의|[a-z])"
)
_INTRODUCED = re.compile(
    rf"(?<![가-힣])(?:{either(SELF)}[,.!]?|저희?\s?{either(RELATIVES)}(?:은|는|이름은)?)\s{{1,2}}"
    rf"(?:[가-힣0-9\s,.()-]{{0,40}}(?:사는|다니는|있는|거주하는|일하는|근무하는|재학\s?중인|맡은)\s)?{_NAME3}"
    r"(?=(?:이)?라고|이라는|입니다|이에요|예요|이예요|임(?![가-힣])|이고|인데|이다|이라[\s,]|이며|올시다|이올시다)"
)
_SINGLE = re.compile(
    rf"(?<![가-힣])(?:(?:제|내|저의|본인)\s?이름은|본명은|성함은|이름은)\s{{1,2}}(?P<value>[{SURNAME}][가-힣])"
    r"(?=이라고|입니다|이에요|이예요|이고|인데)"
)
_TITLED = re.compile(rf"{either(CONTACTS)}[자처]?\s{{0,2}}[:은는]?\s{{0,2}}{_NAME3}\s?{either(ROLES)}")
_AGED = re.compile(
    rf"(?<![가-힣]){_NAME3}\s?\([0-9]{{1,2}}(?:세)?(?:[,·][^)\n]{{1,8}})?\)\s?(?:씨|군|양)(?![가-힣]{{2}})"
)
_SPREAD = re.compile(
    rf"(?<![가-힣])(?<![가-힣]\s)(?P<value>[{SURNAME}]\s[가-힣]\s[가-힣])\s?(?:님|씨|귀하)(?![가-힣]{{2}})"
)
_BRACKETED = re.compile(rf"(?<![가-힣]){either(SPACE)}명?\s?\({_NAME3}\)")
_SIGNED = re.compile(rf"(?<![가-힣]){_NAME3}\s{either(SIGNATURES)}(?=\s|[.,)]|$)")
_CALLED = re.compile(rf"(?<![가-힣])(?<![을를은는]\s){_NAME3}(?:\(이\)|이)?라고\s?(?:합니다|해요|불러)")
_STANDS_ALONE = re.compile(
    rf"(?<![가-힣A-Za-z]){_NAME3}(?=[^가-힣]|$|\s?(?:님|씨|{either(ROLES)})|입니다|이고|에게|께|으로|이에요|예요)"
)
_NEXT_NAME = re.compile(rf"(?:\s?[,·/、]\s?){_NAME3}(?=\s?(?:[,·/、.)\n(]|$)|\s(?:등|외)|님|씨)")
_NEAR = (
    "phone",
    "account",
    "rrn",
    "frn",
    "card",
    "driver_license",
    "passport",
    "email",
    "birth",
    "business",
    "address",
)
_NEAR_REACH = 24


def is_name(word: str, sure: bool = False) -> bool:
    """Whether the syllables can be a name. ``sure``: a form's label and a colon stand before, so only words are refused."""
    word = word.replace(" ", "")
    if word in NO_NAME:
        return False
    if sure:
        return word[1:] in GIVEN_NATIVE or word[-1] not in "을를는가에의로"
    if GIVEN_END.search(word):
        return False
    if word[:2] in _LONG_SURNAMES:
        return all(syllable in GIVEN_LAST or syllable in GIVEN_FIRST for syllable in word[2:])
    if len(word) != 3 or (word[:2] in NO_NAME and word[2] in PARTICLES):
        return False
    first, last = word[1], word[2]
    if word[1:] in GIVEN_NATIVE:
        return word[0] in _COMMON_SURNAMES
    return first in GIVEN_FIRST and (last in GIVEN_LAST or first in GIVEN_LAST_AFTER.get(last, ""))


def _score(value: float, sure: bool = False):
    return lambda match, context: value if is_name(match["value"], sure) else 0.0


def _addressed(match: re.Match[str], context: Context) -> float:
    """씨, 군, 양 and 님 end many words, too: 글씨, 주한미군, 분양, 주무관님; and 군 is a county before its offices."""
    name, title = match["value"], match["title"]
    if not is_name(name):
        return 0.0
    glued = match.end("value") == match.start("title")
    if title == "귀하" and glued:
        return 0.0
    if title == "군" and _COUNTY.match(context.after(match.end(), 14)):
        return 0.0
    if title in {"군", "양", "씨"}:
        if (glued and name[2] + title in _COMPOUNDS) or (title != "씨" and name[2] in "한인은"):
            return 0.0
    return 0.0 if title == "님" and name[2] in _ROLE_ENDS else 0.8


_COMMON_SURNAMES = frozenset("김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민류나진")
_LONG_SURNAMES = frozenset(TWO_SYLLABLES.split("|"))
_COMPOUNDS = frozenset(
    """
    분양 해양 고양 휴양 교양 요양 소양 사양 배양 부양 선양 입양 함양 문양 모양 태양 영양 지양 담양 밀양 안양 언양 광양 서양 동양 정양 보양 봉양 세양 미군 해군 육군 공군 국군
    장군 아군 적군 반군 직군 학군 대군 수군 원군 의군 조군 상군 종군 글씨 솜씨 날씨 말씨 불씨 홀씨 눈씨 맘씨 음씨
    """.split()
)
_COUNTY = re.compile(r"의[원장회]|\s(?:의회|[가-힣]{1,8}\s?(?:팀|과|실|센터|사업소|담당)장?[\s,.은이])")
_ROLE_ENDS = "장관사부모배조임직선무"


ENTITIES = ("name",)

SEED = "|".join(
    [sign + r" {0,3}[\"'“]?[가-힣]" for sign in (":", "=", r"\|")]
    + [spaced(label) + r"명?[은는]? " for label in SPACE]
    + [f"{title}(?:{_TITLE_END})" for title in TITLES]
    + [r"\) ?[씨군양]", r"\([가-힣]{3}\)"]
    + [*REPORTERS, *CONTACTS, *SIGNATURES]
    + [spaced(word) + "[,.!]? " for word in SELF if len(word) > 1]
    + [f"{relative}(?:[은는]|이름은) " for relative in RELATIVES]
    + [f"{word} [가-힣]{{3,4}}(?:라고|입니다|이에요|예요|인데|이고)" for word in ("전", "난")]
    + [r"라고 ?(?:합니다|해요|불러)"]
)
"""A flat list, each beginning with a letter as it is: only so does ``re`` skip to their first letters (4 times faster)."""

REACH = (40, 40)

RULES = (
    Rule("name", _COLON, _score(0.85, sure=True), re.compile(r"[:=|]")),
    Rule("name", _SPACE, _score(0.75)),
    Rule("name", _ADDRESSED, _addressed),
    Rule("name", _REPORTER, _score(0.85)),
    Rule("name", _INTRODUCED, _score(0.85)),
    Rule(
        "name",
        _SINGLE,
        lambda match, context: 0.7 if match["value"][1] in GIVEN_SINGLE else 0.0,
        re.compile("[름명함]은"),
    ),
    Rule("name", _TITLED, _score(0.8)),
    Rule("name", _BRACKETED, _score(0.8), re.compile(r"\([가-힣]{3,4}\)")),
    Rule("name", _AGED, _score(0.8), re.compile(r"\([0-9]")),
    Rule("name", _SPREAD, _score(0.7), re.compile(r"[가-힣]\s[가-힣]\s?(?:[님씨]|귀하)")),
    Rule("name", _SIGNED, _score(0.8), re.compile("드림|배상|올림|씀|拜上")),
    Rule("name", _CALLED, _score(0.75), re.compile(r"라고\s?[합해불]")),
)


def _alone(word: str) -> bool:
    """A name that nothing but a number beside it marks: no place, no office, no bank."""
    return is_name(word) and word[-1] not in "동리구시군로길점팀과실부국청소회관사장행번"


def near_numbers(context: Context) -> list[tuple[int, int, float]]:
    """Names that stand by themselves in the line of a telephone, an account or another number, at most 24 away."""
    hits = []
    for span in context.found:
        if span.entity not in _NEAR:
            continue
        before, after = context.before(span.start, _NEAR_REACH), context.after(span.end, _NEAR_REACH)
        line_start = before.rfind("\n") + 1
        line_end = after.find("\n") if "\n" in after else len(after)
        areas = ((span.start - len(before) + line_start, span.start), (span.end, span.end + line_end))
        for start, end in areas:
            for match in _STANDS_ALONE.finditer(context.text, start, min(len(context.text), end)):
                if _alone(match["value"]):
                    hits.append((*match.span("value"), 0.75))
    return hits


def listed(context: Context) -> list[tuple[int, int, float]]:
    """Names that follow a found name behind a comma or a dot: 참석자: 홍가람, 김누리, 이마루."""
    hits = []
    for span in context.found:
        if span.entity != "name":
            continue
        end = span.end
        while (following := _NEXT_NAME.match(context.text, end)) and is_name(following["value"]):
            end = following.end("value")
            hits.append((following.start("value"), end, 0.7))
    return hits


POSITIVES = (
    "어제 ⟦송수석⟧ 씨를 만났다",
    "⟦한지훈⟧님 안녕하세요",
    "작성자: ⟦이혜정⟧ | 조회",
    "(서울=가람뉴스) ⟦오도은⟧ 기자 = 정부는",
    "예금주 ⟦한하수⟧",
    "담당자 ⟦강민호⟧ 과장에게",
    "나는 ⟦최우수⟧라고 한다",
    "받는 사람 ⟦이서준⟧",
    "신청인 ⟦김도현⟧",
    "문의: 행정실 ⟦정서환⟧ (☎ 02-120-8722)",
    "참석자: ⟦김민준⟧, ⟦이서연⟧, ⟦박지호⟧",
    "⟦조성정⟧ 드림",
    "성명 : ⟦홍 길 동⟧",
    "이름은 ⟦김바다⟧입니다",
    "저는 ⟦박노을⟧이라고 합니다",
    "제 이름은 ⟦한별⟧이에요",
    "성함이 ⟦최하늘⟧ 님 맞으실까요",
    "피보험자 ⟦조한결⟧",
    "예금주: ⟦이노을⟧",
    "⟦이마루⟧ 군의 아버지는",
    "⟦홍가람⟧ 군 어머니가 오셨다",
)
NEAR_MISSES = (
    "담당자 정보 없음",
    "고객 지원 센터",
    "고객님 감사합니다",
    "선생님 안녕하세요",
    "이용 안내",
    "김치 전문점과 김밥",
    "주한미군 철수",
    "시세분양의 논리",
    "주무관님께",
    "고위험군 환자",
    "이마루 군 홍보팀 주무관은",
    "홍가람 군의원이 나섰다",
    "회의에는 김누리 군의회 의장이 참석했다",
    "김누리 군 의회 의장",
    "김누리 군 산림녹지 팀장은",
    "주홍글씨를 지워",
    "방대한 양의 자료",
    "저는 공무원입니다",
    "학생이 배우길 원하는",
    "소방서 반장님",
    "이름은 정확히 입력",
    "제 이름은 비밀이에요",
    "이름: 소문자로 시작",
    "publisherName: 제이펍",
    "양성종양 수술",
    "이를 이진수라고 합니다",
    "주기성이라고 한다",
    "이름 : 공란",
    "이름은 미정입니다",
    "구여권 M20481937을 반납했다",
    "010-4821-7730으로 톡 주세용",
    "안녕하세요 한여름입니다만 서늘하네요",
)
