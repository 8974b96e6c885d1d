"""What a rebuild changed is put back from the manifests that it kept."""

import json

import pyarrow.parquet as pq
import pytest

from malmoi.cli import main
from malmoi.contracts.paths import Lake
from malmoi.contracts.tables import TABLES
from malmoi.lake import history, read

DAY = "2026-11-01"


def ids(root, table) -> list[str]:
    return [i for file in read.files(root, table, DAY) for i in pq.read_table(file.path)["doc_id"].to_pylist()]


def test_tables_hold_again_what_they_held(night, make_pages, lake_root, tmp_path, capsys):
    night().source("web", make_pages("a.example", 4))
    kept = [
        manifest.to_json() | {"table": table}
        for table in TABLES
        for manifest in history.manifests(lake_root, table, DAY).values()
    ]
    before = {table: ids(lake_root, table) for table in ("decisions", "shards", "dedup_index")}
    night().source("web", make_pages("b.example", 3))
    assert ids(lake_root, "shards") != before["shards"]
    path = tmp_path / "before.json"
    path.write_text(json.dumps(kept))
    asked = ["put-back", "--lake", lake_root, "--manifests", str(path)]
    assert main(asked) == 0 and main(asked) == 0
    assert {table: ids(lake_root, table) for table in before} == before
    assert history.read_manifest(Lake(lake_root), "shards", DAY, "web").rows == 4
    assert main([*asked[:-1], str(tmp_path / "none.json")]) != 0
    assert "only a rebuild that changed something keeps one" in capsys.readouterr().err


@pytest.mark.parametrize("gone", ["shards"])
def test_a_file_that_is_gone_is_named(night, make_pages, lake_root, tmp_path, capsys, gone):
    night().source("web", make_pages("a.example", 2))
    kept = [history.read_manifest(Lake(lake_root), gone, DAY, "web").to_json() | {"table": gone}]
    path = tmp_path / "before.json"
    path.write_text(json.dumps(kept))
    file = read.files(lake_root, gone, DAY)[0].path
    import os

    os.remove(file)
    assert main(["put-back", "--lake", lake_root, "--manifests", str(path)]) != 0
    assert f"{file} was removed by retention" in capsys.readouterr().err
