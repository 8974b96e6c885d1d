"""
# Upkeep of the lake

Keeps the lake small and says how the nights drift.

```
compact -> maintain -> drift
```

**When.** Every Sunday at 12:00 in Asia/Seoul, when no night is at work; or by hand.

**Form.**

| field | meaning |
|---|---|
| `recipe` | its section `[retention]` says how long things stay, `[gate]` which change of a drop rate counts as moved |
| `dry_run` | only list what would be removed |
| `nights` | published nights that the drift report shows |

**Compact.** Joins small parts of nights that are older than `retention.superseded_days`, the same rows in the same order in every table
that lies side by side. Releases and their shards stay byte for byte.

**Maintain.** Removes raw pages, dropped documents and superseded releases whose time is over, expires snapshots that no
release in force needs, and removes what killed attempts left behind and segments of the lookup that are out of use. What a release in force needs is never touched.

**Drift.** For every source the share of documents that stayed and that left for each reason, night by night; rows that moved
more than `gate.max_drop_rate_change` are marked, and told as an alert.

**Again.** Each task may be cleared or killed at any time; it goes on where it was.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, Param, dag, get_current_context, task

from malmoi_airflow import config, forms
from malmoi_airflow.defaults import ONE_AT_A_TIME
from malmoi_airflow.tags import Tag

PARAMS = {
    "recipe": forms.recipe("Its sections [retention] and [gate] decide."),
    "dry_run": Param(
        False,
        type="boolean",
        title="Dry run",
        description="Only list what would be removed; change nothing.",
    ),
    "nights": Param(
        8,
        type="integer",
        minimum=1,
        maximum=60,
        title="Nights",
        description="Published nights that the drift report shows.",
    ),
}


@dag(
    dag_id="corpus_maintenance",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 12 * * 0", timezone=config.TIMEZONE),
    params=PARAMS,
    tags=[Tag.UPKEEP],
    **ONE_AT_A_TIME,
)
def corpus_maintenance():
    @task(execution_timeout=timedelta(hours=4))
    def compact():
        """Join small files of old nights."""
        from malmoi_airflow.maintenance import compact

        compact(get_current_context()["params"])

    @task(execution_timeout=timedelta(hours=4), trigger_rule="none_failed")
    def maintain():
        """Remove what retention, releases and snapshots no longer need."""
        from malmoi_airflow.maintenance import maintain

        maintain(get_current_context()["params"])

    @task
    def drift():
        """Shares of documents by reason over the last nights; an alert where one moved."""
        from malmoi_airflow.maintenance import drift

        context = get_current_context()
        drift(context["params"], context)

    tidy = maintain()
    compact() >> tidy
    tidy >> drift().as_teardown(on_failure_fail_dagrun=True)


corpus_maintenance()
