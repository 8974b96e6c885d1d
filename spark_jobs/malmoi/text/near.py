"""Near duplicates among documents that one process holds: candidate pairs, their similarity, and who belongs together.

``spark/duplicates.py`` does the same across tasks for nights that are too large for one; ``malmoi try dedup`` does it here.
Documents are rows in the order of their ids, so that what depends on the order depends on ids alone.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from malmoi.contracts.recipe.sections import Dedup
from malmoi.text import minhash

CHUNK = 65_536
"""Pairs whose signatures are compared at once."""


class Edges(NamedTuple):
    """Pairs of rows, ``low < high``, with their similarity; 1.0 for equal texts."""

    low: np.ndarray
    high: np.ndarray
    similarity: np.ndarray


def edges(hashes: Sequence[str], signatures: np.ndarray, dedup: Dedup) -> Edges:
    """Who is a copy of whom. Each text takes part in near pairs once, by the first row that has it."""
    _, first, text = np.unique(np.array(hashes, "S32"), return_index=True, return_inverse=True)
    leader = first[text]
    rows = np.arange(len(hashes))
    copies = rows[leader != rows]
    leaders = np.sort(first)
    low, high = candidates(signatures[leaders], dedup)
    low, high, similarity = _similar(signatures, leaders[low], leaders[high], dedup.min_similarity)
    return Edges(
        np.concatenate([leader[copies], low]),
        np.concatenate([copies, high]),
        np.concatenate([np.ones(copies.size), similarity]),
    )


def candidates(signatures: np.ndarray, dedup: Dedup) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of rows that share a band, each once and in order.

    A bucket above ``max_bucket_documents`` is split by the next band's key; what is above it even then is chained, each
    row with the one before it.
    """
    keys = minhash.band_keys(signatures, dedup.bands) if len(signatures) else np.empty((0, dedup.bands), np.int64)
    found = [np.empty(0, np.int64)]
    for band in range(dedup.bands):
        after = keys[:, (band + 1) % dedup.bands]
        for low, high in _pairs(np.arange(len(keys)), keys[:, band], after, dedup.max_bucket_documents):
            found.append(np.asarray(low, np.int64) << 32 | high)
    pairs = np.unique(np.concatenate(found))
    return pairs >> 32, pairs & 0xFFFFFFFF


def components(count: int, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """For each of ``count`` rows the smallest row that edges connect it with."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(low.size, np.int8), (low, high)), shape=(count, count))
    _, label = connected_components(graph, directed=False)
    _, first, component = np.unique(label, return_index=True, return_inverse=True)
    return first[component]


def _pairs(
    rows: np.ndarray, keys: np.ndarray, after: np.ndarray | None, cap: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Pairs of rows with one key. ``after``: keys that split a full bucket, None where that was done."""
    order = np.argsort(keys, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(keys[order]) != 0]) if keys.size else np.empty(0, np.int64)
    sizes = np.diff(np.r_[starts, keys.size])
    for size in np.unique(sizes[sizes > 1]).tolist():
        members = order[starts[sizes == size][:, None] + np.arange(size)]
        if size <= cap:
            low, high = np.triu_indices(size, 1)
            yield rows[members[:, low]].reshape(-1), rows[members[:, high]].reshape(-1)
        elif after is not None:
            for bucket in members:
                yield from _pairs(rows[bucket], after[bucket], None, cap)
        else:
            yield rows[members[:, :-1]].reshape(-1), rows[members[:, 1:]].reshape(-1)


def _similar(
    signatures: np.ndarray, low: np.ndarray, high: np.ndarray, least: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The pairs whose signatures agree in at least that share of their values, with the share."""
    parts = range(0, low.size, CHUNK)
    shares = [(signatures[low[at : at + CHUNK]] == signatures[high[at : at + CHUNK]]).mean(axis=1) for at in parts]
    similarity = np.concatenate([np.empty(0), *shares])
    kept = similarity >= least
    return low[kept], high[kept], similarity[kept]
