"""Advertising and spam: several weak signs together decide, one word never.

A sign is a kind of cue (what is sold, how to reach the seller, a call to act, an offer, praise), a disclosure, hash
tags, telephone numbers, links to hosts of spam, decoration, a keyword that returns in every line. Each sign adds at
most its own weight, so that a text with one sign only stays far below the recipe's threshold; words of reporting
(경찰, 혐의, 밝혔다) speak against it. The score is ``1 - exp(-sum)``.
"""

import math
import re
from functools import cache
from urllib.parse import urlsplit

import numpy as np

from malmoi.text import cues as cue_lexicon
from malmoi.text.cues import Cues
from malmoi.text.layout import lay_out
from malmoi.text.passes import count
from malmoi.text.scan import encoded, holds

_REFERENCE_CHARS = 300
"""Counts are taken per this many code points, with a damped exponent: a long text meets more phrases by chance."""
_DAMPING = 0.7

# kind -> (weight of one phrase, most that the kind can add)
_TOPICS = {
    "gambling": (0.30, 0.80),
    "loan": (0.30, 0.80),
    "adult": (0.30, 0.80),
    "escort": (0.30, 0.80),
    "illicit": (0.30, 0.80),
    "trade": (0.12, 0.45),
}
_SIGNS = {
    "contact": (0.32, 0.75),
    "call": (0.20, 0.55),
    "offer": (0.18, 0.65),
    "boast": (0.15, 0.60),
    "disclosure": (0.55, 1.30),
}
KINDS = (*_TOPICS, *_SIGNS)
"""Kinds of cue that speak for advertising."""
_SELLING = [list(_SIGNS).index(kind) for kind in ("offer", "boast", "disclosure")]
_AGAINST = (0.25, 1.10)
_NOTICE = 0.3
"""Most that a text comes to in which nothing is praised or offered and one trade named at most: a club that looks for members tells how to reach it, too."""
_ONE_KIND = 0.9
"""Most that a text comes to with cues of fewer than two kinds."""

_SUSPICIOUS = 0.2
"""Sum of the other signs from which telephone numbers, links and decoration are looked for."""
_MANY_TAGS = 5

# Each begins with the one class or sign that it cannot do without, so that the engine passes over everything else.
_PHONE = re.compile(
    r"[01](?<!\d[01])(?:(?<=0)\d{1,2}|(?<=1)[568]\d\d|(?<=0)[57]0\d?)[-.) ~]{1,2}\d{3,4}(?:[-. ~]\d{4})?(?!\d)"
)
_LINK = re.compile(
    r"[a-z0-9-](?:(?<=h)ttps?://[^\s)\]>\"']{4,200}"
    r"|(?<![\w.][a-z0-9-])[a-z0-9-]{1,39}+\.(?:com|net|kr|me|xyz|top|vip|shop|site|club|bet)\b)"
)
_may_hold_a_link = holds(r"https?://|[a-z0-9-]\.(?:com|net|kr|me|xyz|top|vip|shop|site|club|bet)")
"""Nothing that ``_LINK`` finds is without this, which RE2 looks for at a tenth of the cost."""
_HASHTAG = re.compile(r"#(?<!\S#)[^\s#]{2,30}")
_DECORATION = "★☆♥♡◆◇■□▶▷◀►●○※✔✅✨🔥💰🎁👉👇📌⭐💯❤🎉📢⏰💎【】『』▼▲♠♣♬~"
_SPAM_HOST = re.compile(
    r"(?:casino|toto|bet\d|slot|baccarat|powerball|holdem|loan|massage|callgirl|anma|viagra|cialis|porn|xxx|sexy?|replica|"
    r"coupa\.ng|link\.coupang|linkprice|adpick|bit\.ly|t\.me/|open\.kakao|pf\.kakao|han\.gl|me2\.kr|vo\.la)"
)
_SPAM_TLD = re.compile(r"\.(?:xyz|top|vip|bet|casino|club|loan|click|icu|buzz)$")


def score(texts: list[str], titles: list[str] | None = None, urls: list[str] | None = None) -> list[float]:
    """0..1 for each text. The same as the ``spam_score`` of ``signals.measure``, without the keyword-stuffing sign."""
    texts = list(texts)
    if not texts:
        return []
    cues = cue_lexicon.find(texts, lay_out(texts))
    columns = {"chars": np.array([float(len(text)) for text in texts])}
    return weigh(cues, texts, titles or [""] * len(texts), urls or [""] * len(texts), columns).tolist()


def weigh(
    cues: Cues, texts: list[str], titles: list[str], urls: list[str], columns: dict[str, np.ndarray]
) -> np.ndarray:
    """The score from counted cues; ``columns`` holds ``chars`` and, for keyword stuffing, ``top_stem_share``."""
    scale = np.maximum(columns["chars"] / _REFERENCE_CHARS, 1.0) ** _DAMPING

    def evidence(kind: str, weight: float, most: float) -> np.ndarray:
        return np.minimum(cues.different[:, cue_lexicon.column(kind)] / scale * weight, most)

    topics = np.stack([evidence(kind, *limits) for kind, limits in _TOPICS.items()])
    signs = np.stack([evidence(kind, *limits) for kind, limits in _SIGNS.items()])
    total = topics.max(axis=0) + 0.4 * (topics.sum(axis=0) - topics.max(axis=0)) + signs.sum(axis=0)
    total += _stuffing(columns)
    for row in np.flatnonzero(total > 0).tolist():
        if total[row] < _SUSPICIOUS and texts[row].count("#") < _MANY_TAGS:
            continue
        total[row] += _shape(texts[row], scale[row]) + _hosts(urls[row])
    sold = (topics[:-1] > 0).any(axis=0) | (signs[_SELLING] > 0).any(axis=0)
    sold |= cues.different[:, cue_lexicon.column("trade")] > 1
    total = np.where(sold, total, np.minimum(total, _NOTICE))
    kinds = (topics > 0).sum(axis=0) + (signs > 0).sum(axis=0)
    total -= evidence("report", *_AGAINST)
    total = np.where(kinds < 2, np.minimum(total, _ONE_KIND), total)
    return 1.0 - np.exp(-np.maximum(total, 0.0))


def least_kinds(score: float) -> int:
    """Of how many kinds of ``KINDS`` a text must hold cues for a higher score than this."""
    total = -math.log1p(-min(score, 1 - 1e-9))
    return 2 if total >= _ONE_KIND else 1 if total >= _NOTICE else 0


def _stuffing(columns: dict[str, np.ndarray]) -> np.ndarray:
    if "top_stem_share" not in columns:
        return np.zeros(len(columns["chars"]))
    often = (columns["top_stem_share"] > 0.10) & (columns["eojeol"] >= 20)
    return np.where(often, np.minimum((columns["top_stem_share"] - 0.10) * 5, 0.6), 0.0)


def _shape(text: str, scale: float) -> float:
    """Telephone numbers, links, hash tags and decoration of a text that showed another sign."""
    phone = _PHONE.search(text) is not None
    links = _LINK.findall(text) if _may_hold_a_link(encoded(text)) else []
    tags = len(_HASHTAG.findall(text))
    decoration = count(text, _decoration())
    value = 0.35 * phone + min(0.12 * len(links) / scale, 0.35) + min(0.08 * max(tags - 2, 0) / scale, 0.6)
    value += min(0.05 * decoration / scale, 0.35)
    return value + 0.4 * bool(_SPAM_HOST.search("\n".join(links).lower()))


@cache
def _decoration() -> np.ndarray:
    """bool [2**17], True at signs of decoration; there are none beyond."""
    table = np.zeros(0x20000, bool)
    table[[ord(sign) for sign in _DECORATION]] = True
    return table.view(np.uint8)


def _hosts(url: str) -> float:
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return 0.0
    return 0.4 * bool(_SPAM_HOST.search(host)) + 0.2 * bool(_SPAM_TLD.search(host))
