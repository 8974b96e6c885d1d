"""Segments of ``dedup_index``: a night's from its files, a month's from its nights."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from malmoi.contracts.errors import ContractError
from malmoi.contracts.recipe.sections import Dedup
from malmoi.contracts.stages import INDEX
from malmoi.lake.lookup.levels import Lookup, Part
from malmoi.lake.lookup.segment import FORMAT, Segment, SegmentWriter, keys_of, merge, record_type


def lookup_of(dedup: Dedup) -> Lookup:
    """The segments that a recipe's signatures ask for."""
    shape = [FORMAT, dedup.shingle_chars, dedup.bands, dedup.rows, dedup.seed]
    return Lookup(INDEX, shape, partial(_build, dedup), _merge)


def _build(dedup: Dedup, folder: Path, night: str, parts: Sequence[Part], meta: dict[str, Any]) -> None:
    values = dedup.bands * dedup.rows
    documents = sum(pq.read_metadata(path).num_rows for part in parts for path in part.paths)
    writer = SegmentWriter(folder, documents * (dedup.bands + 1))
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


def _merge(folders: Sequence[Path], folder: Path, meta: dict[str, Any]) -> None:
    segments = [Segment(one) for one in folders]
    merge(segments, folder, meta)
    for segment in segments:
        segment.close()
