"""Texts that break off: teasers of list pages, previews behind a log-in, sentences without an end."""

import re

import numpy as np

_TAIL = 80
_MORE = ("보기", "읽기", "전문", "more", "reading")
_MARKED = re.compile(
    r"(?:더\s?보기|전체\s?보기|자세히\s?보기|계속\s?읽기|계속\s?보기|이어서\s?보기|기사\s?전문|원문\s?보기|전문\s?보기|"
    r"read more|continue reading|[\[(]more)\s?[\])>】]?\s?[»>→›▶+.…]{0,4}$"
)
_DOTS = "….⋯"
_BRACKETS = "])】> "
_MID_SENTENCE = tuple(
    "은 는 이 가 을 를 의 와 과 에 에서 으로 에게 한 된 하는 되는 있는 위한 대한 및 등 할 될 통해 위해 대해 바로 이유는".split()
)
_ENDS = frozenset(".!?…。~^)]\"'”’」』>*`|다요까죠네자라음함임됨것듯군걸지어아해게나야니데서고면만ㅋㅎㅠㅜ")
SHORT_CHARS = 700
"""A longer text holds enough to read before it breaks off."""
BARRIERS = 2
"""Different phrases of a log-in wall, a removed page or a preview: so many in a short text, and it is no text."""


def truncation(texts: list[str], barriers: np.ndarray) -> np.ndarray:
    """1 for a teaser, 0.5 for a last sentence without an end, else 0; float64 [n]. ``barriers`` counts different
    phrases of the kind ``teaser``, one number a text."""
    found = np.array([_one(text) for text in texts], np.float64)
    short = np.array([len(text) < SHORT_CHARS for text in texts])
    return np.where(short & (barriers >= BARRIERS), 1.0, found)


def _one(text: str) -> float:
    tail = text[-_TAIL:].rstrip()
    if not tail:
        return 0.0
    lowered = tail.lower()
    if any(word in lowered for word in _MORE) and _MARKED.search(lowered):
        return 1.0
    if len(text) < SHORT_CHARS and _breaks_off(tail):
        return 1.0
    return 0.0 if tail[-1] in _ENDS else 0.5


def _breaks_off(tail: str) -> bool:
    """Ends in dots behind a word that no sentence ends with. One syllable alone (휴..., 음...) is a sigh."""
    body = tail.rstrip(_BRACKETS)
    words = body.rstrip(_DOTS).rstrip("[(【 ")
    dots = body[len(words) :].strip("[(【 ")
    if not (len(dots) >= 2 or "…" in dots or "⋯" in dots):
        return False
    last = words.split()[-1] if words.split() else ""
    if len(last) < 2:
        return False
    return last.endswith(_MID_SENTENCE) or last[-1] not in _ENDS
