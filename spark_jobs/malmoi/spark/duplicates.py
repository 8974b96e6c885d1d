"""Duplicates of a night: exact, near, and against every night before. Narrow rows only; no text takes part.

Documents that another rule drops take no part either, so a copy never loses to one that does not stay. Steps:

1. The same page read twice (one ``doc_id``): the first by file and offset stays.
2. Exact: equal normalised text. Near: MinHash bands meet, and the signatures agree in ``min_similarity`` of their
   values. Earlier nights are searched first, through the lookup; whoever matches one is out, whatever else it resembles
   tonight.
3. Tonight's pairs form components; the survivor of each is the best by quality score, then longest, oldest, smallest id.

A text shorter than a shingle is one shingle, so that short answers meet only when they are equal.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F

from malmoi.contracts.recipe.sections import Dedup
from malmoi.spark.components import components
from malmoi.text import minhash, near

CANDIDATES = (
    "part long, row long, doc_id string, batch string, text_hash string, signature binary, "
    "quality double, chars long, published long, file string, offset long"
)
"""Eligible documents of tonight. ``published``: microseconds, or the largest long where unknown."""

ONE_TASK_DOCUMENTS = 100_000
"""Nights of up to so many documents are left to one worker, see ``together``, and of larger nights up to so many new documents are
grouped by one: some 150 MiB, and seconds instead of minutes of Spark."""

BATCH = 10_000

SEARCHED = 20_000
"""Documents that are looked up together."""

MATCH = pa.schema(
    [
        *((name, pa.string()) for name in ("doc_id", "duplicate_of", "duplicate_batch", "method")),
        ("similarity", pa.float64()),
    ]
)
"""An earlier document for one of tonight."""


def find(spark: SparkSession, tonight: DataFrame, segments: Sequence[str], dedup: Dedup) -> DataFrame:
    """``(part, row, cluster_id, cluster_size, keep, method, duplicate_of, duplicate_batch, similarity)`` for every
    row of ``tonight`` (CANDIDATES). ``segments``: folders of the lookup over what all nights before published."""
    tonight = tonight.localCheckpoint(eager=True)
    pages = _first_reading(tonight)
    unique = pages.where("first").localCheckpoint(eager=True)
    old = _against_earlier(unique, segments, dedup) if segments else None
    fresh = unique.join(old.select("doc_id"), "doc_id", "left_anti") if old is not None else unique
    grouped = _components(spark, fresh, dedup)
    return _verdicts(tonight, pages, unique, old, grouped)


def _first_reading(tonight: DataFrame) -> DataFrame:
    order = Window.partitionBy("doc_id").orderBy("file", "offset", "part", "row")
    return tonight.withColumn("first", F.row_number().over(order) == 1)


def _against_earlier(unique: DataFrame, segments: Sequence[str], dedup: Dedup) -> DataFrame:
    """Rows ``(doc_id, duplicate_of, duplicate_batch, method, similarity)`` of those that an earlier night has."""

    def search(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from malmoi.lake.lookup.search import nearest
        from malmoi.lake.lookup.segment import Segment

        opened = [Segment(folder) for folder in segments]
        for batch in joined_batches(batches, SEARCHED):
            hashes, signatures = batch["text_hash"].to_pylist(), minhash.unpack(batch["signature"].to_pylist())
            found = nearest(opened, hashes, signatures, dedup)
            rows = [
                (doc_id, match.doc_id, match.batch, match.method, match.similarity)
                for doc_id, match in zip(batch["doc_id"].to_pylist(), found, strict=True)
                if match is not None
            ]
            columns = [[row[at] for row in rows] for at in range(len(MATCH))]
            yield pa.RecordBatch.from_arrays(
                [pa.array(column, field.type) for column, field in zip(columns, MATCH, strict=True)], schema=MATCH
            )
        for segment in opened:
            segment.close()

    narrow = unique.select("doc_id", "text_hash", "signature")
    types = "doc_id string, duplicate_of string, duplicate_batch string, method string, similarity double"
    return narrow.mapInArrow(search, types).localCheckpoint(eager=True)


def joined_batches(batches: Iterator[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    """The same rows in batches of about ``rows``: what is looked up together reads each place of the lookup once."""
    held: list[pa.RecordBatch] = []
    for batch in batches:
        held.append(batch)
        if sum(one.num_rows for one in held) >= rows:
            yield pa.Table.from_batches(held).combine_chunks().to_batches()[0]
            held = []
    if any(one.num_rows for one in held):
        yield pa.Table.from_batches(held).combine_chunks().to_batches()[0]


def _components(spark: SparkSession, fresh: DataFrame, dedup: Dedup) -> DataFrame:
    """Rows ``(doc_id, component, similarity)`` for those with a pair; similarity: of the document's closest pair."""
    if fresh.count() <= ONE_TASK_DOCUMENTS:
        return _in_one_task(fresh, dedup)
    return _across_tasks(spark, fresh, dedup)


def _in_one_task(fresh: DataFrame, dedup: Dedup) -> DataFrame:
    """The same result as ``_across_tasks``, without a shuffle for every step."""

    def group(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        table = pa.Table.from_batches(batches).sort_by("doc_id")
        hashes, signatures = table["text_hash"].to_pylist(), minhash.unpack(table["signature"].to_pylist())
        low, high, similarity = near.edges(hashes, signatures, dedup)
        closest = np.zeros(table.num_rows)
        for side in (low, high):
            np.maximum.at(closest, side, similarity)
        paired = np.unique(np.concatenate([low, high]))
        component = near.components(table.num_rows, low, high)
        ids = table["doc_id"].combine_chunks()
        columns = [ids.take(pa.array(paired)), ids.take(pa.array(component[paired])), pa.array(closest[paired])]
        yield from pa.Table.from_arrays(columns, ["doc_id", "component", "similarity"]).to_batches(BATCH)

    narrow = fresh.select("doc_id", "text_hash", "signature").repartition(1)
    return narrow.mapInArrow(group, "doc_id string, component string, similarity double")


def _across_tasks(spark: SparkSession, fresh: DataFrame, dedup: Dedup) -> DataFrame:
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
    """Candidate pairs of every bucket. A bucket above the cap is split by the next band's key; what is above the cap even
    then is chained, each member with the next smaller one."""
    cap = dedup.max_bucket_documents
    buckets = _buckets(bands, "band", "key")
    hot = buckets.where(F.size("members") > cap).select("band", "key")
    split = _buckets(bands.join(F.broadcast(hot), ["band", "key"]), "band", "key", "next")
    full = buckets.where(F.size("members") <= cap).select("members").union(split.select("members")).distinct()
    pairs = (
        full.where(F.size("members") <= cap)
        .select(F.posexplode("members").alias("at", "low"), "members")
        .select("low", F.explode(F.slice("members", F.col("at") + 2, F.size("members"))).alias("high"))
    )
    chains = full.where(F.size("members") > cap).select(F.posexplode("members").alias("at", "high"), "members")
    chained = chains.where("at > 0").select(F.element_at("members", F.col("at")).alias("low"), "high")
    return pairs.union(chained).distinct()


def _buckets(bands: DataFrame, *key: str) -> DataFrame:
    members = F.sort_array(F.collect_set("doc_id")).alias("members")
    return bands.groupBy(*key).agg(members).where(F.size("members") > 1)


def _bands(documents: DataFrame, dedup: Dedup) -> DataFrame:
    """``(doc_id, band, key, next)``, one row for every band of every document; ``next`` is the key of the band after it."""

    def explode(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            keys = minhash.band_keys(minhash.unpack(batch["signature"].to_pylist()), dedup.bands)
            ids = batch["doc_id"].take(pa.array(np.repeat(np.arange(batch.num_rows), dedup.bands)))
            bands = pa.array(np.tile(np.arange(dedup.bands, dtype=np.int32), batch.num_rows))
            columns = [ids, bands, pa.array(keys.reshape(-1)), pa.array(np.roll(keys, -1, axis=1).reshape(-1))]
            yield pa.RecordBatch.from_arrays(columns, ["doc_id", "band", "key", "next"])

    return documents.select("doc_id", "signature").mapInArrow(explode, "doc_id string, band int, key long, next long")


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
