"""The stage operator: which error a failed submit was, and which work needs no Spark."""

import logging
import os
import stat
from pathlib import Path

import pytest

from malmoi.contracts.balance import Balance, Count
from malmoi.contracts.endings import CONTRACT_EXIT, ERROR_PREFIX, INFRASTRUCTURE_EXIT
from malmoi.contracts.errors import ContractError, InfrastructureError
from malmoi.contracts.manifest import FileEntry, StageManifest
from malmoi.contracts.paths import Lake
from malmoi.contracts.recipe import load_recipe
from malmoi.contracts.stages import STAGES, fingerprint, inputs_of
from malmoi_airflow.stage import StageOperator, standing_work, submit_error

DAY, SOURCES = "2026-11-01", ["web", "kin"]
WHOLE = ("annotate", "dedup", "decide", "redact", "shard")


def submitted(code: int | str, *tail: str) -> str:
    """A failure as the Spark provider words it."""
    return (
        f"Cannot execute: spark-submit --name x run_stage.py. Error code is: {code}.\nLast spark-submit output:\n"
        + ("\n".join(tail))
    )


SAID = f"{ERROR_PREFIX}web: no such file"


@pytest.mark.parametrize(
    ("message", "kind", "text"),
    [
        (submitted(CONTRACT_EXIT, "INFO starting", SAID), ContractError, "web: no such file"),
        (submitted(CONTRACT_EXIT, f"26/11/01 INFO: {SAID}  ", "shutting down"), ContractError, "web: no such file"),
        (submitted(INFRASTRUCTURE_EXIT, SAID), InfrastructureError, "web: no such file"),
        (submitted(1, f"{ERROR_PREFIX}first", f"{ERROR_PREFIX}last"), InfrastructureError, "last"),
        (submitted(137, "Killed"), InfrastructureError, "spark-submit ended with code 137; its output is above"),
        (submitted(-9), InfrastructureError, "spark-submit ended with code -9; its output is above"),
        (submitted(CONTRACT_EXIT, "nothing said"), InfrastructureError, "spark-submit ended with code 3; its output is above"),
        ("No driver id is known", InfrastructureError, "spark-submit ended with code unknown; its output is above"),
        (f"No driver id is known\n{SAID}", InfrastructureError, "web: no such file"),
    ],
)  # fmt: skip
def test_the_error_behind_a_failed_submit(message, kind, text):
    error = submit_error(message)
    assert type(error) is kind and str(error) == text


def leave(lake: Lake, stage: str, source: str, mark: str) -> None:
    path = Path(lake.manifest(STAGES[stage].table, DAY, source))
    path.parent.mkdir(parents=True, exist_ok=True)
    count = Count(3, 30)
    file = FileEntry("part-00000.parquet", 3, 1, "0" * 64)
    path.write_bytes(StageManifest(stage, DAY, source, "a" * 64, "", mark, {}, (file,), Balance(count, count)).dumps())


@pytest.fixture
def night(tmp_path, recipes) -> dict:
    """A night whose stages all stand, made by hand."""
    recipe = recipes / "nightly.toml"
    made = {"lake": str(tmp_path / "lake"), "recipe": str(recipe), "batch": DAY, "day": DAY, "landing": "",
            "sources": SOURCES, "sample": 1.0, "dry_run": False, "missing": []}  # fmt: skip
    lake, mark = Lake(made["lake"]), load_recipe(recipe).hash()
    for source in SOURCES:
        leave(lake, "ingest", source, "")
    for stage in WHOLE:
        marks = {
            source: fingerprint(stage, DAY, source, mark, inputs_of(lake, stage, DAY, source, SOURCES, 1.0))
            for source in SOURCES
        }
        for source in SOURCES:
            leave(lake, stage, source, marks[source])
    return made


@pytest.mark.parametrize("stages", [["dedup"], ["decide"], ["redact"], ["shard"], list(WHOLE)])
def test_stages_find_their_work_standing(night, stages):
    found = standing_work(night, stages)
    assert [(one.stage, one.source) for one in found] == [(stage, source) for stage in stages for source in SOURCES]


@pytest.mark.parametrize("stage", ["annotate", "dedup", "redact", "shard"])
def test_one_stage_that_has_fallen_starts_the_session_for_all(night, stage):
    Path(Lake(night["lake"]).manifest(STAGES[stage].table, DAY, "kin")).unlink()
    assert standing_work(night, list(WHOLE)) == []


@pytest.mark.parametrize(
    ("stages", "changed"),
    [
        (["ingest"], {}),  # whether landing files changed is for the job to see
        (["ingest", "annotate"], {}),
        (["decide"], {"sample": 0.5}),
        (["decide"], {"batch": "2026-11-02"}),
        (["decide"], {"lake": "s3://bucket/lake"}),
    ],
)
def test_what_is_submitted_anyway(night, stages, changed):
    if changed.get("batch"):
        for table in ("annotations", "clusters"):
            target = Path(Lake(night["lake"]).manifest(table, changed["batch"], "web"))
            target.parent.mkdir(parents=True)
            target.write_bytes(Path(Lake(night["lake"]).manifest(table, DAY, "web")).read_bytes())
    assert standing_work(night | changed, stages) == []


def test_another_recipe_is_other_work(night, recipes):
    assert standing_work(night | {"recipe": str(recipes / "demo.toml")}, ["decide"]) == []


def operator(night: dict, *stages: str, **submit) -> StageOperator:
    return StageOperator(task_id=stages[0], stages=list(stages), night=night, submit=submit)


def test_standing_work_is_told_and_starts_no_spark(night, caplog, monkeypatch):
    monkeypatch.setenv("PATH", "")  # no spark-submit and no java could be found
    with caplog.at_level(logging.INFO):
        assert operator(night, "decide").execute({}) == SOURCES
    told = [record.getMessage() for record in caplog.records if record.name == "malmoi.stage"]
    assert [line.split()[:2] for line in told] == [["decide", "web:"], ["decide", "kin:"]] and "3" in told[0]


@pytest.mark.parametrize(
    ("code", "kind"), [(0, None), (CONTRACT_EXIT, ContractError), (INFRASTRUCTURE_EXIT, InfrastructureError)]
)
def test_a_submit_is_a_process_whose_end_counts(night, tmp_path, monkeypatch, code, kind):
    """The provider's real hook and a real process in spark-submit's place, which writes down what it was given."""
    command = tmp_path / "bin" / "spark-submit"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/given\necho "{SAID}" >&2\nexit {code}\n')
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{command.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("AIRFLOW_CONN_SPARK_DEFAULT", '{"conn_type": "spark", "host": "local[1]"}')
    task = operator(night, "ingest", conf={"spark.executor.cores": "1"})
    if kind is None:
        assert task.execute({}) == SOURCES
    else:
        with pytest.raises(kind, match="^web: no such file$"):
            task.execute({})
    given = (tmp_path / "given").read_text()
    assert "--master local[1]" in given and "spark.executor.cores=1" in given
    assert f"run_stage.py ingest --recipe {night['recipe']} --batch {DAY}" in given and "--sources web,kin" in given


@pytest.mark.parametrize(("single", "stages"), [(True, ["ingest", "annotate", "dedup"]), (False, ["ingest"])])
def test_a_night_of_one_source_goes_on_in_the_session_of_its_ingest(night, single, stages):
    task = StageOperator(
        task_id="ingest", stages=["ingest"], then=["annotate", "dedup"], night=night | {"single_source": single}
    )
    assert task._operator().application_args[0].split(",") == stages
