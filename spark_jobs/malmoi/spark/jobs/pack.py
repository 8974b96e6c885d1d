"""Pack as a Spark job: the shards of a release become token files. The night's batch is the release's id."""

import shutil
from collections.abc import Iterator

from malmoi.contracts.errors import ContractError
from malmoi.spark.crumbs import Crumbs
from malmoi.spark.night import Night
from malmoi.spark.units import Unit, run_units
from malmoi.train import packing

STAGE = "pack"


def run(night: Night) -> None:
    """Raises ContractError for a damaged shard or a tokenizer that cannot be used."""
    work = packing.plan(night.lake, night.batch, night.recipe)
    if work.done:
        print(f"{STAGE} {night.batch}: already done, nothing changed since", flush=True)
    else:
        packing.commit(work, _packed(night, work))
    print(packing.describe(work), flush=True)


def _packed(night: Night, work: packing.Plan) -> list[dict]:
    shards = enumerate(zip(work.release.shards, work.units(), strict=True))
    units = [Unit(shard.source, number, inputs) for number, (shard, inputs) in shards]
    crumbs = f"{work.attempt}-crumbs"
    results = run_units(night.spark, f"{STAGE} {night.batch}", units, _work, crumbs)
    shutil.rmtree(crumbs, ignore_errors=True)
    for result in results:
        if "refused" in result:
            raise ContractError(result["refused"])
    return results


def _work(unit: Unit, crumbs: Crumbs) -> Iterator[dict | None]:
    try:
        yield from packing.pack_unit(unit.inputs)
    except ContractError as error:
        yield {"refused": str(error)}  # raised here, Spark would try the same input again and again
