#!/usr/bin/env python
"""Dedup of growing nights against one index: does a document of a large night cost more than one of a small night?

    PYTHONPATH=spark_jobs python benchmarks/dedup_growth.py --documents 10000 --times 1 3 10

Signatures are generated as in ``dedup_index.py``, with the same shares of copies. Printed for every size: CPU seconds of the whole
process tree and wall seconds of ``duplicates.find``, and both for a thousand documents. The exit code is 1 where a
document's CPU seconds in the largest night are above ``--limit`` times those in the smallest.
"""

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

import numpy as np
from dedup_index import DEDUP, TONIGHT, Usage, make_index, make_night

from malmoi.contracts.paths import Lake
from malmoi.lake.lookup.levels import prepare
from malmoi.lake.lookup.signatures import lookup_of
from malmoi.spark import duplicates
from malmoi.spark.session import session


def parser() -> argparse.ArgumentParser:
    this = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    this.add_argument("--documents", type=int, default=10_000, help="documents of the smallest night")
    this.add_argument("--times", type=int, nargs="+", default=[1, 3, 10], help="sizes, as multiples of it")
    this.add_argument("--index", type=int, default=100_000, help="documents of the index")
    this.add_argument("--night", type=int, default=20_000, help="documents of each earlier night")
    this.add_argument("--repeat", type=int, default=3, help="runs of each size; the median counts")
    this.add_argument("--limit", type=float, default=1.1, help="largest ratio that passes")
    return this


def measure(spark, rows: list[tuple], segments: list[str], repeat: int) -> list[Usage]:
    tonight = spark.createDataFrame(rows, duplicates.CANDIDATES).localCheckpoint(eager=True)
    found = []
    for number in range(repeat + 1):
        with Usage() as usage:
            duplicates.find(spark, tonight, segments, DEDUP).where("keep").count()
        if number:  # the first run warms the JVM and the workers
            found.append(usage)
    tonight.unpersist()
    return found


def main() -> int:
    args = parser().parse_args()
    spark, rng, each = session("dedup_growth"), np.random.default_rng(20261101), {}
    print(f"load of the machine at the start: {os.getloadavg()[0]:.2f}")
    with tempfile.TemporaryDirectory() as folder:
        parts = make_index(Path(folder), args.index, args.night, rng)
        segments = prepare(Lake(f"{folder}/lake"), parts, TONIGHT.isoformat(), lookup_of(DEDUP))
        for times in sorted(args.times):
            documents = times * args.documents
            runs = measure(spark, make_night(parts, documents, rng), segments, args.repeat)
            cpu, wall = (statistics.median(getattr(run, name) for run in runs) for name in ("cpu", "wall"))
            each[times] = cpu / documents
            print(
                f"{documents:,} documents: {cpu:.1f} CPU s, {wall:.1f} s; "
                f"a thousand: {1000 * cpu / documents:.3f} CPU s, {1000 * wall / documents:.3f} s", flush=True,
            )  # fmt: skip
    spark.stop()
    ratio = each[max(each)] / each[min(each)]
    print(f"a document of the largest night costs {ratio:.2f} times one of the smallest, at most {args.limit}")
    return 0 if ratio <= args.limit else 1


if __name__ == "__main__":
    sys.exit(main())
