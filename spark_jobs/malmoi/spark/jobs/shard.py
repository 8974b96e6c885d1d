"""Shard as a Spark job: clean parts cut and joined into files of bounded size, in their order."""

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from malmoi.contracts.recipe.sections import Shards
from malmoi.contracts.tables import SHARDS
from malmoi.spark.crumbs import Crumbs
from malmoi.spark.jobs.common import run_sources
from malmoi.spark.night import Night
from malmoi.spark.tally import Tally
from malmoi.spark.units import Unit
from malmoi.stages.parts import PartWriter, read_batches

STAGE = "shard"


@dataclass
class Slice:
    """Rows ``[start, end)`` of one clean part."""

    path: str
    start: int
    end: int


def run(night: Night) -> None:
    def units(source: str) -> list[Unit]:
        clean = night.manifest("clean", source)
        parts = [(night.path(file), *_size(night.path(file))) for file in clean.files]
        shards = plan(parts, night.recipe_of(STAGE).shards)
        return [Unit(source, part, {"slices": [vars(piece) for piece in shard]}) for part, shard in enumerate(shards)]

    run_sources(night, STAGE, units, _work)


def plan(parts: list[tuple[str, int, int]], limits: Shards) -> list[list[Slice]]:
    """Shards as lists of slices, from parts ``(path, rows, bytes of text)`` in order.

    A shard closes when the next document would pass a limit; bytes are spread evenly over a part's rows.
    """
    shards: list[list[Slice]] = [[]]
    documents, size = 0, 0.0
    for path, rows, text_bytes in parts:
        each = text_bytes / max(rows, 1)
        start = 0
        while start < rows:
            room = min(limits.max_documents - documents, int((limits.max_mib * 2**20 - size) // max(each, 1)))
            if room <= 0 and shards[-1]:
                shards.append([])
                documents, size = 0, 0.0
                continue
            end = min(rows, start + max(room, 1))
            shards[-1].append(Slice(path, start, end))
            documents, size = documents + end - start, size + each * (end - start)
            start = end
    return [shard for shard in shards if shard]


def _size(path: str) -> tuple[int, int]:
    """Rows and uncompressed bytes of the text column, from the file's footer."""
    metadata = pq.read_metadata(path)
    groups = [metadata.row_group(group) for group in range(metadata.num_row_groups)]
    chunks = [group.column(column) for group in groups for column in range(group.num_columns)]
    return metadata.num_rows, sum(chunk.total_uncompressed_size for chunk in chunks if chunk.path_in_schema == "text")


def _work(unit: Unit, crumbs: Crumbs) -> Iterator[dict | None]:
    writer = PartWriter(unit.inputs["folders"]["shards"], unit.part, SHARDS)
    tally = Tally()
    for piece in unit.inputs["slices"]:
        for rows in _rows(Slice(**piece)):
            writer.write(rows)
            tally.keep(sum(len(text.encode()) for text in rows["text"].to_pylist()), rows.num_rows)
            yield None
    yield {"shards": {"files": [writer.close()], "balance": tally.balance()}}


def _rows(piece: Slice) -> Iterator[pa.RecordBatch]:
    at = 0
    for batch in read_batches(piece.path):
        first, last = max(piece.start - at, 0), min(piece.end - at, batch.num_rows)
        if first < last:
            yield batch.slice(first, last - first)
        at += batch.num_rows
        if at >= piece.end:
            return
