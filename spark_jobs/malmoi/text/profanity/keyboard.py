"""Korean as it comes out when it is typed with the keyboard left on Latin (두벌식): 시발 is ``tlqkf``."""

from malmoi.text.profanity.alphabet import decompose

_KEYS = dict(zip("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎㆁ", "rRseEfaqQtTdwWczxvgd", strict=True))
_KEYS |= dict(
    zip(
        "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ",
        "k o i O j p u P h hk ho hl y n nj np nl b m ml l".split(),
        strict=True,
    )
)


def typed(word: str) -> str:
    """The keys that type ``word``, lower case."""
    return "".join(_KEYS.get(jamo, jamo) for char in word for jamo in decompose(char)).lower()
