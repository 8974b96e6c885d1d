"""
# Training on a release

Hands a release to a training job and says how it went.

```
choose_release -> train_tokenizer -> pack -> briefing -> [approve] -> train -> evaluate -> report
```

**When.** Each time a release lands: `corpus_nightly` updates the asset `malmoi_release`, and a run starts for the same night.
Trigger a run by hand with the id of a release.

**Form.**

| field | meaning |
|---|---|
| `release` | id of the release; leave empty when the run has a partition key, then the release in force for that night is taken |
| `recipe` | whose `tokenizer` and `train` sections decide; empty means the recipe that the release was made with |
| `train` | values that replace those of the recipe's `train` section for this run, for example `{"steps": 200}` |
| `approve` | wait for a person before the job starts, whatever the recipe says |
| `again` | 0 trains each piece of work once; a higher number trains it once more from the start |

**Tokenizer.** The first release of a recipe trains it; later ones use the same, so that token files of all nights fit
together. The sample of a release with more than 1 GiB of text is drawn by Spark.

**Pack.** Each shard becomes Megatron `.bin`/`.idx` files with lineage; documents that are held out for evaluation go into files
of their own.

**Train.** Hashes are compared before anything starts. The job runs where the recipe says: `local`, `slurm` or `kubernetes`, with
the options of the connection `malmoi_training`. It outlives restarts of Airflow, resumes from its newest checkpoint, and is
stopped when the task is cleared, failed or out of time. Clearing a finished task does not train again: use `again`.

**Result.** The run folder `runs/RELEASE-HASH/` in the lake: metrics, loss curve, checkpoints, `result.json`,
`evaluation.json`. See docs/training.md.
"""

from datetime import timedelta

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import Param, PartitionedAssetTimetable, dag, get_current_context, task

from malmoi_airflow import config
from malmoi_airflow.assets import RELEASE
from malmoi_airflow.defaults import ONE_AT_A_TIME
from malmoi_airflow.links import ConsoleLink, linked
from malmoi_airflow.tags import Tag
from malmoi_airflow.training.operator import GpuTrainingOperator
from malmoi_airflow.training.pack import PackOperator
from malmoi_airflow.training.tokenizer import TokenizerOperator

PARAMS = {
    "release": Param(
        None,
        type=["null", "string"],
        title="Release",
        description="Id of a release. Leave empty when the run has a partition key.",
    ),
    "recipe": Param(
        None,
        type=["null", "string"],
        enum=[None, *config.recipe_names()],
        title="Recipe",
        description="Whose tokenizer and train sections decide. Empty: the recipe that the release was made with.",
    ),
    "train": Param(
        {},
        type="object",
        title="Train settings",
        description='Replace values of the recipe\'s train section for this run, for example {"steps": 200}.',
    ),
    "approve": Param(
        False,
        type="boolean",
        title="Approve first",
        description="Wait for a person before the training job starts.",
    ),
    "again": Param(
        0,
        type="integer",
        minimum=0,
        maximum=1000,
        title="Train again",
        description="Work that is trained is not trained twice. A higher number trains it once more, from the start.",
    ),
}


@dag(
    dag_id="corpus_train",
    doc_md=__doc__,
    schedule=PartitionedAssetTimetable(assets=RELEASE),
    params=PARAMS,
    render_template_as_native_obj=True,
    tags=[Tag.TRAINING, Tag.SPARK, Tag.GPU],
    **ONE_AT_A_TIME,
)
def corpus_train():
    @task
    def choose_release() -> dict:
        """Which release, and by which recipe."""
        from malmoi_airflow.training.tasks import choose_release

        context = get_current_context()
        return choose_release(context["dag_run"].partition_key, context["params"])

    @task
    def briefing(work: dict, tokens: str) -> str:
        """What is about to be trained on, and what it takes."""
        from malmoi_airflow.training.briefing import briefing

        return briefing(work, tokens, get_current_context()["params"]["train"])

    @task.branch
    def needs_approval(work: dict) -> str:
        """Whether a person decides first."""
        return "approve" if work["approval"] else "train"

    @task(execution_timeout=timedelta(hours=6))
    def evaluate(trained: dict) -> dict:
        """Bits per byte on documents that were never trained on, and multiple choice."""
        from malmoi_airflow.training.tasks import evaluate

        return evaluate(trained)

    @task(trigger_rule="none_failed")
    def report(trained: dict, evaluated: dict | None) -> dict:
        """How the training went."""
        from malmoi_airflow.training.tasks import report

        return report(trained, evaluated)

    work = choose_release()
    tokenizer = TokenizerOperator(task_id="train_tokenizer", work=work, execution_timeout=timedelta(hours=6))
    pack = PackOperator(task_id="pack", work=work, execution_timeout=timedelta(hours=6))
    told = briefing(work, pack.output)
    approve = ApprovalOperator(
        task_id="approve",
        subject="Start training?",
        body="{{ ti.xcom_pull(task_ids='briefing') }}",
        execution_timeout=None,
    )
    train = GpuTrainingOperator(
        task_id="train",
        lake=work["lake"],
        tokens=pack.output,
        recipe=work["recipe"],
        again="{{ params.again }}",
        overrides="{{ params.train }}",
        trigger_rule="none_failed_min_one_success",
    )
    tokenizer >> pack
    told >> needs_approval(work) >> [approve, train]
    approve >> train
    linked(report(train.output, evaluate(train.output)), ConsoleLink())


corpus_train()
