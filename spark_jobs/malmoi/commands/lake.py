"""``malmoi rollback``, ``withdraw``, ``maintain``, ``compact`` and ``takedown``: what changes the lake beside the stages."""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

from malmoi.contracts.endings import RESULT_PREFIX
from malmoi.contracts.errors import ContractError, InputError
from malmoi.contracts.paths import LAKE_VARIABLE, Lake
from malmoi.contracts.recipe import load_recipe

MAX_LISTED = 50
"""Documents that a dry run lists."""


def add_parsers(commands: argparse._SubParsersAction) -> None:
    rollback = _parser(commands, "rollback", _rollback, "take a release out of force; the one before it comes back")
    rollback.add_argument("release", help="id of the release, see `malmoi releases`")

    withdraw = _parser(commands, "withdraw", _withdraw, "take a whole night out of every table and out of force")
    withdraw.add_argument("batch", help="the night, YYYY-MM-DD")

    put_back = _parser(commands, "put-back", _put_back, "give the tables of nights back the files of kept manifests")
    put_back.add_argument("--manifests", required=True, help="file with manifests, as corpus_rebuild keeps it")

    maintain = _parser(commands, "maintain", _maintain, "remove raw, dropped and superseded data whose time is over")
    maintain.add_argument("--recipe", required=True, help="recipe file (TOML); its section [retention] gives the days")
    maintain.add_argument("--landing", help="landing folder; without it raw data stays")
    maintain.add_argument("--execute", action="store_true", help="remove; without it only list what would go")

    compact = _parser(commands, "compact", _compact, "join the small parts of old nights; no row changes")
    compact.add_argument("--recipe", required=True, help="recipe file (TOML); retention.superseded_days is the age")

    takedown = _parser(
        commands, "takedown", _takedown, "remove documents from everything, so that they never come back"
    )
    for kind, text in {
        "url": "address of a page",
        "host": "host, with everything below it",
        "author": "author key, as in the documents table",
        "document": "document id",
    }.items():
        takedown.add_argument(f"--{kind}", action="append", default=[], help=f"{text}; may be repeated")
    takedown.add_argument("--text", action="append", default=[], metavar="FILE", help="file that holds a passage")
    takedown.add_argument("--recipe", required=True, help="recipe file (TOML), for the redaction of promoted copies")
    takedown.add_argument("--execute", action="store_true", help="remove; without it only list the hits")
    takedown.add_argument(
        "--approved",
        nargs=2,
        metavar=("TIME", "PLAN"),
        help="remove what a dry run listed, and nothing else: the time and the plan that it printed",
    )
    takedown.add_argument("--resume", action="store_true", help="finish takedowns that were interrupted")


def _parser(commands: argparse._SubParsersAction, name: str, run, text: str) -> argparse.ArgumentParser:
    this = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    this.add_argument("--lake", help=f"folder of the lake (default: {LAKE_VARIABLE})")
    this.set_defaults(run=run)
    return this


def _rollback(args: argparse.Namespace) -> int:
    from malmoi.lake.rollback import rollback

    for batch, release in rollback(_lake(args), args.release).items():
        print(
            f"{batch}: {'release ' + release + ' is in force again' if release else 'withdrawn, no release before it'}"
        )
    return 0


def _withdraw(args: argparse.Namespace) -> int:
    from malmoi.lake.rollback import withdraw

    withdraw(_lake(args), args.batch)
    print(
        f"{args.batch}: out of every table and out of force; run it again, and later nights that were held against it"
    )
    return 0


def _put_back(args: argparse.Namespace) -> int:
    from malmoi.contracts.manifest import StageManifest
    from malmoi.contracts.release import read_json
    from malmoi.lake.rollback import put_back

    nights: dict[str, dict[str, list[StageManifest]]] = {}
    for entry in read_json(args.manifests, "only a rebuild that changed something keeps one"):
        table = entry.pop("table")
        manifest = StageManifest.from_json(entry, args.manifests)
        nights.setdefault(manifest.batch, {}).setdefault(table, []).append(manifest)
    for batch, by_table in sorted(nights.items()):
        put_back(_lake(args), batch, by_table)
        print(f"{batch}: {len(by_table)} tables hold what they held before")
    return 0


def _maintain(args: argparse.Namespace) -> int:
    from malmoi.lake.retention import maintain

    limits = load_recipe(args.recipe).retention
    found = maintain(_lake(args), args.landing, limits, datetime.now(UTC), dry_run=not args.execute)
    done = "removed" if args.execute else "would remove"
    print(f"{done}: {len(found.landing):,} raw files older than {limits.raw_days} days")
    print(f"{done}: {sum(found.rejected.values()):,} dropped documents of {len(found.rejected):,} nights")
    print(f"{done}: {len(found.superseded.releases):,} superseded releases")
    print(
        f"{done}: {len(found.superseded.files):,} files that nothing names, {found.superseded.bytes / 2**20:,.1f} MiB"
    )
    return 0


def _compact(args: argparse.Namespace) -> int:
    from malmoi.lake.compact import compact

    done = compact(_lake(args), datetime.now(UTC).date(), load_recipe(args.recipe).retention.superseded_days)
    for (batch, source), (before, after) in done.items():
        print(f"{batch} {source}: {before} parts became {after}")
    print(f"{len(done)} sources of nights were compacted")
    return 0


def _takedown(args: argparse.Namespace) -> int:
    from malmoi.lake.takedown import execute
    from malmoi.lake.takedown.plan import plan

    lake, recipe = _lake(args), load_recipe(args.recipe)
    if args.resume:
        plans = execute.unfinished(lake)
        print(f"{len(plans)} takedowns were interrupted")
        receipts = [execute.execute(lake, one, recipe) for one in plans]
    elif args.approved:
        moment, digest = args.approved
        receipts = [execute.execute_approved(lake, _requests(args), _time(moment), digest, recipe)]
    else:
        found = plan(lake, _requests(args), datetime.now(UTC))
        _list(found)
        receipts = [execute.execute(lake, found, recipe)] if args.execute else []
        if not args.execute:
            print("nothing was changed; add --execute to remove them")
    for receipt in receipts:
        print(f"receipt {receipt['receipt']}: {len(receipt['documents']):,} documents removed")
        for old, new in receipt["releases"].items():
            print(f"release {new} takes the place of {old}")
        print(f"{RESULT_PREFIX}{json.dumps(receipt)}")
    return 0


def _time(value: str) -> datetime:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        raise ContractError(f"takedown: {value!r} is not the time that a dry run printed") from None


def _requests(args: argparse.Namespace) -> list:
    from malmoi.lake.takedown.request import Request

    requests = [Request(kind, value) for kind in ("url", "host", "author", "document") for value in getattr(args, kind)]
    requests += [Request("text", _passage(path)) for path in args.text]
    if not requests:
        raise ContractError("takedown: name at least one --url, --host, --author, --document or --text")
    return requests


def _passage(path: str) -> str:
    try:
        return Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as UTF-8 text ({type(error).__name__})") from None


def _list(plan) -> None:
    kept = sum(hit.kept for hit in plan.hits)
    print(
        f"{len(plan.hits):,} documents, {kept:,} of them in the corpus, {len(plan.promotions):,} near copies would step in"
    )
    for hit in plan.hits[:MAX_LISTED]:
        state = "in corpus" if hit.kept else "dropped"
        print(f"{hit.batch}  {hit.source:10}  {hit.doc_id}  {state:9}  {hit.why:9}  {hit.url}")
    if len(plan.hits) > MAX_LISTED:
        print(f"... and {len(plan.hits) - MAX_LISTED:,} more")
    shown = ("batch", "source", "doc_id", "url", "kept", "why")
    summary = {
        "plan": plan.digest,
        "time": plan.created_at,
        "documents": len(plan.hits),
        "kept": kept,
        "promotions": len(plan.promotions),
        "nights": plan.nights,
        "hits": [{name: getattr(hit, name) for name in shown} for hit in plan.hits[:MAX_LISTED]],
    }
    print(f"{RESULT_PREFIX}{json.dumps(summary, ensure_ascii=False)}")


def _lake(args: argparse.Namespace) -> Lake:
    return Lake(args.lake) if args.lake else Lake.from_environment()
