"""
# Takedown

Removes documents from everything that was published, so that they never come back.

```
find_hits -> briefing -> approve -> remove
```

**When.** By hand, when somebody asks that a page, a site, an author's posts or a passage leave the corpus.

**Form.** Fill in at least one of the first five fields; several are taken together.

| field | meaning |
|---|---|
| `urls` | addresses of pages; tracking parameters and the like do not matter |
| `hosts` | hosts, each with everything below it |
| `authors` | author keys, as in the table `documents` (no names are stored) |
| `documents` | document ids |
| `passage` | a passage of text; every document that holds it, whatever its spacing and punctuation |
| `recipe` | gives the redaction of a near copy that takes the place of a removed document |

**Find hits.** A dry run over every night, dropped documents included. A request that no document meets fails here and says
which one. Other copies of the same text go too.

**Approve.** The list of hits waits for a person. Rejected, nothing is changed. Approved, exactly that list is removed:
when a night was run in between and the requests name other documents, the task fails and asks for a new dry run.

**Remove.** Documents leave documents, annotations, clusters, decisions, the index, clean, shards and tokens; the best near copy of each
steps in, unless it is the same text. Only touched shards are written again. Every night that changed gets a new release;
older releases of it are removed. Keyed tombstones keep the pages out of later nights. A killed removal goes on where it was.

**Result.** A receipt in `receipts/` of the lake: document ids and keyed hashes, no address and no text. It also lists the raw
records that retention has still to remove. The form and the list of hits stay in Airflow's database until its own
clean-up (`airflow db clean`).

**Not at the same time as a night.** A night that has read its pages before the removal does not know of it: run the takedown
again when that night is published.
"""

from datetime import timedelta

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import Param, dag, get_current_context, task

from malmoi_airflow import forms
from malmoi_airflow.defaults import ONE_AT_A_TIME
from malmoi_airflow.tags import Tag


def lines(title: str, description: str) -> Param:
    """A list of strings, one a line in the form."""
    return Param([], type="array", items={"type": "string", "minLength": 1}, title=title, description=description)


PARAMS = {
    "urls": lines("Addresses", "Addresses of pages, one a line."),
    "hosts": lines("Hosts", "Hosts, one a line; everything below a host goes with it."),
    "authors": lines("Author keys", "Author keys as in the table documents, one a line."),
    "documents": lines("Document ids", "Document ids of 32 hexadecimal digits, one a line."),
    "passage": Param(
        None,
        type=["null", "string"],
        format="multiline",
        title="Passage",
        description="A passage of at least 20 letters and digits. Every document that holds it goes.",
    ),
    "recipe": forms.recipe("Gives the redaction of a near copy that takes the place of a removed document."),
}


@dag(
    dag_id="corpus_takedown",
    doc_md=__doc__,
    schedule=None,
    params=PARAMS,
    tags=[Tag.UPKEEP, Tag.PRIVACY],
    **ONE_AT_A_TIME,
)
def corpus_takedown():
    @task(execution_timeout=timedelta(hours=2))
    def find_hits() -> dict:
        """Which documents the requests name. Writes nothing."""
        from malmoi_airflow.takedown import find_hits

        return find_hits(get_current_context()["params"])

    @task
    def briefing(found: dict) -> str:
        """The list that a person approves."""
        from malmoi_airflow.takedown import briefing

        return briefing(found)

    @task(execution_timeout=timedelta(hours=4))
    def remove(found: dict) -> dict:
        """Remove what was approved, from tables, shards and tokens; publish new releases; write the receipt."""
        from malmoi_airflow.takedown import remove

        return remove(get_current_context()["params"], found)

    found = find_hits()
    approve = ApprovalOperator(
        task_id="approve",
        subject="Remove these documents?",
        body="{{ ti.xcom_pull(task_ids='briefing') }}",
        execution_timeout=None,
    )
    briefing(found) >> approve >> remove(found)


corpus_takedown()
