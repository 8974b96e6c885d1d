"""``malmoi fetch``: pages of feeds, sitemaps, searches and lists into the landing folder."""

import argparse
import json
from collections import Counter
from datetime import date

from malmoi.contracts.endings import RESULT_PREFIX
from malmoi.contracts.errors import ContractError
from malmoi.contracts.recipe import load_recipe

_ABOUT = "fetch pages into the landing folder, for sources whose recipe asks for it"
_MORE = (
    "Reads [fetch] and [fetch.source.NAME] of the recipe: feeds, sitemaps, lists of addresses, queries to Naver's Search "
    "API (credentials in NAVER_OPENAPI_ID and NAVER_OPENAPI_SECRET). Obeys robots.txt, Crawl-delay, Retry-After and "
    "opt-outs; asks only for what changed; a run that was killed goes on where it was. Writes "
    "LANDING/source=NAME/date=DAY/fetch-*.warc.gz."
)


def add_parsers(commands: argparse._SubParsersAction) -> None:
    this = commands.add_parser("fetch", help=_ABOUT, description=f"{_ABOUT[0].upper()}{_ABOUT[1:]}. {_MORE}")
    this.add_argument("--recipe", required=True, help="recipe file (TOML)")
    this.add_argument("--landing", required=True, help="landing folder")
    this.add_argument("--day", required=True, help="the day whose landing files these become, YYYY-MM-DD")
    this.add_argument("--sources", default="", help="comma-separated sources (default: all that ask for it)")
    this.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from malmoi.fetch.run import fetch

    try:
        day = date.fromisoformat(args.day).isoformat()
    except ValueError:
        raise ContractError(f"--day {args.day!r} is no date: write YYYY-MM-DD") from None
    recipe = load_recipe(args.recipe)
    sources = list(filter(None, args.sources.split(",")))
    chosen = recipe.select(sources) if sources else recipe
    found = fetch(chosen, list(chosen.sources), day, args.landing)
    for source, pages in found.pages.items():
        lists = f" (lists: {_counted(found.lists[source])})" if found.lists[source] else ""
        print(f"{source}: {_counted(pages) or 'no page'}{lists}, {len(found.files[source])} new files")
    if not found.complete:
        print("the run was out of time (fetch.max_minutes); what is left comes with the next one")
    summary = {"pages": found.pages, "lists": found.lists, "files": found.files, "complete": found.complete}
    print(f"{RESULT_PREFIX}{json.dumps(summary, ensure_ascii=False)}")
    return 0


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(counts.items()))
