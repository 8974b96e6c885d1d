"""Texts as a lake with one release, without a night before it: what tokenizer, packing and training can be measured on."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from plain import ROOT  # puts malmoi on the path

from malmoi.contracts.document import document_id
from malmoi.contracts.manifest import ReleaseManifest, ShardEntry
from malmoi.contracts.paths import Lake
from malmoi.contracts.release import sha256_of
from malmoi.contracts.tables import SHARDS

__all__ = ["RELEASE", "ROOT", "size", "write_release"]

RELEASE = "1"


def write_release(lake: Lake, sources: dict[str, list[str]]) -> None:
    """Publishes source -> texts as release ``1``, one shard a source."""
    shards, counts = [], {}
    for source, texts in sources.items():
        rows = [
            dict.fromkeys(SHARDS.names)
            | {
                "batch": RELEASE,
                "source": source,
                "doc_id": document_id(str(number), text),
                "kind": "page",
                "text": text,
            }
            for number, text in enumerate(texts)
        ]
        path = Path(lake.data("shards"), f"{source}.parquet")
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(rows, schema=SHARDS), path, compression="zstd")
        place = lake.relative(str(path))
        shards.append(ShardEntry(place, source, RELEASE, len(rows), path.stat().st_size, sha256_of(path)))
        counts[source] = {
            "documents": len(rows), "chars": sum(map(len, texts)), "bytes": size(texts), "weight": 1.0,
        }  # fmt: skip
    recipe = {"name": "benchmark", "hash": "0" * 64}
    manifest = ReleaseManifest(RELEASE, (RELEASE,), None, recipe, "benchmark", counts, tuple(shards))
    folder = Path(lake.release(RELEASE))
    folder.mkdir(parents=True)
    folder.joinpath("manifest.json").write_bytes(manifest.dumps())


def size(texts: list[str]) -> int:
    """UTF-8 bytes."""
    return sum(len(text.encode()) for text in texts)
