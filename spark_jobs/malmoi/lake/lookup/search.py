"""Searching segments: the nearest earlier document of each document of tonight."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from malmoi.contracts.recipe.sections import Dedup
from malmoi.lake.lookup.segment import Segment, keys_of

SPAN = 2_048
"""Blocks that are read at once, at most."""
GAP = 8
"""Blocks that nobody asked for and that are read all the same, because one read is cheaper than two."""
PAIRS = 16_384
"""Candidate pairs whose signatures are compared at once."""


class Match(NamedTuple):
    """An earlier document that one of tonight duplicates. ``method``: exact or near; ordered best first."""

    method: str
    distance: float
    batch: str
    doc_id: str

    @property
    def similarity(self) -> float:
        return 1.0 - self.distance


def nearest(
    segments: Sequence[Segment], hashes: Sequence[str], signatures: np.ndarray, dedup: Dedup
) -> list[Match | None]:
    """For every document (text hash, signature of shape (documents, values) uint32) the best match, or None.

    Equal text comes first, then the closest signature, the oldest night, the smallest id. Of a key that more than
    ``max_bucket_documents`` of a segment have, the oldest are looked at: whoever is close to tonight's document shares
    others of its keys as well.
    """
    best: list[Match | None] = [None] * len(hashes)
    if not len(hashes):
        return best
    keys = keys_of(hashes, signatures, dedup.bands)
    order = np.argsort(keys, axis=None)
    sought, owners = keys.reshape(-1)[order], order // keys.shape[1]
    wanted = np.array(hashes, "S32")
    for segment in segments:
        documents, rows = _candidates(segment, sought, owners, dedup.max_bucket_documents)
        for start in range(0, documents.size, PAIRS):
            mine, theirs = documents[start : start + PAIRS], rows[start : start + PAIRS]
            unique, place = np.unique(theirs, return_inverse=True)
            records = segment.records(unique)[place]
            exact = records["text_hash"] == wanted[mine]
            similarity = (records["signature"] == signatures[mine]).mean(axis=1)
            for at in np.flatnonzero(exact | (similarity >= dedup.min_similarity)):
                found = _match(segment, records[at], bool(exact[at]), float(similarity[at]))
                document = mine[at]
                best[document] = min(best[document] or found, found)
    return best


def _match(segment: Segment, record: np.void, exact: bool, similarity: float) -> Match:
    night, doc_id = segment.nights[record["night"]], record["doc_id"].decode()
    return Match("exact", 0.0, night, doc_id) if exact else Match("near", 1.0 - similarity, night, doc_id)


def _candidates(segment: Segment, sought: np.ndarray, owners: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Pairs (document, record) that share a key, each once; both int64, ordered. ``sought``: keys in ascending order,
    ``owners``: whose they are."""
    likely = np.flatnonzero(segment.may_have(sought))
    pairs = []
    for places, starts, stops in _met(segment, sought[likely]):
        mine = owners[likely[places]]
        for document, start, stop in zip(mine.tolist(), starts.tolist(), stops.tolist(), strict=True):
            rows = segment.rows(start, min(stop, start + most))
            pairs.append(rows.astype(np.uint64) | np.uint64(document << 32))
    if not pairs:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    unique = np.unique(np.concatenate(pairs))
    return (unique >> np.uint64(32)).astype(np.int64), (unique & np.uint64(0xFFFFFFFF)).astype(np.int64)


def _met(segment: Segment, sought: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """For keys in ascending order, run by run of blocks: which of them the segment has, and where their rows lie."""
    blocks = np.searchsorted(segment.fences, sought, "right") - 1
    for first, last in _runs(blocks):
        entries = segment.entries(int(blocks[first]), int(blocks[last - 1]))
        keys = entries["key"][:-1]
        at = np.searchsorted(keys, sought[first:last])
        hit = np.flatnonzero((at < keys.size) & (keys[np.minimum(at, keys.size - 1)] == sought[first:last]))
        yield first + hit, entries["start"][at[hit]].astype(np.int64), entries["start"][at[hit] + 1].astype(np.int64)


def _runs(blocks: np.ndarray) -> Iterator[tuple[int, int]]:
    """Stretches ``[first, last)`` of ascending block numbers that are read together; -1, below all blocks, is in none."""
    begin = int(np.searchsorted(blocks, 0))
    cuts = np.flatnonzero(np.diff(blocks[begin:]) > GAP) + begin + 1
    for first, last in zip([begin, *cuts.tolist()], [*cuts.tolist(), blocks.size], strict=True):
        while first < last:
            stop = first + int(np.searchsorted(blocks[first:last], blocks[first] + SPAN))
            yield first, stop
            first = stop
