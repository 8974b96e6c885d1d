"""Decide as a Spark job: one unit is one part of annotations with its clusters. Kept documents enter the index."""

from collections.abc import Iterator

import pyarrow as pa

from malmoi.contracts.recipe import Recipe
from malmoi.contracts.tables import DECISIONS, DEDUP_INDEX
from malmoi.lake.commit import attempt, commit
from malmoi.spark.crumbs import Crumbs
from malmoi.spark.jobs.common import Tally, aligned_units, crumbs_of, say, total
from malmoi.spark.night import Night
from malmoi.spark.units import Unit, run_units
from malmoi.stages.parts import PartWriter, aligned_batches

STAGE = "decide"
INDEX_STAGE = "index"


def run(night: Night) -> None:
    for source in night.sources:
        annotations, clusters = night.manifest("annotations", source), night.manifest("clusters", source)
        inputs = night.inputs(STAGE, source)
        tables = {"decisions": STAGE, "dedup_index": INDEX_STAGE}
        if all(
            night.is_done(table, source, night.fingerprint(stage, source, inputs)) for table, stage in tables.items()
        ):
            print(f"{STAGE} {source}: already done, nothing changed since", flush=True)
            continue
        places = {table: attempt(night.lake, table, night.batch, source) for table in tables}
        units = aligned_units(night, annotations, clusters=clusters)
        work = _work({table: place.folder for table, place in places.items()}, night.recipe, source, night.sample)
        found = run_units(night.spark, f"{STAGE} {source}", units, work, crumbs_of(places["decisions"]))
        balance = total(found)
        index = total([{"balance": result["index_balance"]} for result in found])
        commit(
            places["decisions"],
            night.new_manifest(STAGE, source, inputs, balance, [result["file"] for result in found]),
        )
        commit(
            places["dedup_index"],
            night.new_manifest(INDEX_STAGE, source, inputs, index, [result["index"] for result in found]),
        )
        say(STAGE, source, balance)


def _work(folders: dict[str, str], recipe: Recipe, source: str, sample: float):
    def work(unit: Unit, crumbs: Crumbs) -> Iterator[dict | None]:
        from malmoi.stages import decide

        decisions, index = (PartWriter(folders[table], unit.part, schema) for table, schema in
                            (("decisions", DECISIONS), ("dedup_index", DEDUP_INDEX)))  # fmt: skip
        tally, kept = Tally(), Tally()
        annotated = (unit.inputs["first"], [*decide.COLUMNS, "text_hash", "signature"])
        for rows, clusters in aligned_batches(annotated, (unit.inputs["clusters"], CLUSTER_COLUMNS)):
            found = decide.decide(decide.judge(rows, recipe, source, sample), rows, clusters)
            _count(found, tally)
            decisions.write(found)
            fresh = rows.select(DEDUP_INDEX.names).filter(found["keep"])
            index.write(fresh.cast(DEDUP_INDEX))
            kept.keep(sum(rows["bytes"].filter(found["keep"]).to_pylist()), fresh.num_rows)
            yield None
        yield {
            "file": decisions.close(), "balance": tally.balance(), "index": index.close(), "index_balance": kept.balance(),
        }  # fmt: skip

    return work


CLUSTER_COLUMNS = ["cluster_id", "cluster_size", "keep", "method", "duplicate_of", "similarity"]


def _count(decisions: pa.RecordBatch, tally: Tally) -> None:
    from malmoi.stages.decide import is_fault

    for reason, size in zip(decisions["reason"].to_pylist(), decisions["bytes"].to_pylist(), strict=True):
        if reason is None:
            tally.keep(size)
        elif is_fault(reason):
            tally.quarantine(reason, size)
        else:
            tally.drop(reason, size)
