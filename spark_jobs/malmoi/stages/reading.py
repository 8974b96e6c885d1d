"""One pass over the shards of a night: sizes, a sample to read again, and what must not be there."""

import hashlib
import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from malmoi.text.pii.leak_scan import leaks_of_column

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


class Leak(NamedTuple):
    """Personal data that is still in a document: which kind, never the value."""

    doc_id: str
    entity: str
    source: str


class Sampled(NamedTuple):
    """A document that is read again, with everything that a reader of the release sees."""

    doc_id: str
    text: str
    source: str


@dataclass
class Reading:
    """What was read. ``sample`` is in order of a hash of the id: the same documents each time. ``canaries``: ids of
    documents that hold a canary. ``leaks``: what the scan over digit runs found, over all documents. ``repeated``:
    documents whose id stands more than once."""

    totals: dict[str, Totals] = field(default_factory=dict)
    sample: list[Sampled] = field(default_factory=list)
    canaries: list[str] = field(default_factory=list)
    leaks: list[Leak] = field(default_factory=list)
    repeated: int = 0


def read_shards(batches: Iterable[pa.RecordBatch], sample: int, canaries: Sequence[str]) -> Reading:
    """Reads batches of COLUMNS. Memory: the sample's texts and eight bytes a document."""
    reading = Reading()
    lowest: list[tuple[int, Sampled]] = []  # a heap by negative position: its first entry is the first to go
    positions = []
    for batch in batches:
        _add_totals(reading, batch)
        wholes = list(whole_texts(batch))
        reading.leaks += _leaks(wholes)
        for one in wholes:
            doc_id, text = one.doc_id, one.text
            position = _position(doc_id)
            positions.append(np.uint64(position))
            if any(canary in text for canary in canaries):
                reading.canaries.append(doc_id)
            if len(lowest) < sample:
                heapq.heappush(lowest, (-position, one))
            elif sample and -position > lowest[0][0]:
                heapq.heapreplace(lowest, (-position, one))
    reading.sample = [one for _, one in sorted(lowest, reverse=True)]
    reading.canaries = sorted(reading.canaries)[:MAX_NAMED]
    reading.leaks.sort()
    reading.repeated = len(positions) - len(np.unique(np.array(positions, np.uint64)))
    return reading


def _leaks(documents: Sequence[Sampled]) -> Iterator[Leak]:
    for row, spans in leaks_of_column(pa.array([one.text for one in documents], pa.string())).items():
        yield from (Leak(documents[row].doc_id, span.entity, documents[row].source) for span in spans)


def whole_texts(batch: pa.RecordBatch) -> Iterator[Sampled]:
    for row in batch.to_pylist():
        parts = [row["title"], row["text"]]
        if row["qa"]:
            parts += [row["qa"]["question"], row["qa"]["answer"]]
        for turn in row["turns"] or ():
            parts += [turn["speaker"], turn["text"]]
        yield Sampled(row["doc_id"], "\n".join(part for part in parts if part), row["source"])


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
