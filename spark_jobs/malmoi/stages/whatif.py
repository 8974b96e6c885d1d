"""What if: decisions that stand beside those that another recipe would make of the same annotations.

The decisions come from ``stages/decide.py``, as the stage makes them. What a document is a copy of stays as it is: dedup
would have to run again for that, as the preview of a rebuild does.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

MAX_SAMPLES = 8
"""Documents that stand for each reason of a source."""


@dataclass
class Change:
    """What would change in one source. ``entered``: the reason that kept a document out -> how many would come in;
    ``left``: the new reason -> how many would go; ``samples``: the same with a few documents, ``{"doc_id", "reason",
    "value", "threshold"}``. ``actions``: documents that stay, by what would happen to their profanity now and then.
    ``rewritten``: documents that stay, by an entity in them whose policy is another one."""

    documents: int = 0
    kept_before: int = 0
    kept_after: int = 0
    entered: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    actions: Counter[tuple[str, str]] = field(default_factory=Counter)
    rewritten: Counter[str] = field(default_factory=Counter)
    samples: dict[str, dict[str, list[dict[str, Any]]]] = field(default_factory=lambda: {"entered": {}, "left": {}})

    def add(self, before: pa.RecordBatch, after: pa.RecordBatch) -> None:
        """Rows of DECISIONS, the same documents in both; ``before`` needs doc_id, keep, reason, value, threshold and
        profanity_action."""
        was, stays = _kept(before), _kept(after)
        self.documents += len(was)
        self.kept_before += int(was.sum())
        self.kept_after += int(stays.sum())
        for row in np.flatnonzero(was != stays).tolist():
            self._moved("entered" if stays[row] else "left", before if stays[row] else after, row)
        both = pa.array(was & stays)
        pairs = zip(*(one["profanity_action"].filter(both).to_pylist() for one in (before, after)), strict=True)
        self.actions.update(pair for pair in pairs if pair[0] != pair[1])

    def add_personal(self, pii: pa.ListArray, after: pa.RecordBatch, entities: Collection[str]) -> None:
        """``pii``: the spans of the same documents; ``entities``: those whose policy is another one."""
        held = pii.filter(after["keep"])
        rows, names = held.value_parent_indices(), held.flatten().field("entity")
        wanted = pc.is_in(names, pa.array(sorted(entities), pa.string()))
        pairs = set(zip(rows.filter(wanted).to_pylist(), names.filter(wanted).to_pylist(), strict=True))
        self.rewritten.update(entity for _, entity in pairs)

    def _moved(self, side: str, told_by: pa.RecordBatch, row: int) -> None:
        reason = told_by["reason"][row].as_py()
        getattr(self, side)[reason] += 1
        shown = self.samples[side].setdefault(reason, [])
        if len(shown) < MAX_SAMPLES:
            shown.append({name: told_by[name][row].as_py() for name in ("doc_id", "reason", "value", "threshold")})

    def to_json(self) -> dict[str, Any]:
        """``actions`` as ``[before, after, documents]``; the rest as it is."""
        return {
            **{name: getattr(self, name) for name in ("documents", "kept_before", "kept_after", "samples")},
            **{name: dict(sorted(getattr(self, name).items())) for name in ("entered", "left", "rewritten")},
            "actions": [[*pair, count] for pair, count in sorted(self.actions.items())],
        }


def _kept(decisions: pa.RecordBatch) -> np.ndarray:
    return decisions["keep"].to_numpy(zero_copy_only=False)
