"""A segment: sorted keys of documents with the rows that have them, and one record of fixed width a document.

```
entries.bin   (key uint64, start int64), sorted by key, each key once; start counts into rows.bin; one entry more at the end
rows.bin      uint32 numbers of records, of each key oldest first
fences.bin    the first key of every block of BLOCK entries
filter.bin    a Bloom filter over the keys (``bloom.py``)
records.bin   (document, text hash, night, signature), oldest night first
meta.json     nights, counts, and the index files that it was made from; written last
```

A document has a key for each band of its signature and one for its text hash. Little-endian throughout.
"""

import json
import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from malmoi.lake.lookup import bloom
from malmoi.text import minhash

FORMAT = 2
BLOCK = 64
SLICES = 128
"""A merge goes through the keys in that many equal ranges, so its memory is that share of the segment's entries."""

ENTRY = np.dtype([("key", "<u8"), ("start", "<i8")])
_LAST = np.uint64(2**64 - 1)


def record_type(values: int) -> np.dtype:
    """A record with a signature of that many values. ``night`` counts into the segment's nights."""
    return np.dtype([("doc_id", "S32"), ("text_hash", "S32"), ("night", "<u2"), ("signature", "<u4", (values,))])


def keys_of(hashes: Sequence[str], signatures: np.ndarray, bands: int) -> np.ndarray:
    """Keys of documents, shape (documents, bands + 1), uint64: one a band, the last that of the text hash."""
    keys = np.empty((len(hashes), bands + 1), np.uint64)
    marks = np.arange(1, bands + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    keys[:, :bands] = minhash.band_keys(signatures, bands).view(np.uint64) + marks
    keys[:, bands] = [int(text_hash[:16], 16) for text_hash in hashes]
    return keys


class SegmentWriter:
    """Writes a segment into a folder: records first, then keys in ascending order, at most ``most_keys`` of them."""

    def __init__(self, folder: Path, most_keys: int):
        self._folder = folder
        self._filter = bloom.Filter.for_keys(most_keys)
        folder.mkdir(parents=True)
        self._entries, self._rows, self._records = (
            open(folder / name, "wb") for name in ("entries.bin", "rows.bin", "records.bin")
        )
        self._fences: list[np.ndarray] = []
        self._keys = self._pairs = self.records = 0

    def add_records(self, records: np.ndarray | bytes, count: int) -> None:
        self._records.write(records if isinstance(records, bytes) else records.tobytes())
        self.records += count

    def add_keys(self, keys: np.ndarray, rows: np.ndarray) -> None:
        """Pairs of key and row, in any order; no key below one that was added before."""
        order = np.lexsort((rows, keys))
        unique, starts = np.unique(keys[order], return_index=True)
        entries = np.empty(unique.size, ENTRY)
        entries["key"], entries["start"] = unique, starts + self._pairs
        self._entries.write(entries.tobytes())
        self._rows.write(rows[order].astype("<u4").tobytes())
        self._fences.append(unique[-self._keys % BLOCK :: BLOCK])
        self._filter.add(unique)
        self._keys += unique.size
        self._pairs += rows.size

    def close(self, meta: dict[str, Any]) -> None:
        self._entries.write(np.array([(_LAST, self._pairs)], ENTRY).tobytes())
        for file in (self._entries, self._rows, self._records):
            file.close()
        fences = np.concatenate(self._fences) if self._fences else np.empty(0, np.uint64)
        (self._folder / "fences.bin").write_bytes(fences.astype("<u8").tobytes())
        (self._folder / "filter.bin").write_bytes(self._filter.words.tobytes())
        counts = {"format": FORMAT, "keys": self._keys, "records": self.records}
        (self._folder / "meta.json").write_text(json.dumps({**meta, **counts}, ensure_ascii=False), "utf-8")


class Segment:
    """An open segment. Only its fences are held; everything else is read where it is asked for."""

    def __init__(self, folder: str | os.PathLike):
        self.folder = Path(folder)
        self.meta = json.loads((self.folder / "meta.json").read_text("utf-8"))
        self.nights: list[str] = self.meta["nights"]
        self.type = record_type(self.meta["values"])

    @cached_property
    def fences(self) -> np.ndarray:
        return np.fromfile(self.folder / "fences.bin", "<u8")

    @cached_property
    def _files(self) -> dict[str, Any]:
        return {name: open(self.folder / f"{name}.bin", "rb") for name in ("entries", "rows", "records", "filter")}

    def close(self) -> None:
        for file in self._files.values():
            file.close()

    def may_have(self, keys: np.ndarray) -> np.ndarray:
        """Which of these keys, ascending, the segment may have: all that it has, and a few in a hundred of the others."""
        size = (self.folder / "filter.bin").stat().st_size
        return bloom.may_have(lambda offset, length: self._read("filter", offset, length), size, keys)

    def entries(self, first: int, last: int) -> np.ndarray:
        """Entries of blocks ``first`` to ``last``, both within, and the one after them."""
        start, stop = first * BLOCK, min((last + 1) * BLOCK, self.meta["keys"]) + 1
        return np.frombuffer(self._read("entries", start * ENTRY.itemsize, (stop - start) * ENTRY.itemsize), ENTRY)

    def rows(self, start: int, stop: int) -> np.ndarray:
        return np.frombuffer(self._read("rows", 4 * start, 4 * (stop - start)), "<u4")

    def records(self, rows: np.ndarray) -> np.ndarray:
        """Records of these rows, in that order."""
        width = self.type.itemsize
        return np.frombuffer(b"".join(self._read("records", int(row) * width, width) for row in rows), self.type)

    def pairs(self, low: int, high: int) -> tuple[np.ndarray, np.ndarray]:
        """Keys in ``[low, high)`` and their rows, one pair for every row that has the key."""
        if not self.fences.size:
            return np.empty(0, np.uint64), np.empty(0, np.uint32)
        first = max(0, int(np.searchsorted(self.fences, np.uint64(low), "left")) - 1)
        last = int(np.searchsorted(self.fences, np.uint64(high - 1), "right")) - 1
        if last < first:
            return np.empty(0, np.uint64), np.empty(0, np.uint32)
        entries = self.entries(first, last)
        keys = entries["key"][:-1]
        begin, end = np.searchsorted(keys, np.uint64(low), "left"), np.searchsorted(keys, np.uint64(high - 1), "right")
        starts = entries["start"][begin : end + 1]
        if end <= begin:
            return np.empty(0, np.uint64), np.empty(0, np.uint32)
        return np.repeat(keys[begin:end], np.diff(starts)), self.rows(int(starts[0]), int(starts[-1]))

    def stored_records(self, chunk: int = 1 << 24) -> Iterator[bytes]:
        """All records as they lie on disk, in pieces of whole records."""
        width = self.type.itemsize
        size = max(1, chunk // width) * width
        for start in range(0, self.meta["records"] * width, size):
            yield self._read("records", start, min(size, self.meta["records"] * width - start))

    def _read(self, name: str, offset: int, size: int) -> bytes:
        found = os.pread(self._files[name].fileno(), size, offset)
        if len(found) != size:
            raise ValueError(f"{self.folder}/{name}.bin: shorter than its meta.json says")
        return found


def merge(segments: Sequence[Segment], folder: Path, meta: dict[str, Any]) -> None:
    """One segment from several, oldest first, in bounded memory."""
    writer = SegmentWriter(folder, sum(segment.meta["keys"] for segment in segments))
    offsets, night = [], 0
    for segment in segments:
        offsets.append(writer.records)
        for piece in segment.stored_records():
            records = np.frombuffer(piece, segment.type).copy()
            records["night"] += night
            writer.add_records(records, records.size)
        night += len(segment.nights)
    width = 2**64 // SLICES
    for number in range(SLICES):
        found = [segment.pairs(number * width, (number + 1) * width) for segment in segments]
        keys = np.concatenate([keys for keys, _ in found])
        rows = np.concatenate([rows + np.uint32(at) for (_, rows), at in zip(found, offsets, strict=True)])
        writer.add_keys(keys, rows)
    nights = [name for segment in segments for name in segment.nights]
    writer.close({**meta, "nights": nights, "values": segments[0].meta["values"]})
