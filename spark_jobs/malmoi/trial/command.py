"""The command line of ``malmoi try``."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from malmoi.contracts.errors import InputError
from malmoi.contracts.recipe import Recipe, load_recipe
from malmoi.trial import lines

DEFAULT_RECIPE = Path(__file__).resolve().parents[2] / "recipes" / "nightly.toml"


def add_parser(commands: argparse._SubParsersAction) -> None:
    this = commands.add_parser(
        "try",
        help="try a rule on documents from the shell",
        description="JSON Lines in on standard input, JSON Lines out on standard output, in input order.",
    )
    verbs = this.add_subparsers(dest="verb", required=True, metavar="VERB")
    about = {
        "extract": "pages to main content and metadata: FILE.warc.gz..., .html, or - for JSON Lines {id, html}",
        "pii": "{id, text} to the text without personal data, and the spans",
        "profanity": "{id, text} to action, softened text, spans, density",
        "quality": "{id, text} (source, title, url) to keep or drop, with reason, value, threshold, signals",
        "dedup": "{id, text} to cluster and keep, over all lines together",
    }
    for name, text in about.items():
        verb = verbs.add_parser(name, help=text, description=text)
        verb.add_argument("--recipe", default=str(DEFAULT_RECIPE), help="recipe file (default: nightly)")
        verb.add_argument("--threads", type=_positive, metavar="N", default=1, help="worker processes (default 1)")
        if name == "extract":
            verb.add_argument("files", nargs="+", metavar="FILE", help="landing files, or - for standard input")
        verb.set_defaults(run=run)


def _positive(value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise argparse.ArgumentTypeError(f"{value!r} must be a whole number of at least 1")
    return int(value)


def run(args: argparse.Namespace) -> int:
    recipe, out = load_recipe(args.recipe), lines.standard_output()
    if args.verb == "extract":
        return _extract(args, recipe, out)
    if args.verb == "dedup":
        return _dedup(recipe, out)
    from malmoi.trial.verbs import Pii, Profanity, Quality

    verbs: dict[str, Callable[[Recipe], lines.Verb]] = {"pii": Pii, "profanity": Profanity, "quality": Quality}
    lines.run(verbs[args.verb](recipe), lines.standard_input(), out, threads=args.threads)
    return 0


def _extract(args: argparse.Namespace, recipe: Recipe, out: TextIO) -> int:
    from malmoi.trial.pages import Html, from_file

    for name in args.files:
        if name == "-":
            lines.run(Html(recipe), lines.standard_input(), out, needed=("id", "html"), threads=args.threads)
            continue
        path = Path(name)
        if not path.is_file():
            raise InputError(f"{name}: no such file; give WARC, HTML, JSON Lines or - for standard input")
        with lines.progress() as advance:
            for row in from_file(path, recipe):
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
                advance(1)
    return 0


def _dedup(recipe: Recipe, out: TextIO) -> int:
    from malmoi.trial.dedup import clusters

    read = [lines.parse(line, ("id", "text")) for line in lines.standard_input() if line.strip()]
    good = [row for row in read if "error" not in row]
    stays = clusters([row["text"] for row in good], recipe.dedup)
    answers = iter(
        {"id": row["id"], "cluster": good[survivor]["id"], "keep": survivor == place}
        for place, (row, survivor) in enumerate(zip(good, stays, strict=True))
    )
    for row in read:
        out.write(json.dumps(row if "error" in row else next(answers), ensure_ascii=False) + "\n")
    return 0
