"""Batches of packed tokens by memory map, drawn by the blend's shares, the same for the same step whoever asks."""

from dataclasses import dataclass

import numpy as np

from malmoi.contracts.errors import ContractError
from malmoi.contracts.paths import Lake
from malmoi.contracts.release import read_json
from malmoi.contracts.tokens import TokensManifest
from malmoi.train.order import Order
from malmoi.train.tokens import open_tokens


@dataclass(frozen=True)
class _Source:
    """A source's token files, cut into windows of ``sequence_tokens`` that do not overlap."""

    files: list[np.ndarray]
    first_window: np.ndarray
    windows: int

    @classmethod
    def open(cls, lake: Lake, prefixes: list[str], sequence_tokens: int) -> "_Source":
        files = [open_tokens(lake.join(prefix)).ids for prefix in prefixes]
        counts = [max(0, len(ids) - 1) // sequence_tokens for ids in files]
        return cls(files, np.cumsum([0, *counts])[:-1], sum(counts))

    def window(self, number: int, length: int) -> np.ndarray:
        file = int(np.searchsorted(self.first_window, number, side="right")) - 1
        start = (number - int(self.first_window[file])) * length
        return self.files[file][start : start + length + 1]


class Loader:
    """``batch(step)`` of shape ``(batch_sequences, sequence_tokens + 1)``: inputs and, one to the right, targets.

    Raises ContractError when no source fills one window.
    """

    def __init__(self, lake: Lake, manifest: TokensManifest, sequence_tokens: int, batch_sequences: int, seed: int):
        blend = read_json(lake.join(manifest.blend["path"]), "pack the release again")
        opened = {
            name: (_Source.open(lake, entry["prefixes"], sequence_tokens), entry["share"])
            for name, entry in sorted(blend["sources"].items())
        }
        usable = {name: (source, share) for name, (source, share) in opened.items() if source.windows and share}
        if not usable:
            raise ContractError(
                f"release {manifest.release}: no source has {sequence_tokens + 1} tokens to train on; "
                "lower train.sequence_tokens or take a larger release"
            )
        self.left_out = sorted(set(opened) - set(usable))
        self.windows = {name: source.windows for name, (source, _) in usable.items()}
        self._sources = [source for source, _ in usable.values()]
        self._order = Order([share for _, share in usable.values()], list(self.windows.values()), seed)
        self._length = sequence_tokens
        self._batch = batch_sequences

    def batch(self, step: int, rank: int = 0, ranks: int = 1) -> np.ndarray:
        """The rows of step ``step`` (from 0) that belong to one of ``ranks`` processes, as int64."""
        rows = self._batch // ranks
        samples = self._order.samples(step * self._batch + rank * rows, rows)
        return np.stack([self._sources[source].window(number, self._length) for source, number in samples]).astype(
            np.int64
        )
