"""Dedup as a Spark job: all sources of the night together, against the index of every night before."""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from malmoi.contracts.manifest import StageManifest
from malmoi.contracts.recipe import Recipe
from malmoi.contracts.tables import CLUSTERS
from malmoi.lake.commit import attempt, commit_all
from malmoi.lake.read import batches_before, files
from malmoi.spark import duplicates
from malmoi.spark.jobs.common import Tally, say, total
from malmoi.spark.night import Night, part_number
from malmoi.spark.units import RESULT, Unit, result_batch, results, unit_frame
from malmoi.stages.parts import PartWriter, read_batches

STAGE = "dedup"
_LAST = 2**63 - 1
_VERDICT = ["cluster_id", "cluster_size", "keep", "method", "duplicate_of", "duplicate_batch", "similarity"]


def run(night: Night) -> None:
    manifests = {source: night.manifest("annotations", source) for source in night.sources}
    earlier = _earlier(night)
    inputs = night.inputs(STAGE, night.sources[0])
    if all(night.is_done("clusters", source, night.fingerprint(STAGE, source, inputs)) for source in night.sources):
        print(f"{STAGE}: already done, nothing changed since", flush=True)
        return
    units = _units(night, manifests)
    places = {source: attempt(night.lake, "clusters", night.batch, source) for source in night.sources}
    found = _clusters(
        night, units, {source: place.folder for source, place in places.items()}, [file.path for file in earlier]
    )
    done = []
    for source, place in places.items():
        mine = [result for unit, result in zip(units, found, strict=True) if unit.inputs["source"] == source]
        balance = total(mine)
        done.append((place, night.new_manifest(STAGE, source, inputs, balance, [result["file"] for result in mine])))
        say(STAGE, source, balance)
    commit_all(done)


def _earlier(night: Night) -> list:
    if not night.recipe.dedup.against_earlier_nights:
        return []
    return [
        file
        for batch in batches_before(night.lake, "dedup_index", night.batch)
        for file in files(night.lake, "dedup_index", batch)
    ]


def _units(night: Night, manifests: dict[str, StageManifest]) -> list[Unit]:
    """Parts of every source, numbered through."""
    parts = [(source, file) for source, manifest in manifests.items() for file in manifest.files]
    return [
        Unit(place, {"source": source, "part": part_number(file), "path": night.path(file)})
        for place, (source, file) in enumerate(parts)
    ]


def _clusters(night: Night, units: list[Unit], folders: dict[str, str], earlier: list[str]) -> list[dict]:
    if not units:
        return []
    spark = night.spark
    spark.sparkContext.setJobDescription(f"{STAGE}: {len(units)} parts against {len(earlier)} files of earlier nights")
    tonight = unit_frame(spark, units).mapInArrow(_candidates(night.recipe, night.sample), duplicates.CANDIDATES)
    index = spark.read.parquet(*earlier).select("doc_id", "batch", "text_hash", "signature") if earlier else None
    found = duplicates.find(spark, tonight, index, night.recipe.dedup)
    rows = _written(found, units, folders).collect()
    return results(units, rows)


def _candidates(recipe: Recipe, sample: float):
    """Unit -> rows of duplicates.CANDIDATES: the documents that no other rule drops."""

    def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from malmoi.stages import decide

        wanted = [*decide.COLUMNS, "text_hash", "signature", "published_at"]
        for batch in batches:
            for unit in _units_of(batch):
                start = 0
                for rows in read_batches(unit.inputs["path"], wanted):
                    kept = [
                        ruling.reason is None for ruling in decide.judge(rows, recipe, unit.inputs["source"], sample)
                    ]
                    yield _narrow(rows, unit.part, start).filter(pa.array(kept, pa.bool_()))
                    start += rows.num_rows

    return run


def _units_of(batch: pa.RecordBatch) -> list[Unit]:
    import json

    return [Unit(row["part"], json.loads(row["inputs"])) for row in batch.to_pylist()]


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


def _written(found: DataFrame, units: list[Unit], folders: dict[str, str]) -> DataFrame:
    """Verdicts back in the order of their parts; each partition writes its part and returns one RESULT row."""
    by_place = {unit.part: unit.inputs for unit in units}

    def write(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        place, verdicts = None, {}
        for batch in batches:
            for row in batch.to_pylist():
                place = row["part"]
                if row["row"] is not None:
                    verdicts[row["row"]] = row
        if place is not None:
            yield result_batch(place, _write_part(by_place[place], verdicts, folders))

    # A part whose documents are all dropped by other rules has no verdict; its marker row keeps the partition.
    spark = found.sparkSession
    markers = spark.createDataFrame([(unit.part,) for unit in units], "part long")
    every = markers.join(found, "part", "left").withColumn("place", F.col("part").cast("int"))
    return every.repartitionById(len(units), "place").drop("place").mapInArrow(write, RESULT)


def _write_part(unit: dict, verdicts: dict[int, dict], folders: dict[str, str]) -> dict:
    writer = PartWriter(folders[unit["source"]], unit["part"], CLUSTERS)
    tally = Tally()
    start = 0
    for rows in read_batches(unit["path"], ["batch", "source", "doc_id", "origin", "bytes"]):
        found = [verdicts.get(start + row) or _alone(doc_id) for row, doc_id in enumerate(rows["doc_id"].to_pylist())]
        columns = {name: rows[name] for name in ("batch", "source", "doc_id", "origin")}
        columns |= {
            name: pa.array([verdict[name] for verdict in found], CLUSTERS.field(name).type) for name in _VERDICT
        }
        writer.write(pa.RecordBatch.from_arrays([columns[name] for name in CLUSTERS.names], schema=CLUSTERS))
        tally.keep(sum(rows["bytes"].to_pylist()), rows.num_rows)
        start += rows.num_rows
    return {"file": writer.close(), "balance": tally.balance()}


def _alone(doc_id: str) -> dict:
    return dict.fromkeys(_VERDICT) | {"cluster_id": doc_id, "cluster_size": 1, "keep": True, "method": "single"}
