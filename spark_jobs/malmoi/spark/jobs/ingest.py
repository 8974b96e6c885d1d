"""Ingest as a Spark job: one unit is one landing file, or several small ones."""

import os
from collections.abc import Iterator

from malmoi.contracts.document import DOCUMENT
from malmoi.contracts.errors import InputError
from malmoi.contracts.landing import landing_files
from malmoi.contracts.manifest import StageManifest
from malmoi.contracts.secret import secret
from malmoi.contracts.tables import QUARANTINE
from malmoi.lake.commit import attempt, commit
from malmoi.spark.crumbs import Crumbs
from malmoi.spark.jobs.common import Tally, crumbs_of, say, total
from malmoi.spark.night import Night
from malmoi.spark.units import Unit, run_units
from malmoi.stages.parts import PartWriter

STAGE = "ingest"
UNIT_BYTES = 64 << 20
"""Landing files are joined in name order up to this size; a larger file is a unit by itself."""
ROWS_A_BATCH = 200


def run(night: Night) -> None:
    author_secret = secret()
    for source in night.sources:
        names = landing_files(night.landing, source, night.recipe.sources[source], night.day)
        if not names:
            raise InputError(f"{night.landing}: no landing files of source {source} for {night.day}")
        sizes = {name: os.stat(os.path.join(night.landing, name)) for name in names}
        inputs = {name: f"{stat.st_size}-{stat.st_mtime_ns}" for name, stat in sizes.items()}
        tables = {"documents": STAGE, "quarantine": "quarantine"}
        if all(
            night.is_done(table, source, night.fingerprint(stage, source, inputs)) for table, stage in tables.items()
        ):
            print(f"{STAGE} {source}: already done, nothing changed since", flush=True)
            continue
        units = [
            Unit(number, {"files": group})
            for number, group in enumerate(groups({n: s.st_size for n, s in sizes.items()}))
        ]
        _ingest(night, source, units, inputs, author_secret)


def groups(sizes: dict[str, int]) -> list[list[str]]:
    """Files in name order, joined while they stay within UNIT_BYTES."""
    found: list[list[str]] = []
    room = 0
    for name, size in sorted(sizes.items()):
        if not found or size > room:
            found.append([])
            room = UNIT_BYTES
        found[-1].append(name)
        room -= size
    return found


def _ingest(night: Night, source: str, units: list[Unit], inputs: dict[str, str], author_secret: bytes) -> None:
    place = attempt(night.lake, "documents", night.batch, source)
    aside = attempt(night.lake, "quarantine", night.batch, source)
    found = run_units(
        night.spark, f"{STAGE} {source}", units, _work(place.folder, night, source, author_secret), crumbs_of(place)
    )
    balance = total(found)
    bad = [row for result in found for row in result["quarantine"]]
    commit(aside, _quarantine_manifest(night, source, inputs, bad, aside.folder))
    commit(place, night.new_manifest(STAGE, source, inputs, balance, [result["file"] for result in found]))
    say(STAGE, source, balance)


def _quarantine_manifest(
    night: Night, source: str, inputs: dict[str, str], rows: list[dict], folder: str
) -> StageManifest:
    import pyarrow as pa

    writer = PartWriter(folder, 0, QUARANTINE)
    writer.write(pa.Table.from_pylist(rows, schema=QUARANTINE))
    tally = Tally()
    tally.keep(sum(row["length"] or 0 for row in rows), len(rows))
    return night.new_manifest("quarantine", source, inputs, total([{"balance": tally.balance()}]), [writer.close()])


def _work(folder: str, night: Night, source: str, author_secret: bytes):
    landing, batch, recipe = night.landing, night.batch, night.recipe

    def work(unit: Unit, crumbs: Crumbs) -> Iterator[dict | None]:
        from malmoi.stages.ingest import documents_batch, ingest

        def is_poison(number: int) -> bool:
            if number in crumbs.skipped:
                return True
            crumbs.at(number, number + 1)
            return False

        writer = PartWriter(folder, unit.part, DOCUMENT)
        tally, rows, bad = Tally(), [], []
        paths = [os.path.join(landing, name) for name in unit.inputs["files"]]
        for item in ingest(paths, landing, batch, source, recipe.sources[source], recipe, author_secret, is_poison):
            if item.document is not None:
                rows.append(item.document)
                tally.keep(item.raw_bytes)
            elif item.quarantine is not None:
                bad.append(item.quarantine)
                tally.quarantine(item.quarantine["fault"], item.raw_bytes)
            else:
                tally.drop(str(item.skipped), item.raw_bytes)
            if len(rows) >= ROWS_A_BATCH:
                writer.write(documents_batch(rows))
                rows = []
                yield None
        writer.write(documents_batch(rows))
        yield {"file": writer.close(), "balance": tally.balance(), "quarantine": bad}

    return work
