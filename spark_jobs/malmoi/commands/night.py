"""``malmoi gate``, ``publish`` and ``report``: the steps of a night that need no Spark."""

import argparse
import json
from pathlib import Path
from typing import Any

from malmoi.contracts.endings import RESULT_PREFIX
from malmoi.contracts.errors import ContractError, GateError
from malmoi.contracts.files import files_of
from malmoi.contracts.gate import Check
from malmoi.contracts.manifest import serialise
from malmoi.contracts.paths import LAKE_VARIABLE, Lake
from malmoi.contracts.recipe import load_recipe


def add_parsers(commands: argparse._SubParsersAction) -> None:
    about = {
        "gate": (gate, "hold a night against its limits; nothing is published when a check fails"),
        "publish": (publish, "publish a night that passed its gate"),
        "report": (report, "the funnel of a night, its gate, and what was found of personal data"),
    }
    for name, (run, text) in about.items():
        this = commands.add_parser(name, help=text, description=text)
        this.add_argument("--lake", help=f"folder of the lake (default: {LAKE_VARIABLE})")
        this.add_argument("--batch", required=True, help="the night, YYYY-MM-DD")
        this.add_argument("--recipe", required=True, help="recipe file (TOML)")
        this.add_argument("--sources", default="", help="comma-separated sources (default: all of the recipe)")
        this.add_argument("--missing", default="", help="comma-separated sources that failed or had no data")
        if name == "report":
            this.add_argument("--truth", help="truth.jsonl of the embedded sample: hold the release against it")
            this.add_argument("--html", help="also write the report as a page to this file")
        this.set_defaults(run=run)


def gate(args: argparse.Namespace) -> int:
    from malmoi.report import funnel, terminal

    night, lake = _night(args), _lake(args)
    checks = night.check()
    content = serialise({"shards": _shards(night), "checks": [check.to_json() for check in checks]})
    files_of(lake).write(lake.gate(args.batch), content)
    print(terminal.render(funnel.funnel(lake, args.batch, night.sources), checks))
    from malmoi.stages.gate import require

    require(checks)
    return 0


def publish(args: argparse.Namespace) -> int:
    from malmoi.report import funnel, page
    from malmoi.report.privacy import privacy

    night, lake = _night(args), _lake(args)
    passed = _passed(lake, args.batch)
    if passed is None:
        raise GateError(f"{args.batch} has not been through the gate: run `malmoi gate` first")
    if passed["shards"] != _shards(night):
        raise GateError(f"{args.batch}: the shards changed since the gate looked at them; run gate again")
    checks = [Check.from_json(check) for check in passed["checks"]]
    recipe = night.recipe
    found = funnel.funnel(lake, args.batch, night.sources)
    html = page.render(found, checks, recipe.name, recipe.hash(), privacy(lake, args.batch))
    published = night.publish(checks, _models(night), {"report.html": html})
    manifest = published.manifest
    said = "published" if published.new else "was published before, nothing changed:"
    print(f"release {manifest.release} {said} {manifest.documents:,} documents in {len(manifest.shards)} shards")
    summary = {"release": manifest.release, "documents": manifest.documents, "new": published.new}
    print(f"{RESULT_PREFIX}{json.dumps(summary, ensure_ascii=False)}")
    return 0


def report(args: argparse.Namespace) -> int:
    from malmoi.report import funnel, page, terminal
    from malmoi.report.privacy import privacy

    lake, recipe = _lake(args), load_recipe(args.recipe)
    passed = _passed(lake, args.batch)
    checks = [Check.from_json(check) for check in passed["checks"]] if passed else []
    sources = tuple(filter(None, args.sources.split(","))) or None
    found = funnel.funnel(lake, args.batch, sources)
    if not found.sources:
        raise ContractError(f"{args.batch}: nothing in the lake {lake.root} for this night; run corpus_nightly first")
    personal = privacy(lake, args.batch)
    print(terminal.render(found, checks, personal))
    if args.html:
        Path(args.html).write_bytes(page.render(found, checks, recipe.name, recipe.hash(), personal))
    if args.truth:
        from malmoi.report.truth import hold

        return hold(lake, Path(args.truth))
    return 0


def _passed(lake: Lake, batch: str) -> dict[str, Any] | None:
    """What the last gate of the night wrote, if it has been through one."""
    store, path = files_of(lake), lake.gate(batch)
    return json.loads(store.read(path)) if store.exists(path) else None


def _lake(args: argparse.Namespace) -> Lake:
    return Lake(args.lake) if args.lake else Lake.from_environment()


def _night(args: argparse.Namespace):
    from malmoi.lake.night import NightLake

    recipe = load_recipe(args.recipe)
    sources = list(filter(None, args.sources.split(","))) or list(recipe.sources)
    missing = list(filter(None, args.missing.split(",")))
    recipe.select(sources + missing)  # refuses a source that the recipe does not know
    return NightLake(_lake(args).root, args.batch, recipe, sources, missing)


def _shards(night) -> dict[str, list[str]]:
    return {source: [file.sha256 for file in manifest.files] for source, manifest in night.manifests["shards"].items()}


def _models(night) -> dict[str, str]:
    """SHA-256 of the models that scored the night."""
    from malmoi.contracts import quality_models
    from malmoi.contracts.release import sha256_of
    from malmoi.models import language_id, quality_model, toxicity

    default = quality_model.default()
    inputs = [dict(manifest.inputs) for manifest in night.manifests["annotations"].values()]
    found = {
        **quality_models.used(inputs, default.sha256 if default else ""),
        "toxicity": sha256_of(toxicity.model_path()),
        "language": sha256_of(language_id.model_path()),
    }
    return {name: digest for name, digest in found.items() if digest}
