"""In which order training sees the corpus: a pure function of seed and sample number, so a restart needs no saved state.

Which source sample ``g`` comes from is read off a Weyl sequence (multiples of the golden ratio modulo 1), which follows the
blend's shares closely at every length. Which window of the source, off a keyed permutation that is new in every epoch: a
four-round Feistel network with cycle walking, so nothing of the size of the corpus is ever held in memory.
"""

import numpy as np

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
BLOCK = 1 << 16


def mixed(values: np.ndarray) -> np.ndarray:
    """The SplitMix64 finalizer (Steele, Lea, Flood 2014) on uint64."""
    with np.errstate(over="ignore"):
        values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return values ^ (values >> np.uint64(31))


def permuted(index: np.ndarray, size: int, keys: np.ndarray) -> np.ndarray:
    """``index`` under a permutation of ``range(size)``; ``keys`` (uint64, one an index) choose the permutation."""
    half = np.uint64(max(1, ((size - 1).bit_length() + 1) // 2))
    mask = (np.uint64(1) << half) - np.uint64(1)
    out = index.astype(np.uint64)
    open_ = np.ones(len(out), bool)
    while open_.any():
        left, right, key = out[open_] >> half, out[open_] & mask, keys[open_]
        for turn in range(4):
            with np.errstate(over="ignore"):
                left, right = right, left ^ (mixed(right + key + np.uint64(turn) * _GOLDEN) & mask)
        out[open_] = (left << half) | right
        open_ &= out >= np.uint64(size)
    return out.astype(np.int64)


class Order:
    """Sample number -> (source, window). ``shares``: of each source, together 1; ``windows``: of each source."""

    def __init__(self, shares: list[float], windows: list[int], seed: int):
        bounds = np.cumsum(np.array(shares, np.float64) / sum(shares))
        bounds[-1] = 1.0
        self._bounds = np.array([min(int(bound * 2**64), 2**64 - 1) for bound in bounds], np.uint64)
        self._windows = windows
        self._seed = mixed(np.array([seed + 1], np.uint64))[0]
        self._block = 0
        self._drawn = np.zeros(len(windows), np.int64)  # of each source, before the current block

    def samples(self, first: int, count: int) -> list[tuple[int, int]]:
        """Sources and windows of samples ``[first, first + count)``."""
        found: list[tuple[int, int]] = []
        while count:
            block, start = divmod(first, BLOCK)
            take = min(count, BLOCK - start)
            found += self._in_block(block, start, take)
            first, count = first + take, count - take
        return found

    def _in_block(self, block: int, start: int, count: int) -> list[tuple[int, int]]:
        self._move_to(block)
        sources = self._sources(block)[: start + count]
        windows = np.zeros(count, np.int64)
        for source, size in enumerate(self._windows):
            mine = sources == source
            ranks = (np.cumsum(mine) - 1 + self._drawn[source])[start:][mine[start:]]
            if len(ranks):
                with np.errstate(over="ignore"):
                    epochs = (ranks // size).astype(np.uint64) * np.uint64(len(self._windows)) + np.uint64(source)
                    keys = mixed(epochs * _GOLDEN + self._seed)
                windows[mine[start:]] = permuted(ranks % size, size, keys)
        return list(zip(sources[start:].tolist(), windows.tolist(), strict=True))

    def _move_to(self, block: int) -> None:
        if block < self._block:
            self._block, self._drawn = 0, np.zeros_like(self._drawn)
        while self._block < block:
            self._drawn += np.bincount(self._sources(self._block), minlength=len(self._windows))
            self._block += 1

    def _sources(self, block: int) -> np.ndarray:
        numbers = np.arange(block * BLOCK + 1, (block + 1) * BLOCK + 1, dtype=np.uint64)
        with np.errstate(over="ignore"):
            points = numbers * _GOLDEN + self._seed
        found = np.searchsorted(self._bounds, points, side="right")
        return np.minimum(found, len(self._windows) - 1)
