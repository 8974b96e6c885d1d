"""What the jobs share: aligned units, one attempt a source, counts by reason."""

from collections.abc import Callable, Iterator
from typing import Any

from malmoi.contracts.balance import Balance, Count, counts
from malmoi.contracts.manifest import StageManifest
from malmoi.lake.commit import Attempt, attempt, commit
from malmoi.spark.night import Night, part_number
from malmoi.spark.units import Unit, run_units

Plan = Callable[[Night, str], list[Unit]]


def aligned_units(night: Night, first: StageManifest, **others: StageManifest) -> list[Unit]:
    """A unit for every part of ``first``; ``inputs`` has each table's path under its name, ``first`` as ``documents``
    or whatever it is called in ``others``."""
    by_name = {
        name: {part_number(file): night.path(file) for file in manifest.files} for name, manifest in others.items()
    }
    return [
        Unit(
            part_number(file),
            {"first": night.path(file)} | {name: parts[part_number(file)] for name, parts in by_name.items()},
        )
        for file in first.files
    ]


def run_source(
    night: Night,
    stage: str,
    table: str,
    source: str,
    inputs: dict[str, str],
    units: list[Unit],
    work: Callable[[str], Any],
) -> list[dict] | None:
    """Runs a stage for one source and commits it, unless the table holds this very work already (then None).

    ``work``: attempt folder -> the function that runs a unit. Each result has ``file`` and ``balance``.
    """
    if night.is_done(table, source, night.fingerprint(stage, source, inputs)):
        print(f"{stage} {source}: already done, nothing changed since", flush=True)
        return None
    place = attempt(night.lake, table, night.batch, source)
    found = run_units(night.spark, f"{stage} {source}", units, work(place.folder), crumbs_of(place)) if units else []
    balance = total(found)
    manifest = night.new_manifest(stage, source, inputs, balance, [result["file"] for result in found])
    commit(place, manifest)
    say(stage, source, balance)
    return found


def crumbs_of(place: Attempt) -> str:
    """Folder of an attempt's breadcrumbs."""
    return place.path("crumbs")


def total(results: list[dict]) -> Balance:
    """The balances of all units together."""
    return sum((Balance.from_json(result["balance"]) for result in results), Balance())


def say(stage: str, source: str, balance: Balance) -> None:
    """One line of counts in the log."""
    print(f"{stage} {counts(source, balance)}", flush=True)


class Tally:
    """Counts of one unit while it runs."""

    def __init__(self) -> None:
        self.entered, self.kept = Count(), Count()
        self.dropped: dict[str, Count] = {}
        self.quarantined: dict[str, Count] = {}

    def keep(self, size: int, documents: int = 1) -> None:
        self.entered += Count(documents, size)
        self.kept += Count(documents, size)

    def drop(self, reason: str, size: int) -> None:
        self.entered += Count(1, size)
        self.dropped[reason] = self.dropped.get(reason, Count()) + Count(1, size)

    def quarantine(self, fault: str, size: int) -> None:
        self.entered += Count(1, size)
        self.quarantined[fault] = self.quarantined.get(fault, Count()) + Count(1, size)

    def balance(self) -> dict:
        return Balance(self.entered, self.kept, self.dropped, self.quarantined).to_json()


UnitWork = Callable[[Unit, Any], Iterator[dict | None]]
