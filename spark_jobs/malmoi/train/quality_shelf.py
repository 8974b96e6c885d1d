"""``python -m malmoi.train.quality_shelf train|evaluate|promote``: quality models from documents of the lake.

What the tasks of the DAG ``corpus_models`` run. A model is put on the shelf (contracts/quality_models.py), held against the one
in use on documents that it has not seen, and promoted by a pointer. The same documents give the same file and the same id.
"""

import argparse
import json
import sys
from typing import Any

import numpy as np

from malmoi.contracts import quality_models
from malmoi.contracts.endings import RESULT_PREFIX, ending
from malmoi.contracts.errors import InputError
from malmoi.contracts.files import files_of
from malmoi.contracts.manifest import serialise
from malmoi.contracts.paths import Lake
from malmoi.contracts.recipe import Recipe, load_recipe
from malmoi.models import quality_model
from malmoi.text.signals import measure
from malmoi.train.quality_corpus import Plan, examples_of, kept
from malmoi.train.quality_documents import Example, examples
from malmoi.train.quality_model import SEED, train


def train_model(lake: Lake, plan: Plan) -> dict[str, Any]:
    """Trains on the plan's documents and the repository's written ones, and puts the model on the shelf.

    Returns its manifest, ``{"id", "sha256", "bytes", "plan", "documents", "cross_validation"}``. Raises ContractError for a
    side without documents.
    """
    documents = examples_of(lake, plan, held_out=False)
    content, figures = train(documents + examples(SEED))
    model = quality_model.read(content)
    manifest: dict[str, Any] = {
        "id": model.sha256[:12],
        "sha256": model.sha256,
        "bytes": len(content),
        "plan": plan._asdict(),
        "documents": _sides(documents),
        "cross_validation": {name: round(value, 4) for name, value in figures.items()},
    }
    store, place = files_of(lake), quality_models.folder(lake, manifest["id"])
    store.write(f"{place}/{quality_models.MODEL}", content)
    store.write(f"{place}/{quality_models.MANIFEST}", serialise(manifest))
    return manifest


def evaluate(lake: Lake, plan: Plan, recipe: Recipe, model_id: str) -> dict[str, Any]:
    """Holds a model of the shelf against the one in use; writes and returns its ``evaluation.json``.

    ``held_out``: documents that it was not trained on. For ``new`` and ``in_use`` each: ``auc``, and of the reference, the
    rejected and the kept documents the share below the recipe's ``quality.min_quality_score`` (``threshold``).
    Raises InputError for a model that is not on the shelf.
    """
    store, place = files_of(lake), quality_models.folder(lake, model_id)
    if not store.exists(f"{place}/{quality_models.MODEL}"):
        raise InputError(f"{place}: no such model; train it first")
    own = quality_models.read_promoted(lake)
    compared = {
        "new": quality_model.read(store.read(f"{place}/{quality_models.MODEL}")),
        "in_use": quality_model.read(own) if own is not None else quality_model.default(),
    }
    held = examples_of(lake, plan, held_out=True)
    stayed = [seen.text for seen in kept(lake, plan)]
    threshold = recipe.quality.min_quality_score
    report = {
        "model": model_id,
        "in_use": (quality_models.promoted(lake) or {"id": "default"})["id"],
        "recipe": recipe.name,
        "threshold": threshold,
        "held_out": _sides(held),
        "kept": len(stayed),
        "figures": {name: _figures(model, held, stayed, threshold) for name, model in compared.items()},
    }
    store.write(f"{place}/{quality_models.EVALUATION}", serialise(report))
    return report


def _figures(
    model: quality_model.Model | None, held: list[Example], stayed: list[str], threshold: float
) -> dict[str, float]:
    scores = _scores([example.text for example in held], model)
    good = np.array([example.good for example in held])
    return {
        "auc": round(auc(scores[good], scores[~good]), 4),
        "reference_below": round(float((scores[good] < threshold).mean()), 4),
        "rejected_below": round(float((scores[~good] < threshold).mean()), 4),
        "kept_below": round(float((_scores(stayed, model) < threshold).mean()), 4) if stayed else 0.0,
    }


def auc(good: np.ndarray, bad: np.ndarray) -> float:
    """Share of pairs of a good and a bad document in which the good one scores higher; a tie is half."""
    ordered = np.sort(bad)
    below = np.searchsorted(ordered, good, side="left")
    equal = np.searchsorted(ordered, good, side="right") - below
    return float((below + equal / 2).sum() / (len(good) * len(bad)))


def _scores(texts: list[str], model: quality_model.Model | None) -> np.ndarray:
    return np.array(quality_model.score(texts, measure(texts), model))


def _sides(documents: list[Example]) -> dict[str, int]:
    good = sum(example.good for example in documents)
    return {"reference": good, "rejected": len(documents) - good}


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m malmoi.train.quality_shelf", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("step", choices=("train", "evaluate", "promote"))
    parser.add_argument("--lake", required=True, help="the lake's folder")
    parser.add_argument("--model", default="", help="id of a model of the shelf, to evaluate or promote")
    parser.add_argument("--recipe", help="recipe file; its quality section has the threshold that the evaluation uses")
    parser.add_argument("--nights", default="", help="comma-separated nights whose documents are taken")
    parser.add_argument("--sources", default="", help="comma-separated sources whose kept documents are trusted")
    parser.add_argument("--reference", default="", help="folder with trusted text")
    parser.add_argument("--documents", type=int, default=3_000, help="documents of each side, at most (default: 3000)")
    args = parser.parse_args(argv)
    lake = Lake(args.lake)
    nights, sources = (tuple(filter(None, value.split(","))) for value in (args.nights, args.sources))
    plan = Plan(nights, sources, args.reference, args.documents)
    if args.step == "train":
        result = train_model(lake, plan)
    elif args.step == "evaluate":
        result = evaluate(lake, plan, load_recipe(args.recipe), args.model)
    else:
        result = dict(quality_models.promote(lake, args.model))
    print(f"{RESULT_PREFIX}{json.dumps(result, ensure_ascii=False)}")


if __name__ == "__main__":
    with ending() as end:
        main()
    sys.exit(end.code)
