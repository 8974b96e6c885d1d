"""Redact as a Spark job: one unit is one part of documents with its annotations and decisions."""

from collections.abc import Iterator

from malmoi.contracts.recipe import Recipe
from malmoi.contracts.tables import CLEAN
from malmoi.spark.crumbs import Crumbs
from malmoi.spark.jobs.common import Tally, aligned_units, run_source
from malmoi.spark.night import Night
from malmoi.spark.units import Unit
from malmoi.stages.parts import PartWriter, aligned_batches

STAGE = "redact"


def run(night: Night) -> None:
    for source in night.sources:
        tables = {name: night.manifest(name, source) for name in ("documents", "annotations", "decisions")}
        inputs = night.inputs(STAGE, source)
        units = aligned_units(
            night, tables["documents"], annotations=tables["annotations"], decisions=tables["decisions"]
        )
        run_source(
            night, STAGE, "clean", source, inputs, units, lambda folder, s=source: _work(folder, night.recipe, s)
        )


def _work(folder: str, recipe: Recipe, source: str):
    def work(unit: Unit, crumbs: Crumbs) -> Iterator[dict | None]:
        from malmoi.stages import redact

        writer = PartWriter(folder, unit.part, CLEAN)
        tally = Tally()
        for documents, annotations, decisions in aligned_batches(
            (unit.inputs["first"], redact.DOCUMENT_COLUMNS),
            (unit.inputs["annotations"], redact.ANNOTATION_COLUMNS),
            (unit.inputs["decisions"], [*redact.DECISION_COLUMNS, "bytes"]),
        ):
            clean = redact.redact(documents, annotations, decisions, recipe, source)
            writer.write(clean)
            tally.keep(sum(decisions["bytes"].filter(decisions["keep"]).to_pylist()), clean.num_rows)
            yield None
        yield {"file": writer.close(), "balance": tally.balance()}

    return work
