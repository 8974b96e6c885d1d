"""From the stages' manifests to the draft of a release."""

from dataclasses import replace

import pytest

from malmoi.contracts.balance import Balance, Count
from malmoi.contracts.manifest import FileEntry, StageManifest
from malmoi.contracts.recipe import recipe_from_mapping
from malmoi.lake.releases import release_id
from malmoi.stages.publish import COUNTING_TABLES, draft
from malmoi.stages.reading import Reading, Totals

DAY = "2026-11-01"
RECIPE = recipe_from_mapping(
    {"name": "t", "sources": {"web": {"type": "warc", "weight": 2.0}, "news": {"type": "warc"}}}
)


def manifest(source: str, dropped: dict[str, int] | None = None, files: int = 0) -> StageManifest:
    counts = {reason: Count(number, 10 * number) for reason, number in (dropped or {}).items()}
    entries = tuple(FileEntry(f"data/{source}/part-{i:05d}.parquet", 2, 9, f"{i:064x}") for i in range(files))
    return StageManifest("s", DAY, source, "", "", "", {}, entries, Balance(dropped=counts))


@pytest.fixture
def manifests():
    found = {table: {source: manifest(source) for source in ("web", "news")} for table in COUNTING_TABLES}
    found["documents"]["web"] = manifest("web", {"not_html": 1, "opted_out": 2})
    found["decisions"]["web"] = manifest("web", {"too_short": 3, "opted_out": 1})
    found["shards"] = {"web": manifest("web", files=2), "news": manifest("news", files=1)}
    return found


def make(manifests, sources=("web", "news"), models=None, code="1"):
    reading = Reading(totals={"web": Totals(4, 40, 100), "news": Totals(2, 20, 50)})
    return draft(DAY, RECIPE, code, sources, manifests, reading, models or {})


def test_shards_sources_weights_and_drops(manifests):
    made = make(manifests)
    assert [(shard.source, shard.path) for shard in made.shards] == [
        ("news", "data/news/part-00000.parquet"),
        ("web", "data/web/part-00000.parquet"),
        ("web", "data/web/part-00001.parquet"),
    ]
    assert made.sources["web"] == {"documents": 4, "chars": 40, "bytes": 100, "weight": 2.0}
    assert {reason: count["documents"] for reason, count in made.dropped["web"].items()} == {
        "not_html": 1, "opted_out": 3, "too_short": 3,
    }  # fmt: skip
    assert made.documents == 6


def test_the_order_of_sources_does_not_matter(manifests):
    assert make(manifests, ("news", "web")).dumps() == make(manifests).dumps()


def test_the_id_is_over_content_alone(manifests):
    made = make(manifests)
    assert release_id(made).startswith(f"{DAY}-") and len(release_id(made)) == len(DAY) + 13
    assert release_id(make(manifests, code="2")) == release_id(made)
    assert release_id(replace(made, parent="x", supersedes=("y",))) == release_id(made)
    moved = replace(made, shards=tuple(replace(shard, path="elsewhere/" + shard.path) for shard in made.shards))
    assert release_id(moved) == release_id(made)
    changed = replace(made, shards=(replace(made.shards[0], sha256="f" * 64), *made.shards[1:]))
    for other in (
        changed,
        make(manifests, models={"kiwi": "a" * 64}),
        replace(made, recipe={"name": "t", "hash": "x"}),
    ):
        assert release_id(other) != release_id(made)
