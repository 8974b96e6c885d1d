"""Texts that break off: teasers of list pages, previews behind a log-in, sentences without an end."""

import re

import numpy as np

_TAIL = 80
_MARKED = re.compile(
    r"(?:\.{2,}|…|·{3}|⋯)?\s*[\[(<【]?\s*(?:더\s?보기|전체\s?보기|자세히\s?보기|계속\s?읽기|계속\s?보기|이어서\s?보기|기사\s?전문|원문\s?보기|전문\s?보기|"
    r"(?i:read more|continue reading|more))\s*[\])>】]?\s*[»>→›▶+.…]*\s*$"
)
_DOTS = re.compile(r"([가-힣A-Za-z0-9]*)\s?(?:\.{2,}|…+|⋯)\s*[\])】]?\s*$")
_MID_SENTENCE = re.compile(
    r"(?:[은는이가을를의와과에]|에서|으로|에게|한|된|하는|되는|있는|위한|대한|및|등|할|될|통해|위해|대해|따르면)$"
)
_ENDED = re.compile(r"(?:[.!?…。~^)\]\"'”’」』>*`|]|[다요까죠네자라음함임됨것듯군걸지어아해게나ㅋㅎㅠㅜ])\s*$")
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
    if _MARKED.search(tail):
        return 1.0
    if len(text) < SHORT_CHARS:
        dots = _DOTS.search(tail)
        if dots:
            word = dots[1]
            return 1.0 if _MID_SENTENCE.search(word) or not _ENDED.search(word) else 0.0
    return 0.0 if _ENDED.search(tail) else 0.5
