"""Josa that agree with the word before them: 을/를, 이/가, 은/는, 과/와, 으로/로, 이라/라 and their like.

A particle of Korean has two shapes, one after a final consonant (받침) and one after a vowel; 으로/로 counts a final ㄹ
as a vowel. When a word is replaced, the particle behind it must follow.
"""

import re
from enum import Enum


class Final(Enum):
    """What a word ends in, as it is read aloud."""

    VOWEL = "vowel"
    RIEUL = "rieul"
    CONSONANT = "consonant"


_PLAIN = r"(?![가-힣])"
_PAIRS: tuple[tuple[str, str, str], ...] = (
    ("을", "를", _PLAIN),
    ("은", "는", r"(?:커녕)?(?![가-힣])"),
    ("이", "가", _PLAIN),
    ("과", "와", r"(?:는|도|의|만|같이|함께)?(?![가-힣])"),
    ("으로", "로", r"(?:는|도|만|서|써|부터|의|요|까지)?(?![가-힣])"),
    ("이라", "라", r"(?:고|는|면|서|도|며|니|던|거나|던지|든가|기보다|기에|고도|고는|는데|서요|고요)?(?![가-힣])"),
    ("아", "야", _PLAIN),
    ("이야", "야", r"(?:말로)(?![가-힣])"),
    ("이나", "나", r"(?:마)?(?![가-힣])"),
    ("이며", "며", _PLAIN),
    ("이랑", "랑", r"(?:은|도)?(?![가-힣])"),
    ("이든", "든", r"(?:지|가)?(?![가-힣])"),
    ("이란", "란", _PLAIN),
    ("이여", "여", _PLAIN),
    ("이고", "고", r"(?:요)?(?![가-힣])"),
    ("이면", "면", _PLAIN),
    ("이지만", "지만", _PLAIN),
    ("이니", "니", r"(?:까)?(?![가-힣])"),
    ("이다", "다", _PLAIN),
    ("이에요", "예요", _PLAIN),
    ("이었", "였", r"(?=[가-힣])"),
)
"""After a consonant, after a vowel, what may follow. A particle that runs on into other syllables is no particle:
010-1234-5678은행, 5678과장, 5678이상. Where one shape serves two pairs (야), the first pair counts."""

_COPULA = frozenset(("이고", "이면", "이지만", "이니", "이다"))
"""Forms of 이다 that are as right after a vowel (번호이고), so they stay."""

_FORMS = sorted(
    [(form, pair) for pair in _PAIRS for form in pair[:2]] + [("이야", ("이야", "야", _PLAIN))],
    key=lambda item: -len(item[0]),
)
_JOSA = re.compile("|".join(f"(?P<f{i}>{form})(?={pair[2]})" for i, (form, pair) in enumerate(_FORMS)))
_READABLE = re.compile(r"[0-9A-Za-z가-힣ㄱ-ㅎㅏ-ㅣ%㎏㎝㎜㎞℃](?=[^0-9A-Za-z가-힣ㄱ-ㅎㅏ-ㅣ%㎏㎝㎜㎞℃]*\Z)")
_LATIN_TAIL = re.compile(r"[A-Za-z]+\Z")

_DIGITS = {
    "0": Final.CONSONANT,
    "1": Final.RIEUL,
    "3": Final.CONSONANT,
    "6": Final.CONSONANT,
    "7": Final.RIEUL,
    "8": Final.RIEUL,
}
_LETTER_NAMES = {"L": Final.RIEUL, "R": Final.RIEUL, "M": Final.CONSONANT, "N": Final.CONSONANT}
_WORD_ENDS = {"l": Final.RIEUL} | dict.fromkeys("bckmnpt", Final.CONSONANT)


def final(word: str) -> Final:
    """What ``word`` ends in when read; brackets, quotes and stars around it are not read (``<전화번호>`` ends in 호).

    Digits are read as Sino-Korean (0 영, 1 일, 2 이 ...), Latin capitals by their names (R 알), other Latin words by
    their last sound (naver.com 컴). A word with nothing to read counts as a vowel.
    """
    tail = word[-64:]
    last = _READABLE.search(tail)
    if last is None:
        return Final.VOWEL
    letter = last.group()
    if "가" <= letter <= "힣":
        coda = (ord(letter) - 0xAC00) % 28
        return Final.VOWEL if coda == 0 else Final.RIEUL if coda == 8 else Final.CONSONANT
    if letter.isdigit():
        return _DIGITS.get(letter, Final.VOWEL)
    if letter.isascii() and letter.isalpha():
        spelled = _LATIN_TAIL.search(tail[: last.end()])
        return _latin(spelled.group() if spelled else letter)
    return Final.CONSONANT if "ㄱ" <= letter <= "ㅎ" else Final.VOWEL


def _latin(word: str) -> Final:
    if word.isupper():
        return _LETTER_NAMES.get(word[-1], Final.VOWEL)
    if word.lower().endswith("ng"):
        return Final.CONSONANT
    return _WORD_ENDS.get(word[-1].lower(), Final.VOWEL)


def agree(word: str, following: str) -> tuple[int, str]:
    """The josa at the start of ``following`` and the shape of it that agrees with ``word``.

    Returns (number of code points of ``following`` that are the josa, the agreeing josa); (0, "") when no two-shaped
    josa follows. What comes behind the josa (으로**는**) is not counted, it does not change.
    """
    found = _JOSA.match(following)
    if found is None or found.lastgroup is None:
        return 0, ""
    form, (closed, opened, _) = _FORMS[int(found.lastgroup[1:])]
    sound = final(word)
    if closed == "으로" and sound is Final.RIEUL:
        return len(form), opened
    if form in _COPULA:
        return len(form), form
    return len(form), opened if sound is Final.VOWEL else closed
