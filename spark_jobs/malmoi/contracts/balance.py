"""Balance: what went into a stage is what came out of it, in documents and in bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from malmoi.contracts.errors import BalanceError, ContractError


@dataclass(frozen=True)
class Count:
    """Documents (or records, at ingest) and their bytes."""

    documents: int = 0
    bytes: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.documents + other.documents, self.bytes + other.bytes)

    def __sub__(self, other: "Count") -> "Count":
        return Count(self.documents - other.documents, self.bytes - other.bytes)

    def to_json(self) -> dict[str, int]:
        return {"documents": self.documents, "bytes": self.bytes}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Count":
        try:
            return cls(int(value["documents"]), int(value["bytes"]))
        except (KeyError, TypeError, ValueError):
            raise ContractError(f"{value!r} is no count: {{'documents': N, 'bytes': N}} is needed") from None


@dataclass(frozen=True)
class Balance:
    """Counts of one stage for one source. ``dropped`` goes by Reason, ``quarantined`` by Fault."""

    entered: Count = Count()
    kept: Count = Count()
    dropped: Mapping[str, Count] = field(default_factory=dict)
    quarantined: Mapping[str, Count] = field(default_factory=dict)

    def __add__(self, other: "Balance") -> "Balance":
        return Balance(
            self.entered + other.entered,
            self.kept + other.kept,
            _added(self.dropped, other.dropped),
            _added(self.quarantined, other.quarantined),
        )

    def __sub__(self, other: "Balance") -> "Balance":
        """Reasons whose count comes to nothing are left out."""
        return Balance(
            self.entered - other.entered,
            self.kept - other.kept,
            _without(self.dropped, other.dropped),
            _without(self.quarantined, other.quarantined),
        )

    @property
    def dropped_total(self) -> Count:
        return sum(self.dropped.values(), Count())

    @property
    def quarantined_total(self) -> Count:
        return sum(self.quarantined.values(), Count())

    @property
    def difference(self) -> Count:
        """What entered and is neither kept, dropped nor quarantined; zero when the balance holds."""
        return self.entered - self.kept - self.dropped_total - self.quarantined_total

    def check(self, stage: str, source: str) -> None:
        """Raises BalanceError, naming stage, source and the difference."""
        missing = self.difference
        if missing != Count():
            raise BalanceError(
                f"stage {stage}, source {source}: {self.entered.documents} documents ({self.entered.bytes} bytes) entered, "
                f"{missing.documents} documents ({missing.bytes} bytes) are neither kept, dropped nor quarantined"
            )

    def to_json(self) -> dict[str, Any]:
        return {
            "entered": self.entered.to_json(),
            "kept": self.kept.to_json(),
            "dropped": {reason: count.to_json() for reason, count in sorted(self.dropped.items())},
            "quarantined": {fault: count.to_json() for fault, count in sorted(self.quarantined.items())},
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Balance":
        """Raises ContractError for a mapping that is no balance."""
        try:
            return cls(
                Count.from_json(value["entered"]),
                Count.from_json(value["kept"]),
                {reason: Count.from_json(count) for reason, count in value["dropped"].items()},
                {fault: Count.from_json(count) for fault, count in value["quarantined"].items()},
            )
        except (KeyError, AttributeError) as error:
            raise ContractError(f"not a balance: {error} is missing or not a table") from None


def _added(one: Mapping[str, Count], other: Mapping[str, Count]) -> dict[str, Count]:
    return {name: one.get(name, Count()) + other.get(name, Count()) for name in sorted({*one, *other})}


def counts(source: str, balance: Balance) -> str:
    """A balance in one line, for a log."""
    return (
        f"{source}: {balance.entered.documents:,} in, {balance.kept.documents:,} kept, "
        f"{balance.dropped_total.documents:,} dropped, {balance.quarantined_total.documents:,} in quarantine"
    )


def _without(one: Mapping[str, Count], other: Mapping[str, Count]) -> dict[str, Count]:
    counts = {name: one.get(name, Count()) - other.get(name, Count()) for name in sorted({*one, *other})}
    return {name: count for name, count in counts.items() if count != Count()}
