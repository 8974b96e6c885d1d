"""Pack as a Spark job: the shards of a release become token files. The night's batch is the release's id."""

import shutil
from collections.abc import Iterator

from malmoi.spark.crumbs import Crumbs
from malmoi.spark.night import Night
from malmoi.spark.units import Unit, run_units
from malmoi.train import packing

STAGE = "pack"


def run(night: Night) -> None:
    work = packing.plan(night.lake, night.batch, night.recipe)
    if work.done:
        print(f"{STAGE} {night.batch}: already done, nothing changed since", flush=True)
    else:
        shards = enumerate(zip(work.release.shards, work.units(), strict=True))
        units = [Unit(shard.source, number, inputs) for number, (shard, inputs) in shards]
        crumbs = f"{work.attempt}-crumbs"
        packing.commit(work, run_units(night.spark, f"{STAGE} {night.batch}", units, _work, crumbs))
        shutil.rmtree(crumbs, ignore_errors=True)
    print(packing.describe(work), flush=True)


def _work(unit: Unit, crumbs: Crumbs) -> Iterator[dict | None]:
    yield from packing.pack_unit(unit.inputs)
