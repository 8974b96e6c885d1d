"""The stage operator: which error a failed submit was, and which work needs no Spark."""

import logging
import os
import stat
from pathlib import Path

import pytest
from airflow.sdk.exceptions import AirflowSkipException

from malmoi.contracts.balance import Balance, Count
from malmoi.contracts.endings import CONTRACT_EXIT, ERROR_PREFIX, INFRASTRUCTURE_EXIT
from malmoi.contracts.errors import ContractError, InfrastructureError
from malmoi.contracts.files import files_of
from malmoi.contracts.manifest import FileEntry, StageManifest
from malmoi.contracts.paths import Lake
from malmoi.contracts.stages import STAGES, fingerprint, inputs_of
from malmoi_airflow.night import scope_of
from malmoi_airflow.stage import SmallNightOperator, StageOperator, standing_work, submit_error

DAY, SOURCES = "2026-11-01", ["web", "kin"]
WHOLE = tuple(STAGES)


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
    """What a stage that ran would have committed."""
    count = Count(3, 30)
    file = FileEntry("part-00000.parquet", 3, 1, "0" * 64)
    manifest = StageManifest(stage, DAY, source, "a" * 64, "", mark, {}, (file,), Balance(count, count))
    for table in STAGES[stage].tables:
        path = Path(lake.manifest(table, DAY, source))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(manifest.dumps())


@pytest.fixture
def night(tmp_path, recipes) -> dict:
    """A night whose stages all stand, made by hand."""
    made = {"lake": str(tmp_path / "lake"), "recipe": str(recipes / "nightly.toml"), "batch": DAY, "day": DAY,
            "landing": str(tmp_path / "landing"), "sources": SOURCES, "sample": 1.0, "dry_run": False,
            "missing": []}  # fmt: skip
    for source in SOURCES:
        landed = tmp_path / "landing" / f"source={source}" / f"date={DAY}" / "a.warc.gz"
        landed.parent.mkdir(parents=True)
        landed.write_bytes(b"made by hand")
    scope = scope_of(made)
    for stage in WHOLE:
        marks = {source: fingerprint(scope, stage, source, inputs_of(scope, stage, source)) for source in SOURCES}
        for source in SOURCES:
            leave(scope.lake, stage, source, marks[source])
    return made


@pytest.mark.parametrize("stages", [["ingest"], ["dedup"], ["decide"], ["redact"], ["shard"], list(WHOLE)])
def test_stages_find_their_work_standing(night, stages):
    found = standing_work(night, stages)
    assert [(one.stage, one.source) for one in found] == [(stage, source) for stage in stages for source in SOURCES]


@pytest.mark.parametrize(("stage", "table"), [(stage, table) for stage in WHOLE for table in STAGES[stage].tables])
def test_one_table_that_has_fallen_starts_the_session_for_all(night, stage, table):
    Path(Lake(night["lake"]).manifest(table, DAY, "kin")).unlink()
    assert standing_work(night, [stage]) == [] and standing_work(night, list(WHOLE)) == []


@pytest.mark.parametrize(("stages", "changed"), [(["decide"], {"sample": 0.5}), (["decide"], {"batch": "2026-11-02"})])
def test_what_is_submitted_anyway(night, stages, changed):
    if changed.get("batch"):
        for table in ("annotations", "clusters"):
            target = Path(Lake(night["lake"]).manifest(table, changed["batch"], "web"))
            target.parent.mkdir(parents=True)
            target.write_bytes(Path(Lake(night["lake"]).manifest(table, DAY, "web")).read_bytes())
    assert standing_work(night | changed, stages) == []


def test_on_an_object_store_the_same_work_stands(night, object_store):
    there = night | {"lake": object_store}
    assert standing_work(there, ["decide"]) == []
    store, root = files_of(Lake(object_store)), Path(night["lake"])
    for path in root.rglob("*.json"):
        store.write(f"{object_store}/{path.relative_to(root)}", path.read_bytes())
    assert [one.source for one in standing_work(there, ["decide"])] == list(SOURCES)


def test_a_landing_file_that_came_or_changed_is_read(night):
    folder = Path(night["landing"], "source=kin", f"date={DAY}")
    os.utime(folder / "a.warc.gz", ns=(1, 1))
    assert standing_work(night, ["ingest"]) == [] and standing_work(night | {"sources": ["web"]}, ["ingest"]) != []


def test_another_threshold_repeats_the_stages_that_read_it(night, tmp_path):
    changed = tmp_path / "changed.toml"
    base = Path(night["recipe"])
    rules = (base.parent / "sites.toml").as_posix()
    changed.write_text(
        f'extends = "{base}"\nname = "changed"\n[ingest]\nsite_rules = "{rules}"\n[privacy]\nmax_persons = 3\n[gate]\nmin_keep_share = 0.1\n'
    )
    other = night | {"recipe": str(changed)}
    assert [stage for stage in WHOLE if not standing_work(other, [stage])] == ["ingest", "dedup", "decide", "redact"]


def operator(night: dict, *stages: str, **submit) -> StageOperator:
    return StageOperator(task_id=stages[0], stages=list(stages), night=night, submit=submit)


def test_standing_work_is_told_and_starts_no_spark(night, caplog, monkeypatch):
    monkeypatch.setenv("PATH", "")  # no spark-submit and no java could be found
    with caplog.at_level(logging.INFO):
        assert operator(night, "decide").execute({}) == SOURCES
    told = [record.getMessage() for record in caplog.records if record.name == "malmoi.stage"]
    assert [line.split()[:2] for line in told] == [["decide", "web:"], ["decide", "kin:"]] and "3" in told[0]


@pytest.fixture
def spark_submit(tmp_path, monkeypatch):
    """Puts a process that ends as it is told in spark-submit's place."""

    def place(code: int) -> None:
        command = tmp_path / "bin" / "spark-submit"
        command.parent.mkdir()
        command.write_text(
            f'#!/bin/sh\necho "$@" > {tmp_path}/given\necho app-1 > "$MALMOI_APPLICATION_FILE"\necho "{SAID}" >&2\nexit {code}\n'
        )
        command.chmod(command.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{command.parent}:{os.environ['PATH']}")
        monkeypatch.setenv("AIRFLOW_CONN_SPARK_DEFAULT", '{"conn_type": "spark", "host": "local[1]"}')

    return place


@pytest.mark.parametrize(
    ("code", "kind"), [(0, None), (CONTRACT_EXIT, ContractError), (INFRASTRUCTURE_EXIT, InfrastructureError)]
)
def test_a_submit_is_a_process_whose_end_counts(night, tmp_path, spark_submit, code, kind):
    """The provider's real hook and a real process in spark-submit's place, which writes down what it was given."""
    spark_submit(code)
    Path(Lake(night["lake"]).manifest("documents", DAY, "web")).unlink()
    task = operator(night, "ingest", conf={"spark.executor.cores": "1"})
    if kind is None:
        assert task.execute({}) == SOURCES
    else:
        with pytest.raises(kind, match="^web: no such file$"):
            task.execute({})
    assert task.application == "app-1"
    given = (tmp_path / "given").read_text()
    assert "--master local[1]" in given and "spark.executor.cores=1" in given
    assert f"run_stage.py ingest --recipe {night['recipe']} --batch {DAY}" in given and "--sources web,kin" in given


def test_a_small_night_goes_in_one_session(night):
    task = SmallNightOperator(task_id="small_night", nights=[night | {"sources": [name]} for name in SOURCES])
    assert task.execute({}) == SOURCES
    arguments = task._operator().application_args
    assert arguments[0].split(",") == list(WHOLE) and arguments[-1] == "web,kin"


def test_a_large_night_is_left_to_its_sources(night):
    task = SmallNightOperator(task_id="small_night", nights=[night], limit_mib=0)
    with pytest.raises(AirflowSkipException, match="above 0 MiB sources have sessions of their own"):
        task.execute({})


@pytest.mark.parametrize("code", [CONTRACT_EXIT, INFRASTRUCTURE_EXIT])
def test_a_small_night_that_fails_is_left_to_its_sources(night, spark_submit, code):
    spark_submit(code)
    Path(Lake(night["lake"]).manifest("clean", DAY, "web")).unlink()
    with pytest.raises(AirflowSkipException, match=r"^web: no such file \(every source now goes on by itself\)$"):
        SmallNightOperator(task_id="small_night", nights=[night]).execute({})
