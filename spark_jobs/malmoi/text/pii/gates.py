"""RE2 expressions for a whole Arrow column, one a family, from the family's own seed.

They read the text as given, where the rules read one spelling of it; so what is spelled oddly (full-width digits, no
width, HTML entities) passes all gates.
"""

from types import ModuleType

from malmoi.text.pii.rules import COSTLY, STRUCTURED

_ODD = (
    r"&#[0-9xX]|&nbsp;[0-9]|&commat;|[\x{200b}-\x{200d}\x{2060}\x{feff}\x{ad}\x{20e3}]|[⓪①-⑨][⓪①-⑨]|[０-９]{2}|[\x{1d7ce}-\x{1d7ff}]|"
    r"＠|[0-9OoIl][–—―−‐‑‒ㅡ─～〜∼・ㆍ‧∙⋅●○•◯◎✱×\x{a0}\x{3000}][0-9OoIl●○•◯◎✱×]{3}"
)


def _gate(families: tuple[ModuleType, ...]) -> str:
    return "|".join([_ODD, *(family.SEED for family in families)])


GATES = {family: _gate((family,)) for family in STRUCTURED + COSTLY}
STRUCTURED_GATE = _gate(STRUCTURED)
"""All structured families in one expression: few texts pass, so it goes first."""
