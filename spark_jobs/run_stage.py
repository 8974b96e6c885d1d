#!/usr/bin/env python
"""The only entry of spark-submit: ``run_stage.py STAGE[,STAGE...] --recipe FILE --batch BATCH ...``

Several stages share one Spark session and commit one after the other. A stage whose inputs, recipe and code are those of
its last commit is skipped. Ends with 0, or with one line on standard error and 3 (contract: do not try again) or
4 (infrastructure: try again).
"""

import argparse
import importlib
import sys

from malmoi.contracts.endings import ending
from malmoi.contracts.paths import Lake
from malmoi.contracts.recipe import Recipe, load_recipe
from malmoi.contracts.stages import STAGES as NIGHTLY
from malmoi.contracts.stages import recorded

STAGES = (*NIGHTLY, "sample", "pack")


def main(argv: list[str] | None = None) -> int:
    args = parser().parse_args(argv)
    with ending() as end:
        run(args)
    return end.code


def parser() -> argparse.ArgumentParser:
    this = argparse.ArgumentParser(prog="run_stage.py", description="Run Spark stages of a night.")
    this.add_argument("stages", type=_stages, metavar="STAGE[,STAGE...]", help=f"one or more of {', '.join(STAGES)}")
    this.add_argument("--recipe", required=True, help="recipe file (TOML)")
    this.add_argument(
        "--batch",
        required=True,
        help="partition to write, usually the day; several, comma-separated, one after the other",
    )
    this.add_argument("--day", help="landing day, YYYY-MM-DD; default: the batch")
    this.add_argument("--lake", required=True, help="folder of the lake")
    this.add_argument("--landing", help="folder of landing files; needed by ingest")
    this.add_argument("--sources", default="", help="comma-separated sources; default: all of the recipe")
    this.add_argument(
        "--annotated", action="store_true", help="of these sources only those that a batch has annotations of"
    )
    this.add_argument("--preview", metavar="FILE", help="commit nothing: write what would change to this file as JSON")
    this.add_argument("--sample", type=float, default=1.0, help="share of documents that stay (default 1.0)")
    this.add_argument("--force", action="store_true", help="do the work again even where nothing has changed")
    return this


def run(args: argparse.Namespace) -> None:
    recipe = load_recipe(args.recipe)
    nights = [_night(args, recipe, batch) for batch in args.batch.split(",")]
    if args.preview:
        from malmoi.contracts.manifest import serialise
        from malmoi.contracts.release import write_atomically
        from malmoi.spark.jobs.preview import preview

        write_atomically(args.preview, serialise(preview(nights)))
        return
    for night in nights:
        for stage in args.stages:
            importlib.import_module(f"malmoi.spark.jobs.{stage}").run(night)


def _night(args: argparse.Namespace, recipe: Recipe, batch: str):
    from malmoi.spark.night import Night

    lake = Lake(args.lake)
    sources = tuple(filter(None, args.sources.split(","))) or tuple(recipe.sources)
    recipe.select(list(sources))  # refuses a source that the recipe does not know
    if args.annotated:
        sources = tuple(source for source in sources if recorded(lake, "annotations", batch, source))
    return Night(
        lake=lake,
        landing=args.landing or "",
        batch=batch,
        day=args.day or batch,
        recipe=recipe,
        sources=sources,
        sample=args.sample,
        force=args.force,
    )


def _stages(value: str) -> list[str]:
    stages = value.split(",")
    for stage in stages:
        if stage not in STAGES:
            raise argparse.ArgumentTypeError(f"no stage {stage!r}; there are {', '.join(STAGES)}")
    return stages


if __name__ == "__main__":
    sys.exit(main())
