"""Connected components of a graph of documents, in Spark alone.

Alternating large-star and small-star steps (Kiveris, Lattanzi, Mirrokni, Rastogi, Vassilvitskii: "Connected Components
in MapReduce and Beyond", SoCC 2014): each step hangs a node's neighbours on its smallest neighbour, and the graph ends
as stars whose centre is the smallest id of the component. Steps grow with the logarithm of the longest path.
"""

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

_MAX_STEPS = 64


def components(spark: SparkSession, edges: DataFrame) -> DataFrame:
    """Edges ``(low, high)`` to ``(id, component)`` for every id that has an edge; a component is its smallest id.

    Ids are of any type that can be ordered. Nothing but two numbers a step is collected. Raises RuntimeError when the
    graph has not settled after 64 steps, which a graph of fewer than 2^32 nodes does.
    """
    edges = _settled(
        edges.where("low <> high")
        .select(F.least("low", "high").alias("low"), F.greatest("low", "high").alias("high"))
        .distinct()
    )
    for _ in range(_MAX_STEPS):
        larger = _settled(_star(edges, large=True))
        smaller = _settled(_star(larger, large=False))
        if _same(smaller, edges):
            return _stars(smaller)
        edges = smaller
    raise RuntimeError("connected components did not settle")


def _star(edges: DataFrame, large: bool) -> DataFrame:
    """One step. Large: a node's larger neighbours move to its smallest; small: a node and its smaller ones do."""
    if large:
        around = edges.select(F.col("low").alias("node"), F.col("high").alias("other")).union(
            edges.select(F.col("high").alias("node"), F.col("low").alias("other"))
        )
    else:
        around = edges.select(F.col("high").alias("node"), F.col("low").alias("other"))
    lowest = around.groupBy("node").agg(F.least(F.min("other"), F.col("node")).alias("lowest"))
    joined = around.join(lowest, "node")
    if large:
        moved = joined.where("other > node").select(F.col("lowest").alias("low"), F.col("other").alias("high"))
    else:
        moved = joined.select(F.col("lowest").alias("low"), F.col("other").alias("high")).union(
            lowest.select(F.col("lowest").alias("low"), F.col("node").alias("high"))
        )
    return moved.where("low <> high").distinct()


def _settled(frame: DataFrame) -> DataFrame:
    """Computed once and kept, without the lineage that would grow with every step."""
    return frame.localCheckpoint(eager=True)


def _same(one: DataFrame, two: DataFrame) -> bool:
    return _sum(one) == _sum(two)


def _sum(edges: DataFrame) -> tuple:
    """Count and order-independent checksum of a set of edges."""
    row = edges.agg(
        F.count("*").alias("n"), F.coalesce(F.bit_xor(F.xxhash64("low", "high")), F.lit(0)).alias("sum")
    ).collect()[0]
    return row["n"], row["sum"]


def _stars(edges: DataFrame) -> DataFrame:
    leaves = edges.select(F.col("high").alias("id"), F.col("low").alias("component"))
    centres = edges.select(F.col("low").alias("id"), F.col("low").alias("component")).distinct()
    return leaves.union(centres)
