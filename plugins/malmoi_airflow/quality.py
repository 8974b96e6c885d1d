"""What the tasks of the DAG of models do. Light: contracts and files only; training runs in a process of its own."""

import logging
from typing import Any

from malmoi.contracts.errors import ContractError
from malmoi.contracts.paths import Lake
from malmoi.contracts.recipe import load_recipe
from malmoi.contracts.release import published_nights
from malmoi_airflow import config, process

log = logging.getLogger("malmoi.quality")


def choose_documents(params: dict[str, Any]) -> dict[str, Any]:
    """Settles from which documents is learned: ``{"lake", "recipe", "nights", "sources", "reference", "documents"}``.

    Raises ContractError where nothing is trusted, no night is published, or the recipe does not know a source.
    """
    lake, path = Lake(config.lake_root()), config.recipe_path(params["recipe"])
    if params["sources"]:
        load_recipe(path).select(params["sources"])
    if not params["sources"] and not params["reference"]:
        raise ContractError("nothing is trusted: name sources whose documents are good, or a folder of reference text")
    return {
        "lake": lake.root,
        "recipe": str(path),
        "nights": published_nights(lake, params.get("first_day"), params.get("last_day")),
        "sources": params["sources"],
        "reference": params["reference"],
        "documents": params["documents"],
    }


def train(plan: dict[str, Any]) -> dict[str, Any]:
    """Trains and puts the model on the shelf; returns its manifest."""
    manifest = _shelf("train", plan)
    log.info("model %s, %d bytes, from %s", manifest["id"], manifest["bytes"], manifest["documents"])
    return manifest


def evaluate(plan: dict[str, Any], model: dict[str, Any]) -> dict[str, Any]:
    """Holds the model against the one in use, on documents that it has not seen."""
    return _shelf("evaluate", plan, "--recipe", plan["recipe"], "--model", model["id"])


def briefing(model: dict[str, Any], report: dict[str, Any]) -> str:
    """What a person approves, as Markdown."""
    new, old = report["figures"]["new"], report["figures"]["in_use"]
    held = report["held_out"]
    rows = [
        ("order of good before bad (AUC)", "auc", "{:.3f}"),
        (f"reference below {report['threshold']:g}, of {held['reference']:,}", "reference_below", "{:.1%}"),
        (f"rejected below, of {held['rejected']:,}", "rejected_below", "{:.1%}"),
        (f"kept documents below, of {report['kept']:,}", "kept_below", "{:.1%}"),
    ]
    lines = [
        f"### Score the nights with model {model['id']}?",
        "",
        f"| | {model['id']} | in use: {report['in_use']} |",
        "|---|---:|---:|",
        *(f"| {name} | {form.format(new[key])} | {form.format(old[key])} |" for name, key, form in rows),
        "",
        f"Trained on {model['documents']['reference']:,} reference and {model['documents']['rejected']:,} rejected documents; the "
        "figures are on others. The model in use may have seen these. `min_quality_score` of the recipe stays what it is: hold it "
        "against the new scores with `malmoi calibrate`, and past nights with `corpus_nightly` again.",
    ]
    if new["auc"] < old["auc"]:
        lines += ["", "**The new model orders good and bad worse than the one in use.**"]
    return "\n".join(lines)


def promote(plan: dict[str, Any], model: dict[str, Any]) -> dict[str, str]:
    """Points the lake at the model: annotate scores with it from now on."""
    return process.result(process.run([*_command("promote", plan), "--model", model["id"]]))


def _shelf(step: str, plan: dict[str, Any], *more: str) -> dict[str, Any]:
    arguments = [
        "--nights", ",".join(plan["nights"]),
        "--sources", ",".join(plan["sources"]),
        "--reference", plan["reference"],
        "--documents", str(plan["documents"]),
        *more,
    ]  # fmt: skip
    return process.result(process.run([*_command(step, plan), *arguments]))


def _command(step: str, plan: dict[str, Any]) -> list[str]:
    return ["-m", "malmoi.train.quality_shelf", step, "--lake", plan["lake"]]
