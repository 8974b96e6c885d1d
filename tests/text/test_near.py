"""Candidates and components against plain loops; buckets that are too full."""

from collections import defaultdict
from itertools import combinations

import numpy as np
import pytest

from malmoi.contracts.recipe.sections import Dedup
from malmoi.text import minhash, near

DEDUP = Dedup(bands=6, rows=2, min_similarity=0.5)


def signatures(count: int, values: int = 12, seed: int = 1) -> np.ndarray:
    """Few different values, so that bands meet often."""
    return np.random.default_rng(seed).integers(0, 4, (count, values)).astype(np.uint32)


def plain(found: np.ndarray, dedup: Dedup) -> set[tuple[int, int]]:
    keys = minhash.band_keys(found, dedup.bands)
    pairs = set()
    for band in range(dedup.bands):
        buckets = defaultdict(list)
        for row, key in enumerate(keys[:, band]):
            buckets[key].append(row)
        for members in buckets.values():
            if len(members) <= dedup.max_bucket_documents:
                pairs |= set(combinations(members, 2))
                continue
            split = defaultdict(list)
            for row in members:
                split[keys[row, (band + 1) % dedup.bands]].append(row)
            for part in split.values():
                full = len(part) > dedup.max_bucket_documents
                pairs |= set(zip(part, part[1:], strict=False)) if full else set(combinations(part, 2))
    return pairs


@pytest.mark.parametrize("cap", [1_000, 20, 5, 2])
def test_candidates_are_those_of_a_plain_loop(cap):
    found, dedup = signatures(200), Dedup(bands=6, rows=2, max_bucket_documents=cap)
    low, high = near.candidates(found, dedup)
    assert set(zip(low.tolist(), high.tolist(), strict=True)) == plain(found, dedup)
    assert (low < high).all() and len(low) == len(plain(found, dedup))


def test_pairs_below_the_limit_leave_and_equal_texts_are_one():
    found = signatures(120)
    hashes = [f"{row:032x}" for row in range(120)]
    hashes[50] = hashes[3]
    hashes[90] = hashes[3]
    low, high, similarity = near.edges(hashes, found, DEDUP)
    edges = {(a, b): s for a, b, s in zip(low.tolist(), high.tolist(), similarity.tolist(), strict=True)}
    assert edges[3, 50] == edges[3, 90] == 1.0 and (50, 90) not in edges
    expected = {pair for pair in plain(found, DEDUP) if (found[pair[0]] == found[pair[1]]).mean() >= 0.5}
    expected = {pair for pair in expected if not {50, 90} & set(pair)} | {(3, 50), (3, 90)}
    assert set(edges) == expected


def test_components_are_named_by_their_smallest_row():
    low, high = np.array([5, 1, 7]), np.array([6, 5, 8])
    assert near.components(10, low, high).tolist() == [0, 1, 2, 3, 4, 1, 1, 7, 7, 9]
    assert near.components(3, low[:0], high[:0]).tolist() == [0, 1, 2]


def test_a_crowd_costs_no_squares():
    same = np.repeat(signatures(1, values=112), 3_000, axis=0)
    low, high = near.candidates(same, Dedup(max_bucket_documents=100))
    assert len(low) == 2_999
    assert len(set(near.components(3_000, low, high).tolist())) == 1


def test_nothing_and_one():
    for count in (0, 1):
        found = near.edges([f"{row:032x}" for row in range(count)], signatures(count), DEDUP)
        assert [len(column) for column in found] == [0, 0, 0]
