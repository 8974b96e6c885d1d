"""The lookup finds what a comparison of everything with everything finds, however its segments are cut."""

import hashlib
import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from malmoi.contracts.errors import ContractError
from malmoi.contracts.paths import Lake
from malmoi.contracts.recipe.sections import Dedup
from malmoi.contracts.stages import INDEX
from malmoi.contracts.tables import DEDUP_INDEX
from malmoi.lake.lookup import levels, segment, signatures
from malmoi.lake.lookup.levels import Part, prepare, remove_stale
from malmoi.lake.lookup.search import nearest
from malmoi.lake.lookup.segment import Segment
from malmoi.lake.lookup.signatures import lookup_of
from malmoi.text import minhash

DEDUP = Dedup()
LOOKUP = lookup_of(DEDUP)
VALUES = DEDUP.bands * DEDUP.rows
NIGHTS = ("2024-12-30", "2025-01-05", "2025-01-06", "2025-03-01", "2026-10-31", "2026-11-01", "2026-11-02")
TONIGHT = "2026-11-03"


def digest(value: str) -> str:
    return hashlib.md5(value.encode(), usedforsecurity=False).hexdigest()


class Index:
    """Made-up signatures of some nights, as index files."""

    def __init__(self, folder: Path, documents: int = 300):
        self.lake = Lake(str(folder / "lake"))
        rng = np.random.default_rng(7)
        self.parts, self.signatures, self.hashes, self.ids, self.nights = [], [], [], [], []
        for night in NIGHTS:
            for source in ("blog", "news"):
                ids = [digest(f"{night} {source} {number}") for number in range(documents)]
                signatures = rng.integers(0, 2**32, (documents, VALUES), np.uint64).astype(np.uint32)
                hashes = [digest(f"text of {doc_id}") for doc_id in ids]
                self.add(folder, night, source, ids, signatures, hashes)

    def add(self, folder, night, source, ids, signatures, hashes) -> None:
        table = pa.Table.from_arrays(
            [
                pa.array([night] * len(ids)), pa.array([source] * len(ids)), pa.array(ids), pa.array(hashes),
                pa.array([row.astype("<u4").tobytes() for row in signatures], pa.binary()),
            ],
            schema=DEDUP_INDEX,
        )  # fmt: skip
        path = folder / f"{night}-{source}.parquet"
        pq.write_table(table, path)
        self.parts.append(Part(night, source, digest(str(path)), (str(path),)))
        self.signatures.append(signatures)
        self.hashes += hashes
        self.ids += ids
        self.nights += [night] * len(ids)

    def segments(self, batch: str = TONIGHT, parts=None) -> list[Segment]:
        return [Segment(folder) for folder in prepare(self.lake, parts or self.parts, batch, LOOKUP)]


@pytest.fixture
def index(tmp_path) -> Index:
    return Index(tmp_path)


def near(signature: np.ndarray, share: float, rng) -> np.ndarray:
    """A signature that agrees in about that share of its values."""
    changed = signature.copy()
    at = rng.random(VALUES) >= share
    changed[at] = rng.integers(0, 2**32, int(at.sum()), np.uint64)
    return changed


def queries(index: Index) -> tuple[list[str], np.ndarray]:
    """Close, middling and foreign documents, and some with a known text."""
    rng = np.random.default_rng(11)
    known = np.concatenate(index.signatures)
    chosen = rng.integers(0, len(known), 200)
    made = [near(known[at], share, rng) for at, share in zip(chosen, rng.uniform(0.3, 1.0, 200), strict=True)]
    made += list(rng.integers(0, 2**32, (50, VALUES), np.uint64).astype(np.uint32))
    hashes = [digest(f"tonight {number}") for number in range(len(made))]
    for number in range(0, 250, 25):
        hashes[number] = index.hashes[number * 3]
    return hashes, np.array(made, np.uint32)


def by_comparison(index: Index, hashes: list[str], signatures: np.ndarray):
    """The same by comparing with every document that shares a band."""
    known = np.concatenate(index.signatures)
    bands = minhash.band_keys(known, DEDUP.bands)
    for text_hash, signature, mine in zip(hashes, signatures, minhash.band_keys(signatures, DEDUP.bands), strict=True):
        similarity = (known == signature).mean(axis=1)
        found = [("exact", 0.0, index.nights[at], index.ids[at]) for at, h in enumerate(index.hashes) if h == text_hash]
        meets = (bands == mine).any(axis=1) & (similarity >= DEDUP.min_similarity)
        found += [("near", 1.0 - similarity[at], index.nights[at], index.ids[at]) for at in np.flatnonzero(meets)]
        yield min(found, default=None)


def test_finds_what_a_full_comparison_finds(index):
    hashes, signatures = queries(index)
    found = nearest(index.segments(), hashes, signatures, DEDUP)
    expected = list(by_comparison(index, hashes, signatures))
    assert [tuple(match) if match else None for match in found] == expected
    assert {match[0] for match in expected if match} == {"exact", "near"} and None in expected


@pytest.mark.parametrize("batch", ["2026-11-03", "2026-12-01", "2027-01-01", "2030-01-01"])
def test_how_segments_are_cut_changes_nothing(index, batch):
    hashes, signatures = queries(index)
    assert nearest(index.segments(batch), hashes, signatures, DEDUP) == nearest(
        index.segments(), hashes, signatures, DEDUP
    )


def test_blocks_and_spans_change_nothing(index, monkeypatch, tmp_path):
    hashes, signatures = queries(index)
    expected = nearest(index.segments(), hashes, signatures, DEDUP)
    monkeypatch.setattr(segment, "BLOCK", 7)
    monkeypatch.setattr(segment, "SLICES", 5)
    monkeypatch.setattr("malmoi.lake.lookup.search.SPAN", 3)
    monkeypatch.setattr("malmoi.lake.lookup.search.PAIRS", 10)
    (tmp_path / "other").mkdir()
    other = Index(tmp_path / "other")
    assert nearest(other.segments(), hashes, signatures, DEDUP) == expected


def test_a_year_a_month_and_the_last_nights_have_a_segment_each(index):
    names = [found.folder.name.rsplit("-", 1)[0] for found in index.segments()]
    assert names == ["2024", "2025", "2026-10", "2026-11-01", "2026-11-02"]
    nights = [found.nights for found in index.segments()]
    assert nights == [
        ["2024-12-30"],
        ["2025-01-05", "2025-01-06", "2025-03-01"],
        ["2026-10-31"],
        ["2026-11-01"],
        ["2026-11-02"],
    ]
    assert [found.meta["records"] for found in index.segments()] == [600, 1800, 600, 600, 600]


def test_a_back_fill_sees_only_the_nights_before(index):
    before = [part for part in index.parts if part.night < "2025-01-06"]
    found = index.segments("2025-01-06", before)
    assert [night for one in found for night in one.nights] == ["2024-12-30", "2025-01-05"]


def test_what_stands_is_not_made_again(index, monkeypatch):
    index.segments()
    for made in ("_build", "_merge"):
        monkeypatch.setattr(signatures, made, lambda *_: pytest.fail("made again"))
    assert len(index.segments()) == 5


def test_an_index_that_changed_is_another_segment(index, tmp_path):
    before = {found.folder.name for found in index.segments()}
    one = index.parts[-1]
    changed = [*index.parts[:-1], Part(one.night, one.source, "another", one.paths)]
    after = {found.folder.name for found in index.segments(parts=changed)}
    assert len(before & after) == 4 and len(after) == 5


def test_segments_of_what_is_no_longer_there_go(index):
    names = {found.folder.name for found in index.segments()}
    Path(index.lake.lookup, INDEX, ".killed").mkdir()
    # The lake has no manifest of these index files: every segment holds what was removed since.
    assert remove_stale(index.lake, unused_seconds=3600) == [".killed"]
    assert set(remove_stale(index.lake)) >= names
    assert os.listdir(Path(index.lake.lookup, INDEX)) == []


def test_a_segment_that_a_larger_one_holds_goes(night, make_pages, lake_root, monkeypatch):
    for day in ("2026-10-01", "2026-10-02"):
        night(batch=day).source("web", make_pages(f"{day}.example", 3))
    monkeypatch.setattr(
        levels, "earlier", lambda lake, table, batch: {(d, "web"): "" for d in ("2026-10-01", "2026-10-02")}
    )
    lake = Lake(lake_root)
    shelf = Path(lake.lookup, INDEX)
    kept = prepare(lake, levels.parts_before(lake, INDEX, "2026-11-01"), "2026-11-01", LOOKUP)
    assert len(os.listdir(shelf)) == 3 and len(kept) == 1
    assert [name[:10] for name in remove_stale(lake)] == ["2026-10-01", "2026-10-02"]
    assert [str(shelf / name) for name in os.listdir(shelf)] == kept
    assert Segment(kept[0]).meta["records"] == 6


def test_signatures_of_another_shape_are_refused(index):
    with pytest.raises(ContractError, match=r"the index of 2024-12-30 holds signatures of another shape"):
        prepare(index.lake, index.parts, TONIGHT, lookup_of(Dedup(bands=10, rows=4)))
    assert [name for name in os.listdir(Path(index.lake.lookup, INDEX)) if name.startswith(".")] == []


def test_a_key_that_very_many_have_is_cut_short(tmp_path):
    index = Index(tmp_path, documents=2)
    rng = np.random.default_rng(3)
    same = rng.integers(0, 2**32, VALUES, np.uint64).astype(np.uint32)
    crowd = np.array([same] * 50)
    crowd[:, DEDUP.rows :] = rng.integers(0, 2**32, (50, VALUES - DEDUP.rows), np.uint64)
    ids = [digest(f"crowd {number}") for number in range(50)]
    index.add(tmp_path, "2026-11-02", "web", ids, crowd, [digest(doc_id) for doc_id in ids])
    capped = Dedup(max_bucket_documents=5)
    segments = [Segment(folder) for folder in prepare(index.lake, index.parts, TONIGHT, lookup_of(capped))]
    # The last of the crowd is not among the oldest that share the crowded key, but shares others with itself.
    found = nearest(segments, [digest("x")], near(crowd[-1], 0.9, rng)[None], capped)
    assert found[0] is not None and found[0].doc_id == ids[-1]


def test_nothing_to_search_and_nothing_searched(index):
    assert nearest([], [digest("x")], np.zeros((1, VALUES), np.uint32), DEDUP) == [None]
    assert nearest(index.segments(), [], np.empty((0, VALUES), np.uint32), DEDUP) == []
