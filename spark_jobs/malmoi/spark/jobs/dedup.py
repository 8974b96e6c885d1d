"""Dedup as a Spark job: all sources of the night together, against the index of every night before."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from malmoi.contracts.balance import counts
from malmoi.contracts.recipe import Recipe
from malmoi.contracts.stages import INDEX
from malmoi.contracts.tables import CLUSTERS
from malmoi.lake.lookup.segment import Segment
from malmoi.spark import duplicates
from malmoi.spark.crumbs import Crumbs
from malmoi.spark.jobs.common import aligned_units, manifest_of
from malmoi.spark.night import Night
from malmoi.spark.tally import Tally
from malmoi.spark.units import (
    RESULT,
    Unit,
    keep_loaded,
    reported,
    result_batch,
    results,
    run_units,
    unit_frame,
    units_of,
)
from malmoi.stages.parts import PartWriter, read_batches

if TYPE_CHECKING:
    from malmoi.lake.lookup.levels import Part

STAGE = "dedup"
_LAST = 2**63 - 1
_VERDICT = ["cluster_id", "cluster_size", "keep", "method", "duplicate_of", "duplicate_batch", "similarity"]


def run(night: Night) -> None:
    from malmoi.lake.commit import attempt, commit_all

    inputs = night.inputs(STAGE)
    if all(night.stands(STAGE, source, inputs[source]) for source in night.sources):
        print(f"{STAGE}: already done, nothing changed since", flush=True)
        return
    places = {source: attempt(night.lake, "clusters", night.batch, source) for source in night.sources}
    units = [
        replace(unit, inputs=unit.inputs | {"folder": place.folder})
        for source, place in places.items()
        for unit in aligned_units(night, source, "annotations")
    ]
    crumbs = places[night.sources[0]].crumbs
    found = clusters(night, units, earlier_parts(night), crumbs) if units else []
    done = []
    for source, place in places.items():
        mine = [result for unit, result in zip(units, found, strict=True) if unit.source == source]
        done.append((place, manifest_of(night, STAGE, source, inputs[source], mine)))
    commit_all(done)
    for _, manifest in done:
        print(f"{STAGE} {counts(manifest.source, manifest.balance)}", flush=True)


def clusters(night: Night, units: list[Unit], earlier: "Sequence[Part]", crumbs: str) -> list[dict]:
    """Runs dedup on units, one a part of annotations with the folder to write to, and returns their results."""
    from malmoi.lake.lookup.levels import prepare
    from malmoi.lake.lookup.signatures import lookup_of

    spark, recipe = night.spark, night.recipe_of(STAGE)
    segments = prepare(night.lake, earlier, night.batch, lookup_of(recipe.dedup))
    documents = sum(Segment(folder).meta["records"] for folder in segments)
    said = f"{STAGE}: {len(units)} parts against {documents:,} documents of earlier nights in {len(segments)} segments"
    spark.sparkContext.setJobDescription(said)
    print(said, flush=True)
    if sum(unit.weight for unit in units) <= duplicates.ONE_TASK_DOCUMENTS:
        whole = Unit("", 0, {"units": [vars(unit) for unit in units], "segments": list(segments)})
        return run_units(spark, STAGE, [whole], _together(recipe, night.sample), crumbs)[0]["parts"]
    tonight = unit_frame(spark, units).mapInArrow(_candidates(recipe, night.sample), duplicates.CANDIDATES)
    found = duplicates.find(spark, tonight, segments, recipe.dedup)
    return results(units, _written(found, units).collect())


def earlier_parts(night: Night) -> "list[Part]":
    """The index of every published night before, where the recipe asks for it."""
    from malmoi.lake.lookup.levels import parts_before

    return parts_before(night.lake, INDEX, night.batch) if night.recipe_of(STAGE).dedup.against_earlier_nights else []


def _together(recipe: Recipe, sample: float):
    """All units of a night that one worker holds."""

    def work(whole: Unit, crumbs: Crumbs) -> Iterator[dict | None]:
        from malmoi.spark import together

        units = [Unit(**unit) for unit in whole.inputs["units"]]
        tonight: list[pa.RecordBatch] = []
        for place, unit in enumerate(units):
            tonight += _eligible(unit, place, recipe, sample)
            yield None
        found = together.find(pa.Table.from_batches(tonight), whole.inputs["segments"], recipe.dedup)
        parts: list[dict] = []
        for place, unit in enumerate(units):
            parts += _write_part(unit, found.filter(pc.equal(found["part"], place)))
            yield None
        yield {"parts": parts}

    return work


def _candidates(recipe: Recipe, sample: float):
    """Unit -> rows of duplicates.CANDIDATES."""

    def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for place, unit in units_of(batch):
                yield from _eligible(unit, place, recipe, sample)
        keep_loaded(STAGE)

    return run


def _eligible(unit: Unit, place: int, recipe: Recipe, sample: float) -> Iterator[pa.RecordBatch]:
    """A unit's documents that no other rule drops, as rows of duplicates.CANDIDATES. ``part`` is the unit's place."""
    from malmoi.stages import decide

    start = 0
    for rows in read_batches(unit.inputs["annotations"], [*decide.COLUMNS, "text_hash", "signature", "published_at"]):
        kept = [ruling.reason is None for ruling in decide.judge(rows, recipe, unit.source, sample)]
        yield _narrow(rows, place, start).filter(pa.array(kept, pa.bool_()))
        start += rows.num_rows


def _narrow(rows: pa.RecordBatch, part: int, start: int) -> pa.RecordBatch:
    count = rows.num_rows
    signals = rows["signals"]
    published = pc.fill_null(pc.cast(rows["published_at"], pa.int64()), _LAST)
    columns = {
        "part": pa.array([part] * count, pa.int64()),
        "row": pa.array(range(start, start + count), pa.int64()),
        "doc_id": rows["doc_id"],
        "batch": rows["batch"],
        "text_hash": rows["text_hash"],
        "signature": rows["signature"],
        "quality": pc.fill_null(pc.struct_field(signals, "quality_score"), 0.0),
        "chars": pc.cast(pc.fill_null(pc.struct_field(signals, "chars"), 0.0), pa.int64()),
        "published": published,
        "file": pc.struct_field(rows["origin"], "file"),
        "offset": pc.struct_field(rows["origin"], "offset"),
    }
    return pa.RecordBatch.from_arrays(list(columns.values()), list(columns))


def _written(found: DataFrame, units: list[Unit]) -> DataFrame:
    """Verdicts back in the order of their parts; each partition writes its part and returns one RESULT row."""

    def write(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        held = [batch for batch in batches if batch.num_rows]
        if held:
            found = pa.Table.from_batches(held)
            place = found["place"][0].as_py()
            for result in reported(_write_part(units[place], found.filter(found["row"].is_valid()))):
                yield result_batch(place, result)

    # A part whose documents are all dropped by other rules has no verdict; its marker row keeps the partition.
    markers = found.sparkSession.range(len(units)).select(F.col("id").cast("int").alias("place"))
    every = markers.join(found.withColumn("place", F.col("part").cast("int")).drop("part"), "place", "left")
    return every.repartitionById(len(units), "place").mapInArrow(write, RESULT)


def _write_part(unit: Unit, verdicts: pa.Table) -> Iterator[dict]:
    """Yields one result; a generator, so that ``reported`` can hold its errors. Rows without a verdict, which other rules drop,
    are alone."""
    writer = PartWriter(unit.inputs["folder"], unit.part, CLUSTERS)
    tally = Tally()
    judged, verdicts = verdicts["row"].combine_chunks(), verdicts.select(_VERDICT)
    start = 0
    for rows in read_batches(unit.inputs["annotations"], ["batch", "source", "doc_id", "origin", "bytes"]):
        here = pa.array(range(start, start + rows.num_rows), pa.int64())
        found = verdicts.take(pc.index_in(here, value_set=judged))
        alone = {"cluster_id": rows["doc_id"], "cluster_size": 1, "keep": True, "method": "single"}
        columns = {name: rows[name] for name in ("batch", "source", "doc_id", "origin")}
        columns |= {name: found[name].combine_chunks() for name in _VERDICT}
        columns |= {name: pc.coalesce(columns[name], value) for name, value in alone.items()}
        arrays = [columns[field.name].cast(field.type) for field in CLUSTERS]
        writer.write(pa.RecordBatch.from_arrays(arrays, schema=CLUSTERS))
        tally.keep(pc.sum(rows["bytes"]).as_py() or 0, rows.num_rows)
        start += rows.num_rows
    yield {"files": [writer.close()], "balance": tally.balance()}
