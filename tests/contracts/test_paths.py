"""Where things lie in a lake."""

import pytest

from malmoi.contracts.errors import ContractError
from malmoi.contracts.paths import Lake, checked_name, part_of


def test_a_folder_becomes_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert Lake("lake/").root == f"{tmp_path}/lake"
    assert not Lake("lake").is_object_store


def test_an_object_store_keeps_its_address():
    lake = Lake("s3://corpus/lake/")
    assert lake.is_object_store
    assert lake.partition("shards", "2026-11-01", "web") == "s3://corpus/lake/data/shards/batch=2026-11-01/source=web"


def test_relative_is_the_way_back():
    lake = Lake("/data/lake")
    assert lake.relative(lake.join("data", "x.parquet")) == "data/x.parquet"
    assert lake.relative("file:///data/lake/data/x.parquet") == "data/x.parquet"
    for elsewhere in ("/data/lake2/x", "/data/lake", "/etc/passwd"):
        with pytest.raises(ContractError, match="not in the lake"):
            lake.relative(elsewhere)


@pytest.mark.parametrize("name", ["web", "2026-11-01", "2026-11-01~dry", "뉴스", "web.v2", "a_b+c"])
def test_usable_names(name):
    assert checked_name(name) == name


@pytest.mark.parametrize("name", ["", "..", ".hidden", "a/b", "a b", "a\nb", "a=b", "~x", "a\x00"])
def test_names_that_would_leave_their_folder_are_refused(name):
    with pytest.raises(ContractError, match="no usable name"):
        Lake("/data/lake").partition("documents", name, "web")


def test_the_environment_names_the_lake(monkeypatch):
    monkeypatch.delenv("MALMOI_LAKE", raising=False)
    with pytest.raises(ContractError, match="MALMOI_LAKE is not set"):
        Lake.from_environment()
    monkeypatch.setenv("MALMOI_LAKE", "/data/lake")
    assert Lake.from_environment() == Lake("/data/lake")


def test_part_numbers():
    assert part_of("/a/part-2/part-00012.parquet") == 12
    assert part_of("/a/part-2/receipt.parquet") == 0
