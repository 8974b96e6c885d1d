"""Plain spellings of a word that is drawn out or carries a coda that changes nothing."""

_FIRST, _CODAS, _VOWELS = 0xAC00, 28, 21
_SILENT = 11
_SIOT = 19
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


def without_siot(word: str) -> str:
    """``word`` drawn in and without codas ㅅ: 씻발 is 씨발, 짓랄 is 지랄."""
    indexes = (ord(char) - _FIRST for char in collapsed(word))
    return "".join(chr(i - _SIOT + _FIRST if 0 <= i < 11172 and i % _CODAS == _SIOT else i + _FIRST) for i in indexes)


def _drawn_out(before: int, index: int) -> bool:
    if not (0 <= before < 11172 and 0 <= index < 11172) or before % _CODAS:
        return False
    vowel = before // _CODAS % _VOWELS
    return index // _CODAS % _VOWELS in (vowel, _WITHOUT_GLIDE.get(vowel)) and index // (_CODAS * _VOWELS) == _SILENT
