"""Whether a stage's work stands: its manifests decide, by what they were made from."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from malmoi.contracts.errors import ContractError, InputError
from malmoi.contracts.manifest import FileEntry, StageManifest, content_hash
from malmoi.contracts.paths import Lake
from malmoi.contracts.recipe import Recipe, load_recipe, recipe_from_mapping
from malmoi.contracts.recipe.decontamination import Decontamination
from malmoi.contracts.stages import (
    BLOCKS,
    INDEX,
    STAGES,
    Scope,
    _evaluation_sets,
    earlier,
    fingerprint,
    inputs_of,
    recorded,
    standing,
)

BATCH = "2026-11-03"
SOURCES = ("web", "kin")
ORDER = ("annotate", "dedup", "decide", "redact", "shard")


@pytest.fixture
def lake(tmp_path) -> Lake:
    return Lake(str(tmp_path / "lake"))


@pytest.fixture
def recipe(recipes) -> Recipe:
    return load_recipe(recipes / "nightly.toml")


@pytest.fixture
def scope(lake, recipe, tmp_path) -> Scope:
    return Scope(lake, str(tmp_path / "landing"), BATCH, BATCH, recipe, SOURCES)


def leave(lake: Lake, table: str, batch: str, source: str, content: str = "0", mark: str = "") -> StageManifest:
    """A committed manifest by hand; ``content`` stands for the file's bytes."""
    file = FileEntry("part-00000.parquet", 1, 1, content * 64)
    manifest = StageManifest(table, batch, source, "a" * 64, "", mark, {}, (file,))
    path = Path(lake.manifest(table, batch, source))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(manifest.dumps())
    return manifest


def work(scope: Scope, stage: str, content: str = "0") -> None:
    """Leaves what the stage would leave for the lake as it lies."""
    marks = {one: fingerprint(scope, stage, one, inputs_of(scope, stage, one)) for one in scope.sources}
    for source, mark in marks.items():
        for table in STAGES[stage].tables:
            leave(scope.lake, table, scope.batch, source, content, mark)


def night(scope: Scope) -> None:
    for source in SOURCES:
        leave(scope.lake, "documents", BATCH, source)
    for stage in ORDER:
        work(scope, stage)


def published(lake: Lake, *nights: str) -> None:
    pointer = Path(lake.releases, "current.json")
    pointer.parent.mkdir(parents=True, exist_ok=True)
    pointer.write_text(json.dumps({"nights": {night: f"{night}-release" for night in nights}}))


def stands(scope: Scope) -> list[str]:
    return [stage for stage in ORDER if standing(scope, stage)]


def test_a_whole_night_stands(scope):
    night(scope)
    assert stands(scope) == list(ORDER)
    assert [one.source for one in standing(scope, "shard")] == list(SOURCES)


def test_nothing_stands_where_nothing_is(scope):
    assert stands(scope) == [] and recorded(scope.lake, "documents", BATCH, "web") is None


@pytest.mark.parametrize(
    ("table", "fallen"),
    [
        ("documents", ["annotate", "redact"]),
        ("annotations", ["dedup", "decide", "redact"]),
        ("clusters", ["decide"]),
        ("decisions", ["redact"]),
        ("clean", ["shard"]),
        ("shards", []),
    ],
)
def test_other_content_of_a_table_fells_the_stages_that_read_it(scope, table, fallen):
    night(scope)
    kept = recorded(scope.lake, table, BATCH, "kin")
    leave(scope.lake, table, BATCH, "kin", "1", kept.fingerprint)
    assert [stage for stage in ORDER if stage not in stands(scope)] == fallen


def test_sample_and_the_set_of_sources_count(scope):
    night(scope)
    assert stands(replace(scope, sample=0.5)) == ["annotate", "redact", "shard"]
    assert stands(replace(scope, sources=("web",))) == [
        "annotate",
        "decide",
        "redact",
        "shard",
    ]  # dedup reads every one


@pytest.mark.parametrize("table", [table for stage in ORDER for table in STAGES[stage].tables])
def test_every_table_of_a_stage_has_to_stand(scope, table):
    night(scope)
    Path(scope.lake.manifest(table, BATCH, "kin")).unlink()
    stage = next(stage for stage in ORDER if table in STAGES[stage].tables)
    assert stage not in stands(scope)


def test_a_missing_input_fells_the_next_stage_and_is_named_where_it_is_needed(scope):
    night(scope)
    Path(scope.lake.manifest("clean", BATCH, "kin")).unlink()
    assert standing(scope, "redact") is None and standing(scope, "shard") is None
    with pytest.raises(ContractError, match=f"no clean of source kin for {BATCH}: run the stage that makes them first"):
        inputs_of(scope, "shard", "kin")


def test_the_past_is_what_was_published_before(lake):
    nights = ("2026-10-31", "2026-11-01~dry", "2026-11-01", "2026-11-02", BATCH, f"{BATCH}~dry", "2026-11-04")
    left = {night_: leave(lake, INDEX, night_, "web") for night_ in nights}
    published(lake, "2026-10-31", "2026-11-02", BATCH, "2026-11-04")  # 2026-11-01 failed its gate
    expected = {(one, "web"): content_hash(left[one].files) for one in ("2026-10-31", "2026-11-02")}
    assert earlier(lake, INDEX, BATCH) == expected
    assert earlier(lake, INDEX, f"{BATCH}~dry") == expected
    assert earlier(lake, INDEX, "2026-10-31") == {}


def test_dedup_alone_depends_on_the_nights_before(scope):
    night(scope)
    leave(scope.lake, INDEX, "2026-11-02", "news", "2")
    assert stands(scope) == list(ORDER)
    published(scope.lake, "2026-11-02")
    assert [stage for stage in ORDER if stage not in stands(scope)] == ["dedup"]
    before = inputs_of(scope, "dedup", "web")[f"{INDEX} of earlier nights"]
    leave(scope.lake, INDEX, "2026-11-02", "news", "3")
    assert inputs_of(scope, "dedup", "web")[f"{INDEX} of earlier nights"] != before


def test_the_fingerprint_is_over_every_value_and_no_order(scope):
    base = ("dedup", "web", {"a": "1", "b": "2"})
    found = fingerprint(scope, *base)
    assert found == fingerprint(scope, *base[:2], {"b": "2", "a": "1"}) and len(found) == 64
    assert fingerprint(replace(scope, batch="2026-11-04"), *base) != found
    for at, other in enumerate(("decide", "kin", {"a": "1", "b": "3"})):
        assert fingerprint(scope, *base[:at], other, *base[at + 1 :]) != found


def test_landing_files_and_site_rules_are_what_ingest_reads(scope, tmp_path):
    with pytest.raises(InputError, match=f"no landing files of source web for {BATCH}"):
        inputs_of(scope, "ingest", "web")
    landed = tmp_path / "landing" / "source=web" / f"date={BATCH}" / "a.warc.gz"
    landed.parent.mkdir(parents=True)
    landed.write_bytes(b"made by hand")
    before = inputs_of(scope, "ingest", "web")
    assert set(before) == {f"source=web/date={BATCH}/a.warc.gz", "site_rules"}
    os.utime(landed, ns=(1, 1))
    assert inputs_of(scope, "ingest", "web") != before


def test_ingest_depends_on_the_blocks_of_the_nights_before(scope, tmp_path):
    landed = tmp_path / "landing" / "source=web" / f"date={BATCH}" / "a.warc.gz"
    landed.parent.mkdir(parents=True)
    landed.write_bytes(b"made by hand")
    before = inputs_of(scope, "ingest", "web")
    leave(scope.lake, BLOCKS, "2026-11-02", "news", "2")
    assert inputs_of(scope, "ingest", "web") == before
    published(scope.lake, "2026-11-02")
    assert set(inputs_of(scope, "ingest", "web")) - set(before) == {f"{BLOCKS} of earlier nights"}
    alone = replace(scope.recipe, ingest=replace(scope.recipe.ingest, max_green_pages=0))
    assert inputs_of(replace(scope, recipe=alone), "ingest", "web") == before


def test_content_and_not_the_place_of_files_is_an_input(scope):
    files = leave(scope.lake, "documents", BATCH, "web").files
    before = inputs_of(scope, "annotate", "web")
    moved = replace(
        recorded(scope.lake, "documents", BATCH, "web"), files=(replace(files[0], path="data/x/part-00000.parquet"),)
    )
    Path(scope.lake.manifest("documents", BATCH, "web")).write_bytes(moved.dumps())
    assert inputs_of(scope, "annotate", "web") == before


def test_another_evaluation_set_is_another_input_of_annotate(tmp_path):
    recipe = recipe_from_mapping({"sources": {"web": {"type": "warc"}}}, str(tmp_path / "recipe.toml"))
    assert _evaluation_sets(recipe) == {}
    recipe = replace(recipe, decontamination=Decontamination(sets=("exam.txt",)))
    with pytest.raises(InputError, match=r"exam.txt: an evaluation set of .*recipe.toml that cannot be read"):
        _evaluation_sets(recipe)
    (tmp_path / "exam.txt").write_text("문제", "utf-8")
    first = _evaluation_sets(recipe)
    (tmp_path / "exam.txt").write_text("다른 문제", "utf-8")
    assert list(first) == ["evaluation_set.exam.txt"] and _evaluation_sets(recipe) != first


def test_another_quality_model_annotates_again(scope):
    leave(scope.lake, "documents", BATCH, "web")
    before = inputs_of(scope, "annotate", "web")
    pointer = Path(scope.lake.models, "quality", "promoted.json")
    pointer.parent.mkdir(parents=True)
    pointer.write_text(json.dumps({"id": "0123456789ab", "sha256": "b" * 64}))
    assert inputs_of(scope, "annotate", "web") == before | {"quality_model": "b" * 64}
