"""Decide as a Spark job: one unit is one part of annotations with its clusters. Kept documents enter the index."""

from collections.abc import Iterator

import pyarrow as pa

from malmoi.contracts.recipe import Recipe
from malmoi.contracts.tables import DECISIONS, DEDUP_INDEX
from malmoi.spark.crumbs import Crumbs
from malmoi.spark.jobs.common import aligned_units, run_sources
from malmoi.spark.night import Night
from malmoi.spark.tally import Tally
from malmoi.spark.units import Unit
from malmoi.stages.parts import PartWriter, aligned_batches

STAGE = "decide"
CLUSTER_COLUMNS = ["cluster_id", "cluster_size", "keep", "method", "duplicate_of", "similarity"]


def run(night: Night) -> None:
    run_sources(
        night,
        STAGE,
        lambda source: aligned_units(night, source, "annotations", "clusters"),
        work(night.recipe_of(STAGE), night.sample),
    )


def work(recipe: Recipe, sample: float):
    """Decide on one unit with its clusters: decisions, and the index of what is kept."""

    def decided(unit: Unit, crumbs: Crumbs) -> Iterator[dict | None]:
        from malmoi.stages import decide

        folders = unit.inputs["folders"]
        decisions = PartWriter(folders["decisions"], unit.part, DECISIONS)
        index = PartWriter(folders["dedup_index"], unit.part, DEDUP_INDEX)
        tally, kept = Tally(), Tally()
        annotated = (unit.inputs["annotations"], [*decide.COLUMNS, "text_hash", "signature"])
        for rows, clusters in aligned_batches(annotated, (unit.inputs["clusters"], CLUSTER_COLUMNS)):
            found = decide.decide(decide.judge(rows, recipe, unit.source, sample), rows, clusters)
            _count(found, tally)
            decisions.write(found)
            fresh = rows.select(DEDUP_INDEX.names).filter(found["keep"])
            index.write(fresh)
            kept.keep(sum(rows["bytes"].filter(found["keep"]).to_pylist()), fresh.num_rows)
            yield None
        yield {
            "decisions": {"files": [decisions.close()], "balance": tally.balance()},
            "dedup_index": {"files": [index.close()], "balance": kept.balance()},
        }

    return decided


def _count(decisions: pa.RecordBatch, tally: Tally) -> None:
    from malmoi.stages.decide import is_fault

    for reason, size in zip(decisions["reason"].to_pylist(), decisions["bytes"].to_pylist(), strict=True):
        if reason is None:
            tally.keep(size)
        elif is_fault(reason):
            tally.quarantine(reason, size)
        else:
            tally.drop(reason, size)
