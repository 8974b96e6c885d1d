"""What the gate says: one named row a check, for the task log, the report and the release."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Check:
    """``value`` is held against ``limit``; ``detail`` says in words what was looked at and what was found.

    ``source`` is empty for a check of the whole night. ``documents``: ids to look at when the check failed, never text.
    """

    name: str
    value: float
    limit: float
    passed: bool
    detail: str
    source: str = ""
    documents: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "documents": list(self.documents)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Check":
        return cls(**{**value, "documents": tuple(value["documents"])})


def at_most(name: str, value: float, limit: float, detail: str, **more: Any) -> Check:
    return Check(name, value, limit, value <= limit, detail, **more)


def at_least(name: str, value: float, limit: float, detail: str, **more: Any) -> Check:
    return Check(name, value, limit, value >= limit, detail, **more)
