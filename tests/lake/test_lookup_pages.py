"""What earlier nights know of blocks: the same however the segments are cut, and bounded."""

import random
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from malmoi.contracts.paths import Lake
from malmoi.contracts.recipe.sections import Ingest
from malmoi.contracts.tables import BLOCKS
from malmoi.lake.lookup import pages
from malmoi.lake.lookup.levels import Part, prepare
from malmoi.lake.lookup.pages import EarlierPages, lookup_of

NIGHTS = ("2024-12-30", "2025-01-05", "2025-01-06", "2026-10-31", "2026-11-01", "2026-11-02")
TONIGHT = "2026-11-03"
EDGES = (-(2**63), -1, 0, 1, 2**63 - 1)
"""Blocks at the ends of the range, and where slices meet."""


def part_of(folder: Path, night: str, rows: dict[int | None, list[int]]) -> Part:
    """The table of one night: page -> its blocks."""
    values = [
        {"batch": night, "source": "web", "doc_id": str(page), "page": page, "blocks": blocks and np.array(sorted(blocks), "<i8").tobytes()}
        for page, blocks in rows.items()
    ]  # fmt: skip
    path = folder / f"{night}.parquet"
    pq.write_table(pa.Table.from_pylist(values, BLOCKS), path)
    return Part(night, "web", night, (str(path),))


@pytest.fixture
def nights() -> dict[str, dict[int | None, list[int]]]:
    """Some pages come every night, some blocks are everywhere; a document that is no page of a site has neither."""
    source = random.Random(5)
    blocks = [*EDGES, *(source.randrange(-(2**63), 2**63) for _ in range(60))]
    found: dict[str, dict[int | None, list[int]]] = {}
    for night in NIGHTS:
        rows: dict[int | None, list[int]] = {source.randrange(40): source.sample(blocks, 12) for _ in range(25)}
        found[night] = rows | {None: None}
    return found


def expected(nights: dict, night: str = TONIGHT) -> dict[int, set[int]]:
    known: dict[int, set[int]] = {}
    for name, rows in nights.items():
        for page, blocks in rows.items() if name < night else ():
            for block in blocks or ():
                known.setdefault(block, set()).add(page)
    return known


def asked(
    lake: Lake, parts: list[Part], keys: list[int], most: int = 100, batch: str = TONIGHT
) -> dict[int, frozenset[int]]:
    folders = prepare(lake, parts, batch, lookup_of(Ingest(max_yellow_pages=most - 1)))
    return EarlierPages(folders).pages_of(np.array(sorted(keys), "<i8"))


@pytest.mark.parametrize("batch", [TONIGHT, "2026-12-01", "2027-01-01"])
def test_finds_every_page_of_every_night_once(tmp_path, nights, batch):
    parts = [part_of(tmp_path, night, rows) for night, rows in nights.items()]
    known = expected(nights)
    keys = [*known, 77, -77]
    assert asked(Lake(str(tmp_path / "lake")), parts, keys, batch=batch) == known


def test_slices_change_nothing(tmp_path, nights, monkeypatch):
    monkeypatch.setattr(pages, "SLICES", 3)
    parts = [part_of(tmp_path, night, rows) for night, rows in nights.items()]
    assert asked(Lake(str(tmp_path / "lake")), parts, list(expected(nights)), batch="2027-01-01") == expected(nights)


@pytest.mark.parametrize("batch", [TONIGHT, "2027-01-01"])
def test_of_a_block_of_many_pages_the_smallest_are_kept(tmp_path, batch):
    nights = {night: {page: [7, page] for page in range(start, 200, 6)} for start, night in enumerate(NIGHTS)}
    parts = [part_of(tmp_path, night, rows) for night, rows in nights.items()]
    found = asked(Lake(str(tmp_path / "lake")), parts, [7, 11], most=5, batch=batch)
    kept = set().union(*(sorted(rows)[:5] for rows in nights.values()))
    assert found[11] == {11}
    assert {0, 1, 2, 3, 4} <= found[7] <= kept


def test_nothing_known_and_nothing_asked(tmp_path, nights):
    lake = Lake(str(tmp_path / "lake"))
    assert asked(lake, [], [1, 2]) == {}
    empty = part_of(tmp_path, NIGHTS[0], {None: None})
    assert asked(lake, [empty], [1, 2]) == {}
    assert asked(lake, [part_of(tmp_path, NIGHTS[1], {3: [5]})], []) == {}
