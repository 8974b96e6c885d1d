"""RE2 expressions for a whole Arrow column: a text that matches neither holds nothing that a rule could find.

They read the text as given, so each digit may be full-width, and what is spelled oddly (no width, HTML entities) passes.
"""

from malmoi.text.pii.rules import COSTLY, STRUCTURED

_ODD = r"&#[0-9xX]|&nbsp;[0-9]|[\x{200b}-\x{200d}\x{2060}\x{feff}\x{ad}\x{20e3}]|[⓪①-⑨][⓪①-⑨]|[０-９]{2}|[\x{1d7ce}-\x{1d7ff}]|＠"

STRUCTURED_GATE = "|".join([_ODD, *(family.GATE for family in STRUCTURED)])
COSTLY_GATE = "|".join([_ODD, *(family.GATE for family in COSTLY)])
