"""Redact as a Spark job: one unit is one part of documents with its annotations and decisions."""

from collections.abc import Iterator

from malmoi.contracts.recipe import Recipe
from malmoi.contracts.tables import CLEAN
from malmoi.spark.crumbs import Crumbs
from malmoi.spark.jobs.common import aligned_units, run_sources
from malmoi.spark.night import Night
from malmoi.spark.tally import Tally
from malmoi.spark.units import Unit
from malmoi.stages.parts import PartWriter, aligned_batches

STAGE = "redact"


def run(night: Night) -> None:
    run_sources(
        night,
        STAGE,
        lambda source: aligned_units(night, source, "documents", "annotations", "decisions"),
        _work(night.recipe_of(STAGE)),
    )


def _work(recipe: Recipe):
    def work(unit: Unit, crumbs: Crumbs) -> Iterator[dict | None]:
        from malmoi.stages import redact

        writer = PartWriter(unit.inputs["folders"]["clean"], unit.part, CLEAN)
        tally = Tally()
        for documents, annotations, decisions in aligned_batches(
            (unit.inputs["documents"], redact.DOCUMENT_COLUMNS),
            (unit.inputs["annotations"], redact.ANNOTATION_COLUMNS),
            (unit.inputs["decisions"], [*redact.DECISION_COLUMNS, "bytes"]),
        ):
            clean = redact.redact(documents, annotations, decisions, recipe, unit.source)
            writer.write(clean)
            tally.keep(sum(decisions["bytes"].filter(decisions["keep"]).to_pylist()), clean.num_rows)
            yield None
        yield {"clean": {"files": [writer.close()], "balance": tally.balance()}}

    return work
