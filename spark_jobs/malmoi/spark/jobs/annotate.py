"""Annotate as a Spark job: one unit is one part of the documents table."""

from collections.abc import Iterator

import pyarrow as pa

from malmoi.contracts import quality_models
from malmoi.contracts.reasons import Fault
from malmoi.contracts.recipe import Recipe
from malmoi.contracts.tables import ANNOTATIONS
from malmoi.spark.crumbs import Crumbs
from malmoi.spark.jobs.common import aligned_units, run_sources
from malmoi.spark.night import Night
from malmoi.spark.tally import Tally
from malmoi.spark.units import Unit
from malmoi.stages.parts import PartWriter, read_batches

STAGE = "annotate"


def run(night: Night) -> None:
    work = _work(night.recipe_of(STAGE), quality_models.read_promoted(night.lake))
    run_sources(night, STAGE, lambda source: aligned_units(night, source, "documents"), work)


def _work(recipe: Recipe, quality: bytes | None):
    def work(unit: Unit, crumbs: Crumbs) -> Iterator[dict | None]:
        from malmoi.stages.annotate import COLUMNS

        writer = PartWriter(unit.inputs["folders"]["annotations"], unit.part, ANNOTATIONS)
        tally = Tally()
        start = 0
        for documents in read_batches(unit.inputs["documents"], COLUMNS):
            for annotations in _batches(documents, start, recipe, unit.source, crumbs, quality):
                _count(annotations, tally)
                writer.write(annotations)
                yield None
            start += documents.num_rows
        yield {"annotations": {"files": [writer.close()], "balance": tally.balance()}}

    return work


def _batches(
    documents: pa.RecordBatch, start: int, recipe: Recipe, source: str, crumbs: Crumbs, quality: bytes | None
) -> Iterator[pa.RecordBatch]:
    """Annotations of a batch; row by row where an earlier try of this unit died inside it."""
    from malmoi.stages.annotate import annotate, unannotated

    if not crumbs.suspects(start, start + documents.num_rows):
        crumbs.at(start, start + documents.num_rows)
        yield annotate(documents, recipe, source, quality)
        return
    for row in range(documents.num_rows):
        one = documents.slice(row, 1)
        if start + row in crumbs.skipped:
            yield unannotated(one, Fault.ENGINE_CRASHED)
        else:
            crumbs.at(start + row, start + row + 1)
            yield annotate(one, recipe, source, quality)


def _count(annotations: pa.RecordBatch, tally: Tally) -> None:
    crashed = Fault.ENGINE_CRASHED.value
    for defect, size in zip(annotations["defect"].to_pylist(), annotations["bytes"].to_pylist(), strict=True):
        if defect == crashed:
            tally.quarantine(crashed, size)
        else:
            tally.keep(size)
