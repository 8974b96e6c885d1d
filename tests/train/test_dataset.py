"""A release as a dataset folder: every row is there, and ``datasets`` reads it where it is installed."""

from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.train.corpus import RELEASE, write_release

from malmoi.contracts.errors import ContractError, InputError
from malmoi.contracts.release import load_release
from malmoi.train.dataset import card, export


def test_every_row_and_a_card(packed, tmp_path):
    lake, _, _ = packed
    export(lake, load_release(lake, RELEASE), tmp_path / "out")
    rows = {source: pq.read_table(tmp_path / "out" / "data" / source).num_rows for source in ("web", "kin")}
    assert rows == {"web": 60, "kin": 30}
    with pytest.raises(InputError, match="not empty; give a new folder"):
        export(lake, load_release(lake, RELEASE), tmp_path / "out")


def test_the_card_says_what_was_dropped(packed):
    lake, _, _ = packed
    release = replace(
        load_release(lake, RELEASE), dropped={"web": {"near_duplicate": {"documents": 1_234, "bytes": 5}}}
    )
    text = card(release)
    assert "| web | near_duplicate | 1,234 | 5 |" in text and "| kin | 30 |" in text
    assert "- config_name: kin\n  data_files: data/kin/*.parquet" in text


def test_datasets_reads_it(packed, tmp_path):
    datasets = pytest.importorskip("datasets")
    lake, _, _ = packed
    export(lake, load_release(lake, RELEASE), tmp_path / "out")
    cache = str(tmp_path / "cache")
    assert datasets.load_dataset(str(tmp_path / "out"), split="train", cache_dir=cache).num_rows == 90
    assert datasets.load_dataset(str(tmp_path / "out"), "kin", split="train", cache_dir=cache).num_rows == 30


def test_a_damaged_shard(tmp_path):
    lake = write_release(tmp_path / "lake", {"web": 4}, shards=1)
    release = load_release(lake, RELEASE)
    Path(lake.join(release.shards[0].path)).write_bytes(b"x")
    with pytest.raises(ContractError, match=r"web-00000\.parquet: SHA-256 is"):
        export(lake, release, tmp_path / "out")
