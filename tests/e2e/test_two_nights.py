"""Two nights of the embedded sample through spark-submit, gate and publish, as Airflow's tasks run them."""

import json
from itertools import islice
from pathlib import Path
from random import Random

import pyarrow.parquet as pq
import pytest
from tests.chaos.kills import Calm, draw
from tests.chaos.trial import measure, two_nights
from tests.e2e.corpus import NIGHTS, Corpus

from malmoi.contracts.manifest import ReleaseManifest
from malmoi.contracts.recipe.sections import Dedup
from malmoi.text import minhash

pytestmark = pytest.mark.spark


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Corpus:
    return Corpus(tmp_path_factory.mktemp("nights")).create()


@pytest.fixture(scope="module")
def durations(corpus) -> Calm:
    return measure(corpus)


@pytest.fixture(scope="module")
def releases(corpus, durations) -> list[ReleaseManifest]:
    return [corpus.release(day) for day in NIGHTS]


@pytest.fixture(scope="module")
def again(corpus, releases) -> ReleaseManifest:
    """The first night once more, though all of it stands."""
    return corpus.night(NIGHTS[0], "--force")


def texts(corpus: Corpus, manifest: ReleaseManifest) -> list[str]:
    return [text for shard in manifest.shards for text in pq.read_table(corpus.lake / shard.path)["text"].to_pylist()]


def test_nothing_planted_survives_and_the_balance_holds(corpus, releases):
    said = corpus.report(NIGHTS[1])
    assert "nothing planted survives" in said
    assert "DOES NOT HOLD" not in said


def test_the_second_night_holds_no_copy_of_the_first(corpus, releases):
    first, second = (minhash.unpack(minhash.sign(texts(corpus, release), Dedup())[1]) for release in releases)
    closest = max(float((first == signature).mean(axis=1).max()) for signature in second)
    assert closest < Dedup().min_similarity
    assert releases[1].parent == releases[0].release


@pytest.mark.slow
def test_killed_again_and_again_the_nights_end_in_the_same_releases(corpus, releases, durations):
    """The short form of `make chaos`."""
    planned = list(islice(draw(Random(1), durations, NIGHTS, 2), len(NIGHTS)))
    found = two_nights(corpus, Corpus(corpus.folder, "killed"), planned, Random(1), print)
    assert found.problems == []
    assert found.struck.total() + found.missed.total() == 4 and found.struck.total() > 1
    assert found.same == len(NIGHTS) and found.polls > 0


def test_a_repeated_night_is_the_same_release(again, releases):
    assert again.dumps() == releases[0].dumps()
    assert [shard.sha256 for shard in again.shards] == [shard.sha256 for shard in releases[0].shards]


def test_no_log_event_or_page_holds_a_planted_value(corpus, again):
    with (corpus.landing / "truth.jsonl").open(encoding="utf-8") as lines:  # planted values hold other line ends
        rows = list(map(json.loads, lines))
    planted = {value for row in rows for value in row["must_vanish"]}
    assert len(planted) > 50
    corpus.report(NIGHTS[0])

    written = [
        path for place in (corpus.events, corpus.lake / "releases", corpus.lake / "manifests") for path in files(place)
    ]
    assert any(path.is_relative_to(corpus.events) for path in written) and any(
        path.suffix == ".html" for path in written
    )
    for name, said in [
        *(("output", said) for said in corpus.said),
        *((str(path), path.read_text()) for path in written),
    ]:
        assert not [number for number, value in enumerate(sorted(planted)) if value in said], name


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
