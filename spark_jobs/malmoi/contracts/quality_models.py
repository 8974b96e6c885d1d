"""The lake's shelf of quality models: which one scores the nights from now on.

A model is ``LAKE/models/quality/ID/`` with ``model.npz``, ``manifest.json`` (what it was trained on) and ``evaluation.json``; ID
is the first twelve digits of its SHA-256. ``promoted.json`` names the one in use; without it the model of the package scores.
"""

import hashlib
from typing import Any

from malmoi.contracts.errors import ContractError, InputError
from malmoi.contracts.files import files_of
from malmoi.contracts.manifest import parse, serialise
from malmoi.contracts.paths import Lake, checked_name

INPUT = "quality_model"
"""Name of the promoted model among the inputs of annotate."""
MODEL, MANIFEST, EVALUATION = "model.npz", "manifest.json", "evaluation.json"


def folder(lake: Lake, model: str) -> str:
    """Where a model of the shelf lies."""
    return f"{_shelf(lake)}/{checked_name(model)}"


def promoted(lake: Lake) -> dict[str, str] | None:
    """``{"id", "sha256"}`` of the model in use, or None where the package's own is."""
    store, pointer = files_of(lake), f"{_shelf(lake)}/promoted.json"
    return parse(store.read(pointer), pointer) if store.exists(pointer) else None


def read_promoted(lake: Lake) -> bytes | None:
    """The file of the model in use, or None. Raises ContractError when it is not the one that was promoted."""
    chosen = promoted(lake)
    if chosen is None:
        return None
    path = f"{folder(lake, chosen['id'])}/{MODEL}"
    store = files_of(lake)
    content = store.read(path) if store.exists(path) else b""
    if hashlib.sha256(content).hexdigest() != chosen["sha256"]:
        raise ContractError(
            f"{path}: not the model that was promoted; restore it, or promote another one (corpus_models)"
        )
    return content


def promote(lake: Lake, model: str) -> dict[str, str]:
    """Puts a model of the shelf into use. Raises InputError where it is not there or was not evaluated."""
    store, place = files_of(lake), folder(lake, model)
    for name, remedy in ((MODEL, "train it first"), (EVALUATION, "evaluate it first")):
        if not store.exists(f"{place}/{name}"):
            raise InputError(f"{place}/{name}: missing; {remedy} (corpus_models)")
    chosen = {"id": model, "sha256": hashlib.sha256(store.read(f"{place}/{MODEL}")).hexdigest()}
    store.write(f"{_shelf(lake)}/promoted.json", serialise(chosen))
    return chosen


def used(inputs: list[dict[str, Any]], own: str) -> dict[str, str]:
    """SHA-256 of the model behind each of some annotations' inputs, without repetition: ``{"quality": ...}``, and
    ``quality.2`` and so on where sources of a night were annotated before and after a promotion. ``own``: the package's."""
    found = sorted({one.get(INPUT, own) for one in inputs}) or [own]
    return {"quality" if number == 0 else f"quality.{number + 1}": digest for number, digest in enumerate(found)}


def _shelf(lake: Lake) -> str:
    return f"{lake.models}/quality"
