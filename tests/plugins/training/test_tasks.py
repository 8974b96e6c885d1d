"""What the tasks of the training DAG settle before anything heavy runs."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from airflow.sdk.exceptions import AirflowSkipException
from tests.train.corpus import DAY, RELEASE, make_recipe, training_run, write_release

from malmoi.contracts.errors import InputError, RecipeError
from malmoi.contracts.paths import Lake
from malmoi.contracts.release import load_release
from malmoi.lake.releases import Pointer, read_pointer, write_pointer
from malmoi_airflow import config
from malmoi_airflow.training import tasks
from malmoi_airflow.training.briefing import briefing

RECIPE = """
name = "test"
[sources.web]
type = "warc"
[sources.kin]
type = "kin"
[tokenizer]
vocabulary = 600
sample_mib = 1
[train]
held_out_share = 0.2
steps = 12
"""


@pytest.fixture
def lake(tmp_path, monkeypatch) -> Lake:
    lake = write_release(tmp_path / "lake", {"web": 20, "kin": 10})
    (tmp_path / "test.toml").write_text(RECIPE)
    monkeypatch.setenv("MALMOI_LAKE", lake.root)
    monkeypatch.setattr(config, "RECIPES", tmp_path)
    return lake


def publish(lake: Lake, release: str, in_force: bool = False, exist_ok: bool = False, **changes) -> None:
    manifest = replace(load_release(lake, RELEASE), release=release, **changes)
    folder = Path(lake.release(release))
    folder.mkdir(exist_ok=exist_ok)
    (folder / "manifest.json").write_bytes(manifest.dumps())
    if in_force:
        nights = read_pointer(lake).nights
        write_pointer(lake, Pointer({**nights, **dict.fromkeys(manifest.batches, release)}))


def test_the_night_of_the_run_names_the_release(lake):
    work = tasks.choose_release(DAY, {})
    assert work["release"] == RELEASE and work["recipe"].endswith("test.toml") and work["approval"] is False


def test_the_form_comes_before_the_night(lake):
    publish(lake, "2026-11-01.r2")
    assert tasks.choose_release(DAY, {"release": "2026-11-01.r2"})["release"] == "2026-11-01.r2"


def test_a_superseded_release_is_not_taken(lake):
    publish(lake, "2026-11-01-fixed", in_force=True)
    assert tasks.choose_release(DAY, {})["release"] == "2026-11-01-fixed"


def test_a_release_that_came_back_is_taken(lake):
    publish(lake, "2026-11-01-fixed", in_force=True)
    write_pointer(lake, Pointer({DAY: RELEASE}))
    assert tasks.choose_release(DAY, {})["release"] == RELEASE


def test_what_is_not_there(lake):
    with pytest.raises(InputError, match="no release holds 2026-12-24; run corpus_nightly for that day first"):
        tasks.choose_release("2026-12-24", {})
    with pytest.raises(InputError, match="no such release; the lake's latest are: 2026-11-01"):
        tasks.choose_release(None, {"release": "2026-12-24"})
    with pytest.raises(InputError, match="no release: fill in the form's release"):
        tasks.choose_release(None, {})
    with pytest.raises(RecipeError, match="no such recipe"):
        tasks.choose_release(DAY, {"recipe": "none"})


def test_a_person_is_asked_where_form_or_recipe_say_so(lake, tmp_path):
    assert tasks.choose_release(DAY, {"approve": True})["approval"] is True
    (tmp_path / "test.toml").write_text(RECIPE + "approval = true\n")
    assert tasks.choose_release(DAY, {})["approval"] is True


def test_a_tokenizer_is_learned_once_for_a_recipe(lake):
    work = tasks.choose_release(DAY, {})
    with pytest.raises(InputError, match="run the task train_tokenizer"):
        tasks.tokens_of(work)
    first = tasks.train_tokenizer(work)
    publish(lake, "2026-11-02", in_force=True, batches=("2026-11-02",))
    assert tasks.train_tokenizer(tasks.choose_release("2026-11-02", {})) == first
    with pytest.raises(InputError, match="release 2026-11-01 is not packed; run the task pack"):
        tasks.tokens_of(work)


def test_a_model_of_ones_own_command_is_reported_without_an_evaluation(packed):
    source, _, tokens = packed
    run = training_run(source, tokens, make_recipe(command=["true"]), again=93)
    trained = {"release": RELEASE, "run": run.key, "folder": str(run.folder), "steps": 7}
    with pytest.raises(AirflowSkipException, match="evaluate it as docs/training.md says"):
        tasks.evaluate(trained)
    found = tasks.report(trained, None)
    assert found["steps"] == 7 and found["bits_per_byte"] == found["choices"] == {}


def test_the_briefing_says_what_it_takes(lake, packed):
    work = tasks.choose_release(DAY, {})
    source, _, tokens = packed
    shutil.copytree(source.join("tokens"), lake.join("tokens"))
    checks = [{"name": "leaks", "passed": True, "source": ""}, {"name": "volume", "passed": False, "source": "web"}]
    Path(lake.release(RELEASE), "gate.json").write_text(json.dumps({"checks": checks}))
    publish(lake, RELEASE, exist_ok=True, dropped={"web": {"too_short": {"documents": 3, "bytes": 9}}})
    text = briefing(work, source.relative(str(tokens)), {"steps": 200})
    assert text.startswith("### Train on release 2026-11-01?")
    assert "200 steps, 204,800 tokens, on `local` with 1 processes on 1 nodes, at most 60 minutes." in text
    assert "| kin | 1 |" in text
    assert "Gate: 1 of 2 checks passed; failed: volume (web)" in text
    assert f"/malmoi/nights/{DAY}/report)" in text and "| 3 | 0 | too_short 3 |" in text
