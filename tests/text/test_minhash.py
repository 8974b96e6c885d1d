"""Signatures agree with datasketch, survive Korean edits, and keep different texts apart."""

import random
import re
import unicodedata

import numpy as np
import pytest

from malmoi.contracts.recipe.sections import Dedup
from malmoi.text import minhash

DEDUP = Dedup()
TEXT = (
    "올해 가을 김장 배추값이 지난해보다 조금 내렸다. 강원도 고랭지에서 자란 배추가 한꺼번에 나온 데다 "
    "비가 알맞게 와서 포기가 굵어졌기 때문이다. 시장 상인들은 다음 달까지 이 값이 이어질 것으로 본다. "
    "다만 고춧가루와 새우젓은 값이 올라 김장 비용은 작년과 비슷할 것 같다고 한다."
)


def estimate(first: str, second: str) -> float:
    one, two = minhash.unpack(minhash.sign([first, second], DEDUP)[1])
    return float((one == two).mean())


def shingles(text: str, chars: int) -> list[int]:
    """The hash of every run of code points, one after another."""
    points = [ord(letter) for letter in minhash.normalise(text)]
    width = min(chars, len(points))
    found = []
    for at in range(len(points) - width + 1 if points else 0):
        value = 0
        for point in points[at : at + width]:
            value = value * 0x01000193 + point & 0xFFFFFFFF
        for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
            value = (value ^ value >> shift) * factor & 0xFFFFFFFF
        found.append(value ^ value >> 16)
    return found


def datasketch_of(text: str) -> np.ndarray:
    from datasketch import MinHash

    theirs = MinHash(num_perm=112, seed=DEDUP.seed, scheme="affine32", hashfunc=int)
    hashes = shingles(text, DEDUP.shingle_chars)
    if hashes:
        theirs.update_batch(hashes)
    return theirs.hashvalues


@pytest.mark.parametrize(
    "text", [TEXT, TEXT * 3, "가나다라마" * 400, "다" * 30_000, "가", "가나다라", "가나다라마", "plain ASCII, 1", "é à ü", "𠀋a가" * 9, "😀\ud800", ""]
)  # fmt: skip
def test_signature_equals_datasketch(text):
    hashes, signatures = minhash.sign([text], DEDUP)
    assert np.array_equal(minhash.unpack(signatures)[0], datasketch_of(text))
    assert hashes == [minhash.text_hash(minhash.normalise(text))]


def test_any_mixture_is_signed_like_datasketch():
    chance = random.Random(16)
    for _ in range(200):
        text = "".join(
            chance.choices(
                "가각힣ㄱ\u1100\u1161 .\n\u00adAaİıΣςß1²٣À\u0301漢𠀋😀\ud800\U0003ffff", k=chance.randrange(40)
            )
        )
        assert np.array_equal(minhash.unpack(minhash.sign([text], DEDUP)[1])[0], datasketch_of(text)), text


def as_an_expression(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", text).lower())


def test_every_code_point_is_normalised_as_the_expression_says():
    for start in range(0, 0x110000, 0x1000):
        # A space between two keeps them from composing and a capital sigma from being the end of a word.
        text = " ".join(map(chr, range(start, start + 0x1000)))
        assert minhash.normalise(text) == as_an_expression(text)


@pytest.mark.parametrize(
    "text", [TEXT, "ΟΔΟΣ ΣΟΦΙΑΣ", "İSTANBUL", "각\u11a8", "A_B\ud800가", "ｆｕｌｌ", "한글 Ⓐ ①²", ""]
)
def test_neighbours_that_matter_are_normalised_as_the_expression_says(text):
    assert minhash.normalise(unicodedata.normalize("NFD", text)) == as_an_expression(text)
    assert minhash.normalise(text) == as_an_expression(text)


@pytest.mark.parametrize(
    ("edit", "low"),
    [
        (lambda t: t.replace(" ", ""), 1.0),
        (lambda t: t.replace(". ", ".\n\n"), 1.0),
        (lambda t: t.replace("배추값이", "배추값은"), 0.85),
        (lambda t: "입력 2026.11.01 | " + t, 0.85),
    ],
    ids=["spaces gone", "line breaks", "josa", "header"],
)
def test_copies_are_close(edit, low):
    assert estimate(TEXT, edit(TEXT)) >= low


def test_different_texts_are_far():
    other = "어제 저녁에는 동네 도서관에서 시 낭독회가 열렸다. 오래된 시집을 돌려 읽고 차를 마셨다."
    assert estimate(TEXT, other) < 0.1


def test_exact_hash_ignores_spacing_and_marks_but_not_words():
    first, spaced, other = minhash.sign(["감사합니다!", "감사 합니다", "감사했습니다"], DEDUP)[0]
    assert first == spaced
    assert first != other


@pytest.mark.parametrize("text", ["", "   ", "!!", "가", "가나다"])
def test_short_texts_have_a_signature(text):
    hashes, signatures = minhash.sign([text], DEDUP)
    assert len(signatures[0]) == 112 * 4
    assert len(hashes[0]) == 32


def test_band_keys_meet_only_where_a_band_is_equal():
    signatures = minhash.unpack(
        minhash.sign([TEXT, TEXT.replace("값이", "값은"), "전혀 다른 글입니다 그렇지요"], DEDUP)[1]
    )
    keys = minhash.band_keys(signatures, DEDUP.bands)
    bands = signatures.reshape(3, DEDUP.bands, DEDUP.rows)
    for one in range(3):
        for two in range(3):
            assert np.array_equal(keys[one] == keys[two], (bands[one] == bands[two]).all(axis=1))
