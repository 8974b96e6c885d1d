"""A small job that loads the classes of Spark that a night does. `make setup` archives them (malmoi_airflow/local/jvm.py)."""

from collections.abc import Iterator

import pyarrow as pa

from malmoi.spark.components import components
from malmoi.spark.session import session
from malmoi.spark.units import Unit, unit_frame


def same(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    yield from batches


spark = session("classes")
unit_frame(spark, [Unit("web", 0, {})]).mapInArrow(same, "rank int, place int, unit string").collect()
components(spark, spark.createDataFrame([("a", "b"), ("b", "c")], "low string, high string")).collect()
spark.stop()
