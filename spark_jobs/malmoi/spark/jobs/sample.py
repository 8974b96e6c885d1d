"""Sample as a Spark job: the text that a tokenizer is learned from. The night's batch is the release's id."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from malmoi.contracts.errors import ContractError
from malmoi.contracts.release import load_release
from malmoi.spark.crumbs import Crumbs
from malmoi.spark.night import Night
from malmoi.spark.units import Unit, run_units
from malmoi.train.sample import Laid, lay

STAGE = "sample"


def run(night: Night) -> None:
    """Raises ContractError for a damaged shard."""
    laid = Laid.plan(night.lake, load_release(night.lake, night.batch), night.recipe)
    if laid.done:
        print(f"{STAGE} {night.batch}: already done, nothing changed since", flush=True)
        return
    attempt = laid.folder.with_name(f".{laid.folder.name}-{os.getpid()}")
    shutil.rmtree(attempt, ignore_errors=True)
    shards = enumerate(zip(laid.release.shards, laid.units(attempt), strict=True))
    units = [Unit(shard.source, number, inputs, shard.bytes) for number, (shard, inputs) in shards]
    crumbs = Path(f"{attempt}-crumbs")
    results = run_units(night.spark, f"{STAGE} {night.batch}", units, _work, str(crumbs))
    shutil.rmtree(crumbs, ignore_errors=True)
    for result in results:
        if "refused" in result:
            raise ContractError(result["refused"])
    attempt.rename(laid.folder)
    print(f"{STAGE} {night.batch}: {sum(result['documents'] for result in results):,} documents", flush=True)


def _work(unit: Unit, crumbs: Crumbs) -> Iterator[dict | None]:
    try:
        yield from lay(unit.inputs)
    except ContractError as error:
        yield {"refused": str(error)}  # raised here, Spark would try the same input again and again
