"""Names of persons, in private contexts only: form labels, bylines, forms of address, self-introduction, near a number.

A Korean name is a surname of one or two syllables and a given name of two (seldom one). Thousands of words look like
that, so the surroundings decide and a list of words that are no names stops the rest.
"""

import re

from malmoi.text.pii.rule import Context, Rule
from malmoi.text.pii.surnames import (
    GIVEN_END,
    GIVEN_FIRST,
    GIVEN_LAST,
    GIVEN_LAST_AFTER,
    NO_NAME,
    PARTICLES,
    SURNAME,
    TWO_SYLLABLES,
)

_NAME = rf"(?P<value>(?:{TWO_SYLLABLES})[가-힣]{{1,2}}|[{SURNAME}][가-힣]{{2}}|[{SURNAME}]\s[가-힣]\s[가-힣]|[{SURNAME}][가-힣])"
_NAME3 = rf"(?P<value>(?:{TWO_SYLLABLES})[가-힣]{{1,2}}|[{SURNAME}][가-힣]{{2}})"
_FORM = (
    r"(?:이\s?름|성\s?명|성\s?함|예\s?금\s?주(?:명|는)?|받(?:는|으실|으시는)\s?(?:분|사람|이)|보내(?:는|시는)\s?(?:분|사람|이)|수령(?:인|자)|수취인|수신(?:인|자)|발신(?:인|자)|신청(?:인|자)(?:명)?|신고(?:인|자)|"
    r"고객(?:명|님\s?성함)?|담당(?:자|자명)?|작성자(?:명)?|글쓴이|글쓴\s?이|등록자|회원명|주문(?:자|인)(?:명)?|구매자(?:명)?|입금(?:자|인)(?:명)?|환자(?:명)?|보호자(?:명)?|학생명?|대표자?(?:명)?|원고|피고(?:인)?|"
    r"의뢰인|연락인|계약자(?:명)?|임차인|임대인|세입자|집주인|민원인|제보자|질문자|답변자|문의자|예약자(?:명)?|참가자|지원자|응시자|수험자|가입자(?:명)?|명의자|소유자|차주|책임자|접수자|피해자|가해자|승인자|결재자|기안자|"
    r"보낸\s?이|작성|담당|책임|동승자|친구|신랑|신부|참석자|불참자|수상자|합격자|구성원|팀원|조원|동행인|투숙객|탑승자|성명\(한글\)|이름\(실명\)|실명|본명|강사(?:명)?|상담(?:자|원)|상담사|매도인|매수인|채무자|채권자|상속인|피상속인|수혜자|대리인|연대보증인|보증인|문의처|연락처|배우자|자녀|세대주|[Nn]ame|발행인|편집인|당첨자)"
)
_FORM_SPACE = (
    r"(?:이\s?름|성\s?명|성\s?함|예\s?금\s?주(?:명)?|받(?:는|으실|으시는)\s?(?:분|사람)|보내(?:는|시는)\s?(?:분|사람)|수령(?:인|자)|수취인|수신(?:인|자)|발신인|신청(?:인|자)(?:명)?|고객명|담당(?:자|자명)?|작성자(?:명)?|"
    r"보낸\s?(?:이|사람)|받는\s?이|신랑|신부|故|고\s?故|담임|수취인명|예금주는|총무|회장|피상속인|상속인|대표|원고|피고인?|환자|학생|글쓴이|등록자|회원명|주문(?:자|인)(?:명)?|구매자명?|입금(?:자|인)(?:명)?|환자명|보호자명|학생명|대표자명?|의뢰인|계약자명?|임차인|임대인|예약자(?:명)?|명의자|차주|접수자|실명|본명|강사명?|상담사|매도인|매수인|채무자|대리인|보증인|발행인|편집인|당첨자)"
)
_END = r"(?=\s*(?:$|\n|[,.)(\]|/·:;>\"'”~-])|\s{1,3}|님|씨|입니다|이에요|예요|이며|이고|이라|라고|인데|께|에게|의|은|는|이(?:[가\s]|고|며)|가\s|을\s|를\s|와\s|과\s|로\s|으로|\d|$)"
_COLON = re.compile(rf"(?<![가-힣]){_FORM}[\"'”]?\s{{0,3}}[:=|]\s{{0,3}}[\"'“]?{_NAME}{_END}")
_SPACE = re.compile(rf"(?<![가-힣]){_FORM_SPACE}(?:은|는)?\s{{1,3}}{_NAME3}{_END}")
_ADDRESSED = re.compile(
    rf"(?<![가-힣]){_NAME3}\s?(?P<title>씨|님|군|양|선생님|교수님|과장님|대리님|부장님|팀장님|차장님|사장님|실장님|원장님|선배님|회원님|고객님|사원님|주임님|이사님|대표님|기사님|간호사님|쌤|형님|어르신|여사님?)"
    r"(?=\s|[,.!?~()\]:;'\"”’·]|$|은|는|이|가|을|를|과|와|의|에게|께|한테|도|만|께서|로|으로|입니다|이라|이신|이랑|랑|처럼|에\s|부부|측|등|네|아)"
)
_REPORTER = re.compile(
    rf"(?<![가-힣]){_NAME3}\s{{0,2}}(?:인턴\s?|수습\s?|선임\s?|객원\s?|전문\s?|시민\s?|명예\s?|디지털\s?뉴스\s?)?(?:기자|특파원|논설위원|앵커|리포터|통신원|아나운서|PD)(?=\s|[=,.)(\]·|<\[/@\"']|$|입니다|가|는|의|[a-z])"
)
_INTRODUCED = re.compile(
    rf"(?<![가-힣])(?:저는|나는|전|난|안녕하세요[,.!]?|안녕하십니까[,.!]?|제\s?이름은|내\s?이름은|이름은|본명은|저의\s?이름은|본인은|성함은|저희?\s?(?:아들|딸|남편|아내|아이|엄마|아빠|동생|언니|오빠|형|누나)(?:은|는|이름은)?)\s{{1,2}}(?:[가-힣0-9\s,.()-]{{0,40}}(?:사는|다니는|있는|거주하는|일하는|근무하는|재학\s?중인|맡은)\s)?{_NAME3}"
    r"(?=(?:이)?라고|이라는|입니다|이에요|예요|이예요|임\b|이고|인데|이다|이라\s|이라,|이며|올시다|이올시다)"
)
_TITLED = re.compile(
    rf"(?:담당자?|문의처?|연락처?|책임자|상담|매니저|접수)\s{{0,2}}[:은는]?\s{{0,2}}{_NAME3}\s?(?:과장|대리|부장|팀장|차장|사장|실장|원장|주임|사원|이사|대표|소장|매니저|주무관|사무관|계장|국장|간사|총무|코치|선생|연구원|조교|조합장|센터장|반장|점장)"
)
_SIGNED = re.compile(rf"(?<![가-힣]){_NAME3}\s(?:드림|배상|올림|씀|拜上)(?=\s|[.,)]|$)")
_CALLED = re.compile(rf"(?<![가-힣]){_NAME3}(?:\(이\)|이)?라고\s?(?:합니다|해요|한다|불러|불립)")
_STANDS_ALONE = re.compile(
    rf"(?<![가-힣A-Za-z]){_NAME3}(?=[^가-힣]|$|\s?(?:님|씨|과장|대리|부장|팀장|차장|사장|실장|원장|주임|사원|이사|대표|소장|주무관)|입니다|이고|에게|께|으로|이에요|예요)"
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
        return word[-1] not in "을를는가에의로"
    if GIVEN_END.search(word):
        return False
    if word[:2] in _LONG_SURNAMES:
        return all(syllable in GIVEN_LAST or syllable in GIVEN_FIRST for syllable in word[2:])
    if len(word) != 3 or (word[:2] in NO_NAME and word[2] in PARTICLES):
        return False
    first, last = word[1], word[2]
    return first in GIVEN_FIRST and (last in GIVEN_LAST or first in GIVEN_LAST_AFTER.get(last, ""))


def _score(value: float, sure: bool = False):
    return lambda match, context: value if is_name(match["value"], sure) else 0.0


def _addressed(match: re.Match[str], context: Context) -> float:
    """씨, 군, 양 and 님 end many words, too: 글씨, 주한미군, 분양, 주무관님."""
    name, title = match["value"], match["title"]
    if not is_name(name):
        return 0.0
    if title in {"군", "양", "씨"}:
        glued = match.end("value") == match.start("title")
        if (glued and name[2] + title in _COMPOUNDS) or (title != "씨" and name[2] in "한인은"):
            return 0.0
    return 0.0 if title == "님" and name[2] in _ROLE_ENDS else 0.8


_LONG_SURNAMES = frozenset(TWO_SYLLABLES.split("|"))
_COMPOUNDS = frozenset(
    """
    분양 해양 고양 휴양 교양 요양 소양 사양 배양 부양 선양 입양 함양 문양 모양 태양 영양 지양 담양 밀양 안양 언양 광양 서양 동양 정양 보양 봉양 세양 미군 해군 육군 공군 국군
    장군 아군 적군 반군 직군 학군 대군 수군 원군 의군 조군 상군 종군 글씨 솜씨 날씨 말씨 불씨 홀씨 눈씨 맘씨 음씨
    """.split()
)
_ROLE_ENDS = "장관사부모배조임직선무"


ENTITIES = ("name",)

_PEOPLE = "아들|딸|남편|아내|아이|엄마|아빠|동생|언니|오빠|형|누나"
SEED = (
    rf"(?:{_FORM}|{_FORM_SPACE})[ 은는이가]{{0,3}}[ :=|\"'”]|(?:씨|님|군|양|선생님|쌤|어르신|여사)(?:[ ,.!?~()\]:;'\"”’·\n]|$|은|는|이|가|을|를|과|와|의|에게|께|한테|도|만|로|으로|입니다|랑|처럼|부부|측|등|네|아)|"
    r"기자|특파원|논설위원|앵커|리포터|통신원|아나운서|PD|(?:저는|나는|이름은|본명은|본인은|성함은|안녕하세요[,.!]?|안녕하십니까[,.!]?) |"
    rf"(?:{_PEOPLE})(?:은|는) |[전난] [가-힣]{{3,4}}(?:라고|입니다|이에요|예요|인데|이고)|(?:담당|문의|연락|책임자|상담|매니저|접수)|드림|배상|올림| 씀|拜上|라고 ?(?:합니다|해요|한다|불)"
)
REACH = (40, 40)

RULES = (
    Rule("name", _COLON, _score(0.85, sure=True)),
    Rule("name", _SPACE, _score(0.75)),
    Rule("name", _ADDRESSED, _addressed),
    Rule("name", _REPORTER, _score(0.85)),
    Rule("name", _INTRODUCED, _score(0.85)),
    Rule("name", _TITLED, _score(0.8)),
    Rule("name", _SIGNED, _score(0.8)),
    Rule("name", _CALLED, _score(0.75)),
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
