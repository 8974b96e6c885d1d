"""What a rule is: a shape, and a question to the text around it."""

import re
from collections.abc import Callable
from typing import NamedTuple

from malmoi.text.pii.span import Span


class Context(NamedTuple):
    """The text in one spelling, and what the rules before found in it."""

    text: str
    found: list[Span]

    def before(self, position: int, length: int = 20) -> str:
        """Up to ``length`` code points that end at ``position``."""
        return self.text[max(0, position - length) : position]

    def after(self, position: int, length: int = 20) -> str:
        return self.text[position : position + length]


class Rule(NamedTuple):
    """``pattern`` finds candidates; ``score`` says how sure a candidate is, 0 for none.

    The span is the group named ``value``, or the whole match. ``entity`` may be a function that tells it from the match.
    Patterns are linear: bounded repeats, no nested ones. Digits and Latin letters end at ASCII look-arounds,
    since Korean particles are glued on. ``needs``: a cheap expression without which the pattern cannot match.
    """

    entity: str | Callable[[re.Match[str]], str]
    pattern: re.Pattern[str]
    score: Callable[[re.Match[str], Context], float]
    needs: re.Pattern[str] | None = None

    def named(self, match: re.Match[str]) -> str:
        """The entity of a match."""
        return self.entity if isinstance(self.entity, str) else self.entity(match)


def always(score: float) -> Callable[[re.Match[str], Context], float]:
    """For shapes that need no more than themselves."""
    return lambda match, context: score


def value_span(match: re.Match[str]) -> tuple[int, int]:
    """The group ``value`` or the whole match, without a bracket that is opened and never closed."""
    start, end = match.span("value") if "value" in match.re.groupindex else match.span()
    if match.string[start] == "(" and match.string.find(")", start, end) < 0:
        start += 1
    return start, end
