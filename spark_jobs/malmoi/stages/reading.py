"""One pass over the shards of a night: sizes, a sample to read again, and strings that must not be there."""

import hashlib
import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

COLUMNS = ["source", "doc_id", "title", "text", "qa", "turns"]
"""Columns of a shard that the gate reads."""

MAX_NAMED = 5
"""Document ids that a failed check names."""


@dataclass(frozen=True)
class Totals:
    """Sizes of one source's texts: documents, code points, UTF-8 bytes."""

    documents: int = 0
    chars: int = 0
    bytes: int = 0


@dataclass
class Reading:
    """What was read. ``sample`` holds ``(doc_id, whole text)``, in order of a hash of the id: the same documents each
    time. ``canaries``: ids of documents that hold a canary. ``repeated``: documents whose id stands more than once."""

    totals: dict[str, Totals] = field(default_factory=dict)
    sample: list[tuple[str, str]] = field(default_factory=list)
    canaries: list[str] = field(default_factory=list)
    repeated: int = 0


def read_shards(batches: Iterable[pa.RecordBatch], sample: int, canaries: Sequence[str]) -> Reading:
    """Reads batches of COLUMNS. Memory: the sample's texts and eight bytes a document."""
    reading = Reading()
    lowest: list[tuple[int, str, str]] = []  # a heap by negative position: its first entry is the first to go
    positions = []
    for batch in batches:
        _add_totals(reading, batch)
        for doc_id, text in whole_texts(batch):
            position = _position(doc_id)
            positions.append(np.uint64(position))
            if any(canary in text for canary in canaries):
                reading.canaries.append(doc_id)
            if len(lowest) < sample:
                heapq.heappush(lowest, (-position, doc_id, text))
            elif sample and -position > lowest[0][0]:
                heapq.heapreplace(lowest, (-position, doc_id, text))
    reading.sample = [(doc_id, text) for _, doc_id, text in sorted(lowest, reverse=True)]
    reading.canaries = sorted(reading.canaries)[:MAX_NAMED]
    reading.repeated = len(positions) - len(np.unique(np.array(positions, np.uint64)))
    return reading


def whole_texts(batch: pa.RecordBatch) -> Iterator[tuple[str, str]]:
    """(doc_id, everything of the document that a reader of the release sees)."""
    for row in batch.to_pylist():
        parts = [row["title"], row["text"]]
        if row["qa"]:
            parts += [row["qa"]["question"], row["qa"]["answer"]]
        for turn in row["turns"] or ():
            parts += [turn["speaker"], turn["text"]]
        yield row["doc_id"], "\n".join(part for part in parts if part)


def _add_totals(reading: Reading, batch: pa.RecordBatch) -> None:
    if batch.num_rows == 0:
        return
    source, text = batch["source"][0].as_py(), batch["text"]
    before = reading.totals.get(source, Totals())
    reading.totals[source] = Totals(
        before.documents + batch.num_rows,
        before.chars + (pc.sum(pc.utf8_length(text)).as_py() or 0),
        before.bytes + (pc.sum(pc.binary_length(text)).as_py() or 0),
    )


def _position(doc_id: str) -> int:
    return int.from_bytes(hashlib.blake2b(doc_id.encode(), digest_size=8).digest(), "big")
