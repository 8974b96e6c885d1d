"""Pack through Spark gives the bytes that packing in one process gives."""

import hashlib
import shutil
from pathlib import Path

import pytest
from tests.train.corpus import RELEASE, make_recipe, write_release

from malmoi.contracts.errors import ContractError
from malmoi.contracts.release import load_release
from malmoi.contracts.tokenizers import promote
from malmoi.spark.jobs import pack, sample
from malmoi.spark.night import Night
from malmoi.train import packing, tokenizer
from malmoi.train.sample import Laid

pytestmark = pytest.mark.spark


def digests(folder: str) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(Path(folder).iterdir())}


@pytest.fixture
def night(spark, tmp_path):
    lake, recipe = write_release(tmp_path / "lake", {"web": 30, "kin": 12}), make_recipe()
    promote(lake, recipe.tokenizer, tokenizer.train(lake, load_release(lake, RELEASE), recipe))
    return Night(lake, "", RELEASE, RELEASE, recipe, tuple(recipe.sources))


def test_the_same_bytes_with_and_without_spark(night, capsys):
    pack.run(night)
    work = packing.plan(night.lake, RELEASE, night.recipe)
    first = digests(work.folder)
    assert "tokens.json" in first and not list(Path(night.lake.attempts, "tokens").iterdir())
    Path(work.folder).rename(work.folder + "-spark")
    packing.pack(work)
    assert digests(work.folder) == first
    pack.run(night)
    assert "already done, nothing changed since" in capsys.readouterr().out


def test_a_tokenizer_of_sparks_sample_is_the_same_file(night, capsys):
    release = load_release(night.lake, RELEASE)
    path = Path(night.lake.models, "tokenizers", tokenizer.train(night.lake, release, night.recipe), "tokenizer.json")
    alone = path.read_bytes()
    shutil.rmtree(path.parent)
    sample.run(night)
    sample.run(night)
    assert "already done" in capsys.readouterr().out
    for shard in release.shards:
        Path(night.lake.join(shard.path)).unlink()  # it is learned from the sample alone
    tokenizer.train(night.lake, release, night.recipe)
    assert path.read_bytes() == alone
    assert not list(Path(night.lake.attempts, "sample").iterdir())


def test_a_damaged_shard_fails_the_stage_and_publishes_nothing(night):
    work = packing.plan(night.lake, RELEASE, night.recipe)
    shard = Path(night.lake.join(work.release.shards[0].path))
    shard.write_bytes(shard.read_bytes()[:-1])
    for job in (pack, sample):
        with pytest.raises(ContractError, match=f"{shard.name}: SHA-256 is"):
            job.run(night)
    assert not work.done and not Laid.plan(night.lake, work.release, night.recipe).done
