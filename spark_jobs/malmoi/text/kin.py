"""KiN threads (지식iN): one question, one answer, without thank-yous, signatures and advertising.

The adopted answer is taken; else the best by expert, votes and length, in that order. A thread whose answers say
nothing after cleaning has no pair.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

MIN_ANSWER_CHARS = 20
"""Non-space code points that an answer needs after cleaning."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a thread, in the order of the page."""

    text: str
    adopted: bool = False
    expert: bool = False
    votes: int = 0


_END = r"[\s.!~^ㅎㅠㅜ;:)♡♥]*"
_THANKS = (
    r"(?:그럼\s*)?(?:미리\s*)?(?:정말\s*|대단히\s*|너무\s*)?(?:읽어\s?주셔서\s*|답변\s?(?:해\s?주셔서)?\s*)?"
    r"(?:감사(?:합니다|드립니다|해요|드려요|드리겠습니다)?|고맙습니다|고마워요|땡큐)"
)
_ASKING = (
    r"(?:(?:꼭|좀|제발|빨리|빠른|빠르고|정확한|성의\s?있는|자세한|친절한|많은|좋은)\s*){0,4}(?:답변|답|도움|조언|댓글)(?:들|을|이라도)?\s*(?:좀\s*)?"
    r"(?:부탁(?:드립니다|드려요|드릴게요|합니다|해요)?|해\s?주세요|주세요|바랍니다|기다릴게요|기다리겠습니다)"
)
_POINTS = r"(?:내공\s*(?:100|[1-9]\d*)?\s*(?:점)?\s*(?:드(?:려요|립니다|릴게요|리겠습니다)|걸(?:어요|게요|었습니다)|있(?:어요|음|습니다)))|\(?내공\s*(?:냠냠|신고)[^\n]{0,20}\)?"
_ADOPT = (
    r"[^\n.!?]{0,60}채택\s*(?:을|도|은)?\s*(?:꼭|좀)?\s*(?:부탁|해\s?주|바랍|눌러|한\s?번|하나|해\s?주시)[^\n]{0,40}|"
    r"(?:(?:제|저의|위)\s*(?:답변|글)이\s*)?(?:조금이(?:라도|나마)\s*)?도움이?\s*(?:이\s*)?되(?:셨|었|시|길|기를|셨기를|셨으면)[^\n]{0,50}"
)
_SOURCE = r"(?:출처|참고|참조)\s*[:：]?\s*(?:본인|내\s?생각|직접\s?작성|내\s?머리\s?속?|경험|https?://\S+)?"
_CONTACT_AD = (
    r"[^\n]{0,80}(?:무료\s?상담|상담\s?문의|문의\s?전화|카톡\s?(?:문의|상담)|오픈\s?채팅|톡\s?주세요|쪽지\s?주(?:세요|시면)|"
    r"(?:프로필|네임카드|이웃추가|블로그)(?:을|를|에|로|으로)?\s*(?:클릭|방문|참고|확인|놀러)|바로가기\s*(?:클릭)?)[^\n]{0,80}"
)
_SIGNATURE = (
    r"(?:안녕하세요[.,!~\s]*)?(?:네이버\s*)?(?:지식\s?i?(?:iN|인)\s*)?[^\n.!?]{0,40}"
    r"(?:전문가|답변자|상담사|변호사|의사|약사|세무사|노무사|수의사|한의사)\s?[^\n.!?]{0,20}(?:입니다|드림|올림|였습니다)"
)
_LINK_ONLY = r"(?:https?://\S+\s*)+"

_QUESTION_LINE = re.compile(rf"\s*(?:{_THANKS}|{_ASKING}(?:[\s,.]*{_THANKS})?|{_POINTS}){_END}", re.IGNORECASE)
_ANSWER_LINE = re.compile(
    rf"\s*(?:{_THANKS}|{_ADOPT}|{_SOURCE}|{_CONTACT_AD}|{_SIGNATURE}|{_LINK_ONLY}){_END}", re.IGNORECASE
)
_POINTS_ANYWHERE = re.compile(
    r"[(\[]\s*내공\s*\d*[^)\]\n]{0,15}[)\]]|\s내공\s?\d{2,3}(?:점)?\s*(?:!|드려요|드립니다)?$", re.MULTILINE
)
MAX_LINE_CHARS = 160
_SPACE = re.compile(r"\s+")


def clean_question(text: str) -> str:
    """The question without thank-yous, pleas and offers of points at its start and end."""
    text = _POINTS_ANYWHERE.sub("", text)
    return _without_edges(text, _QUESTION_LINE, everywhere=False)


def clean_answer(text: str) -> str:
    """The answer without signatures, pleas for adoption, contact advertising and bare links."""
    return _without_edges(text, _ANSWER_LINE, everywhere=True)


def _without_edges(text: str, pattern: re.Pattern, *, everywhere: bool) -> str:
    lines = text.strip().split("\n")

    def furniture(line: str) -> bool:
        return not line.strip() or len(line) <= MAX_LINE_CHARS and bool(pattern.fullmatch(line))

    while lines and furniture(lines[-1]):
        lines.pop()
    start = 0
    while start < len(lines) and furniture(lines[start]):
        start += 1
    lines = lines[start:]
    if everywhere:
        lines = [line for line in lines if not line.strip() or not furniture(line)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def pair(title: str, question: str, answers: Iterable[Answer], min_answer_chars: int = MIN_ANSWER_CHARS) -> dict | None:
    """The fields of ``contracts.document.QA`` for the best answer; None where none is good enough.

    ``answer_rank`` is the answer's place on the page, from 0.
    """
    cleaned = [(rank, answer, clean_answer(answer.text)) for rank, answer in enumerate(answers)]
    good = [entry for entry in cleaned if len(_SPACE.sub("", entry[2])) >= min_answer_chars]
    asked = clean_question(question)
    if not good or not (asked or title.strip()):
        return None
    rank, answer, text = min(good, key=lambda e: (not e[1].adopted, not e[1].expert, -e[1].votes, -len(e[2]), e[0]))
    return {
        "question": _whole_question(clean_title(title), asked),
        "answer": text,
        "adopted": answer.adopted,
        "expert": answer.expert,
        "votes": answer.votes,
        "answer_rank": rank,
    }


def clean_title(title: str) -> str:
    """The title without an offer of points."""
    return _POINTS_ANYWHERE.sub("", title).strip()


def _whole_question(title: str, asked: str) -> str:
    """Title and body as one question; a body that begins with the title does not repeat it."""
    if not asked or not title:
        return asked or title
    return asked if _SPACE.sub("", asked).startswith(_SPACE.sub("", title)) else f"{title}\n\n{asked}"


def to_text(qa: dict) -> str:
    """The pair as one text of two blocks."""
    return f"## 질문\n\n{qa['question']}\n\n## 답변\n\n{qa['answer']}"
