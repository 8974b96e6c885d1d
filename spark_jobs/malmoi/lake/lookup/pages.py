"""Which pages of earlier nights had a block: what ingest asks before it takes out what a site repeats.

A segment is two files of equal length, little-endian int64, sorted together and without repetition:

```
blocks.bin   hash of site and block
pages.bin    hash of the address of a page that had it
```

Pages and not counts, because a page that is fetched every night counts once, and so that a merge stays right. Of one block a
segment keeps the ``most`` smallest pages: beyond that the block is red whatever else is known, and a footer of a million pages
takes no more room than one of fifty.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from malmoi.contracts.recipe.sections import Ingest
from malmoi.contracts.stages import BLOCKS
from malmoi.lake.lookup.levels import Lookup, Part

FORMAT = 1
TYPE = np.dtype("<i8")
SLICES = 64
"""A merge goes through the blocks in that many equal ranges, so its memory is that share of the segments."""


def lookup_of(ingest: Ingest) -> Lookup:
    """The segments that a recipe's thresholds ask for."""
    most = ingest.max_yellow_pages + 1
    return Lookup(BLOCKS, [FORMAT, most], partial(_build, most), partial(_merge, most))


class EarlierPages:
    """Segments opened for reading; only what is asked for is read."""

    def __init__(self, folders: Sequence[str]):
        self._segments = [_Segment(Path(folder)) for folder in folders]

    def pages_of(self, keys: np.ndarray) -> dict[int, frozenset[int]]:
        """Block -> the pages that had it, for those of these blocks (int64, ascending) that any had."""
        found: dict[int, set[int]] = defaultdict(set)
        for segment in self._segments:
            starts, stops = segment.places(keys)
            for at in np.flatnonzero(stops > starts).tolist():
                found[int(keys[at])].update(segment.pages[starts[at] : stops[at]].tolist())
        return {key: frozenset(pages) for key, pages in found.items()}


class _Segment:
    def __init__(self, folder: Path):
        self.blocks, self.pages = (_mapped(folder / name) for name in ("blocks.bin", "pages.bin"))
        if self.blocks.size != self.pages.size:
            raise ValueError(f"{folder}: blocks and pages differ in number")

    def places(self, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where the pages of each key begin and end."""
        return np.searchsorted(self.blocks, keys, "left"), np.searchsorted(self.blocks, keys, "right")

    def between(self, low: int, high: int | None) -> tuple[np.ndarray, np.ndarray]:
        """Blocks in ``[low, high)`` and their pages; None: to the end."""
        first = int(np.searchsorted(self.blocks, TYPE.type(low), "left"))
        last = self.blocks.size if high is None else int(np.searchsorted(self.blocks, TYPE.type(high), "left"))
        return self.blocks[first:last], self.pages[first:last]


def _mapped(path: Path) -> np.ndarray:
    return np.memmap(path, TYPE, "r") if path.stat().st_size else np.empty(0, TYPE)


def _build(most: int, folder: Path, night: str, parts: Sequence[Part], meta: dict[str, Any]) -> None:
    """A night's segment from its files."""
    blocks, pages = [np.empty(0, TYPE)], [np.empty(0, TYPE)]
    for path in (path for part in parts for path in part.paths):
        table = pq.read_table(path, columns=["page", "blocks"])
        for page, known in zip(table["page"].to_pylist(), table["blocks"].to_pylist(), strict=True):
            if known:
                blocks.append(np.frombuffer(known, TYPE))
                pages.append(np.full(blocks[-1].size, page, TYPE))
    _write(folder, [_capped(np.concatenate(blocks), np.concatenate(pages), most)], meta)


def _merge(most: int, folders: Sequence[Path], folder: Path, meta: dict[str, Any]) -> None:
    segments = [_Segment(one) for one in folders]

    def slices() -> Iterator[tuple[np.ndarray, np.ndarray]]:
        edges = [-(2**63) + number * (2**64 // SLICES) for number in range(SLICES)]
        for low, high in zip(edges, [*edges[1:], None], strict=True):
            found = [segment.between(low, high) for segment in segments]
            yield _capped(np.concatenate([b for b, _ in found]), np.concatenate([p for _, p in found]), most)

    _write(folder, slices(), meta)


def _capped(blocks: np.ndarray, pages: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    """The pairs in order, each once, and of each block only the smallest pages."""
    order = np.lexsort((pages, blocks))
    blocks, pages = blocks[order], pages[order]
    fresh = np.ones(blocks.size, bool)
    fresh[1:] = (blocks[1:] != blocks[:-1]) | (pages[1:] != pages[:-1])
    blocks, pages = blocks[fresh], pages[fresh]
    starts = np.flatnonzero(np.diff(blocks, prepend=blocks[:1] - 1)) if blocks.size else np.empty(0, np.int64)
    rank = np.arange(blocks.size) - np.repeat(starts, np.diff(starts, append=blocks.size))
    return blocks[rank < most], pages[rank < most]


def _write(folder: Path, pieces: Iterator | Sequence, meta: dict[str, Any]) -> None:
    folder.mkdir(parents=True)
    count = 0
    with open(folder / "blocks.bin", "wb") as blocks_file, open(folder / "pages.bin", "wb") as pages_file:
        for blocks, pages in pieces:
            blocks_file.write(blocks.astype(TYPE).tobytes())
            pages_file.write(pages.astype(TYPE).tobytes())
            count += blocks.size
    (folder / "meta.json").write_text(json.dumps({**meta, "format": FORMAT, "pairs": count}), "utf-8")
