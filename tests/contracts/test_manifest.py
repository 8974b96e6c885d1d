"""Manifests: the same bytes for the same content, and clear refusals."""

import json
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator

from malmoi.contracts.balance import Balance, Count
from malmoi.contracts.errors import ContractError
from malmoi.contracts.manifest import DamagedManifest, FileEntry, ReleaseManifest, ShardEntry, StageManifest

STAGE = StageManifest(
    stage="decide", batch="2026-11-01", source="web", recipe_hash="a" * 64, code_version="0.1.0+1", fingerprint="f" * 64,
    inputs={"clusters": "2", "annotations": "1"},
    files=(FileEntry("part-00000.parquet", 3, 100, "0" * 64),),
    balance=Balance(Count(4, 40), Count(3, 30), {"too_short": Count(1, 10)}),
)  # fmt: skip
RELEASE = ReleaseManifest(
    release="2026-11-01-0123456789ab", batches=("2026-11-01",), parent=None,
    recipe={"name": "nightly", "hash": "a" * 64}, code_version="0.1.0+1",
    sources={"web": {"documents": 3, "chars": 30, "bytes": 90, "weight": 1.0}},
    shards=(ShardEntry("data/shards/part-00000.parquet", "web", "2026-11-01", 3, 100, "0" * 64),),
    dropped={"web": {"too_short": {"documents": 1, "bytes": 10}}}, models={"kiwi": "b" * 64},
)  # fmt: skip


@pytest.mark.parametrize("manifest", [STAGE, RELEASE], ids=["stage", "release"])
class TestBoth:
    def test_there_and_back(self, manifest):
        assert type(manifest).loads(manifest.dumps()) == manifest

    def test_bytes_do_not_depend_on_the_order_of_keys(self, manifest):
        turned = json.loads(manifest.dumps(), object_pairs_hook=lambda pairs: dict(reversed(pairs)))
        assert type(manifest).from_json(turned).dumps() == manifest.dumps()

    def test_no_absolute_path_and_no_time(self, manifest):
        content = json.loads(manifest.dumps())
        assert not any(word in str(content) for word in ("created", "timestamp", "'/"))

    def test_a_newer_format_is_refused(self, manifest):
        content = json.dumps({**manifest.to_json(), "format": 2, "new": True}).encode()
        with pytest.raises(
            ContractError, match="where it lies: a manifest of format 2.*newer version: update Malmoi"
        ) as caught:
            type(manifest).loads(content, "where it lies")
        assert not isinstance(caught.value, DamagedManifest)

    @pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"format": 1}', b'{"format": "1"}'])
    def test_damage_is_named(self, manifest, content):
        with pytest.raises(DamagedManifest, match="where it lies"):
            type(manifest).loads(content, "where it lies")

    def test_an_unknown_key_is_refused(self, manifest):
        with pytest.raises(DamagedManifest, match="surplus"):
            type(manifest).from_json({**manifest.to_json(), "surplus": 1})


def test_a_path_must_be_relative_and_a_hash_a_hash():
    for wrong in (FileEntry("/etc/x", 1, 1, "0" * 64), FileEntry("x", 1, 1, "0"), FileEntry("x", -1, 1, "0" * 64)):
        with pytest.raises(DamagedManifest, match=r"files\[0\]"):
            StageManifest.loads(replace(STAGE, files=(wrong,)).dumps())


@pytest.mark.parametrize("name", ["stage_manifest", "release_manifest"])
def test_the_schemas_are_schemas(root, name):
    path = root / "spark_jobs" / "malmoi" / "contracts" / "schemas" / f"{name}.json"
    Draft202012Validator.check_schema(json.loads(path.read_text()))
