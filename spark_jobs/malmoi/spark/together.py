"""Duplicates of a night that one worker holds, as ``duplicates.find`` finds them, without a shuffle and without Spark's plans.

Up to ``duplicates.ONE_TASK_DOCUMENTS`` documents these take longer than all that is done between them.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from malmoi.contracts.recipe.sections import Dedup
from malmoi.lake.lookup.search import Match, nearest
from malmoi.lake.lookup.segment import Segment
from malmoi.text import minhash, near

SEARCHED = 20_000
"""Documents that are looked up together."""


class _Groups(NamedTuple):
    """Of every document the one of its cluster that stays, which is itself where it is alone; the size of the cluster; and the
    similarity of its closest pair."""

    lead: np.ndarray  # int64
    size: np.ndarray  # int32
    closest: np.ndarray  # float64


def find(tonight: pa.Table, segments: Sequence[str], dedup: Dedup) -> pa.Table:
    """For every row of ``tonight`` (the columns of ``duplicates.CANDIDATES``, in the order of part and row) its verdict, in the
    same order: the columns of ``duplicates.find``."""
    count = tonight.num_rows
    order = np.asarray(
        pc.sort_indices(tonight, [(name, "ascending") for name in ("doc_id", "file", "offset", "part", "row")])
    )
    in_order = tonight["doc_id"].combine_chunks().take(pa.array(order))
    opens = np.ones(count, bool)
    if count:
        opens[1:] = np.asarray(pc.not_equal(in_order[1:], in_order[:-1]))
    first = order[opens]  # the row of every document that is read first, in the order of ids
    document = np.empty(count, np.int64)  # of every row its place in ``first``
    document[order] = np.cumsum(opens) - 1

    unique = tonight.take(pa.array(first))
    old = _earlier(unique, segments, dedup)
    fresh = np.flatnonzero([match is None for match in old])
    return _verdicts(tonight, document, first, old, _grouped(unique, fresh, dedup))


def _earlier(unique: pa.Table, segments: Sequence[str], dedup: Dedup) -> list[Match | None]:
    """What an earlier night has of each document."""
    opened = [Segment(folder) for folder in segments]
    found: list[Match | None] = []
    for at in range(0, unique.num_rows if opened else 0, SEARCHED):
        some = unique.slice(at, SEARCHED)
        found += nearest(opened, some["text_hash"].to_pylist(), minhash.unpack(some["signature"].to_pylist()), dedup)
    for segment in opened:
        segment.close()
    return found or [None] * unique.num_rows


def _grouped(unique: pa.Table, fresh: np.ndarray, dedup: Dedup) -> _Groups:
    """Clusters of the fresh among the documents; the others are alone."""
    count = unique.num_rows
    found = _Groups(np.arange(count), np.ones(count, np.int32), np.zeros(count))
    if not fresh.size:
        return found
    some = unique.take(pa.array(fresh))
    signatures = minhash.unpack(some["signature"].to_pylist())
    low, high, similarity = near.edges(some["text_hash"].to_pylist(), signatures, dedup)
    for side in (low, high):
        np.maximum.at(found.closest, fresh[side], similarity)
    component = near.components(fresh.size, low, high)
    quality, chars, published = (some[name].to_numpy() for name in ("quality", "chars", "published"))
    best = np.lexsort((np.arange(fresh.size), published, -chars, -quality, component))
    leaders = best[np.flatnonzero(np.diff(component[best], prepend=-1))]
    _, cluster, sizes = np.unique(component, return_inverse=True, return_counts=True)
    found.lead[fresh], found.size[fresh] = fresh[leaders[cluster]], sizes[cluster]
    return found


def _verdicts(
    tonight: pa.Table, document: np.ndarray, first: np.ndarray, old: list[Match | None], groups: _Groups
) -> pa.Table:
    """``document``: which document each row is; ``first``: the row of each that stands for it; ``old`` and ``groups``: of each."""
    copy = first[document] != np.arange(tonight.num_rows)
    outside = np.array([match is not None for match in old], bool)[document]
    loser = (groups.lead != np.arange(first.size))[document]
    lead = pa.array(first[groups.lead[document]])
    ids, hashes, batch = (tonight[name].combine_chunks() for name in ("doc_id", "text_hash", "batch"))
    exact = np.asarray(pc.equal(hashes, hashes.take(lead)))

    def earlier(name: str, kind: pa.DataType) -> pa.Array:
        return pa.array([getattr(match, name) if match else None for match in old], kind).take(pa.array(document))

    text, number = pa.string(), pa.float64()
    return pa.table({
        "part": tonight["part"],
        "row": tonight["row"],
        "cluster_id": _case((outside, earlier("doc_id", text)), otherwise=ids.take(lead)),
        "cluster_size": _case((outside, pa.scalar(2, pa.int32())), otherwise=pa.array(groups.size[document])),
        "keep": pa.array(~(copy | outside | loser)),
        "method": _case(
            (copy, "page"), (outside, earlier("method", text)), (loser & exact, "exact"), (loser, "near"), otherwise="single"
        ),
        "duplicate_of": _case(
            (copy, ids), (outside, earlier("doc_id", text)), (loser, ids.take(lead)), otherwise=pa.scalar(None, text)
        ),
        "duplicate_batch": _case(
            (outside, earlier("batch", text)), (copy | loser, batch), otherwise=pa.scalar(None, text)
        ),
        "similarity": _case(
            (copy, 1.0), (outside, earlier("similarity", number)), (loser, pa.array(groups.closest[document])),
            otherwise=pa.scalar(None, number),
        ),
    })  # fmt: skip


def _case(*branches: tuple[np.ndarray, Any], otherwise: Any) -> pa.Array:
    """For every row the value of the first branch whose flag it has."""
    flags = [pa.array(flag) for flag, _ in branches]
    chosen = pa.StructArray.from_arrays(flags, [str(number) for number in range(len(flags))])
    return pc.case_when(chosen, *(value for _, value in branches), otherwise)
