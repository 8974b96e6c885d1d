"""Proof by Kiwi: which doubtful candidates are innocent after all."""

from collections.abc import Sequence

from malmoi.text.profanity.hits import Candidate

WINDOW = 40
"""Code points on either side that Kiwi sees."""
_CONTENT = ("NNG", "NNP", "VV", "VA", "MAG", "XR", "IC", "MM")


def window(text: str, candidate: Candidate) -> tuple[int, int]:
    """``[start, end)`` of the window of a candidate: 40 code points on either side, within its line, cut at spaces."""
    low, high = max(0, candidate.start - WINDOW), min(len(text), candidate.end + WINDOW)
    newline = text.rfind("\n", low, candidate.start)
    low = newline + 1 if newline >= 0 else low
    newline = text.find("\n", candidate.end, high)
    high = newline if newline >= 0 else high
    if low > 0 and text[low - 1] != "\n":
        space = text.find(" ", low, candidate.start)
        low = space + 1 if space >= 0 else low
    if high < len(text) and text[high] != "\n":
        space = text.rfind(" ", candidate.end, high)
        high = space if space >= 0 else high
    return low, high


def holds(candidate: Candidate, tokens: Sequence, offset: int) -> bool:
    """Whether a doubtful candidate is a hit, by the tokens of its window (``offset``: where the window starts).

    "inside": no known content word of two or more syllables may reach over an edge of the span, unless it holds the
    whole profane word (Kiwi knows 씨발놈). "unknown": besides, no known word of two or more syllables, josa or ending
    may lie on the span.
    """
    start, end = candidate.start - offset, candidate.end - offset
    for token in tokens:
        if token.end <= start or token.start >= end or not token.known:
            continue
        long = token.end - token.start >= 2
        profane = token.start <= start and _profane(candidate, token.form)
        over = token.start < start or token.end > end
        if long and over and not profane and token.tag.startswith(_CONTENT):
            return False
        if candidate.doubt == "unknown" and not profane and (long or token.tag[0] in "JE"):
            return False
    return True


def _profane(candidate: Candidate, form: str) -> bool:
    """Whether a token is itself the swear word: it begins with a known spelling, prefixes aside."""
    known = candidate.entry.known
    return known is not None and (known.match(form) is not None or known.match(form.lstrip("개씹")) is not None)
