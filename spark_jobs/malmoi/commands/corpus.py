"""``malmoi sql``, ``releases``, ``drift`` and ``calibrate``: questions about the corpus and its thresholds."""

import argparse
import sys

from malmoi.contracts.errors import ContractError
from malmoi.contracts.paths import LAKE_VARIABLE, Lake


def add_parsers(commands: argparse._SubParsersAction) -> None:
    from malmoi import calibrate

    sql = commands.add_parser(
        "sql", help="ask the lake's tables with DuckDB", description="SQL over the lake's tables."
    )
    sql.add_argument("query", help='for example "select reason, count(*) from decisions group by 1"')
    sql.add_argument("--lake", help=f"folder of the lake (default: {LAKE_VARIABLE})")
    sql.set_defaults(run=_sql)

    this = commands.add_parser("calibrate", help=calibrate.DESCRIPTION, description=calibrate.DESCRIPTION)
    calibrate.add_arguments(this)
    this.set_defaults(run=calibrate.run)

    releases = commands.add_parser("releases", help="list the releases, or check one byte by byte")
    releases.add_argument("--verify", metavar="ID", help="read every byte of a release and compare its checksums")
    releases.add_argument("--lake", help=f"folder of the lake (default: {LAKE_VARIABLE})")
    releases.set_defaults(run=_releases)

    drift = commands.add_parser("drift", help="what share of documents left for each reason, night by night")
    drift.add_argument("--nights", type=int, default=8, help="published nights to show (default 8)")
    drift.add_argument("--recipe", required=True, help="recipe file (TOML); gate.max_drop_rate_change marks what moved")
    drift.add_argument("--lake", help=f"folder of the lake (default: {LAKE_VARIABLE})")
    drift.set_defaults(run=_drift)


def _sql(args: argparse.Namespace) -> int:
    from malmoi.lake.query import run_query

    return run_query(_lake(args), args.query, sys.stdout)


def _releases(args: argparse.Namespace) -> int:
    from malmoi.lake import releases

    lake = _lake(args)
    if args.verify:
        problems = releases.verify(lake, args.verify)
        print("\n".join(problems) or f"{args.verify}: every byte is as published")
        return 1 if problems else 0
    in_force = set(releases.read_pointer(lake).nights.values())
    for release in releases.list_releases(lake):
        manifest = releases.load(lake, release)
        state = "in force" if release in in_force else "superseded"
        print(f"{release}  {state:10}  {manifest.documents:>10,} documents  {len(manifest.shards):>5,} shards")
    return 0


def _drift(args: argparse.Namespace) -> int:
    from malmoi.contracts.recipe import load_recipe
    from malmoi.report.drift import drift, render

    if args.nights < 1:
        raise ContractError(f"drift: --nights {args.nights} is no number of nights; 1 or more are shown")
    report = drift(_lake(args), args.nights, load_recipe(args.recipe).gate.max_drop_rate_change)
    print(render(report) if report.nights else "no night is published yet")
    return 0


def _lake(args: argparse.Namespace) -> Lake:
    return Lake(args.lake) if args.lake else Lake.from_environment()
