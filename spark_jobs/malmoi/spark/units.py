"""Spark runs units: one task, one unit of input, one Parquet part.

A unit is a landing file, or one part of a table. Its worker streams it with pyarrow and writes its own part into the
attempt directory; through Spark itself go only the unit's description and one small result row. So no text crosses
between Python and the JVM, parts of successive tables stay aligned row by row, and a part's bytes depend on the unit
alone, not on how many workers there are or how often one was lost.
"""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame, Row, SparkSession

from malmoi.spark.crumbs import Crumbs, rows_started

RESULT = "part long, result string"


@dataclass(frozen=True)
class Unit:
    """``part`` numbers the output file; ``inputs`` is whatever the stage's function needs to find its rows."""

    part: int
    inputs: dict[str, Any]


Work = Callable[[Unit, Crumbs], Iterator[dict | None]]
"""A stage on one unit: yields None now and then as a sign of life, and at last one JSON-able result."""


def run_units(spark: SparkSession, stage: str, units: list[Unit], work: Work, crumbs: str) -> list[dict]:
    """Runs every unit; results in order of ``part``.

    ``crumbs``: directory for the workers' breadcrumbs, shared by driver and workers.
    """
    if not units:
        return []
    spark.sparkContext.setJobDescription(f"{stage}: {len(units)} units")
    with progress(spark, stage, len(units), crumbs):
        found = unit_frame(spark, units).mapInArrow(_worker(work, crumbs), RESULT).collect()
    return results(units, found)


def results(units: list[Unit], rows: list[Row]) -> list[dict]:
    """Rows of RESULT as one dict a unit, in order of ``part``."""
    by_part = {row.part: json.loads(row.result) for row in rows if row.result is not None}
    return [by_part[unit.part] for unit in sorted(units, key=lambda unit: unit.part)]


def unit_frame(spark: SparkSession, units: list[Unit]) -> DataFrame:
    """Units as rows ``(part, inputs)``, each in a partition of its own."""
    rows = [(unit.part, json.dumps(unit.inputs, ensure_ascii=False), place) for place, unit in enumerate(units)]
    frame = spark.createDataFrame(rows, "part long, inputs string, place int")
    return frame.repartitionById(len(rows), "place").drop("place")


def _worker(work: Work, crumbs: str):
    def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for row in batch.to_pylist():
                unit = Unit(row["part"], json.loads(row["inputs"]))
                notes = Crumbs(crumbs, unit.part)
                for result in work(unit, notes):
                    yield result_batch(unit.part, result)
                notes.done()

    return run


def result_batch(part: int, result: dict | None) -> pa.RecordBatch:
    """One row of RESULT."""
    text = None if result is None else json.dumps(result, ensure_ascii=False)
    return pa.RecordBatch.from_arrays([pa.array([part], pa.int64()), pa.array([text], pa.string())], ["part", "result"])


class progress:
    """Prints, while the block runs, how far the stage is: units done, rows begun."""

    def __init__(self, spark: SparkSession, stage: str, units: int, crumbs: str, seconds: float = 5.0):
        self._tracker = spark.sparkContext.statusTracker()
        self._stage, self._units, self._crumbs, self._seconds = stage, units, crumbs, seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._seconds):
            done = sum(
                info.numCompletedTasks
                for stage in self._tracker.getActiveStageIds()
                if (info := self._tracker.getStageInfo(stage))
            )
            print(
                f"{self._stage}: {done} of {self._units} units done, {rows_started(self._crumbs):,} rows in work",
                flush=True,
            )
