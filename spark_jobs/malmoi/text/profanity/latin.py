"""Korean in Latin letters: as it comes out with the keyboard left on Latin (시발 is ``tlqkf``), and as it is romanised."""

from malmoi.text.profanity.alphabet import VOWELS, decompose

_KEYS = dict(zip("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎㆁ", "rRseEfaqQtTdwWczxvgd", strict=True))
_KEYS |= dict(zip(VOWELS, "k o i O j p u P h hk ho hl y n nj np nl b m ml l".split(), strict=True))

# Regular expressions: what people write, not what a standard says.
_ONSETS = {
    "ㄱ": "[gk]+", "ㄲ": "(?:k+|g+k?)", "ㄴ": "n+", "ㄷ": "[dt]+", "ㄸ": "[dt]+", "ㄹ": "[rl]+", "ㅁ": "m+", "ㅂ": "[bpv]+",
    "ㅃ": "[bp]+", "ㅅ": "s+h?", "ㅆ": "s+h?", "ㅇ": "", "ㅈ": "(?:j+|z|ch)", "ㅉ": "j+", "ㅊ": "ch?", "ㅋ": "k+", "ㅌ": "t+",
    "ㅍ": "p+", "ㅎ": "h+",
}  # fmt: skip
_SOUNDS = {
    "ㅏ": "a+h?", "ㅐ": "(?:a+e+|e+|ai)", "ㅑ": "ya+", "ㅓ": "(?:e+o+|u+)", "ㅔ": "e+", "ㅕ": "(?:ye+o*|yu+|you|y)", "ㅗ": "o+",
    "ㅛ": "yo+", "ㅜ": "(?:u+|oo)", "ㅠ": "yu+", "ㅡ": "(?:e*u+|)", "ㅣ": "(?:i+|ee|y)", "ㅢ": "u?i", "ㅟ": "wi",
}  # fmt: skip
_CODAS = {
    "ㄱ": "[gk]",
    "ㄲ": "[gk]+",
    "ㄴ": "n+",
    "ㄹ": "[lr]+",
    "ㅁ": "m+",
    "ㅂ": "[bp]+",
    "ㅅ": "[ts]",
    "ㅈ": "[tjd]",
    "ㅌ": "t+",
    "ㆁ": "n+g",
}

SUFFIXES_TYPED = (
    "아",
    "야",
    "놈",
    "년",
    "들",
    "들아",
    "놈아",
    "년아",
    "새끼",
    "하네",
    "네",
    "같네",
    "이",
    "이다",
    "임",
    "하지마",
    "마",
    "것",
    "한다",
)
SUFFIXES_ROMAN = ("아", "야", "놈", "년", "들", "네", "하네", "같네", "새끼", "이야")


def typed(word: str) -> str:
    """The keys that type ``word``, lower case, with ``%`` between syllables."""
    return "%".join("".join(_KEYS[jamo] for jamo in decompose(char)).lower() for char in word)


def romanised(word: str) -> str:
    """A regular expression for the ways to write ``word`` in Latin letters, with ``%`` between syllables."""
    return "%".join(_syllable(char) for char in word)


def _syllable(char: str) -> str:
    onset, vowel, *codas = tuple(decompose(char))
    return _ONSETS[onset] + _SOUNDS.get(vowel, "[aeiou]+") + "".join(_CODAS.get(coda, "") for coda in codas)
