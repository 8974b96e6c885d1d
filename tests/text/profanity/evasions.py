"""Ways of hiding a swear word, as seeded rules: each makes spellings that no list holds."""

import random

from malmoi.text.profanity.alphabet import CONSONANTS, VOWELS, decompose
from malmoi.text.profanity.latin import typed

WORDS = (
    "씨발",
    "시발",
    "병신",
    "개새끼",
    "지랄",
    "존나",
    "좆같네",
    "미친놈",
    "새끼야",
    "씨발놈",
    "썅년",
    "니애미",
    "또라이",
    "병신아",
    "좆까",
    "지랄하네",
)
CARRIERS = ("{}", "아 {} 진짜", "{} 뭐라는 거야", "진짜 {} 짜증나", "야 {}", "오늘 왜 이래 {}")

_TENSE = dict(zip("ㄱㄷㅂㅅㅈ", "ㄲㄸㅃㅆㅉ", strict=True))
_PLAIN = {tense: plain for plain, tense in _TENSE.items()} | {"ㅋ": "ㄱ", "ㅊ": "ㅈ", "ㅍ": "ㅂ", "ㅌ": "ㄷ"}
_VOWEL_SWAPS = {"ㅣ": "ㅟㅢ", "ㅏ": "ㅑㅘ", "ㅐ": "ㅔㅒ", "ㅕ": "ㅡㅛ", "ㅗ": "ㅛ", "ㅑ": "ㅏ", "ㅔ": "ㅐ"}
_ROMAN_ONSET = dict(
    zip("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ", "g kk n d tt r m b pp s ss - j jj ch k t p h".split(), strict=True)
)
_ROMAN_VOWEL = dict(zip(VOWELS, "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split(), strict=True))
_ROMAN_CODA = {
    "": "",
    "ㄱ": "k",
    "ㄴ": "n",
    "ㄹ": "l",
    "ㅁ": "m",
    "ㅂ": "p",
    "ㅅ": "t",
    "ㅈ": "t",
    "ㆁ": "ng",
    "ㅌ": "t",
    "ㄲ": "k",
}
_LOOKALIKE = {"ㅅ": "人", "ㅣ": "丨", "ㅏ": "卜", "ㅂ": "廿", "ㅁ": "口", "ㄹ": "己", "ㅗ": "⊥", "ㅡ": "一"}


def compose(onset: str, vowel: str, coda: str = "") -> str:
    """A syllable of its jamo."""
    onsets, codas = CONSONANTS[:19], " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
    return chr(
        0xAC00 + onsets.index(onset) * 588 + VOWELS.index(vowel) * 28 + codas.index(coda.replace("ㆁ", "ㅇ") or " ")
    )


def _parts(char: str) -> tuple[str, str, str]:
    jamo = decompose(char)
    return jamo[0], jamo[1], jamo[2:]


def _between(signs: str):
    def rule(word: str, rng: random.Random) -> str:
        return rng.choice(signs).join(word)

    return rule


def _inside(signs: str, count: int = 1):
    def rule(word: str, rng: random.Random) -> str:
        at = rng.randrange(1, len(word))
        return word[:at] + "".join(rng.choice(signs) for _ in range(count)) + word[at:]

    return rule


def _one(change):
    """Changes one syllable, the first that lets itself be changed from a random place on."""

    def rule(word: str, rng: random.Random) -> str:
        start = rng.randrange(len(word))
        for at in [*range(start, len(word)), *range(start)]:
            new = change(word[at], rng)
            if new != word[at]:
                return word[:at] + new + word[at + 1 :]
        return word

    return rule


def _tense(char, rng):
    onset, vowel, coda = _parts(char)
    return compose(_TENSE.get(onset, onset), vowel, coda)


def _plain(char, rng):
    onset, vowel, coda = _parts(char)
    return compose(_PLAIN.get(onset, onset), vowel, coda)


def _swap_vowel(char, rng):
    onset, vowel, coda = _parts(char)
    return compose(onset, rng.choice(_VOWEL_SWAPS.get(vowel, vowel)), coda)


def _stretch(char, rng):
    onset, vowel, coda = _parts(char)
    return compose(onset, vowel) + compose("ㅇ", vowel, coda)


def _stretch_long(char, rng):
    onset, vowel, coda = _parts(char)
    return compose(onset, vowel) + compose("ㅇ", vowel) * 2 + compose("ㅇ", vowel, coda)


def _open_jamo(char, rng):
    return "".join(decompose(char)).replace("ㆁ", "ㅇ")


def _onset_only(char, rng):
    return decompose(char)[0]


def _coda_out(char, rng):
    onset, vowel, coda = _parts(char)
    return compose(onset, vowel) + coda.replace("ㆁ", "ㅇ") if coda else char


def _vowel_out(char, rng):
    onset, vowel, coda = _parts(char)
    return char if coda else onset + vowel


def _add_coda(char, rng):
    onset, vowel, coda = _parts(char)
    return char if coda else compose(onset, vowel, "ㅅ")


def _look(char, rng):
    jamo = decompose(char).replace("ㆁ", "ㅇ")
    return "".join(_LOOKALIKE.get(letter, letter) for letter in jamo) if any(c in _LOOKALIKE for c in jamo) else char


def _roman(char):
    onset, vowel, coda = _parts(char)
    return _ROMAN_ONSET[onset].strip("-") + _ROMAN_VOWEL[vowel] + _ROMAN_CODA.get(coda, "")


def _wide(word: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in word)


RULES = {
    "punctuation between": _between("!.*~"),
    "heart inside": _inside("♡♥★☆"),
    "digit inside": _inside("123"),
    "at and hash inside": _inside("@#$%^&"),
    "two signs inside": _inside("~!*.-_", 2),
    "three dots inside": _inside(".", 3),
    "slash inside": _inside("/|\\"),
    "bar inside": _inside("ㅡ_-"),
    "emoji inside": _inside("😀🔥💩"),
    "zero width inside": _inside("\u200b\u200c\u200d\u2060\ufeff"),
    "soft hyphen between": _between("\u00ad"),
    "combining mark": _inside("\u0301\u0336"),
    "spaces between": _between(" "),
    "middle dot between": _between("·ㆍ・"),
    "markdown inside": _inside("*", 2),
    "stretched": _one(_stretch),
    "stretched long": _one(_stretch_long),
    "tense": _one(_tense),
    "plain": _one(_plain),
    "vowel": _one(_swap_vowel),
    "vowel and tense": lambda w, r: _one(_tense)(_one(_swap_vowel)(w, r), r),
    "vowel and sign": lambda w, r: _inside("1!~")(_one(_swap_vowel)(w, r), r),
    "jamo of one": _one(_open_jamo),
    "jamo of all": lambda w, r: "".join(_open_jamo(char, r) for char in w),
    "jamo spaced": lambda w, r: " ".join(_open_jamo(char, r) for char in w),
    "coda out": _one(_coda_out),
    "vowel out": _one(_vowel_out),
    "added coda": _one(_add_coda),
    "first onset": lambda w, r: _onset_only(w[0], r) + w[1:],
    "second onset": lambda w, r: w[0] + _onset_only(w[1], r) + w[2:],
    "keyboard": lambda w, r: typed(w),
    "keyboard first": lambda w, r: typed(w[0]) + w[1:],
    "keyboard capitals": lambda w, r: typed(w).capitalize(),
    "keyboard wide": lambda w, r: _wide(typed(w)),
    "romanised": lambda w, r: "".join(map(_roman, w)),
    "romanised first": lambda w, r: _roman(w[0]) + w[1:],
    "romanised capitals": lambda w, r: "".join(map(_roman, w)).upper(),
    "romanised hyphen": lambda w, r: "-".join(map(_roman, w)),
    "look-alikes": _one(_look),
    "look-alikes all": lambda w, r: "".join(_look(char, r) for char in w),
    "half-width jamo": lambda w, r: "".join(_half(_open_jamo(char, r)) for char in w),
    "repeated onset": lambda w, r: decompose(w[0])[0] + w,
    "brackets": lambda w, r: f"[{w}]",
}


def _half(jamo: str) -> str:
    table = {"ㅅ": "ﾵ", "ㅣ": "ￜ", "ㅂ": "ﾲ", "ㅏ": "ￂ", "ㄹ": "ﾩ", "ㅆ": "ﾶ", "ㄴ": "ﾤ", "ㅈ": "ﾸ", "ㅗ": "ￌ"}
    return "".join(table.get(letter, letter) for letter in jamo)


def spellings(rule: str, count: int, seed: int = 7) -> list[str]:
    """``count`` texts, each with one word hidden by the rule, in a carrier sentence."""
    rng = random.Random(f"{seed} {rule}")
    return [rng.choice(CARRIERS).format(RULES[rule](rng.choice(WORDS), rng)) for _ in range(count)]
