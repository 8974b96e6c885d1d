"""The filter before a segment: never a key lost, few passed wrongly, the same in pieces."""

import numpy as np
import pytest

from malmoi.lake.lookup import bloom


def made(keys: np.ndarray, most: int, slices: int = 1) -> bytes:
    """A filter to which the keys were added in so many slices."""
    one = bloom.Filter.for_keys(most)
    for part in np.array_split(keys, slices):
        one.add(part)
    return one.words.tobytes()


def asked(content: bytes, keys: np.ndarray) -> np.ndarray:
    return bloom.may_have(lambda offset, length: content[offset : offset + length], len(content), keys)


def random_keys(seed: int, count: int) -> np.ndarray:
    return np.unique(np.random.default_rng(seed).integers(0, 2**64, count, np.uint64))


@pytest.mark.parametrize("count", [1, 2, 5, 100, 50_000, 200_000])
@pytest.mark.parametrize("slices", [1, 7])
def test_no_key_is_lost_and_few_others_pass(count, slices, monkeypatch):
    monkeypatch.setattr(bloom, "PIECE", 1 << 10)
    keys, others = random_keys(1, count), random_keys(2, 50_000)
    content = made(keys, count, slices)
    assert asked(content, keys).all()
    assert asked(content, others).mean() < 0.025


def test_the_ends_of_the_range_and_nothing():
    ends = np.array([0, 1, 2**63, 2**64 - 1], np.uint64)
    assert asked(made(ends, 4), ends).all()
    assert asked(made(ends, 1_000_000), ends).all()
    nothing = np.empty(0, np.uint64)
    assert not asked(made(nothing, 0), ends).any() and asked(made(ends, 4), nothing).size == 0


def test_keys_with_the_same_head_share_a_word():
    keys = np.arange(200, dtype=np.uint64) + np.uint64(5 << 40)
    assert asked(made(keys, 10_000), keys).all()
