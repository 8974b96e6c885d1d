"""Packing a release: one rename, the same bytes each time, nothing half done."""

import hashlib
import json
from pathlib import Path

import pytest
from tests.train.corpus import RELEASE, make_recipe, write_release

from malmoi.contracts.errors import BalanceError, ContractError, InputError
from malmoi.contracts.release import load_release
from malmoi.contracts.tokenizers import promote
from malmoi.contracts.tokens import TokensManifest
from malmoi.train import packing, tokenizer
from malmoi.train.blend import make_blend


@pytest.fixture
def fresh(tmp_path):
    lake = write_release(tmp_path / "lake", {"web": 20, "kin": 10})
    recipe = make_recipe()
    promote(lake, recipe.tokenizer, tokenizer.train(lake, load_release(lake, RELEASE), recipe))
    return lake, recipe


def digests(folder: str) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(Path(folder).iterdir())}


def test_twice_gives_the_same_bytes(fresh):
    lake, recipe = fresh
    work = packing.plan(lake, RELEASE, recipe)
    packing.pack(work)
    first = digests(work.folder)
    Path(work.folder).rename(work.folder + "-old")
    packing.pack(packing.plan(lake, RELEASE, recipe))
    assert digests(work.folder) == first


def test_an_attempt_that_comes_second_changes_nothing(fresh):
    lake, recipe = fresh
    work = packing.plan(lake, RELEASE, recipe)
    results = [list(packing.pack_unit(unit))[-1] for unit in work.units()]
    packing.commit(work, results)
    first = digests(work.folder)
    for unit in work.units():
        list(packing.pack_unit(unit))
    packing.commit(work, results)
    assert digests(work.folder) == first
    assert not Path(work.attempt).exists()


def test_nothing_is_visible_before_the_commit(fresh):
    lake, recipe = fresh
    work = packing.plan(lake, RELEASE, recipe)
    for unit in work.units():
        list(packing.pack_unit(unit))
    assert not work.done and not Path(work.folder).exists()


def test_a_shard_whose_hash_is_wrong(fresh):
    lake, recipe = fresh
    work = packing.plan(lake, RELEASE, recipe)
    shard = Path(lake.join(work.release.shards[1].path))
    shard.write_bytes(shard.read_bytes() + b"x")
    with pytest.raises(ContractError, match=f"{shard.name}: SHA-256 is .* the release is damaged"):
        packing.pack(work)
    assert not work.done


def test_documents_that_go_missing(fresh):
    lake, recipe = fresh
    work = packing.plan(lake, RELEASE, recipe)
    results = [list(packing.pack_unit(unit))[-1] for unit in work.units()]
    results[0]["train"]["documents"] -= 1
    with pytest.raises(BalanceError, match=r"documents packed of"):
        packing.commit(work, results)
    assert not work.done


def test_no_tokenizer_and_no_release(tmp_path):
    lake = write_release(tmp_path / "lake", {"web": 5}, shards=1)
    with pytest.raises(ContractError, match=r"no tokenizer is promoted .* python -m malmoi\.train\.tokenizer"):
        packing.plan(lake, RELEASE, make_recipe())
    with pytest.raises(InputError, match="no such release; the lake's latest are: 2026-11-01"):
        packing.plan(lake, "2026-10-31", make_recipe())


def test_a_tokenizer_that_was_changed(fresh):
    lake, recipe = fresh
    path = next(Path(lake.models).glob("tokenizers/*/tokenizer.json"))
    path.write_text(path.read_text() + " ")
    with pytest.raises(ContractError, match=r"tokenizer\.json: SHA-256 is"):
        packing.plan(lake, RELEASE, recipe)


def test_blend_follows_tokens_and_weights(packed):
    lake, _, path = packed
    manifest = TokensManifest.load(path)
    files = manifest.of("train")
    tokens = {source: manifest.sources[source]["train"]["tokens"] for source in ("web", "kin")}
    even = make_blend(files, {"web": 1.0, "kin": 1.0}, 1)["sources"]
    assert even["web"]["share"] == pytest.approx(tokens["web"] / sum(tokens.values()))
    double = make_blend(files, {"web": 1.0, "kin": 2.0}, 1)
    expected = 2 * tokens["kin"] / (tokens["web"] + 2 * tokens["kin"])
    assert double["sources"]["kin"]["share"] == pytest.approx(expected)
    assert sum(weight for weight, _ in double["data_path"]) == pytest.approx(1.0)
    none = make_blend(files, {"web": 0.0, "kin": 1.0}, 1)
    assert none["sources"]["web"]["share"] == 0 and all("/kin-" in prefix for _, prefix in none["data_path"])
    with pytest.raises(ContractError, match="nothing to train on"):
        make_blend(files, {"web": 0.0, "kin": 0.0}, 1)


def test_blend_of_the_manifest_is_the_file(packed):
    lake, _, path = packed
    manifest = TokensManifest.load(path)
    blend = json.loads(Path(lake.join(manifest.blend["path"])).read_text())
    weights = {source: entry["weight"] for source, entry in manifest.sources.items()}
    assert blend == make_blend(manifest.of("train"), weights, 1)
