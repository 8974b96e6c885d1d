"""
# The nightly corpus

Turns what the Korean web wrote in one day into a release of training text.

```
prepare -> read pages [one task a source] -> check sources
        -> score documents: annotate -> dedup
        -> make the corpus: decide -> redact -> shard
        -> release: gate -> publish -> report
```

**When.** Every midnight in Asia/Seoul, for the day that has just ended. A run is one partition: its key is the day,
`YYYY-MM-DD`. Trigger a run by hand with a partition key (or the form's day), or back-fill a range of days.

**Form.**

| field | meaning |
|---|---|
| `day` | the day to work on; leave empty when the run has a partition key |
| `sources` | only these sources of the recipe; empty means all |
| `recipe` | thresholds, sources and policies: a file in `spark_jobs/recipes/` |
| `dry_run` | everything but publishing, in a batch of its own (`DAY~dry`) |
| `sample_fraction` | keep this share of the documents, chosen by hash of their id |

**Again.** Every task can be cleared at any time. A stage commits in one transaction, skips work that stands with the
same inputs, recipe and code, and gives the same bytes when it is repeated.

**When something fails.** Errors in the data or the recipe fail at once with one line; lost processes and full disks are
tried again. A source that fails does not stop the others: the run goes on without it, `check_sources` warns, and the
gate publishes only if the recipe says `gate.allow_missing_sources = true`. A failed gate publishes nothing.

**Result.** A release under `releases/ID/` with manifest, gate rows and `report.html`; the asset `malmoi_release`, which
starts `corpus_train`.
"""

from datetime import timedelta

import pendulum
from airflow.sdk import CronPartitionTimetable, Param, TaskGroup, dag, get_current_context, task

from malmoi_airflow import config
from malmoi_airflow.assets import RELEASE
from malmoi_airflow.defaults import DEFAULT_ARGS, night_deadline
from malmoi_airflow.stage import StageOperator
from malmoi_airflow.tags import Tag

PARAMS = {
    "day": Param(
        None,
        type=["null", "string"],
        format="date",
        title="Day",
        description="The day to work on, YYYY-MM-DD. Leave empty when the run has a partition key.",
    ),
    "sources": Param(
        [],
        type="array",
        items={"type": "string"},
        title="Sources",
        description="Names of sources in the recipe, one a line. Empty: all of them.",
    ),
    "recipe": Param(
        "nightly",
        type="string",
        enum=config.recipe_names(),
        title="Recipe",
        description="Thresholds, sources and policies: a file in spark_jobs/recipes/.",
    ),
    "dry_run": Param(
        False,
        type="boolean",
        title="Dry run",
        description="Do everything but publish. The result lies in a batch of its own, DAY~dry.",
    ),
    "sample_fraction": Param(
        1.0,
        type="number",
        minimum=0.001,
        maximum=1.0,
        title="Sample fraction",
        description="Keep this share of the documents, chosen by hash of their id: the same ones every time.",
    ),
}


@dag(
    dag_id="corpus_nightly",
    doc_md=__doc__,
    schedule=CronPartitionTimetable("0 0 * * *", timezone=config.TIMEZONE, run_offset=-1, key_format="%Y-%m-%d"),
    start_date=pendulum.datetime(2026, 11, 1, tz=config.TIMEZONE),
    catchup=False,
    max_active_runs=1,
    params=PARAMS,
    default_args=DEFAULT_ARGS,
    deadline=[night_deadline(hours=6)],
    tags=[Tag.NIGHTLY, Tag.SPARK],
)
def corpus_nightly():
    @task
    def prepare() -> dict:
        """Settle day, recipe and sources; refuse what cannot be worked on."""
        from malmoi_airflow.night import prepare

        context = get_current_context()
        return prepare(context["dag_run"].partition_key, context["params"])

    @task(trigger_rule="all_done")
    def check_sources(night: dict) -> list:
        """Which sources were read. Warns of those that failed; fails when none was, or the recipe needs them all."""
        from malmoi_airflow.night import sources_read

        return sources_read(night)

    @task
    def gate(night: dict, read: list[str]):
        """Hold the night against its limits: balance, schema, duplicates, leaks, drift."""
        from malmoi_airflow.night import run_gate

        return run_gate(night, read)

    @task(outlets=[RELEASE])
    def publish(night: dict, read: list[str], *, outlet_events=None):
        """Make the release visible in one step, and tell the asset."""
        from malmoi_airflow.night import run_publish

        outlet_events[RELEASE].extra = run_publish(night, read)

    @task(trigger_rule="all_done")
    def report(night: dict):
        """The funnel of the night: documents and bytes in, out by reason."""
        from malmoi_airflow.night import run_report

        run_report(night)

    night = prepare()

    with TaskGroup("read_pages", tooltip="One task a source: landing files to documents"):
        ingest = StageOperator.partial(
            task_id="ingest",
            stages=["ingest"],
            night=night,
            map_index_template="{{ task.source }}",
            execution_timeout=timedelta(hours=4),
        ).expand(source=night["sources"])
        read = check_sources(night)
        ingest >> read

    def stage(*stages: str) -> StageOperator:
        return StageOperator(
            task_id=stages[0], stages=list(stages), night=night, read=read, execution_timeout=timedelta(hours=4)
        )

    with TaskGroup(
        "score_documents", tooltip="Signals, spans and signatures; duplicates of tonight and of all nights before"
    ):
        annotate = stage("annotate", "dedup")
        dedup = stage("dedup")

    with TaskGroup(
        "make_the_corpus", tooltip="Keep or drop with a reason; replace personal data; shards of bounded size"
    ):
        decide = stage("decide", "redact", "shard")
        redact = stage("redact")
        shard = stage("shard")

    with TaskGroup("release", tooltip="Checks, one atomic publish, the morning report"):
        passed = gate(night, read)
        published = publish(night, read)
        told = report(night).as_teardown()

    read >> annotate >> dedup >> decide >> redact >> shard >> passed >> published >> told


corpus_nightly()
