"""Whether a stage's work stands: its manifests decide, by what they were made from."""

from dataclasses import replace
from pathlib import Path

import pytest

from malmoi.contracts.errors import ContractError
from malmoi.contracts.manifest import FileEntry, StageManifest, content_hash
from malmoi.contracts.paths import Lake
from malmoi.contracts.stages import INDEX, STAGES, earlier_index, fingerprint, inputs_of, recorded, standing

BATCH, RECIPE = "2026-11-03", "a" * 64
SOURCES = ("web", "kin")
ORDER = ("annotate", "dedup", "decide", "redact", "shard")


@pytest.fixture
def lake(tmp_path) -> Lake:
    return Lake(str(tmp_path))


def leave(lake: Lake, table: str, batch: str, source: str, content: str = "0", mark: str = "") -> StageManifest:
    """A committed manifest by hand; ``content`` stands for the file's bytes."""
    file = FileEntry("part-00000.parquet", 1, 1, content * 64)
    manifest = StageManifest(table, batch, source, RECIPE, "", mark, {}, (file,))
    path = Path(lake.manifest(table, batch, source))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(manifest.dumps())
    return manifest


def work(lake: Lake, stage: str, sources=SOURCES, batch: str = BATCH, sample: float = 1.0, content: str = "0") -> None:
    """Leaves what the stage would leave for the lake as it lies."""
    marks = {
        one: fingerprint(stage, batch, one, RECIPE, inputs_of(lake, stage, batch, one, sources, sample))
        for one in sources
    }
    for source, mark in marks.items():
        leave(lake, STAGES[stage].table, batch, source, content, mark)


def night(lake: Lake) -> None:
    for source in SOURCES:
        leave(lake, "documents", BATCH, source)
    for stage in ORDER:
        work(lake, stage)


def stands(lake: Lake, recipe: str = RECIPE, sample: float = 1.0, sources=SOURCES) -> list[str]:
    return [stage for stage in ORDER if standing(lake, stage, BATCH, sources, recipe, sample)]


def test_a_whole_night_stands(lake):
    night(lake)
    assert stands(lake) == list(ORDER)
    assert [one.source for one in standing(lake, "shard", BATCH, SOURCES, RECIPE, 1.0)] == list(SOURCES)


def test_nothing_stands_where_nothing_is(lake):
    assert stands(lake) == [] and recorded(lake, "documents", BATCH, "web") is None


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
def test_other_content_of_a_table_fells_the_stages_that_read_it(lake, table, fallen):
    night(lake)
    kept = recorded(lake, table, BATCH, "kin")
    leave(lake, table, BATCH, "kin", "1", kept.fingerprint)
    assert [stage for stage in ORDER if stage not in stands(lake)] == fallen


def test_recipe_sample_and_the_set_of_sources_count(lake):
    night(lake)
    assert stands(lake, recipe="b" * 64) == [] and stands(lake, sample=0.5) == []
    assert stands(lake, sources=("web",)) == ["annotate", "decide", "redact", "shard"]  # dedup reads every source


def test_a_missing_source_fells_its_stage_and_stops_the_next(lake):
    night(lake)
    Path(lake.manifest("clean", BATCH, "kin")).unlink()
    assert standing(lake, "redact", BATCH, SOURCES, RECIPE, 1.0) is None
    with pytest.raises(ContractError, match=f"no clean of source kin for {BATCH}: run the stage that makes them first"):
        inputs_of(lake, "shard", BATCH, "kin", SOURCES, 1.0)


def test_only_nights_before_are_the_past_and_dry_runs_are_nobodys(lake):
    nights = ("2026-10-31", "2026-11-01~dry", "2026-11-02", BATCH, f"{BATCH}~dry", "2026-11-04")
    left = {night_: leave(lake, INDEX, night_, "web") for night_ in nights}
    expected = {(one, "web"): content_hash(left[one].files) for one in ("2026-10-31", "2026-11-02")}
    assert earlier_index(lake, BATCH) == expected
    assert earlier_index(lake, f"{BATCH}~dry") == expected
    assert earlier_index(lake, "2026-10-31") == {}


def test_dedup_alone_depends_on_the_nights_before(lake):
    night(lake)
    leave(lake, INDEX, "2026-11-02", "news", "2")
    assert [stage for stage in ORDER if stage not in stands(lake)] == ["dedup"]
    assert f"{INDEX}.2026-11-02.news" in inputs_of(lake, "dedup", BATCH, "web", SOURCES, 1.0)


def test_the_fingerprint_is_over_every_value_and_no_order():
    base = ("dedup", BATCH, "web", RECIPE, {"a": "1", "b": "2"})
    found = fingerprint(*base)
    assert found == fingerprint(*base[:4], {"b": "2", "a": "1"}) and len(found) == 64
    for at, other in enumerate(("decide", "2026-11-04", "kin", "b" * 64, {"a": "1", "b": "3"})):
        assert fingerprint(*base[:at], other, *base[at + 1 :]) != found


def test_content_and_not_the_place_of_files_is_an_input(lake):
    files = leave(lake, "documents", BATCH, "web").files
    before = inputs_of(lake, "annotate", BATCH, "web", ("web",), 1.0)
    moved = replace(
        recorded(lake, "documents", BATCH, "web"), files=(replace(files[0], path="data/x/part-00000.parquet"),)
    )
    Path(lake.manifest("documents", BATCH, "web")).write_bytes(moved.dumps())
    assert inputs_of(lake, "annotate", BATCH, "web", ("web",), 1.0) == before
