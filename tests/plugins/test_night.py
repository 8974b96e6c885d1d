"""What the nightly tasks settle before anything heavy runs: the day, the sources, who is missing."""

import logging
from pathlib import Path

import pytest
from airflow.sdk.exceptions import AirflowSkipException

from malmoi.contracts.errors import ContractError, InputError, RecipeError
from malmoi_airflow import config, night

DAY = "2026-11-01"
RECIPE = """
name = "test"
[sources.web]
type = "warc"
[sources.news]
type = "warc"
[sources.kin]
type = "kin"
path = "kin/{date}.jsonl.gz"
"""


@pytest.fixture
def place(tmp_path, monkeypatch) -> Path:
    """A landing folder with files for web and kin, and a recipe that asks for news as well."""
    (tmp_path / "test.toml").write_text(RECIPE)
    for name in (f"source=web/date={DAY}/a.warc.gz", f"source=web/date={DAY}/b.warc.gz", f"kin/{DAY}.jsonl.gz"):
        path = tmp_path / "landing" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    monkeypatch.setattr(config, "RECIPES", tmp_path)
    monkeypatch.setenv("MALMOI_LAKE", str(tmp_path / "lake"))
    monkeypatch.setenv("MALMOI_LANDING", str(tmp_path / "landing"))
    return tmp_path


@pytest.mark.parametrize(
    ("key", "params", "day"),
    [
        (DAY, {}, DAY),
        (DAY, {"day": None}, DAY),
        (DAY, {"day": ""}, DAY),
        (None, {"day": DAY}, DAY),
        (DAY, {"day": DAY}, DAY),
        (None, {"day": "2028-02-29"}, "2028-02-29"),
    ],
)
def test_the_day(key, params, day):
    assert night.run_day(key, params) == day


@pytest.mark.parametrize(
    ("key", "params", "said"),
    [
        (DAY, {"day": "2026-11-02"}, "the form says day 2026-11-02, the run's partition key is 2026-11-01"),
        (None, {}, "no day: trigger the run with a partition key or fill in the form's day"),
        (None, {"day": "2026-02-30"}, "day '2026-02-30' is no date: write YYYY-MM-DD"),
        ("20261101", {}, "day '20261101' is no date"),
        ("2026-11-01T00:00:00", {}, "day '2026-11-01T00:00:00' is no date"),
        ("2026-W45-1", {}, "is no date"),
        ("2026-11-01\n", {}, "is no date"),
        ("../2026-11-01", {}, "is no date"),
    ],
)
def test_a_day_that_cannot_be_worked_on(key, params, said):
    with pytest.raises(ContractError) as caught:
        night.run_day(key, params)
    assert said in str(caught.value)


def test_prepare_gives_one_night_a_source(place, caplog):
    with caplog.at_level(logging.WARNING):
        nights = night.prepare(DAY, {"recipe": "test"})
    assert [one["sources"] for one in nights] == [["web"], ["kin"]]
    assert {key: value for key, value in nights[0].items() if key != "sources"} == {
        "batch": DAY, "day": DAY, "recipe": str(place / "test.toml"), "sample": 1.0, "dry_run": False,
        "lake": str(place / "lake"), "landing": str(place / "landing"), "missing": ["news"],
    }  # fmt: skip
    assert f"source news has no landing files for {DAY}" in caplog.text


def test_prepare_reads_the_form(place):
    form = {"recipe": "test", "sources": ["kin"], "dry_run": True, "sample_fraction": 0.25, "day": DAY}
    (one,) = night.prepare(None, form)
    assert (one["batch"], one["day"], one["dry_run"]) == (f"{DAY}~dry", DAY, True)
    assert (one["sample"], one["sources"], one["missing"]) == (0.25, ["kin"], [])


@pytest.mark.parametrize(
    ("key", "params", "error", "said"),
    [
        (
            "2026-11-02",
            {},
            InputError,
            "no landing files for 2026-11-02 in any of web, news, kin; expected source=NAME",
        ),
        (DAY, {"sources": ["news"]}, InputError, "no landing files for 2026-11-01 in any of news"),
        (DAY, {"sources": ["cafe"]}, RecipeError, "no source named 'cafe'; it has web, news, kin"),
        (DAY, {"recipe": "none"}, RecipeError, "no such recipe"),
        (DAY, {"day": "2026-11-02"}, ContractError, "give one of them"),
    ],
)
def test_prepare_refuses(place, key, params, error, said):
    with pytest.raises(error, match=said):
        night.prepare(key, {"recipe": "test"} | params)


def test_a_required_source_without_files(place):
    (place / "test.toml").write_text(RECIPE.replace("[sources.news]", "[sources.news]\nrequired = true"))
    with pytest.raises(InputError, match=f"source news is required by test.toml and has no landing files for {DAY}"):
        night.prepare(DAY, {"recipe": "test"})
    assert night.prepare(DAY, {"recipe": "test", "sources": ["web"]})  # who asks for one source gets it


@pytest.mark.parametrize("variable", ["MALMOI_LAKE", "MALMOI_LANDING"])
def test_places_that_are_not_set(place, monkeypatch, variable):
    monkeypatch.delenv(variable)
    with pytest.raises(ContractError, match=f"{variable} is not set"):
        night.prepare(DAY, {"recipe": "test"})


def test_join_without_results_has_everyone(place):
    nights = night.prepare(DAY, {"recipe": "test"})
    assert night.join(nights) == nights[0] | {"sources": ["web", "kin"]}


def test_join_goes_on_without_a_source_that_failed(place, caplog):
    nights = night.prepare(DAY, {"recipe": "test"})
    assert night.join(nights, ["kin", "web"]) == nights[0] | {"sources": ["web", "kin"]}
    with caplog.at_level(logging.WARNING):
        joined = night.join(nights, ["kin"])
    assert (joined["sources"], joined["missing"]) == (["kin"], ["news", "web"])
    assert "source web failed: the night goes on without it" in caplog.text
    assert "without news, web the gate will not publish (gate.allow_missing_sources)" in caplog.text


def test_join_says_nothing_of_the_gate_where_the_recipe_allows_it(place, caplog):
    (place / "test.toml").write_text(RECIPE + "[gate]\nallow_missing_sources = true\n")
    with caplog.at_level(logging.WARNING):
        night.join(night.prepare(DAY, {"recipe": "test"}), ["kin"])
    assert "will not publish" not in caplog.text


def test_join_stops_where_nothing_was_read_or_a_required_source_failed(place):
    nights = night.prepare(DAY, {"recipe": "test"})
    with pytest.raises(ContractError, match="source web failed and the night cannot do without it"):
        night.join(nights, [])
    (place / "test.toml").write_text(RECIPE.replace("[sources.kin]", "[sources.kin]\nrequired = true"))
    with pytest.raises(ContractError, match="source kin failed and the night cannot do without it"):
        night.join(nights, ["web"])


def test_arguments_of_a_stage(place, root):
    import runpy

    one = night.join(night.prepare(DAY, {"recipe": "test", "dry_run": True, "sample_fraction": 0.5}))
    parser = runpy.run_path(str(root / "spark_jobs" / "run_stage.py"))["parser"]()
    args = parser.parse_args(night.stage_arguments(one, ["annotate", "dedup"]))
    assert args.stages == ["annotate", "dedup"] and (args.batch, args.day) == (f"{DAY}~dry", DAY)
    assert (args.sources, args.sample, args.lake) == ("web,kin", 0.5, str(place / "lake"))
    assert (args.recipe, args.landing) == (str(place / "test.toml"), str(place / "landing"))


def test_a_dry_run_is_never_published(place):
    (one,) = night.prepare(DAY, {"recipe": "test", "sources": ["web"], "dry_run": True})
    with pytest.raises(AirflowSkipException, match="2026-11-01~dry is looked at, never published"):
        night.run_publish(one)
    assert not (place / "lake").exists()


@pytest.mark.parametrize("command", [night.run_gate, night.run_publish])
def test_a_night_that_was_not_made_fails_with_one_line(place, monkeypatch, root, command):
    """The real command in its own process: its last word is the task's error, and the lake is not touched."""
    monkeypatch.setenv("PYTHONPATH", str(root / "spark_jobs"))
    one = night.join(night.prepare(DAY, {"recipe": "test"}))
    with pytest.raises(ContractError) as caught:
        command(one)
    assert "\n" not in str(caught.value) and str(caught.value)
    assert not (place / "lake" / "releases").exists()


@pytest.mark.parametrize("nights", [None, []])
def test_a_night_that_was_not_prepared_fails_at_once(nights):
    with pytest.raises(ContractError, match="says why"):
        night.join(nights, [])
