"""``malmoi try dedup``: which of these texts would stay. Signatures, bands and limits are those of the stage."""

from collections import defaultdict

import numpy as np

from malmoi.contracts.recipe.sections import Dedup
from malmoi.text import minhash


def clusters(texts: list[str], dedup: Dedup) -> list[int]:
    """For every text the place of the one that stays for it: the longest of its cluster, the first of equals."""
    hashes, signatures = minhash.sign(texts, dedup)
    values = minhash.unpack(signatures)
    buckets: dict[tuple, list[int]] = defaultdict(list)
    for place, text_hash in enumerate(hashes):
        buckets[("exact", text_hash)].append(place)
    for place, keys in enumerate(minhash.band_keys(values, dedup.bands)) if texts else ():
        for band, key in enumerate(keys):
            buckets[(band, int(key))].append(place)
    parent = list(range(len(texts)))
    for key, members in buckets.items():
        for one, two in _pairs(members, dedup.max_bucket_documents):
            if key[0] == "exact" or _similar(values, one, two, dedup.min_similarity):
                _join(parent, one, two)
    return _survivors(texts, [_root(parent, place) for place in range(len(texts))])


def _pairs(members: list[int], cap: int):
    if len(members) > cap:
        return zip(members, members[1:], strict=False)
    return ((one, two) for at, one in enumerate(members) for two in members[at + 1 :])


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
