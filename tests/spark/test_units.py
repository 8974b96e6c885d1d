"""Units on Spark: order, one unit a partition, and a document that kills its worker."""

import os
import signal

import pyarrow as pa
import pytest

from malmoi.contracts.errors import ContractError, InfrastructureError
from malmoi.spark.crumbs import Crumbs
from malmoi.spark.units import Unit, run_units, unit_frame
from malmoi.stages.parts import PartWriter, open_part, read_batches

pytestmark = pytest.mark.spark

SCHEMA = pa.schema([("n", pa.int64()), ("state", pa.string())])
POISON = -1


def work_of(killed_at_start: str = ""):
    """A stage that copies numbers, as the annotate job goes through its rows; dies on POISON.

    A function made inside a function travels to the workers whole. With ``killed_at_start``, a path, the worker of unit 1
    also dies once for no reason of its rows.
    """

    def copied(batch, start: int, crumbs: Crumbs):
        if not crumbs.suspects(start, start + batch.num_rows):
            crumbs.at(start, start + batch.num_rows)
            yield from ((n, "done") for n in harmless(batch["n"].to_pylist()))
            return
        for row, n in enumerate(batch["n"].to_pylist()):
            if start + row in crumbs.skipped:
                yield n, "set aside"
            else:
                crumbs.at(start + row, start + row + 1)
                yield from ((n, "done") for n in harmless([n]))

    def harmless(numbers: list[int]) -> list[int]:
        if POISON in numbers:
            os.kill(os.getpid(), signal.SIGKILL)
        return numbers

    def work(unit: Unit, crumbs: Crumbs):
        writer = PartWriter(unit.inputs["folder"], unit.part, SCHEMA)
        start = 0
        for batch in read_batches(unit.inputs["path"]):
            if killed_at_start and unit.part == 1 and not os.path.exists(killed_at_start):
                crumbs.at(start, start + batch.num_rows)
                open(killed_at_start, "w").close()
                os.kill(os.getpid(), signal.SIGKILL)
            rows = list(copied(batch, start, crumbs))
            writer.write_rows([{"n": n, "state": state} for n, state in rows])
            start += batch.num_rows
            yield None
        yield {"file": writer.close(), "source": unit.source}

    return work


def units(tmp_path, contents: list[list[int]]) -> list[Unit]:
    made = []
    for part, numbers in enumerate(contents):
        writer = PartWriter(str(tmp_path / "in"), part, pa.schema([("n", pa.int64())]))
        writer.write(pa.table({"n": pa.array(numbers, pa.int64())}))
        path = str(tmp_path / "in" / writer.close()["path"])
        made.append(Unit("web", part, {"path": path, "folder": str(tmp_path / "out")}))
    return made


def written(tmp_path, entry: dict) -> list[tuple[int, str]]:
    with open_part(str(tmp_path / "out" / entry["path"])) as file:
        return [(row["n"], row["state"]) for row in file.read().to_pylist()]


def test_results_come_in_the_order_of_the_units(spark, tmp_path):
    contents = [list(range(start, start + 40 - start)) for start in range(12)]
    found = run_units(spark, "test", units(tmp_path, contents), work_of(), str(tmp_path / "crumbs"))
    assert [result["file"]["path"] for result in found] == [f"part-{part:08d}.parquet" for part in range(12)]
    for numbers, result in zip(contents, found, strict=True):
        assert written(tmp_path, result["file"]) == [(n, "done") for n in numbers]
    assert not list((tmp_path / "crumbs").glob("*.at"))


def test_what_a_worker_has_loaded_is_looked_over_for_garbage_once(spark, tmp_path):
    def work(unit, crumbs):
        import gc

        yield {"settled": gc.get_freeze_count()}

    many = [Unit("web", part, {}) for part in range(16)]
    found = run_units(spark, "test of garbage", many, work, str(tmp_path / "crumbs"))
    assert max(result["settled"] for result in found) > 10_000


def test_no_units_no_job(spark, tmp_path):
    assert run_units(spark, "test", [], work_of(), str(tmp_path / "crumbs")) == []


@pytest.mark.parametrize("count", [1, 2, 13])
def test_one_unit_a_partition(spark, count):
    frame = unit_frame(spark, [Unit("웹", part, {"글": "가"}) for part in range(count)])
    by_partition = frame.rdd.glom().map(lambda rows: [(row.place, row.unit) for row in rows]).collect()
    assert [len(rows) for rows in by_partition] == [1] * count
    assert [rows[0][0] for rows in by_partition] == list(range(count))
    assert "웹" in by_partition[0][0][1]


def test_the_heaviest_unit_starts_first(spark):
    frame = unit_frame(spark, [Unit("웹", part, {}, weight) for part, weight in enumerate([5, 40, 7, 40])])
    assert frame.rdd.glom().map(lambda rows: rows[0].place).collect() == [1, 3, 2, 0]


def test_a_poison_row_is_set_aside_and_nothing_else(spark, tmp_path):
    contents = [list(range(30)), [*range(1_200), POISON, *range(1_200, 1_300)], list(range(5))]
    found = run_units(spark, "test", units(tmp_path, contents), work_of(), str(tmp_path / "crumbs"))
    rows = [written(tmp_path, result["file"]) for result in found]
    assert [n for part in rows for n, _ in part] == [n for numbers in contents for n in numbers]
    assert [n for part in rows for n, state in part if state == "set aside"] == [POISON]


def test_a_worker_lost_for_another_reason_costs_no_row_and_changes_no_byte(spark, tmp_path):
    contents = [list(range(10)), list(range(1_100)), list(range(7))]
    quiet = run_units(spark, "test", units(tmp_path / "a", contents), work_of(), str(tmp_path / "a" / "crumbs"))
    mark = tmp_path / "killed"
    lossy = run_units(
        spark, "test", units(tmp_path / "b", contents), work_of(str(mark)), str(tmp_path / "b" / "crumbs")
    )
    assert mark.exists()
    for one, two in zip(quiet, lossy, strict=True):
        assert written(tmp_path / "a", one["file"]) == written(tmp_path / "b", two["file"])


@pytest.mark.parametrize("kind", [ContractError, InfrastructureError])
def test_an_error_of_our_own_ends_the_job_at_once_with_its_line(spark, tmp_path, kind):
    tries = tmp_path / "tries"

    def work(unit, crumbs):
        with tries.open("a") as file:
            file.write("x")
        yield None
        raise kind("web.warc.gz: disk full; free some space")

    with pytest.raises(kind, match=r"^web\.warc\.gz: disk full; free some space$"):
        run_units(spark, "test", [Unit("web", 0, {})], work, str(tmp_path / "crumbs"))
    assert tries.read_text() == "x"
