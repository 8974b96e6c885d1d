#!/usr/bin/env python
"""Dedup of one night against a small and a large index: does a night cost a night?

    PYTHONPATH=spark_jobs python benchmarks/dedup_index.py --documents 20000 --index 100000 2000000

Signatures are generated; two in a hundred documents of the night are near copies of earlier ones and five of each other.
For every size of the index the segments of all nights but the last are made beforehand, as earlier nights leave them; the
last night's is made in the measured run. The sizes take turns. Printed: CPU seconds of the whole process tree and wall seconds of
``duplicates.find`` with its result counted, and the largest resident memory of the Python workers. The exit code is 1
where the ratio of CPU seconds between the largest and the smallest index is above ``--limit``.
"""

import argparse
import hashlib
import shutil
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq

from malmoi.contracts.paths import Lake
from malmoi.contracts.recipe.sections import Dedup
from malmoi.contracts.stages import INDEX
from malmoi.lake.lookup.levels import Part, prepare
from malmoi.lake.lookup.signatures import lookup_of
from malmoi.spark import duplicates
from malmoi.spark.session import session

DEDUP = Dedup()
VALUES = DEDUP.bands * DEDUP.rows
TONIGHT = date(2026, 10, 31)


def parser() -> argparse.ArgumentParser:
    this = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    this.add_argument("--documents", type=int, default=20_000, help="documents of the night")
    this.add_argument("--index", type=int, nargs="+", default=[100_000, 2_000_000], help="documents of the index")
    this.add_argument("--night", type=int, default=20_000, help="documents of each earlier night")
    this.add_argument("--repeat", type=int, default=3, help="runs of each size; the median counts")
    this.add_argument("--limit", type=float, default=1.3, help="largest ratio that passes")
    this.add_argument("--folder", help="where generated files lie (default: a temporary folder)")
    return this


def digest(number: int) -> str:
    return hashlib.blake2b(number.to_bytes(8, "big"), digest_size=16).hexdigest()


def signatures(rng: np.random.Generator, count: int) -> np.ndarray:
    return rng.integers(0, 2**32, (count, VALUES), np.uint64).astype(np.uint32)


def near(rng: np.random.Generator, found: np.ndarray, share: float = 0.85) -> np.ndarray:
    """Signatures that agree with these in about that share of their values."""
    return np.where(rng.random(found.shape) < share, found, signatures(rng, len(found)))


def make_index(folder: Path, documents: int, night: int, rng: np.random.Generator) -> list[Part]:
    """Index files of the nights before tonight, newest last."""
    parts, nights = [], documents // night
    for number in range(nights):
        day = (TONIGHT - timedelta(days=nights - number)).isoformat()
        path = folder / f"{day}.parquet"
        ids = [digest(number * night + row) for row in range(night)]
        rows = signatures(rng, night)
        columns = {
            "batch": [day] * night, "source": ["web"] * night, "doc_id": ids, "text_hash": ids,
            "signature": [row.astype("<u4").tobytes() for row in rows],
        }  # fmt: skip
        pq.write_table(pa.table(columns), path, compression="zstd", row_group_size=1_000)
        parts.append(Part(day, "web", day.replace("-", ""), (str(path),)))
    return parts


def make_night(parts: list[Part], documents: int, rng: np.random.Generator) -> list[tuple]:
    """Rows of CANDIDATES."""
    old = pq.read_table(parts[len(parts) // 2].paths[0], columns=["signature"])["signature"].to_pylist()
    old = np.frombuffer(b"".join(old[: documents // 50]), "<u4").reshape(-1, VALUES)
    own = signatures(rng, documents - len(old) - documents // 20)
    found = np.concatenate([own, near(rng, old), near(rng, own[: documents // 20])])
    rows = []
    for row, signature in enumerate(found):
        name = digest(10**12 + row)
        packed = signature.astype("<u4").tobytes()
        rows.append((row // 1000, row % 1000, name, TONIGHT.isoformat(), name, packed, 0.5, 500, row, "f", row))
    return rows


class Usage:
    """CPU seconds of this process and all below it, and the largest memory of its Python workers, while a block runs."""

    def __enter__(self) -> "Usage":
        self._before, self._start = self._cpu(), time.monotonic()
        return self

    def __exit__(self, *_: object) -> None:
        self.cpu, self.wall = self._cpu() - self._before, time.monotonic() - self._start
        workers = [p for p in psutil.Process().children(recursive=True) if _is_worker(p)]
        peaks = [int(line.split()[1]) for p in workers for line in _status(p.pid) if line.startswith("VmHWM")]
        self.worker_mib = max(peaks, default=0) / 1024

    @staticmethod
    def _cpu() -> float:
        processes = [psutil.Process(), *psutil.Process().children(recursive=True)]
        return sum(_seconds(process) for process in processes)


def _is_worker(process: psutil.Process) -> bool:
    try:
        return "pyspark.daemon" in process.cmdline()
    except psutil.Error:
        return False


def _seconds(process: psutil.Process) -> float:
    """Its own and those of its children that have ended; of one that is just ending none."""
    try:
        return sum(process.cpu_times()[:4])
    except psutil.Error:
        return 0.0


def _status(pid: int) -> list[str]:
    path = Path(f"/proc/{pid}/status")
    return path.read_text().splitlines() if path.exists() else []


class Case:
    """A night, and an index of some size that it is held against."""

    def __init__(self, spark, folder: Path, documents: int, index: int, night: int):
        rng = np.random.default_rng(20261101)
        folder.mkdir(parents=True)
        self.index, self.runs = index, []
        self._spark, self._documents, self._lake = spark, documents, Lake(str(folder / "lake"))
        self._parts = make_index(folder, index, night, rng)
        rows = make_night(self._parts, documents, rng)
        self._tonight = spark.createDataFrame(rows, duplicates.CANDIDATES).localCheckpoint(eager=True)
        start = time.process_time()
        prepare(self._lake, self._parts[:-1], TONIGHT.isoformat(), lookup_of(DEDUP))
        seconds = time.process_time() - start
        print(
            f"index {index:,}: segments of {len(self._parts) - 1} nights made in {seconds:.1f} CPU seconds", flush=True
        )

    def run(self, counts: bool) -> None:
        """Dedup of the night, the segment of the last night before it included."""
        with Usage() as usage:
            segments = prepare(self._lake, self._parts, TONIGHT.isoformat(), lookup_of(DEDUP))
            kept = duplicates.find(self._spark, self._tonight, segments, DEDUP).where("keep").count()
        if counts:
            self.runs.append(usage)
            print(
                f"index {self.index:,}: {usage.cpu:.1f} CPU s, {usage.wall:.1f} s, worker {usage.worker_mib:.0f} MiB, "
                f"{len(segments)} segments, {self._documents - kept:,} of {self._documents:,} are duplicates", flush=True,
            )  # fmt: skip
        (last,) = Path(self._lake.lookup, INDEX).glob(f"{self._parts[-1].night}-*")
        shutil.rmtree(last)


def main() -> int:
    args = parser().parse_args()
    spark = session("dedup_index")
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        cases = [Case(spark, Path(folder, str(i)), args.documents, i, args.night) for i in sorted(args.index)]
        for number in range(args.repeat + 2):  # the first two warm the JVM and the workers
            for case in cases:
                case.run(counts=number > 1)
    spark.stop()
    small, large = (statistics.median(run.cpu for run in case.runs) for case in (cases[0], cases[-1]))
    sizes = f"{cases[-1].index:,} and {cases[0].index:,}"
    print(f"{args.documents:,} documents against {sizes}: ratio {large / small:.2f}, at most {args.limit}")
    return 0 if large <= args.limit * small else 1


if __name__ == "__main__":
    sys.exit(main())
