"""The training DAG: its shape, what starts it, and that parsing it stays light."""

import os
import runpy
import subprocess
import sys

import pytest
from airflow.sdk import DAG, PartitionedAssetTimetable

from malmoi_airflow.tags import Tag


@pytest.fixture(scope="module")
def dag(root) -> DAG:
    found = runpy.run_path(str(root / "dags" / "corpus_train.py"))
    return found["corpus_train"]()


def upstream(dag: DAG, task: str) -> set[str]:
    return set(dag.get_task(task).upstream_task_ids)


def test_the_way_from_release_to_report(dag):
    assert set(dag.task_ids) == {
        "choose_release", "train_tokenizer", "pack", "briefing", "needs_approval", "approve", "train", "evaluate", "report",
    }  # fmt: skip
    assert upstream(dag, "pack") >= {"choose_release", "train_tokenizer"}
    assert upstream(dag, "train") >= {"pack", "needs_approval", "approve"}
    assert upstream(dag, "approve") == {"needs_approval"}
    assert upstream(dag, "report") == {"train", "evaluate"}
    assert (
        dag.get_task("report").trigger_rule == "none_failed"
    )  # a model that only its own command reads is not evaluated
    assert dag.get_task("train").trigger_rule == "none_failed_min_one_success"  # a skipped approval is none failed


def test_a_release_starts_it(dag):
    assert isinstance(dag.timetable, PartitionedAssetTimetable)
    assert dag.timetable.asset_condition.name == "malmoi_release"
    assert dag.timetable.default_partition_mapper.to_downstream("2026-11-01") == "2026-11-01"


def test_the_docstring_is_the_documentation(dag):
    assert dag.doc_md.strip().startswith("# Training on a release")
    for name in dag.params:
        assert f"| `{name}` |" in dag.doc_md
    assert set(dag.tags) == {Tag.TRAINING, Tag.SPARK, Tag.GPU}


@pytest.mark.parametrize(
    "values, message",
    [
        ({"again": -1}, "again"),
        ({"recipe": "none"}, "recipe"),
        ({"train": "steps"}, "train"),
        ({"approve": "yes"}, "approve"),
    ],
)
def test_the_form_refuses_what_it_cannot_take(dag, values, message):
    from airflow.sdk.definitions.param import ParamsDict
    from airflow.sdk.exceptions import ParamValidationError

    params = ParamsDict({name: dag.params.get_param(name) for name in dag.params})
    with pytest.raises(ParamValidationError, match=message):
        params.update(values)
        params.validate()


def test_parsing_loads_no_engine(root):
    code = (
        "import runpy, sys; runpy.run_path('dags/corpus_train.py');"
        "print([name for name in ('torch', 'pyspark', 'tokenizers', 'transformers', 'kiwipiepy', 'kubernetes') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root,
        env={**os.environ, "PYTHONPATH": "spark_jobs:plugins"},
    )  # fmt: skip
    assert done.stdout.strip().splitlines()[-1] == "[]"
