"""What the jobs share: units of all sources in one Spark job, one attempt a source and table, one commit a table.

Every worker imports the jobs' modules, to find its function there, and none needs the catalog, whose libraries take seconds to
load. So what only the driver uses is imported where it is used (tests/spark/test_worker_imports.py).
"""

from collections.abc import Callable
from dataclasses import replace

from malmoi.contracts.balance import Balance, counts
from malmoi.contracts.manifest import StageManifest
from malmoi.contracts.paths import part_of
from malmoi.contracts.stages import STAGES
from malmoi.spark.night import Night
from malmoi.spark.units import Unit, Work, run_units

Plan = Callable[[str], list[Unit]]


def run_sources(night: Night, stage: str, plan: Plan, work: Work) -> None:
    """Runs a stage for every source whose work does not stand already, and commits each of its tables.

    ``plan``: source -> its units. ``work`` finds its attempt folders in ``unit.inputs["folders"][table]``; its result has
    ``{"files", "balance"}`` under each table's name.
    """
    from malmoi.lake.commit import attempt, commit_all

    tables, inputs = STAGES[stage].tables, night.inputs(stage)
    todo = [source for source in night.sources if not night.stands(stage, source, inputs[source])]
    for source in night.sources:
        if source not in todo:
            print(f"{stage} {source}: already done, nothing changed since", flush=True)
    if not todo:
        return
    places = {(table, source): attempt(night.lake, table, night.batch, source) for table in tables for source in todo}
    units = [
        replace(unit, inputs=unit.inputs | {"folders": {table: places[table, source].folder for table in tables}})
        for source in todo
        for unit in plan(source)
    ]
    crumbs = places[tables[0], todo[0]].crumbs
    found = run_units(night.spark, stage, units, work, crumbs) if units else []
    for table in tables:
        done = []
        for source in todo:
            mine = [result[table] for unit, result in zip(units, found, strict=True) if unit.source == source]
            done.append((places[table, source], manifest_of(night, stage, source, inputs[source], mine)))
        commit_all(done)
        if table == tables[0]:
            for _, manifest in done:
                print(f"{stage} {counts(manifest.source, manifest.balance)}", flush=True)


def manifest_of(night: Night, stage: str, source: str, inputs: dict[str, str], results: list[dict]) -> StageManifest:
    """The manifest of one source's units, each ``{"files", "balance"}``."""
    balance = sum((Balance.from_json(result["balance"]) for result in results), Balance())
    return night.new_manifest(stage, source, inputs, balance, [file for result in results for file in result["files"]])


def aligned_units(night: Night, source: str, *tables: str) -> list[Unit]:
    """A unit for every part of the first table; ``inputs`` has the path of that part in each table."""
    found = {table: {part_of(file.path): file for file in night.manifest(table, source).files} for table in tables}
    return [
        Unit(source, part, {table: night.path(found[table][part]) for table in tables}, first.rows)
        for part, first in sorted(found[tables[0]].items())
    ]
