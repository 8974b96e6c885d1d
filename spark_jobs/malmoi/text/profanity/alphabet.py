"""The alphabet of the skeleton: every code point as four ASCII bytes, so that offsets are a division by four.

A Hangul syllable becomes onset, vowel and up to two coda consonants; a lone jamo, a look-alike, a Latin letter, a digit
or a sign becomes one byte; the rest is padding. What is drawn or pronounced like jamo (half-width, conjoining, circled
and full-width forms, kana, hanja that look like a jamo) is written as that jamo, so one pattern reads them all.
"""

import unicodedata
from functools import cache

import numpy as np

WIDTH = 4
PAD = "_"
NOISE = "."
SPACE = " "
NEWLINE = "\n"

CONSONANTS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎㆁ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_ONSETS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
# The coda ㅇ sounds, the onset ㅇ does not: two letters.
_CODAS = (
    " ㄱ ㄲ ㄱㅅ ㄴ ㄴㅈ ㄴㅎ ㄷ ㄹ ㄹㄱ ㄹㅁ ㄹㅂ ㄹㅅ ㄹㅌ ㄹㅍ ㄹㅎ ㅁ ㅂ ㅂㅅ ㅅ ㅆ ㆁ ㅈ ㅊ ㅋ ㅌ ㅍ ㅎ".split(" ")
)
_COMPOUND = {"ㄳ": "ㄱㅅ", "ㄵ": "ㄴㅈ", "ㄶ": "ㄴㅎ", "ㄺ": "ㄹㄱ", "ㄻ": "ㄹㅁ", "ㄼ": "ㄹㅂ", "ㄽ": "ㄹㅅ", "ㄾ": "ㄹㅌ",
             "ㄿ": "ㄹㅍ", "ㅀ": "ㄹㅎ", "ㅄ": "ㅂㅅ", "ㅲ": "ㅂㄱ", "ㅳ": "ㅂㄷ", "ㅶ": "ㅂㅈ", "ㅺ": "ㅅㄱ", "ㅼ": "ㅅㄷ",
             "ㅽ": "ㅅㅂ", "ㅾ": "ㅅㅈ", "ㅿ": "ㅅ", "ㅥ": "ㄴㄴ", "ㅸ": "ㅂ"}  # fmt: skip
_LOOKALIKES = {
    "ㅅ": "人入∧Λ⋏︿ᐱ", "ㅣ": "丨│┃∣ǀ", "ㅏ": "卜├┣⊢ト", "ㅓ": "┤┫⊣", "ㅗ": "⊥┴┻亠", "ㅜ": "┬┳⊤丁",
    "ㅂ": "廿甘ᗨ", "ㄹ": "己", "ㅁ": "口囗", "ㄷ": "匚", "ㄴ": "乚∟", "ㅡ": "一", "ㅆ": "从", "ㅇ": "〇",
}  # fmt: skip
# Hanja and kana by their sound: only those that are known from hidden swear words.
_SOUNDS = {
    "시": "時始市視詩試示是施侍屍シし", "씨": "氏", "발": "發発髮拔鉢跋勃", "바": "バば", "ㄹ": "ルる", "병": "病兵甁瓶丙竝",
    "신": "身神信新臣辛申", "개": "介改開個犬", "새": "塞璽", "지": "地知紙志智至之ジじ", "랄": "辣", "비": "ビび", "파": "パぱ",
    "끼": "キき", "스": "スす", "존": "存尊", "나": "那ナな", "니": "ニに", "미": "ミみ", "라": "ラら", "세": "セせ", "마": "マま", "이": "イい",
}  # fmt: skip

_LATIN_SHAPES = dict(zip("аесіјоруѕхһԁανικορυ", "aecijopysxhdavikopu", strict=True))
"""Cyrillic and Greek letters that are read as Latin ones: ѕіbаl."""

# Signs that stand for nothing else in a skeleton: digits, lower-case Latin, "!|^", noise and white space stay free.
_BYTES = "".join(chr(code) for code in range(0x41, 0x5B)) + "#%&',-/:;<=>@`~"
_CODE = dict(zip(CONSONANTS + VOWELS, _BYTES, strict=True))


def encode(jamo: str) -> str:
    """Jamo as letters of the skeleton; everything else stays as it is."""
    return "".join(_CODE.get(letter, letter) for letter in jamo)


def decompose(char: str) -> str:
    """Jamo of one code point: a syllable's onset, vowel and coda (coda ㅇ as ``ㆁ``), a compound as its parts."""
    index = ord(char) - 0xAC00
    if 0 <= index < 11172:
        return _ONSETS[index // 588] + VOWELS[index // 28 % 21] + _CODAS[index % 28]
    return _COMPOUND.get(char, char)


@cache
def table() -> np.ndarray:
    """uint32[0x20000]: the four bytes of every code point below U+20000, little-endian; above, all is noise."""
    rows = np.full((0x20000, WIDTH), ord(PAD), np.uint8)
    rows[:, 0] = ord(NOISE)
    for code in range(0xAC00, 0xAC00 + 11172):
        _put(rows, code, decompose(chr(code)))
    for code in range(0x20000):
        if code < 0xAC00 or 0xD7A4 <= code < 0xD800 or code >= 0xF900:
            letters = _plain(chr(code))
            if letters is not None:
                _put(rows, code, letters)
    for letter, shapes in _LOOKALIKES.items():
        for shape in shapes:
            _put(rows, ord(shape), letter)
    for syllable, signs in _SOUNDS.items():
        for sign in signs:
            _put(rows, ord(sign), decompose(syllable))
    return rows.view(np.uint32).reshape(-1)


def _put(rows: np.ndarray, code: int, letters: str) -> None:
    data = encode(letters)[:WIDTH].ljust(WIDTH, PAD).encode("ascii")
    rows[code] = np.frombuffer(data, np.uint8)


def _plain(char: str) -> str | None:
    """Letters of a code point that is no modern syllable; None where it is noise."""
    if char in "\n\r\u2028\u2029\x0b\x0c":
        return NEWLINE
    if char.isspace():
        return SPACE
    if unicodedata.category(char) in ("Cf", "Mn", "Me", "Cc", "Co"):
        return ""
    if char in _COMPOUND or char in CONSONANTS or char in VOWELS:
        return decompose(char)
    letters = unicodedata.normalize("NFKC", char)
    if len(letters) == 3 and letters[0] == "(":
        letters = letters[1]
    if len(letters) != 1:
        return None
    if "가" <= letters <= "힣":
        return decompose(letters)
    if "ᄀ" <= letters <= "ᇿ":
        return _conjoining(letters)
    letters = unicodedata.normalize("NFD", letters)[0].lower()
    letters = _LATIN_SHAPES.get(letters, letters)
    if letters.isascii() and letters.isalnum() or letters in "!|^":
        return letters
    return None


def _conjoining(char: str) -> str | None:
    code = ord(char)
    if code < 0x1100 + 19:
        return _ONSETS[code - 0x1100]
    if 0x1161 <= code < 0x1161 + 21:
        return VOWELS[code - 0x1161]
    if 0x11A8 <= code < 0x11A8 + 27:
        return _CODAS[code - 0x11A8 + 1]
    return None
