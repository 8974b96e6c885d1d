"""Every DAG: what the project promises of all of them, and what makes the night a partition."""

import json
import os
import re
import runpy
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from airflow.sdk import DAG
from airflow.sdk.definitions.param import ParamsDict
from airflow.sdk.exceptions import ParamValidationError

from malmoi_airflow.assets import RELEASE
from malmoi_airflow.defaults import RETRIES, RETRY_POLICY
from malmoi_airflow.tags import Tag

ROOT = Path(__file__).resolve().parents[2]
IDS = (
    "corpus_fetch", "corpus_maintenance", "corpus_models", "corpus_nightly", "corpus_rebuild", "corpus_takedown", "corpus_train",
)  # fmt: skip
WITHOUT_RETRIES: dict[str, str] = {}
"""``dag.task`` -> why trying it again would be wrong. None so far: every task may be run twice."""


@cache
def dag(name: str) -> DAG:
    return runpy.run_path(str(ROOT / "dags" / f"{name}.py"))[name]()


@cache
def stored(name: str):
    """The DAG as the scheduler knows it: written to the database's form and read back."""
    from airflow.serialization.serialized_objects import DagSerialization

    return DagSerialization.from_dict(json.loads(json.dumps(DagSerialization.to_dict(dag(name)))))


TASKS = [(name, task) for name in IDS for task in sorted(dag(name).task_ids)]

BAG = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(sys.argv[1])
found = {name: sorted(dag.tags) for name, dag in bag.dags.items()}
print("RESULT" + json.dumps([found, {k: v.splitlines()[-1] for k, v in bag.import_errors.items()}]))
"""


@pytest.mark.airflow
def test_the_dag_folder_is_read_without_an_error(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", BAG, str(ROOT / "dags")], capture_output=True, text=True, cwd=tmp_path,
        env={
            **{key: value for key, value in os.environ.items() if not key.startswith("AIRFLOW__")},
            "AIRFLOW_HOME": str(tmp_path), "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
            "PYTHONPATH": f"{ROOT / 'spark_jobs'}:{ROOT / 'plugins'}",
        },
    )  # fmt: skip
    said = [line for line in done.stdout.splitlines() if line.startswith("RESULT")]
    assert said, done.stderr[-2000:]
    found, errors = json.loads(said[0].removeprefix("RESULT"))
    assert errors == {} and sorted(found) == sorted(IDS)


def test_one_file_one_dag():
    assert sorted(path.stem for path in (ROOT / "dags").glob("*.py")) == sorted(IDS)
    assert [dag(name).dag_id for name in IDS] == list(IDS)


@pytest.mark.parametrize("name", IDS)
def test_documentation_tags_and_form(name):
    one = dag(name)
    assert one.doc_md == runpy.run_path(str(ROOT / "dags" / f"{name}.py"))["__doc__"]
    assert one.doc_md.strip().startswith("# ")
    assert one.tags <= set(Tag)
    assert len(one.tags & {Tag.NIGHTLY, Tag.TRAINING, Tag.MODELS, Tag.UPKEEP}) == 1
    for field in one.params:
        assert f"| `{field}` |" in one.doc_md
        assert one.params.get_param(field).schema["title"] and one.params.get_param(field).description
    assert not one.catchup and one.max_active_runs == 1


@pytest.mark.parametrize(("name", "task"), TASKS)
def test_every_task_is_tried_again_by_kind_of_error(name, task):
    one = dag(name).get_task(task)
    if f"{name}.{task}" in WITHOUT_RETRIES:
        assert one.retries == 0
    else:
        assert one.retries == RETRIES and one.retry_policy is RETRY_POLICY
    assert one.owner == "malmoi"


def test_the_list_of_exceptions_names_tasks_that_exist():
    assert set(WITHOUT_RETRIES) <= {f"{name}.{task}" for name, task in TASKS} and all(WITHOUT_RETRIES.values())


STAGES = ["read_pages.ingest"]
STAGES += [f"score_documents.{name}" for name in ("annotate", "dedup")]
STAGES += [f"make_the_corpus.{name}" for name in ("decide", "redact", "shard")]


@pytest.mark.parametrize("task", STAGES)
def test_a_stage_that_hangs_is_stopped(task):
    assert timedelta(0) < dag("corpus_nightly").get_task(task).execution_timeout <= timedelta(hours=6)


def test_the_retry_policy_knows_the_two_kinds_of_error():
    import importlib

    rules = {rule.exception: rule.action.value for rule in RETRY_POLICY.rules}
    assert sorted(path.rsplit(".", 1)[1] for path in rules) == ["ContractError", "InfrastructureError"]
    for path, action in rules.items():
        module, name = path.rsplit(".", 1)
        assert issubclass(getattr(importlib.import_module(module), name), Exception)
        assert action == {"ContractError": "fail", "InfrastructureError": "retry"}[name]


@pytest.mark.parametrize(
    ("after", "run_after", "key"),
    [
        ("2026-11-01T15:00:00", "2026-11-02T15:00:00", "2026-11-02"),  # midnight in Seoul is 15:00 UTC
        ("2026-12-30T15:00:00", "2026-12-31T15:00:00", "2026-12-31"),
        ("2028-02-28T15:00:00", "2028-02-29T15:00:00", "2028-02-29"),
    ],
)
def test_a_night_is_the_day_that_ended_at_midnight_in_seoul(after, run_after, key):
    from airflow.timetables.base import DagRunInfo, TimeRestriction

    timetable = stored("corpus_nightly").timetable
    assert timetable.partitioned
    last = DagRunInfo(datetime.fromisoformat(after).replace(tzinfo=UTC), None, None, None)
    # With catch-up the timetable steps from run to run, whatever the clock of this machine says.
    found = timetable.next_dagrun_info_v2(last_dagrun_info=last, restriction=TimeRestriction(None, None, True))
    assert found.run_after == datetime.fromisoformat(run_after).replace(tzinfo=UTC)
    assert found.partition_key == key


def test_a_back_fill_has_every_day_once():
    first, last = datetime(2026, 11, 3, tzinfo=UTC), datetime(2026, 11, 6, tzinfo=UTC)
    runs = stored("corpus_nightly").timetable.iter_partition_dagrun_infos(earliest=first, latest=last)
    assert [run.partition_key for run in runs] == ["2026-11-03", "2026-11-04", "2026-11-05", "2026-11-06"]


def test_a_release_hands_its_night_to_training():
    outlets = {task: dag("corpus_nightly").get_task(task).outlets for task in dag("corpus_nightly").task_ids}
    assert {task: names for task, names in outlets.items() if names} == {"release.publish": [RELEASE]}
    training = stored("corpus_train").timetable
    assert training.partitioned
    assert dag("corpus_train").timetable.asset_condition == RELEASE
    assert training.get_partition_mapper(name=RELEASE.name, uri=RELEASE.uri).to_downstream("2026-11-01") == "2026-11-01"


@pytest.mark.parametrize(
    "path", [*(ROOT / "dags").glob("*.py"), *(ROOT / "plugins").rglob("*.py")], ids=lambda p: p.stem
)
def test_no_template_asks_for_the_logical_date(path):
    """A partitioned run has none: such a template would be empty, or fail the task."""
    forbidden = r"\{\{\s*(ds|ts|ds_nodash|ts_nodash|logical_date|execution_date|data_interval_\w+|prev_\w+|next_\w+)\b"
    assert not re.search(forbidden, path.read_text("utf-8"))


@pytest.mark.parametrize("name", IDS)
def test_the_form_as_it_opens_is_valid(name):
    dag(name).params.validate()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"day": "2026-13-01"}, "day"), ({"day": "yesterday"}, "day"), ({"day": 20261101}, "day"),
        ({"sources": "web"}, "sources"), ({"sources": [1]}, "sources"), ({"recipe": "none"}, "recipe"),
        ({"dry_run": "yes"}, "dry_run"), ({"sample_fraction": 0}, "sample_fraction"),
        ({"sample_fraction": 1.5}, "sample_fraction"),
    ],
)  # fmt: skip
def test_the_nightly_form_refuses_what_it_cannot_take(values, message):
    params = ParamsDict({name: dag("corpus_nightly").params.get_param(name) for name in dag("corpus_nightly").params})
    with pytest.raises(ParamValidationError, match=message):
        params.update(values)
        params.validate()


def test_the_nightly_form_takes_what_it_should():
    params = ParamsDict({name: dag("corpus_nightly").params.get_param(name) for name in dag("corpus_nightly").params})
    params.update(
        {"day": "2026-11-01", "sources": ["web"], "recipe": "demo", "dry_run": True, "sample_fraction": 0.001}
    )
    assert params.validate()["day"] == "2026-11-01"


def test_the_night_goes_from_landing_to_report():
    night = dag("corpus_nightly")
    way = ["score_documents.annotate", "score_documents.dedup", "make_the_corpus.decide", "make_the_corpus.redact",
           "make_the_corpus.shard", "release.gate", "release.publish", "release.report"]  # fmt: skip
    for one, two in zip(way, way[1:], strict=False):
        assert one in night.get_task(two).upstream_task_ids
    assert night.get_task("read_pages.ingest").is_mapped  # one task a source
    assert {"prepare", "read_pages.ingest"} <= set(night.get_task("read_pages.check_sources").upstream_task_ids)
    assert (
        night.get_task("read_pages.check_sources").trigger_rule == "all_done"
    )  # a lost source does not stop the night
    report = night.get_task("release.report")  # as a teardown it runs after a failure, and hides none
    assert report.is_teardown and not report.on_failure_fail_dagrun
    assert report.trigger_rule == "all_done_setup_success" and not any(one.is_setup for one in night.tasks)
