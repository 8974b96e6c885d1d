"""Spark runs units: one task, one unit of input, one Parquet part.

A unit is a landing file, or one part of a table. Its worker streams it with pyarrow and writes its own part into the
attempt directory; through Spark itself go only the unit's description and one small result row. So no text crosses
between Python and the JVM, parts of successive tables stay aligned row by row, and a part's bytes depend on the unit
alone, not on how many workers there are or how often one was lost.
"""

import gc
import json
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame, Row, SparkSession

from malmoi.contracts.errors import ContractError, InfrastructureError, MalmoiError
from malmoi.spark.crumbs import Crumbs, rows_started

RESULT = "place int, result string"


@dataclass(frozen=True)
class Unit:
    """``part`` numbers the output file of its ``source``; ``inputs`` is what the stage's function needs to find its rows
    (paths, names), as JSON can hold it. The heaviest units start first, so that none is left over at the end; ``weight``
    is bytes or rows, the same for all units of a job."""

    source: str
    part: int
    inputs: dict[str, Any]
    weight: int = 0


Work = Callable[[Unit, Crumbs], Iterator[dict | None]]
"""A stage on one unit: yields None now and then as a sign of life, and at last one JSON-able result."""


def run_units(spark: SparkSession, stage: str, units: list[Unit], work: Work, crumbs: str) -> list[dict]:
    """Runs every unit and returns their results in the order of ``units``.

    ``crumbs``: directory for the workers' breadcrumbs, shared by driver and workers.
    """
    if not units:
        return []
    spark.sparkContext.setJobDescription(f"{stage}: {len(units)} units")
    with progress(spark, stage, len(units), crumbs):
        found = unit_frame(spark, units).mapInArrow(_worker(stage, work, crumbs), RESULT).collect()
    return results(units, found)


def results(units: list[Unit], rows: list[Row]) -> list[dict]:
    """Rows of RESULT as one dict a unit, in the order of ``units``.

    Raises what a worker reported: a ContractError or an InfrastructureError with the worker's own line.
    """
    by_place = {row.place: json.loads(row.result) for row in rows if row.result is not None}
    for result in by_place.values():
        if "error" in result:
            raise (InfrastructureError if result["retry"] else ContractError)(result["error"])
    return [by_place[place] for place in range(len(units))]


def unit_frame(spark: SparkSession, units: list[Unit]) -> DataFrame:
    """Units as rows ``(rank, place, unit)``, each in a partition of its own; ``place`` counts from 0 in the order of
    ``units``, ``rank`` from the heaviest, which starts first."""
    order = sorted(range(len(units)), key=lambda place: -units[place].weight)
    told = [json.dumps(vars(units[place]), ensure_ascii=False) for place in order]
    ranks, places = pa.array(range(len(order)), pa.int32()), pa.array(order, pa.int32())
    # As Arrow: a list of tuples would go through Python workers of another kind, which take as long to start as these.
    rows = pa.table({"rank": ranks, "place": places, "unit": pa.array(told, pa.string())})
    return spark.createDataFrame(rows).repartitionById(len(order), "rank")


def units_of(batch: pa.RecordBatch) -> Iterator[tuple[int, Unit]]:
    """Rows of ``unit_frame`` as (place, unit)."""
    for row in batch.to_pylist():
        yield row["place"], Unit(**json.loads(row["unit"]))


def result_batch(place: int, result: dict | None) -> pa.RecordBatch:
    """One row of RESULT."""
    text = None if result is None else json.dumps(result, ensure_ascii=False)
    return pa.RecordBatch.from_arrays(
        [pa.array([place], pa.int32()), pa.array([text], pa.string())], ["place", "result"]
    )


def _worker(stage: str, work: Work, crumbs: str):
    def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for place, unit in units_of(batch):
                notes = Crumbs(crumbs, place)
                for result in reported(work(unit, notes)):
                    yield result_batch(place, result)
                notes.done()
        keep_loaded(stage)

    return run


@cache
def keep_loaded(stage: str) -> None:
    """At the end of a worker's first task of a stage: what it has imported and loaded by now stays, so the collector need not
    look at it again. PySpark collects garbage after every task, which takes 70 ms with the models in memory."""
    gc.collect()
    gc.freeze()


def reported(found: Iterable[dict | None]) -> Iterator[dict | None]:
    """The results of a unit, an error of Malmoi's own among them. Raised in a worker it would be tried again by Spark,
    eight times on the same input or the same full disk, and its line would drown in Spark's trace."""
    try:
        yield from found
    except MalmoiError as error:
        yield {"error": str(error), "retry": isinstance(error, InfrastructureError)}


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
