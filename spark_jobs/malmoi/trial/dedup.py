"""``malmoi try dedup``: which of these texts would stay. Signatures, bands and limits are those of the stage."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from itertools import combinations

import numpy as np

from malmoi.contracts.recipe.sections import Dedup
from malmoi.text import minhash


def clusters(texts: list[str], dedup: Dedup) -> list[int]:
    """For every text the place of the one that stays for it: the longest of its cluster, the first of equals."""
    hashes, signatures = minhash.sign(texts, dedup)
    values = minhash.unpack(signatures)
    parent = list(range(len(texts)))
    for members in _buckets((text_hash, place) for place, text_hash in enumerate(hashes)):
        for place in members[1:]:
            _join(parent, members[0], place)
    keys = minhash.band_keys(values, dedup.bands).tolist() if texts else []
    for band in range(dedup.bands):
        for one, two in _pairs(keys, band, dedup.max_bucket_documents):
            if _similar(values, one, two, dedup.min_similarity):
                _join(parent, one, two)
    return _survivors(texts, [_root(parent, place) for place in range(len(texts))])


def _buckets(keyed: Iterable[tuple[Hashable, int]]) -> list[list[int]]:
    """Places that have a key in common."""
    found: dict[Hashable, list[int]] = defaultdict(list)
    for key, place in keyed:
        found[key].append(place)
    return [members for members in found.values() if len(members) > 1]


def _pairs(keys: list[list[int]], band: int, cap: int) -> Iterator[tuple[int, int]]:
    """Candidate pairs of one band, a full bucket split and chained as in the stage."""
    for members in _buckets((row[band], place) for place, row in enumerate(keys)):
        after = (band + 1) % len(keys[0])
        split = [members] if len(members) <= cap else _buckets((keys[place][after], place) for place in members)
        for part in split:
            yield from combinations(part, 2) if len(part) <= cap else zip(part, part[1:], strict=False)


def _similar(values: np.ndarray, one: int, two: int, least: float) -> bool:
    return float((values[one] == values[two]).mean()) >= least


def _root(parent: list[int], node: int) -> int:
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


def _join(parent: list[int], one: int, two: int) -> None:
    low, high = sorted((_root(parent, one), _root(parent, two)))
    parent[high] = low


def _survivors(texts: list[str], roots: list[int]) -> list[int]:
    best: dict[int, int] = {}
    for place, root in enumerate(roots):
        if root not in best or len(texts[place]) > len(texts[best[root]]):
            best[root] = place
    return [best[root] for root in roots]
