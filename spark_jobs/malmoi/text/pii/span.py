"""Where personal data stands in a text."""

from typing import NamedTuple


class Span(NamedTuple):
    """``[start, end)`` in code points of the text as given; ``entity`` is a key of the recipe's ENTITIES; ``score`` 0..1."""

    start: int
    end: int
    entity: str
    score: float
