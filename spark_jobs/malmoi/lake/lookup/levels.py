"""Which segments a night is held against, and making those that are missing.

Nights before tonight of the same month have a segment each, full months of the same year one, earlier years one. A month is
merged from its nights and a year from its months, once; what a merge replaced goes with the next maintenance. Which
segments there are changes what a search costs, never what it finds.
"""

import hashlib
import json
import os
import shutil
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from malmoi.contracts.disk import disk_errors
from malmoi.contracts.errors import ContractError
from malmoi.contracts.manifest import StageManifest, content_hash
from malmoi.contracts.paths import Lake
from malmoi.contracts.recipe.sections import Dedup
from malmoi.contracts.stages import INDEX, earlier_index
from malmoi.lake import history
from malmoi.lake.lock import locked
from malmoi.lake.lookup.segment import FORMAT, Segment, SegmentWriter, keys_of, merge, record_type

KEPT_SECONDS = 86_400
"""A segment that was asked for within that time may be in use and is left alone by maintenance."""

_LEVELS = (4, 7)
"""Digits of a night's name that make a year, and a month."""


@dataclass(frozen=True, order=True)
class IndexPart:
    """The index of one source of one night: its files and the hash of their content."""

    night: str
    source: str
    digest: str
    paths: tuple[str, ...]

    @classmethod
    def of(cls, lake: Lake, manifest: StageManifest) -> "IndexPart":
        paths = tuple(lake.join(file.path) for file in manifest.files)
        return cls(manifest.batch, manifest.source, content_hash(manifest.files), paths)


def index_parts(lake: Lake, batch: str) -> list[IndexPart]:
    """The index of every published night before a batch."""
    wanted = sorted(earlier_index(lake, batch))
    return [IndexPart.of(lake, history.read_manifest(lake, INDEX, *partition)) for partition in wanted]


def prepare(lake: Lake, parts: Iterable[IndexPart], batch: str, dedup: Dedup) -> list[str]:
    """Folders of the segments that hold these parts, oldest first; those that are missing are made.

    Raises ContractError for an index that was made with other ``[dedup]`` values.
    """
    nodes = _nodes(sorted(parts), batch)
    with locked(lake, "lookup"), disk_errors(lake.lookup):
        return [str(_ensure(lake, *node, dedup)) for node in nodes]


def remove_stale(lake: Lake, unused_seconds: float = 0.0) -> list[str]:
    """Removes what a killed merge left, and segments of index files that are no longer in force or that a larger segment
    holds, unless they were asked for in the last ``unused_seconds``. Returns their names."""
    if lake.is_object_store or not os.path.isdir(lake.lookup):
        return []
    recorded = (history.read_manifest(lake, INDEX, *partition) for partition in history.partitions(lake, INDEX))
    present = {(one.batch, one.source, content_hash(one.files)) for one in recorded}
    with locked(lake, "lookup"):
        folders = sorted(Path(lake.lookup).iterdir())
        killed = [folder for folder in folders if folder.name.startswith(".")]  # a living writer would hold the lock
        held = {folder: _held(folder) for folder in folders if folder not in killed}
        gone = killed + [
            folder
            for folder, parts in held.items()
            if time.time() - folder.stat().st_mtime >= unused_seconds
            and (not parts or not parts <= present or any(parts < other for other in held.values()))
        ]
        for folder in gone:
            shutil.rmtree(folder)
    return [folder.name for folder in gone]


def _held(folder: Path) -> frozenset[tuple[str, str, str]]:
    meta = folder / "meta.json"
    if not meta.is_file():
        return frozenset()
    return frozenset(tuple(part) for part in json.loads(meta.read_text("utf-8"))["parts"])


def _nodes(parts: Sequence[IndexPart], batch: str) -> list[tuple[str, list[IndexPart]]]:
    """Name of a year, month or night -> its parts, for segments that together hold all of them."""

    def name(part: IndexPart) -> str:
        return next((part.night[:level] for level in _LEVELS if part.night[:level] < batch[:level]), part.night)

    return [(key, list(found)) for key, found in groupby(parts, key=name)]


def _ensure(lake: Lake, name: str, parts: Sequence[IndexPart], dedup: Dedup) -> Path:
    folder = Path(lake.lookup, f"{name}-{_digest(parts, dedup)}")
    if (folder / "meta.json").is_file():
        os.utime(folder)
        return folder
    unfinished = Path(lake.lookup, f".{uuid.uuid4().hex}")
    meta: dict[str, Any] = {"parts": [(part.night, part.source, part.digest) for part in parts]}
    children = _children(name, parts)
    try:
        if children:
            segments = [Segment(_ensure(lake, *child, dedup)) for child in children]
            merge(segments, unfinished, meta)
            for segment in segments:
                segment.close()
        else:
            _build(unfinished, name, parts, dedup, meta)
        os.replace(unfinished, folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return folder


def _children(name: str, parts: Sequence[IndexPart]) -> list[tuple[str, list[IndexPart]]]:
    """The months of a year, the nights of a month; none of a night."""
    length = next((level for level in (*_LEVELS[1:], None) if level is None or level > len(name)), None)
    found = [(key, list(group)) for key, group in groupby(parts, key=lambda part: part.night[:length])]
    return [] if [key for key, _ in found] == [name] else found


def _digest(parts: Sequence[IndexPart], dedup: Dedup) -> str:
    shape = [FORMAT, dedup.shingle_chars, dedup.bands, dedup.rows, dedup.seed]
    content = json.dumps([shape, [(part.night, part.source, part.digest) for part in parts]])
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _build(folder: Path, night: str, parts: Sequence[IndexPart], dedup: Dedup, meta: dict[str, Any]) -> None:
    """A night's segment from its index files."""
    values = dedup.bands * dedup.rows
    writer = SegmentWriter(folder)
    keys, rows = [np.empty(0, np.uint64)], [np.empty(0, np.uint32)]
    for path in (path for part in parts for path in part.paths):
        table = pq.read_table(path, columns=["doc_id", "text_hash", "signature"])
        hashes, signatures = table["text_hash"].to_pylist(), table["signature"].to_pylist()
        if any(len(signature) != 4 * values for signature in signatures):
            raise ContractError(
                f"the index of {night} holds signatures of another shape than {dedup.bands} bands of {dedup.rows} rows: "
                "take the [dedup] values back, or run the night again"
            )
        records = np.zeros(len(hashes), record_type(values))
        records["doc_id"], records["text_hash"] = table["doc_id"].to_pylist(), hashes
        records["signature"] = np.frombuffer(b"".join(signatures), "<u4").reshape(-1, values)
        start = writer.records
        writer.add_records(records, len(hashes))
        keys.append(keys_of(hashes, records["signature"], dedup.bands).reshape(-1))
        rows.append(np.repeat(np.arange(start, writer.records, dtype=np.uint32), dedup.bands + 1))
    writer.add_keys(np.concatenate(keys), np.concatenate(rows))
    writer.close({**meta, "nights": [night], "values": values})
