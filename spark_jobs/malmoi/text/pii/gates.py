"""Which families have to read a text at all, by one RE2 expression a family, its own seed.

They read the text as given, where the rules read one spelling of it; so what is spelled oddly (full-width digits, no
width, HTML entities) passes all gates.
"""

from collections.abc import Callable
from functools import cache
from types import ModuleType

from malmoi.text import scan

_ODD = (
    r"&#[0-9xX]|&nbsp;[0-9]|&commat;|[\x{200b}-\x{200d}\x{2060}\x{feff}\x{ad}\x{20e3}]|[⓪①-⑨][⓪①-⑨]|[０-９]{2}|[\x{1d7ce}-\x{1d7ff}]|"
    r"＠|[0-9OoIl][–—―−‐‑‒ㅡ─～〜∼・ㆍ‧∙⋅●○•◯◎✱×\x{a0}\x{3000}][0-9OoIl●○•◯◎✱×]{3}"
)


@cache
def gate(families: tuple[ModuleType, ...]) -> Callable[[bytes], tuple[ModuleType, ...]]:
    """Says of an encoded text which of the families have to read it; one pass for all."""
    matching = scan.matching((_ODD, *(family.SEED for family in families)))

    def passing(raw: bytes) -> tuple[ModuleType, ...]:
        numbers = matching(raw)
        return families if 0 in numbers else tuple(families[number - 1] for number in numbers)

    return passing
