"""
# Fetching pages

Puts new pages of the Korean web into the landing folder, for sources whose recipe asks for it.

```
choose -> fetch
```

**When.** Every three hours, for the day that it is in Seoul: feeds and news sitemaps show the last hours only. The last run
of a day begins at 21:00 and ends before midnight (`fetch.max_minutes`), when `corpus_nightly` reads the day.

**What.** The recipe's `[fetch.source.NAME]`: RSS and Atom feeds, sitemaps, queries to Naver's Search API, lists of
addresses. Without one, the run is skipped.

**Form.**

| field | meaning |
|---|---|
| `day` | the day whose landing files these become; empty: the day in Seoul when the run was due |
| `sources` | only these sources of the recipe; empty means all that ask for it |
| `recipe` | what to fetch and how politely: a file in `spark_jobs/recipes/` |

**One task for all sources**, because they may share hosts, and a host must not be asked by several at once.

**Manners.** robots.txt, Crawl-delay, Retry-After, one request to a host at a time, conditional requests for pages that are
known. Pages that ask not to be used for training are noted in the WARC and not kept (`ingest.opt_outs`).

**Naver.** Searches need the connection `naver_openapi`: client id as login, client secret as password.

**Again.** Every task can be cleared at any time. A run that was killed goes on where it was; its files become visible
together when the run ends. Pages that were fetched on the day are not asked for again.

**Result.** `source=NAME/date=DAY/fetch-*.warc.gz` in the landing folder, and the outcomes by source as the task's result.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag, get_current_context, task

from malmoi_airflow import config, forms
from malmoi_airflow.defaults import ONE_AT_A_TIME
from malmoi_airflow.tags import Tag

PARAMS = {
    "day": forms.day(
        "The day whose landing files these become, YYYY-MM-DD. Empty: the day in Seoul when the run was due."
    ),
    "sources": forms.sources("Names of sources in the recipe, one a line. Empty: all that ask for fetching."),
    "recipe": forms.recipe("What to fetch and how politely: a file in spark_jobs/recipes/."),
}


@dag(
    dag_id="corpus_fetch",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 */3 * * *", timezone=config.TIMEZONE),
    params=PARAMS,
    tags=[Tag.NIGHTLY],
    **ONE_AT_A_TIME,
)
def corpus_fetch():
    @task
    def choose():
        """Settle day, recipe and sources; skip where none asks for fetching."""
        from malmoi_airflow.fetch import choose

        context = get_current_context()
        return choose(context["dag_run"].run_after, context["params"])

    @task(execution_timeout=timedelta(hours=3))
    def fetch(work: dict):
        """Feeds, sitemaps, searches and lists; then the pages that they name."""
        from malmoi_airflow.fetch import run_fetch

        return run_fetch(work)

    fetch(choose())


corpus_fetch()
