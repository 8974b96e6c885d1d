"""Holds the releases in force against the truth of the embedded sample."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from malmoi.contracts.manifest import StageManifest
from malmoi.contracts.paths import Lake
from malmoi.lake import history, releases
from malmoi.sample import truth
from malmoi.sample.generate import read_truth


def hold(lake: Lake, path: Path, show: int = 20) -> int:
    """Prints planted, caught, wrongly touched and missed by kind; 1 where something planted survives, else 0."""
    report = truth.hold(read_truth(path), _published(lake), _decided(lake), _quarantined(lake))
    print(truth.render(report, show))
    return report.exit_code


def _published(lake: Lake) -> Iterator[truth.Published]:
    for release in releases.in_force(lake):
        for shard in release.shards:
            columns = ["url", "source", "batch", "title", "text", "qa", "turns"]
            for row in pq.read_table(lake.join(shard.path), columns=columns).to_pylist():
                yield truth.Published(
                    row["url"], row["source"], row["batch"], row["title"] or "", row["text"], _parts(row)
                )


def _parts(row: dict) -> str:
    pair = row["qa"] or {}
    spoken = [f"{turn['speaker']}: {turn['text']}" for turn in row["turns"] or []]
    return "\n".join([pair.get("question") or "", pair.get("answer") or "", *spoken])


def _decided(lake: Lake) -> Iterator[truth.Decided]:
    for batch, source in _nights(lake, "decisions"):
        documents = _rows(lake, history.read_manifest(lake, "documents", batch, source), ["doc_id", "url"])
        decisions = _rows(lake, history.read_manifest(lake, "decisions", batch, source), ["doc_id", "keep", "reason"])
        for document, decision in zip(documents, decisions, strict=True):
            yield truth.Decided(
                document["url"], document["doc_id"], source, batch, decision["keep"], decision["reason"]
            )


def _quarantined(lake: Lake) -> Iterator[dict]:
    for batch, source in _nights(lake, "quarantine"):
        yield from _rows(lake, history.read_manifest(lake, "quarantine", batch, source), None)


def _nights(lake: Lake, table: str) -> list[tuple[str, str]]:
    """Partitions of the nights that are released."""
    released = set(releases.read_pointer(lake).nights)
    return [(batch, source) for batch, source in history.partitions(lake, table) if batch in released]


def _rows(lake: Lake, manifest: StageManifest, columns: list[str] | None) -> Iterator[dict]:
    for file in manifest.files:
        yield from pq.read_table(lake.join(file.path), columns=columns).to_pylist()
