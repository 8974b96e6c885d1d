"""The quality model: logistic regression over the signals, from a small file that names its signals and weights.

The default model lies beside this module; ``malmoi.train.quality_model`` makes it, and others like it, from documents.
Without a model the rules' own score stands in.
"""

import hashlib
import json
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import numpy as np

from malmoi.contracts.errors import ContractError
from malmoi.contracts.recipe.quality import Quality
from malmoi.text.quality import own_score

FORMAT = "malmoi-quality-1"


class Model(NamedTuple):
    """``score = sigmoid(bias + sum(weight * clip((transform(signal) - mean) / scale, -4, 4)))``."""

    signals: tuple[str, ...]
    mean: np.ndarray
    scale: np.ndarray
    weight: np.ndarray
    bias: float
    sha256: str


def default_path() -> Path:
    return Path(str(files("malmoi.models").joinpath("data/quality.json")))


@lru_cache(maxsize=4)
def load(path: Path) -> Model | None:
    """Reads a model; None where the file does not exist. Raises ContractError for another format."""
    if not path.is_file():
        return None
    raw = path.read_bytes()
    content = json.loads(raw)
    if content.get("format") != FORMAT:
        raise ContractError(f"{path}: not a quality model of format {FORMAT}; train one with the corpus_models DAG")
    arrays = (np.array(content[key], np.float64) for key in ("mean", "scale", "weight"))
    return Model(tuple(content["signals"]), *arrays, float(content["bias"]), hashlib.sha256(raw).hexdigest())


def score(texts: list[str], signals: dict[str, list[float]], path: Path | None = None) -> list[float]:
    """0..1 for each text, from its signals (columns as ``text.signals.measure`` returns them)."""
    if not texts:
        return []
    model = load(path or default_path())
    if model is None:
        return own_score({name: np.array(values) for name, values in signals.items()}, Quality()).tolist()
    z = (features(signals, model.signals) - model.mean) / model.scale
    return (1 / (1 + np.exp(-(np.clip(z, -4, 4) @ model.weight + model.bias)))).tolist()


def model_hash(path: Path | None = None) -> str | None:
    """SHA-256 of the model file, None without a model."""
    model = load(path or default_path())
    return model.sha256 if model else None


def features(signals: dict[str, list[float]], names: tuple[str, ...]) -> np.ndarray:
    """float64 [n, len(names)]; counts enter as ``log1p``."""
    columns = [np.asarray(signals[name], np.float64) for name in names]
    return np.stack([np.log1p(c) if name in COUNTS else c for name, c in zip(names, columns, strict=True)], axis=1)


COUNTS = frozenset({"chars", "eojeol", "lines", "prose_eojeol", "sentences", "longest_run", "title_repeats"})
