"""The loops over eojeol count what is counted by hand."""

import random
from collections import Counter

import numpy as np
import pytest

from malmoi.text import eojeol, passes
from malmoi.text.layout import HANGUL, lay_out

LETTERS = "가각나다 a1.!\n\t)」ㅋ漢😀\u3000"
TEXTS = ["", " ", "가", "\n\n", "배추값이 올랐다.\n\n김장은 한다(고).", "값이.........", "값이........", "a" * 40]


def layouts():
    chance = random.Random(5)
    yield lay_out(TEXTS)
    for _ in range(300):
        yield lay_out(["".join(chance.choices(LETTERS, k=chance.randrange(30))) for _ in range(chance.randrange(1, 5))])


def test_last_syllables_stand_at_most_so_many_signs_before_the_end():
    for layout in layouts():
        holds, last, before = eojeol.last_syllables(
            layout.codes, layout.classes, layout.eojeol_start, layout.eojeol_end, HANGUL, 8
        )
        for number, (start, end) in enumerate(zip(layout.eojeol_start, layout.eojeol_end, strict=True)):
            codes = layout.codes[start:end].tolist()
            syllables = [at for at, code in enumerate(codes) if 0xAC00 <= code <= 0xD7A3]
            assert holds[number] == bool(syllables)
            near = bool(syllables) and len(codes) - 1 - syllables[-1] <= 8
            assert last[number] == (codes[syllables[-1]] if near else 0)
            assert before[number] == (codes[syllables[-2]] if near and syllables[-2:-1] == [syllables[-1] - 1] else 0)


def test_what_is_counted_inside_eojeol():
    chance = np.random.default_rng(3)
    for layout in layouts():
        places = layout.eojeol_start, layout.eojeol_end
        one, other = (chance.random(len(layout.codes)) < 0.4 for _ in range(2))
        weights = chance.integers(0, 2**63, 50, np.uint64)
        changes = eojeol.class_changes(layout.classes, *places)
        following = eojeol.follows(one, other, *places)
        hashes = eojeol.hashes(layout.codes, *places, weights)
        for number, (start, end) in enumerate(zip(*places, strict=True)):
            classes, marks = layout.classes[start:end], (one[start:end], other[start:end])
            assert changes[number] == (classes[1:] != classes[:-1]).sum()
            assert following[number] == (marks[0][:-1] & marks[1][1:]).any()
            values = zip(layout.codes[start:end].tolist(), weights.tolist(), strict=False)
            assert int(hashes[number]) == sum(code * weight for code, weight in values) % 2**64


@pytest.mark.parametrize("kinds", [1, 2, 9, 1 << 40])
def test_what_an_owner_has_again(kinds):
    chance = np.random.default_rng(kinds)
    for size in (0, 1, 2, 7, 100, 3_000):
        owners = np.sort(chance.choice([0, 2, 3, 9], size))
        values = chance.integers(0, kinds, size, np.uint64) << np.uint64(16)
        first, again = eojeol.occurrences(values, owners)
        seen = list(zip(owners.tolist(), values.tolist(), strict=True))
        counts = Counter(seen)
        assert first.tolist() == [seen.index(pair) == at for at, pair in enumerate(seen)]
        assert again.tolist() == [counts[pair] > 1 for pair in seen]
        most = eojeol.most_frequent(values, owners, 11)
        assert most.tolist() == [
            max((count for pair, count in counts.items() if pair[0] == owner), default=0) for owner in range(11)
        ]
        weights = chance.integers(0, 9, size) / 2
        for given, plain in ((None, np.ones(size)), (weights, weights), (weights > 2, weights > 2)):
            assert eojeol.sums(owners, given, 11).tolist() == [plain[owners == owner].sum() for owner in range(11)]


def test_classes_are_counted_by_text():
    for layout in layouts():
        counts = eojeol.class_counts(layout.classes, layout.text_start, 10)
        ends = [*layout.text_start[1:], len(layout.codes)]
        for row, (start, end) in enumerate(zip(layout.text_start, ends, strict=True)):
            assert counts[row].tolist() == np.bincount(layout.classes[start:end], minlength=10).tolist()


def test_letters_of_any_width():
    marks = np.zeros(0x20000, np.uint8)
    marks[[ord(letter) for letter in "aé가😀"]] = 1
    for text in ("", "banana", "éa", "가나가a", "😀가😀", "\U00020000\ud800\U0010ffffa"):
        assert passes.count(text, marks) == sum(letter in "aé가😀" for letter in text)


def test_small_letters_of_ascii_alone():
    cased = np.array([chr(code).lower() != chr(code) for code in range(0x20000)]).view(np.uint8)
    for text in ("", "가나 abc", "é"):
        assert passes.lowered(text, cased) is text
    for text in ("ABC[Z@`{", "éA", "가A힣", "😀Top\ud800"):
        assert passes.lowered(text, cased) == text.lower()
    for text in ("É", "가Σ", "Ａ", "\u212a", "İ", "𐐀A"):
        assert passes.lowered(text, cased) is None
    assert all(chr(code).lower() == chr(code) for code in range(0x20000, 0x110000))
