"""
# Quality model

Trains a model that tells text worth reading from junk, on the corpus's own documents, and puts it into use.

```
choose_documents -> train -> evaluate -> briefing -> approve -> promote
```

**When.** By hand: when the drift report shows that `low_quality` moves, when a kind of junk comes through, or when there is better
reference text. Without a promoted model the one of the package scores; without any, the recipe's rules decide alone.

**Form.**

| field | meaning |
|---|---|
| `recipe` | knows the sources; its `quality.min_quality_score` is the threshold that the evaluation uses |
| `sources` | sources whose kept documents are trusted as good |
| `reference` | a folder of trusted text on the worker's machine (.txt, .md, .jsonl, .parquet); may stand in for sources |
| `first_day` | the first published night whose documents are taken; empty: the first |
| `last_day` | the last one; empty: the last |
| `documents` | documents of each side, at most; training takes some 0.15 MB of memory for each |

**Documents.** Good are the reference's; bad are those that a rule on quality dropped, in any source, except by the model itself.
The repository's own written examples are added. Of each document 2,000 characters are read, in the training process; no text is copied.

**Train.** Seconds to minutes on one core. The same documents give the same file. The model lies in `models/quality/ID/` of
the lake, with what it was trained on; ID begins its SHA-256.

**Evaluate.** One document in five is never trained on. On those the new model is held against the one in use: how well good comes
before bad, and which share of reference, rejected and kept documents falls below the threshold. The report lies beside the model.

**Approve.** A person decides. Rejected, the model stays on the shelf and nothing changes.

**Promote.** One pointer, `models/quality/promoted.json`. From the next night on annotate scores with the model; a night that was
annotated before keeps its scores until it is run again. The release's manifest names the model's hash.

**Again.** Every task can be cleared at any time. **Not at the same time as a night**, whose sources would get different models.
"""

from datetime import timedelta

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import Param, dag, get_current_context, task

from malmoi_airflow import forms
from malmoi_airflow.defaults import ONE_AT_A_TIME
from malmoi_airflow.tags import Tag

PARAMS = {
    "recipe": forms.recipe("Knows the sources; its quality.min_quality_score is the threshold of the evaluation."),
    "sources": Param(
        ["news"],
        type="array",
        items={"type": "string"},
        title="Trusted sources",
        description="Sources whose kept documents are trusted as good, one a line.",
    ),
    "reference": Param(
        "",
        type="string",
        title="Reference text",
        description="A folder of trusted text on the worker's machine. May stand in for sources.",
    ),
    "first_day": forms.day(
        title="First day", description="The first published night whose documents are taken. Empty: the first."
    ),
    "last_day": forms.day(title="Last day", description="The last night, YYYY-MM-DD. Empty: the last."),
    "documents": Param(
        3000,
        type="integer",
        minimum=10,
        maximum=20_000,
        title="Documents",
        description="Documents of each side, at most.",
    ),
}


@dag(
    dag_id="corpus_models",
    doc_md=__doc__,
    schedule=None,
    params=PARAMS,
    tags=[Tag.MODELS],
    **ONE_AT_A_TIME,
)
def corpus_models():
    @task
    def choose_documents() -> dict:
        """Which nights, and what is trusted."""
        from malmoi_airflow.quality import choose_documents

        return choose_documents(get_current_context()["params"])

    @task(execution_timeout=timedelta(hours=2))
    def train(plan: dict) -> dict:
        """Train a model and put it on the shelf."""
        from malmoi_airflow.quality import train

        return train(plan)

    @task(execution_timeout=timedelta(hours=2))
    def evaluate(plan: dict, model: dict) -> dict:
        """Hold it against the one in use, on documents that it has not seen."""
        from malmoi_airflow.quality import evaluate

        return evaluate(plan, model)

    @task
    def briefing(model: dict, report: dict) -> str:
        """What would change, for the person who approves."""
        from malmoi_airflow.quality import briefing

        return briefing(model, report)

    @task
    def promote(plan: dict, model: dict) -> dict:
        """Point the lake at the model."""
        from malmoi_airflow.quality import promote

        return promote(plan, model)

    plan = choose_documents()
    model = train(plan)
    report = evaluate(plan, model)
    approve = ApprovalOperator(
        task_id="approve",
        subject="Score the nights with this model?",
        body="{{ ti.xcom_pull(task_ids='briefing') }}",
        execution_timeout=None,
    )
    briefing(model, report) >> approve >> promote(plan, model)


corpus_models()
