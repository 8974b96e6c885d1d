"""Plain spellings of a word that is drawn out, carries a coda that changes nothing, is taken apart or run together."""

from malmoi.text.profanity.alphabet import CONSONANTS, VOWELS
from malmoi.text.profanity.skeleton import DRAWN_VOWELS

_FIRST, _CODAS, _VOWELS = 0xAC00, 28, 21
_SILENT = 11
_SIOT, _HIEUT = 19, 27
_CODA_NAMES = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_WITHOUT_GLIDE = {2: 0, 3: 1, 6: 4, 7: 5, 12: 8, 17: 13}  # ㅑ is drawn out as ㅏ: 벼엉신


def collapsed(word: str) -> str:
    """``word`` with drawn-out vowels closed again: 시바알 is 시발, 벼엉신 is 병신."""
    result: list[int] = []
    for char in word:
        index = ord(char) - _FIRST
        if result and _drawn_out(result[-1], index):
            result[-1] += index % _CODAS
        else:
            result.append(index)
    return "".join(chr(index + _FIRST) for index in result)


def without_codas(word: str) -> str:
    """``word`` drawn in and without codas ㅅ and ㅎ: 씻발 is 씨발, 짓랄 is 지랄, 니밓럴 is 니미럴."""
    indexes = (ord(char) - _FIRST for char in collapsed(word))
    return "".join(
        chr(i - i % _CODAS + _FIRST if 0 <= i < 11172 and i % _CODAS in (_SIOT, _HIEUT) else i + _FIRST)
        for i in indexes
    )


def composed(surface: str) -> str:
    """Lone jamo, and what is drawn for them, as syllables: ㅈl랄 is 지랄, 씨ㅂㅏㄹ is 씨발. Signs and other Latin letters go."""
    jamo: list[str] = []
    for char in surface:
        jamo.append(DRAWN_VOWELS[char] if char in DRAWN_VOWELS and jamo and jamo[-1] in CONSONANTS else char)
    word = ""
    at = 0
    while at < len(jamo):
        opened = jamo[at] in CONSONANTS and at + 1 < len(jamo) and jamo[at + 1] in VOWELS
        if opened:
            word += chr(_FIRST + (CONSONANTS.index(jamo[at]) * _VOWELS + VOWELS.index(jamo[at + 1])) * _CODAS)
        elif jamo[at] in _CODA_NAMES and not (at + 1 < len(jamo) and jamo[at + 1] in VOWELS) and _is_open(word):
            word = word[:-1] + chr(ord(word[-1]) + _CODA_NAMES.index(jamo[at]))
        elif "가" <= jamo[at] <= "힣" or "ㄱ" <= jamo[at] <= "ㅣ":
            word += jamo[at]
        at += 2 if opened else 1
    return word


def run_together(word: str) -> str:
    """The last syllable's onset given back to the one before, ``""`` where it cannot be: 병시나 is 병신아."""
    if len(word) < 2 or not _is_open(word[:-1]):
        return ""
    index = ord(word[-1]) - _FIRST
    onset = CONSONANTS[index // (_CODAS * _VOWELS)] if 0 <= index < 11172 else "ㅇ"
    if onset == "ㅇ" or onset not in _CODA_NAMES:
        return ""
    before = chr(ord(word[-2]) + _CODA_NAMES.index(onset))
    return word[:-2] + before + chr(_FIRST + _SILENT * _CODAS * _VOWELS + index % (_CODAS * _VOWELS))


def _is_open(word: str) -> bool:
    return bool(word) and 0 <= ord(word[-1]) - _FIRST < 11172 and not (ord(word[-1]) - _FIRST) % _CODAS


def _drawn_out(before: int, index: int) -> bool:
    if not (0 <= before < 11172 and 0 <= index < 11172) or before % _CODAS:
        return False
    vowel = before // _CODAS % _VOWELS
    return index // _CODAS % _VOWELS in (vowel, _WITHOUT_GLIDE.get(vowel)) and index // (_CODAS * _VOWELS) == _SILENT
