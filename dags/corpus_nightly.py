"""
# The nightly corpus

Turns what the Korean web wrote in one day into a release of training text.

```
prepare -> small night
        -> read pages [one task a source] -> check sources
        -> score documents: annotate -> dedup
        -> make the corpus: decide -> redact -> shard
        -> release: gate -> publish -> report
```

**When.** Every midnight in Asia/Seoul, for the day that has just ended, from the first midnight after the DAG appeared. A
run is one partition: its key is the day, `YYYY-MM-DD`. Trigger a run by hand with a partition key (or the form's day), or
back-fill a range of days.

**Form.**

| field | meaning |
|---|---|
| `day` | the day to work on; leave empty when the run has a partition key |
| `sources` | only these sources of the recipe; empty means all |
| `recipe` | thresholds, sources and policies: a file in `spark_jobs/recipes/` |
| `dry_run` | everything but publishing, in a batch of its own (`DAY~dry`) |
| `sample_fraction` | keep this share of the documents, chosen by hash of their id |

**Sessions.** Starting a JVM and loading models costs more than a small night. So `small_night` runs all stages of all
sources in one Spark session when the landing files are small (1 GiB; `MALMOI_SMALL_NIGHT_MIB`); on a larger night, or when
its session fails, it is skipped, every source has a session of its own, and `annotate` runs the stages after it in
the same one. Each stage commits by itself, so later tasks find their work standing and say what came out; one that is
missing or out of date is run by its own task.

**Again.** Every task can be cleared at any time. A stage commits in one transaction, skips work that stands with the
same inputs, recipe and code, and gives the same bytes when it is repeated.

**When something fails.** Errors in the data or the recipe fail at once with one line; lost processes and full disks are
tried again. A source that fails does not stop the others: the run goes on without it, `check_sources` warns, and the
gate publishes only if the recipe says `gate.allow_missing_sources = true`. A failed gate publishes nothing.

**Result.** A release under `releases/ID/` with manifest, gate rows and `report.html`; the asset `malmoi_release`, which
starts `corpus_train`.
"""

from datetime import timedelta

from airflow.sdk import CronPartitionTimetable, Param, TaskGroup, dag, get_current_context, task

from malmoi_airflow import config, forms
from malmoi_airflow.assets import RELEASE
from malmoi_airflow.defaults import DEFAULT_ARGS, night_deadline
from malmoi_airflow.links import ConsoleLink, ReportLink, linked
from malmoi_airflow.stage import SmallNightOperator, StageOperator
from malmoi_airflow.tags import Tag

REST = ["annotate", "dedup", "decide", "redact", "shard"]
STAGE_TIMEOUT = timedelta(hours=4)

PARAMS = {
    "day": forms.day("The day to work on, YYYY-MM-DD. Leave empty when the run has a partition key."),
    "sources": forms.sources("Names of sources in the recipe, one a line. Empty: all of them."),
    "recipe": forms.recipe("Thresholds, sources and policies: a file in spark_jobs/recipes/."),
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
    # No start date: the first scheduled night is the one after the DAG appeared, not an older one that nobody fed. The
    # ten minutes let a DAG file that is parsed again just after its first midnight keep that run.
    schedule=CronPartitionTimetable(
        "0 0 * * *",
        timezone=config.TIMEZONE,
        run_offset=-1,
        key_format="%Y-%m-%d",
        run_immediately=timedelta(minutes=10),
    ),
    catchup=False,
    max_active_runs=1,
    params=PARAMS,
    default_args=DEFAULT_ARGS,
    deadline=[night_deadline(hours=6)],
    tags=[Tag.NIGHTLY, Tag.SPARK],
)
def corpus_nightly():
    @task
    def prepare():
        """Settle day, recipe and sources; refuse what cannot be worked on."""
        from malmoi_airflow.night import prepare

        context = get_current_context()
        return prepare(context["dag_run"].partition_key, context["params"])

    @task(trigger_rule="all_done")
    def check_sources(nights: list, done: list):
        """Which sources were read. Warns of those that failed; fails when none was, or a required one failed."""
        from malmoi_airflow.night import join

        return join(nights, [name for names in done or () for name in names])

    @task
    def gate(night: dict):
        """Hold the night against its limits: balance, schema, duplicates, leaks, drift."""
        from malmoi_airflow.night import run_gate

        run_gate(night)

    @task(outlets=[RELEASE])
    def publish(night: dict, *, outlet_events=None):
        """Make the release visible in one step, and tell the asset."""
        from malmoi_airflow.lineage import published
        from malmoi_airflow.night import run_publish

        found = run_publish(night)
        event = published(night, found, str(get_current_context()["ti"].id))
        outlet_events[RELEASE].extra = found | {"openlineage": event}
        return found

    @task(trigger_rule="all_done")
    def report(nights: list):
        """The funnel of the night: documents and bytes in, out by reason."""
        from malmoi_airflow.night import join, run_report

        run_report(join(nights))

    def stage(night, *stages: str) -> StageOperator:
        return StageOperator(task_id=stages[0], stages=list(stages), night=night, execution_timeout=STAGE_TIMEOUT)

    nights = prepare()
    small_night = SmallNightOperator(task_id="small_night", nights=nights, execution_timeout=STAGE_TIMEOUT)

    with TaskGroup("read_pages", tooltip="One task a source: landing files to documents"):
        ingest = StageOperator.partial(
            task_id="ingest",
            stages=["ingest"],
            trigger_rule="none_failed",
            map_index_template="{{ task.night['sources'][0] }}",
            execution_timeout=STAGE_TIMEOUT,
        ).expand(night=nights)
        night = check_sources(nights, ingest.output)

    with TaskGroup(
        "score_documents", tooltip="Signals, spans, signatures; duplicates of tonight and of all nights before"
    ):
        annotate = stage(night, *REST)
        dedup = stage(night, "dedup")

    with TaskGroup(
        "make_the_corpus", tooltip="Keep or drop with a reason; replace personal data; shards of bounded size"
    ):
        decide = stage(night, "decide")
        redact = stage(night, "redact")
        shard = stage(night, "shard")

    with TaskGroup("release", tooltip="Checks, one atomic publish, the morning report"):
        passed = linked(gate(night), ConsoleLink())
        published = linked(publish(night), ConsoleLink(), ReportLink())
        told = linked(report(nights).as_teardown(), ConsoleLink(), ReportLink())

    small_night >> ingest
    annotate >> dedup >> decide >> redact >> shard >> passed >> published >> told


corpus_nightly()
