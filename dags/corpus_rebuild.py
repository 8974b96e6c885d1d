"""
# Rebuild

Decides past nights again with another recipe, from their annotations alone: no page is read or measured again.

```
choose_nights -> preview -> briefing -> approve -> rebuild -> gate -> publish
                                                       \\-> put_back, where rebuild or gate failed
```

**When.** By hand, after thresholds, policies or the rules of duplicates were changed in a recipe.

**Form.**

| field | meaning |
|---|---|
| `recipe` | the recipe that decides now: a file in `spark_jobs/recipes/`, or `drafts/NAME`, saved on the console's page *What if* |
| `first_day` | the first night; empty: from the first published night |
| `last_day` | the last night; empty: to the last published night |

**Preview.** Runs dedup and decide for the nights in order and commits nothing. The briefing shows how many documents would come in
and go out by night, source and reason, with samples, and what cannot be rebuilt: documents that retention removed, and
annotations that another version made.

**Approve.** A person decides. Rejected, the lake is as it was.

**Rebuild.** Runs dedup, decide, redact and shard for the nights in order, in one Spark session; a later night is held
against what the nights before it keep now. Stages whose inputs and recipe values have not changed are skipped.

**Gate and publish.** Every night goes through its gate before the first one is published. When the rebuild or a gate fails,
`put_back` gives the tables back what they held; the releases in force were never touched. Each rebuilt night is a
new release that supersedes the old one; `malmoi rollback` brings that back. Training does not start by itself: run
`corpus_train` with the release.

**Not at the same time as a night**, which would be held against an index that is in work.
"""

from datetime import timedelta

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import dag, get_current_context, task

from malmoi_airflow import forms
from malmoi_airflow.defaults import ONE_AT_A_TIME
from malmoi_airflow.rebuild import RebuildOperator
from malmoi_airflow.tags import Tag

TIMEOUT = timedelta(hours=12)

PARAMS = {
    "recipe": forms.recipe_or_draft("The recipe that decides now; drafts/NAME for one that the console saved."),
    "first_day": forms.day(
        title="First day", description="The first night, YYYY-MM-DD. Empty: from the first published night."
    ),
    "last_day": forms.day(
        title="Last day", description="The last night, YYYY-MM-DD. Empty: to the last published night."
    ),
}


@dag(
    dag_id="corpus_rebuild",
    doc_md=__doc__,
    schedule=None,
    params=PARAMS,
    tags=[Tag.UPKEEP, Tag.SPARK],
    **ONE_AT_A_TIME,
)
def corpus_rebuild():
    @task
    def choose_nights() -> dict:
        """Which nights, and whether the recipe knows their sources."""
        from malmoi_airflow.rebuild import choose_nights

        return choose_nights(get_current_context()["params"])

    @task
    def briefing(plan: dict) -> str:
        """What would change, for the person who approves."""
        from malmoi_airflow.rebuild import briefing

        return briefing(plan)

    @task(execution_timeout=TIMEOUT)
    def gate(plan: dict):
        """Hold every night against its limits before one is published."""
        from malmoi_airflow.rebuild import run_gate

        run_gate(plan)

    @task
    def publish(plan: dict) -> list:
        """Publish every night, oldest first."""
        from malmoi_airflow.rebuild import run_publish

        return run_publish(plan)

    @task(trigger_rule="one_failed")
    def put_back(plan: dict):
        """Give the tables back what they held, where the rebuild or a gate failed."""
        from malmoi_airflow.rebuild import put_back

        put_back(plan)

    plan = choose_nights()
    preview = RebuildOperator(task_id="preview", night=plan, preview=True, execution_timeout=TIMEOUT)
    approve = ApprovalOperator(
        task_id="approve",
        subject="Rebuild these nights?",
        body="{{ ti.xcom_pull(task_ids='briefing') }}",
        execution_timeout=None,
    )
    rebuild = RebuildOperator(task_id="rebuild", night=plan, execution_timeout=TIMEOUT)
    passed = gate(plan)
    preview >> briefing(plan) >> approve >> rebuild >> passed >> publish(plan)
    [rebuild, passed] >> put_back(plan)


corpus_rebuild()
