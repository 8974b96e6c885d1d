"""The quality model: character n-grams and signals, both linear, in one small file.

A first logistic regression reads hashed character n-grams; a second one weighs its logit together with the signals. Both
are NumPy passes over a whole batch: fastText with the same n-grams costs thirty times as much here. The default model
lies beside this module; ``malmoi.train.quality_model`` makes it, and the DAG ``corpus_models`` others like it from
documents of the lake. Without a model the
rules' own score stands in.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import numpy as np

from malmoi.contracts.errors import ContractError
from malmoi.contracts.recipe.quality import Quality
from malmoi.text.layout import Layout, lay_outs
from malmoi.text.ngrams import mean_weights
from malmoi.text.quality import own_score

FORMAT = "malmoi-quality-1"
NGRAM = "ngram_logit"
"""Name of the first regression's logit among the features of the second."""

PROSE = "prose"
"""Share of eojeol with josa and endings, or what enough of them are worth: a long page may hold code and tables."""
_ENOUGH_PROSE = 120

_SIGNS_AND_SCALES = {
    PROSE: (1, 0.45),
    "monotony": (-1, 0.12),
    "lone_jamo_share": (-1, 0.2),
    "digit_share": (-1, 0.3),
    "symbol_share": (-1, 0.2),
    "punctuation_share": (-1, 0.35),
    "single_share": (-1, 0.45),
    "mixed_share": (-1, 0.4),
    "noise_share": (-1, 0.2),
    "grammar_break_share": (-1, 0.16),
    "repeated_line_share": (-1, 0.4),
    "repeated_trigram_share": (-1, 0.4),
    "top_stem_share": (-1, 0.25),
    "list_line_share": (-1, 0.95),
    "navigation_share": (-1, 0.2),
    "footer_share": (-1, 0.1),
    "translation": (-1, 0.15),
    "teaser": (-1, 1.0),
    "filler": (-1, 0.5),
    "spam_score": (-1, 0.6),
    NGRAM: (1, 0.5),
}
"""Whether a feature speaks for (1) or against (-1) a document, and the size that counts as much of it: for signals the
recipe's default threshold. Training keeps to the signs."""
FEATURES = tuple(_SIGNS_AND_SCALES)
SIGNS = np.array([sign for sign, _ in _SIGNS_AND_SCALES.values()])
SCALES = np.array([scale for _, scale in _SIGNS_AND_SCALES.values()])
CLIP = 2.0
"""Scaled features are cut off here, so that no single one decides."""


class Model(NamedTuple):
    """``score = sigmoid(bias + weight . clip(feature / scale))``; ``ngrams`` is int8 [orders, buckets] in units
    of ``step``."""

    features: tuple[str, ...]
    scale: np.ndarray
    weight: np.ndarray
    bias: float
    ngrams: np.ndarray
    step: float
    sha256: str


def default_path() -> Path:
    return Path(str(files("malmoi.models").joinpath("data/quality.npz")))


@lru_cache(maxsize=4)
def load(path: Path) -> Model | None:
    """Reads a model; None where the file does not exist. Raises ContractError for another format."""
    return read(path.read_bytes(), str(path)) if path.is_file() else None


def default() -> Model | None:
    """The model of the package, or None where it was taken away."""
    return load(default_path())


@lru_cache(maxsize=4)
def read(raw: bytes, where: str = "the quality model") -> Model:
    """A model from the content of its file. Raises ContractError for another format."""
    with np.load(BytesIO(raw)) as content:
        head = json.loads(str(content["head"]))
        if head.get("format") != FORMAT:
            raise ContractError(
                f"{where}: not a quality model of format {FORMAT}; train one with the corpus_models DAG"
            )
        return Model(
            tuple(head["features"]),
            content["scale"],
            content["weight"],
            float(head["bias"]),
            content["ngrams"],
            float(head["step"]),
            hashlib.sha256(raw).hexdigest(),
        )


def score(
    texts: Sequence[str],
    signals: Mapping[str, Sequence[float]],
    model: Model | None,
    layouts: Sequence[Layout] | None = None,
) -> list[float]:
    """0..1 for each text, by the rules' own score without a model. ``signals``: what ``text.signals.measure`` returned
    for the same texts. ``layouts``: their ``lay_outs``, where the caller has them."""
    if not len(texts):
        return []
    if model is None:
        return own_score({name: np.array(values) for name, values in signals.items()}, Quality()).tolist()
    rows = features(signals, ngram_logits(texts, model.ngrams, model.step, layouts), model.features)
    return probabilities(rows, model.scale, model.weight, model.bias).tolist()


def ngram_logits(
    texts: Sequence[str], ngrams: np.ndarray, step: float, layouts: Sequence[Layout] | None = None
) -> np.ndarray:
    """Logit of the first regression, float64 [n]. ``layouts``: as in ``score``."""
    parts = [mean_weights(layout, ngrams, step) for layout in (lay_outs(texts) if layouts is None else layouts)]
    return np.concatenate(parts) if parts else np.zeros(0)


def features(signals: Mapping[str, Sequence[float]], logits: np.ndarray, names: Sequence[str] = FEATURES) -> np.ndarray:
    """float64 [n, len(names)]."""
    derived = {
        NGRAM: logits,
        "teaser": np.asarray(signals["truncation"]) >= 1,
        PROSE: np.maximum(
            np.asarray(signals["josa_eomi_share"]),
            0.45 * np.minimum(np.asarray(signals["prose_eojeol"]) / _ENOUGH_PROSE, 1),
        ),
        "monotony": 1 - np.asarray(signals["variety"]),
    }
    return np.stack([np.asarray(derived.get(name, signals.get(name)), np.float64) for name in names], axis=1)


def probabilities(rows: np.ndarray, scale: np.ndarray, weight: np.ndarray, bias: float) -> np.ndarray:
    """The second regression, float64 [n]."""
    z = np.clip(rows / scale, -CLIP, CLIP)
    return 1 / (1 + np.exp(-((z * weight).sum(axis=1) + bias)))
