"""The funnel of a night from its stage manifests: in, out by reason, kept, in documents and bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from malmoi.contracts.balance import Balance, Count
from malmoi.contracts.manifest import StageManifest

STAGES = ("documents", "annotations", "clusters", "decisions", "clean", "shards")


@dataclass(frozen=True)
class SourceFunnel:
    """One source. ``entered``: records and their bytes at ingest. ``dropped`` and ``quarantined`` cover all stages; the
    bytes of what decide drops are those of its extracted text. ``released``: documents and bytes of text in the shards."""

    source: str
    entered: Count = Count()
    read: Count = Count()
    dropped: Mapping[str, Count] = field(default_factory=dict)
    quarantined: Mapping[str, Count] = field(default_factory=dict)
    released: Count = Count()

    @property
    def holds(self) -> bool:
        """Whether every record is accounted for."""
        out = sum((count.documents for count in (*self.dropped.values(), *self.quarantined.values())), 0)
        return self.entered.documents == out + self.released.documents


@dataclass(frozen=True)
class Funnel:
    """A night. ``pending``: stages that have not run for a source, ``{source: [table]}``."""

    batch: str
    sources: tuple[SourceFunnel, ...]
    pending: Mapping[str, list[str]]

    @property
    def total(self) -> SourceFunnel:
        joined = SourceFunnel("all")
        for one in self.sources:
            joined = SourceFunnel(
                "all",
                joined.entered + one.entered,
                joined.read + one.read,
                _added(joined.dropped, one.dropped),
                _added(joined.quarantined, one.quarantined),
                joined.released + one.released,
            )
        return joined


def funnel_of(
    batch: str, by_table: Mapping[str, Mapping[str, StageManifest]], sources: tuple[str, ...] | None = None
) -> Funnel:
    """The funnel of a night. ``by_table``: table of STAGES -> source -> manifest; a stage that has not run yet leaves its
    part at zero."""
    names = sources or tuple(sorted(by_table["documents"]))
    found = tuple(
        _source(name, {table: manifests.get(name) for table, manifests in by_table.items()}) for name in names
    )
    pending = {name: [table for table in STAGES if name not in by_table[table]] for name in names}
    return Funnel(batch, found, {name: tables for name, tables in pending.items() if tables})


def _source(name: str, manifests: Mapping[str, StageManifest | None]) -> SourceFunnel:
    balances = {table: manifest.balance if manifest else Balance() for table, manifest in manifests.items()}
    documents, decisions = balances["documents"], balances["decisions"]
    return SourceFunnel(
        source=name,
        entered=documents.entered,
        read=documents.kept,
        dropped=_added(documents.dropped, decisions.dropped),
        quarantined=_added(documents.quarantined, decisions.quarantined),
        released=balances["shards"].kept,
    )


def _added(one: Mapping[str, Count], other: Mapping[str, Count]) -> dict[str, Count]:
    return {name: one.get(name, Count()) + other.get(name, Count()) for name in sorted({*one, *other})}
