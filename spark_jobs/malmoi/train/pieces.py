"""Pre-tokenization: where a text may be cut before byte-level BPE, for Korean web text.

One pattern serves Python and the Oniguruma engine inside ``tokenizers``. It names code points by range, because the two
engines disagree about classes such as ``\\w``. Every code point falls into exactly one piece, so the pieces joined are the
text again. A space belongs to the word that follows it, as in GPT-2; digits stand alone.
"""

import re
from functools import cache

_LETTERS = (
    "가-힣",  # Hangul syllables: an eojeol
    "A-Za-z\u00c0-\u024f",  # Latin
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff",  # Hanja
    "\u3040-\u30ff",  # Kana
    "\u1100-\u11ff\u3130-\u318f",  # single jamo
)


@cache
def pattern(digit_splitting: bool) -> str:
    """The pattern; every match is a piece and there is nothing between matches."""
    words = [f" ?[{letters}]+" for letters in _LETTERS]
    digits = "[0-9]" if digit_splitting else "[0-9]{1,3}"
    other = f" ?[^ \\n\\t\\r0-9{''.join(_LETTERS)}]+"
    return "|".join([*words, digits, other, r"\r?\n+", r"\t+", " +(?= )", " ", r"\r"])


@cache
def compiled(digit_splitting: bool) -> re.Pattern[str]:
    return re.compile(pattern(digit_splitting))
