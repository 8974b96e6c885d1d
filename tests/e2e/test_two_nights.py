"""Two nights of the embedded sample through spark-submit, gate and publish, as Airflow's tasks run them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from malmoi.contracts.manifest import ReleaseManifest
from malmoi.contracts.recipe.sections import Dedup
from malmoi.sample.generate import write
from malmoi.text import minhash

pytestmark = pytest.mark.spark

NIGHTS = ("2026-11-01", "2026-11-02")
STAGES = "ingest,annotate,dedup,decide,redact,shard"


class Corpus:
    """A lake and a landing folder, and the commands that a night takes."""

    def __init__(self, folder: Path, root: Path):
        self.lake, self.landing, self._root = folder / "lake", folder / "landing", root
        self._recipe = str(root / "spark_jobs" / "recipes" / "demo.toml")
        self._env = os.environ | {
            "MALMOI_SECRET": "a key for the tests of two nights",
            "PYTHONPATH": str(root / "spark_jobs"),
            "PYSPARK_PYTHON": sys.executable,
            "PYSPARK_DRIVER_PYTHON": sys.executable,
        }
        write(self.landing)

    def night(self, day: str, *more: str) -> ReleaseManifest:
        spark_submit = Path(sys.executable).with_name("spark-submit")
        run_stage = self._root / "spark_jobs" / "run_stage.py"
        self._run(spark_submit, run_stage, STAGES, *self._of(day), "--landing", self.landing, *more)
        self.malmoi("gate", *self._of(day))
        self.malmoi("publish", *self._of(day))
        pointer = json.loads((self.lake / "releases" / "current.json").read_bytes())
        return ReleaseManifest.loads((self.lake / "releases" / pointer["nights"][day] / "manifest.json").read_bytes())

    def malmoi(self, *arguments: object) -> str:
        return self._run(sys.executable, "-m", "malmoi.cli", *arguments)

    def texts(self, manifest: ReleaseManifest) -> list[str]:
        return [text for shard in manifest.shards for text in pq.read_table(self.lake / shard.path)["text"].to_pylist()]

    def report(self, day: str) -> str:
        return self.malmoi("report", *self._of(day), "--truth", self.landing / "truth.jsonl")

    def _of(self, day: str) -> list[object]:
        return ["--recipe", self._recipe, "--batch", day, "--lake", self.lake]

    def _run(self, *command: object) -> str:
        done = subprocess.run(list(map(str, command)), env=self._env, capture_output=True, text=True, timeout=580)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout


@pytest.fixture(scope="module")
def corpus(tmp_path_factory, root) -> Corpus:
    return Corpus(tmp_path_factory.mktemp("nights"), root)


@pytest.fixture(scope="module")
def releases(corpus) -> list[ReleaseManifest]:
    return [corpus.night(day) for day in NIGHTS]


def test_nothing_planted_survives_and_the_balance_holds(corpus, releases):
    said = corpus.report(NIGHTS[1])
    assert "nothing planted survives" in said
    assert "DOES NOT HOLD" not in said


def test_the_second_night_holds_no_copy_of_the_first(corpus, releases):
    first, second = (minhash.unpack(minhash.sign(corpus.texts(release), Dedup())[1]) for release in releases)
    closest = max(float((first == signature).mean(axis=1).max()) for signature in second)
    assert closest < Dedup().min_similarity
    assert releases[1].parent == releases[0].release


def test_a_repeated_night_is_the_same_release(corpus, releases):
    again = corpus.night(NIGHTS[0], "--force")
    assert again.dumps() == releases[0].dumps()
    assert [shard.sha256 for shard in again.shards] == [shard.sha256 for shard in releases[0].shards]
