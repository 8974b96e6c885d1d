"""What the tasks of the training DAG do. Light: contracts and files only; engines run in processes of their own."""

import json
import logging
import os
from pathlib import Path
from typing import Any

from airflow.sdk.exceptions import AirflowSkipException

from malmoi.contracts.errors import ContractError, InputError
from malmoi.contracts.paths import Lake
from malmoi.contracts.recipe import load_recipe
from malmoi.contracts.release import load_release, release_of_day
from malmoi.contracts.tokenizers import promoted
from malmoi.contracts.tokens import tokens_folder
from malmoi.contracts.training import EVALUATION, TrainingRun
from malmoi_airflow import config, process

log = logging.getLogger("malmoi.training")


def choose_release(partition_key: str | None, params: dict[str, Any]) -> dict[str, Any]:
    """Settles what is trained on: the form's release, else the one in force for the run's night.

    The recipe is the form's, else the one that the release was made with. Returns what the stages take as a night, with
    ``release`` and ``approval``. Raises InputError for a release or recipe that is not there.
    """
    lake = Lake(config.lake_root())
    if params.get("release"):
        release = params["release"]
    elif partition_key:
        release = release_of_day(lake, partition_key)
    else:
        raise InputError("no release: fill in the form's release, or trigger the run with a partition key (YYYY-MM-DD)")
    manifest = load_release(lake, release)
    path = config.recipe_path(params.get("recipe") or manifest.recipe["name"])
    recipe = load_recipe(path)
    log.info("release %s: %d documents in %d shards", release, manifest.documents, len(manifest.shards))
    return {
        "release": release,
        "batch": release,
        "day": release,
        "recipe": str(path),
        "lake": lake.root,
        "landing": "",
        "sample": 1.0,
        "sources": list(recipe.sources),
        "approval": bool(params.get("approve")) or recipe.train.approval,
    }


def tokenizer_of(work: dict[str, Any]) -> dict[str, Any] | None:
    """The tokenizer in use for the recipe, as ``contracts.tokenizers.promoted`` tells it."""
    return promoted(Lake(work["lake"]), load_recipe(work["recipe"]).tokenizer)


def text_mib(work: dict[str, Any]) -> float:
    """Text of the release, in MiB."""
    release = load_release(Lake(work["lake"]), work["release"])
    return sum(source["bytes"] for source in release.sources.values()) / 2**20


def train_tokenizer(work: dict[str, Any]) -> str:
    """The id of the tokenizer in use for the recipe; learns one from the release where none is."""
    found = tokenizer_of(work)
    if found is None:
        _malmoi(
            "malmoi.train.tokenizer", "--lake", work["lake"], "--recipe", work["recipe"], "--release", work["release"]
        )
        found = tokenizer_of(work)
    if found is None:
        raise ContractError(
            f"{work['recipe']}: the tokenizer that was just learned is not promoted for its tokenizer section"
        )
    log.info("tokenizer %s, %d entries", found["id"], found["vocabulary"])
    return found["id"]


def tokens_of(work: dict[str, Any]) -> str:
    """Where the packed release lies, relative to the lake. Raises InputError where it is not packed."""
    lake, recipe = Lake(work["lake"]), load_recipe(work["recipe"])
    found = promoted(lake, recipe.tokenizer)
    if found is None:
        raise InputError(f"{work['recipe']}: no tokenizer is promoted; run the task train_tokenizer")
    path = f"{tokens_folder(lake, work['release'], found['sha256'], recipe.train)}/tokens.json"
    if not os.path.isfile(path):
        raise InputError(f"{path}: release {work['release']} is not packed; run the task pack")
    return lake.relative(path)


def evaluate(trained: dict[str, Any]) -> dict[str, Any]:
    """Bits per byte on the held-out documents and multiple choice; the content of the run's ``evaluation.json``.

    Skipped after a command of one's own, whose model only that command can read.
    """
    if TrainingRun.load(trained["folder"]).train.command:
        raise AirflowSkipException("train.command has its own kind of checkpoint: evaluate it as docs/training.md says")
    _malmoi("malmoi.train.evaluate", "--run", trained["folder"])
    return json.loads(Path(trained["folder"], EVALUATION).read_text())


def report(trained: dict[str, Any], evaluated: dict[str, Any] | None) -> dict[str, Any]:
    """The run in a few lines, in the task log and as the DAG run's result."""
    evaluated = evaluated or {"sources": {}, "choices": {"families": {}}}
    found = {
        "release": trained["release"],
        "run": trained["run"],
        "steps": trained.get("steps"),
        "first_loss": trained.get("first_loss"),
        "last_loss": trained.get("last_loss"),
        "tokens_per_second": trained.get("tokens_per_second"),
        "device": trained.get("device"),
        "utilisation": trained.get("utilisation"),
        "bits_per_byte": {source: entry["bits_per_byte"] for source, entry in evaluated["sources"].items()},
        "choices": {family: entry["accuracy"] for family, entry in evaluated["choices"]["families"].items()},
        "folder": trained["folder"],
    }
    for name, value in found.items():
        log.info("%-18s %s", name, value)
    return found


def _malmoi(module: str, *arguments: str) -> None:
    others = os.environ.get("PYTHONPATH", "")
    packages = f"{config.SPARK_JOBS}:{others}" if others else str(config.SPARK_JOBS)
    process.run(["-m", module, *arguments], {"PYTHONPATH": packages, "TQDM_DISABLE": "1"})
