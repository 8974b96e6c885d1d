#!/usr/bin/env python
"""Dedup of one night against a small and a large index: does a night cost a night?

    PYTHONPATH=spark_jobs python benchmarks/dedup_index.py --documents 20000 --index 100000 2000000

Signatures are generated; two in a hundred documents of the night are near copies of earlier ones and five of each other.
For every size of the index the segments of all nights but the last are made beforehand, as earlier nights leave them; the
last night's is made in the measured run. Printed: CPU seconds of the whole process tree and wall seconds of
``duplicates.find`` with its result counted, and the largest resident memory of the Python workers. The exit code is 1
where the ratio of CPU seconds between the largest and the smallest index is above ``--limit``.
"""

import argparse
import hashlib
import os
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


def measure(spark, folder: Path, documents: int, index: int, args) -> list[Usage]:
    rng = np.random.default_rng(20261101)
    (folder / str(index)).mkdir(parents=True)
    lake = Lake(str(folder / str(index) / "lake"))
    parts = make_index(folder / str(index), index, args.night, rng)
    night = make_night(parts, documents, rng)
    tonight = spark.createDataFrame(night, duplicates.CANDIDATES).localCheckpoint(eager=True)
    start = time.process_time()
    prepare(lake, parts[:-1], TONIGHT.isoformat(), lookup_of(DEDUP))
    print(f"index {index:,}: segments of {len(parts) - 1} nights made in {time.process_time() - start:.1f} CPU seconds")
    found = []
    for number in range(args.repeat + 1):
        with Usage() as usage:
            segments = prepare(lake, parts, TONIGHT.isoformat(), lookup_of(DEDUP))
            kept = duplicates.find(spark, tonight, segments, DEDUP).where("keep").count()
        if number:  # the first run warms the JVM and the workers
            found.append(usage)
            print(
                f"index {index:,}: {usage.cpu:.1f} CPU s, {usage.wall:.1f} s, worker {usage.worker_mib:.0f} MiB, "
                f"{len(segments)} segments, {documents - kept:,} of {documents:,} are duplicates", flush=True,
            )  # fmt: skip
        for path in Path(lake.lookup).glob(f"{parts[-1].night}-*/meta.json"):
            path.unlink()  # the last night's segment is made in every run
            os.rename(path.parent, path.parent.with_name(f".done-{number}-{path.parent.name}"))
    return found


def main() -> int:
    args = parser().parse_args()
    spark = session("dedup_index")
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        cost = {}
        for index in sorted(args.index):
            runs = measure(spark, Path(folder), args.documents, index, args)
            cost[index] = statistics.median(run.cpu for run in runs)
    spark.stop()
    small, large = min(cost), max(cost)
    ratio = cost[large] / cost[small]
    print(f"{args.documents:,} documents against {large:,} and {small:,}: ratio {ratio:.2f}, at most {args.limit}")
    return 0 if ratio <= args.limit else 1


if __name__ == "__main__":
    sys.exit(main())
