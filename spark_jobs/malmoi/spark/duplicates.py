"""Duplicates of a night: exact, near, and against every night before. Narrow rows only; no text takes part.

Documents that another rule drops take no part either, so a copy never loses to one that does not stay. Steps:

1. The same page read twice (one ``doc_id``): the first by file and offset stays.
2. Exact: equal normalised text. Near: MinHash bands meet, and the signatures agree in ``min_similarity`` of their
   values. Earlier nights are matched first; whoever matches one is out, whatever else it resembles tonight.
3. Tonight's pairs form components; the survivor of each is the best by quality score, then longest, oldest, smallest id.

A text shorter than a shingle is one shingle, so that short answers meet only when they are equal.
"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F

from malmoi.contracts.recipe.sections import Dedup
from malmoi.spark.components import components
from malmoi.text import minhash

CANDIDATES = (
    "part long, row long, doc_id string, batch string, text_hash string, signature binary, "
    "quality double, chars long, published long, file string, offset long"
)
"""Eligible documents of tonight. ``published``: microseconds, or the largest long where unknown."""

INDEX = "doc_id string, batch string, text_hash string, signature binary"


def find(spark: SparkSession, tonight: DataFrame, earlier: DataFrame | None, dedup: Dedup) -> DataFrame:
    """``(part, row, cluster_id, cluster_size, keep, method, duplicate_of, duplicate_batch, similarity)`` for every
    row of ``tonight`` (CANDIDATES); ``earlier`` (INDEX) is what all nights before published."""
    tonight = tonight.localCheckpoint(eager=True)
    pages = _first_reading(tonight)
    unique = pages.where("first").localCheckpoint(eager=True)
    old = _against_earlier(unique, earlier, dedup) if earlier is not None else None
    fresh = unique.join(old.select("doc_id"), "doc_id", "left_anti") if old is not None else unique
    grouped = _components(spark, fresh, dedup)
    return _verdicts(tonight, pages, unique, old, grouped)


def _first_reading(tonight: DataFrame) -> DataFrame:
    order = Window.partitionBy("doc_id").orderBy("file", "offset", "part", "row")
    return tonight.withColumn("first", F.row_number().over(order) == 1)


def _against_earlier(unique: DataFrame, earlier: DataFrame, dedup: Dedup) -> DataFrame:
    """Rows ``(doc_id, duplicate_of, duplicate_batch, method, similarity)``: the closest, oldest match of each."""
    exact = unique.join(
        earlier.select("text_hash", F.col("doc_id").alias("duplicate_of"), F.col("batch").alias("duplicate_batch")),
        "text_hash",
    ).select(
        "doc_id", "duplicate_of", "duplicate_batch", F.lit("exact").alias("method"), F.lit(1.0).alias("similarity")
    )
    mine, theirs = _bands(unique, dedup), _bands(earlier, dedup)
    met = (
        mine.join(theirs.select("band", "key", F.col("doc_id").alias("duplicate_of")), ["band", "key"])
        .select("doc_id", "duplicate_of")
        .distinct()
    )
    near = (
        _verified(met, unique, earlier, "doc_id", "duplicate_of", dedup)
        .join(
            earlier.select(F.col("doc_id").alias("duplicate_of"), F.col("batch").alias("duplicate_batch")),
            "duplicate_of",
        )
        .select("doc_id", "duplicate_of", "duplicate_batch", F.lit("near").alias("method"), "similarity")
    )
    best = Window.partitionBy("doc_id").orderBy("method", F.desc("similarity"), "duplicate_batch", "duplicate_of")
    return (
        exact.union(near)
        .withColumn("best", F.row_number().over(best))
        .where("best = 1")
        .drop("best")
        .localCheckpoint(eager=True)
    )


def _components(spark: SparkSession, fresh: DataFrame, dedup: Dedup) -> DataFrame:
    """Rows ``(doc_id, component, similarity)`` for those with a pair; similarity: of the document's closest pair."""
    same = fresh.groupBy("text_hash").agg(F.min("doc_id").alias("low"), F.count("*").alias("n")).where("n > 1")
    exact = (
        fresh.join(same, "text_hash")
        .where("doc_id <> low")
        .select("low", F.col("doc_id").alias("high"), F.lit(1.0).alias("similarity"))
    )
    leaders = fresh.join(exact.select(F.col("high").alias("doc_id")), "doc_id", "left_anti")
    near = _verified(_pairs(_bands(leaders, dedup), dedup), leaders, leaders, "low", "high", dedup)
    edges = exact.union(near.select("low", "high", "similarity")).localCheckpoint(eager=True)
    if edges.isEmpty():
        return spark.createDataFrame([], "doc_id string, component string, similarity double")
    closest = (
        edges.select(F.col("low").alias("doc_id"), "similarity")
        .union(edges.select(F.col("high").alias("doc_id"), "similarity"))
        .groupBy("doc_id")
        .agg(F.max("similarity").alias("similarity"))
    )
    return components(spark, edges).withColumnRenamed("id", "doc_id").join(closest, "doc_id")


def _pairs(bands: DataFrame, dedup: Dedup) -> DataFrame:
    """Candidate pairs of every bucket. A bucket above the cap is chained: each member with the next smaller one."""
    buckets = (
        bands.groupBy("band", "key")
        .agg(F.sort_array(F.collect_set("doc_id")).alias("members"))
        .where(F.size("members") > 1)
    )
    buckets = buckets.select("members").distinct()
    small = buckets.where(F.size("members") <= dedup.max_bucket_documents)
    pairs = small.select(F.posexplode("members").alias("at", "low"), "members").select(
        "low", F.explode(F.slice("members", F.col("at") + 2, F.size("members"))).alias("high")
    )
    chains = buckets.where(F.size("members") > dedup.max_bucket_documents).select(
        F.posexplode("members").alias("at", "high"), "members"
    )
    chained = chains.where("at > 0").select(F.element_at("members", F.col("at")).alias("low"), "high")
    return pairs.union(chained).distinct()


def _bands(documents: DataFrame, dedup: Dedup) -> DataFrame:
    """``(doc_id, band, key)``, one row for every band of every document."""

    def explode(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            keys = minhash.band_keys(minhash.unpack(batch["signature"].to_pylist()), dedup.bands)
            ids = batch["doc_id"].take(pa.array(np.repeat(np.arange(batch.num_rows), dedup.bands)))
            bands = pa.array(np.tile(np.arange(dedup.bands, dtype=np.int32), batch.num_rows))
            yield pa.RecordBatch.from_arrays([ids, bands, pa.array(keys.reshape(-1))], ["doc_id", "band", "key"])

    return documents.select("doc_id", "signature").mapInArrow(explode, "doc_id string, band int, key long")


def _verified(pairs: DataFrame, left: DataFrame, right: DataFrame, one: str, two: str, dedup: Dedup) -> DataFrame:
    """Pairs whose signatures agree in ``min_similarity`` of their values, with that share."""
    joined = pairs.join(left.select(F.col("doc_id").alias(one), F.col("signature").alias("first")), one).join(
        right.select(F.col("doc_id").alias(two), F.col("signature").alias("second")), two
    )

    def compare(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            first, second = (minhash.unpack(batch[name].to_pylist()) for name in ("first", "second"))
            similarity = (first == second).mean(axis=1)
            found = pa.RecordBatch.from_arrays([batch[one], batch[two], pa.array(similarity)], [one, two, "similarity"])
            yield found.filter(pa.array(similarity >= dedup.min_similarity))

    return joined.select(one, two, "first", "second").mapInArrow(
        compare, f"{one} string, {two} string, similarity double"
    )


def _verdicts(
    tonight: DataFrame, pages: DataFrame, unique: DataFrame, old: DataFrame | None, grouped: DataFrame
) -> DataFrame:
    order = Window.partitionBy("component").orderBy(F.desc("quality"), F.desc("chars"), "published", "doc_id")
    members = unique.join(grouped, "doc_id").select(
        "doc_id",
        F.first("doc_id").over(order).alias("cluster_id"),
        F.count("*").over(Window.partitionBy("component")).cast("int").alias("cluster_size"),
        F.col("similarity").alias("closest"),
    )
    found = pages.join(members, "doc_id", "left")
    if old is not None:
        found = found.join(old, "doc_id", "left")
    else:
        empty = {"duplicate_of": "string", "duplicate_batch": "string", "method": "string", "similarity": "double"}
        found = found.select("*", *(F.lit(None).cast(kind).alias(name) for name, kind in empty.items()))
    lead = unique.select(F.col("doc_id").alias("cluster_id"), F.col("text_hash").alias("lead_hash"))
    found = found.join(lead, "cluster_id", "left")
    outside = F.col("duplicate_of").isNotNull()
    loser = F.col("cluster_id").isNotNull() & (F.col("cluster_id") != F.col("doc_id"))
    copy = ~F.col("first")
    method = (
        F.when(copy, "page").when(outside, F.col("method"))
        .when(loser & (F.col("lead_hash") == F.col("text_hash")), "exact").when(loser, "near").otherwise("single")
    )  # fmt: skip
    return found.select(
        "part",
        "row",
        F.coalesce("cluster_id", "duplicate_of", "doc_id").alias("cluster_id"),
        F.coalesce("cluster_size", F.when(outside, 2), F.lit(1)).cast("int").alias("cluster_size"),
        (~(copy | outside | loser)).alias("keep"),
        method.alias("method"),
        F.when(copy, F.col("doc_id"))
        .when(outside, F.col("duplicate_of"))
        .when(loser, F.col("cluster_id"))
        .alias("duplicate_of"),
        F.when(outside, F.col("duplicate_batch")).when(copy | loser, F.col("batch")).alias("duplicate_batch"),
        F.when(copy, 1.0).when(outside, F.col("similarity")).when(loser, F.col("closest")).alias("similarity"),
    )
