"""Trains the quality model: ``python -m malmoi.train.quality_model [--good FOLDER --bad FOLDER] [--out FILE]``.

Without folders it learns from the documents of ``quality_documents``: the default model of the repository, byte for
byte. The n-gram logit that the second regression sees was made by models that had not seen the document's group, so that
it is trusted no more than it deserves. Full-batch gradient descent, fixed seed: the same input gives the same file.
"""

import argparse
import json
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np

from malmoi.contracts.errors import InputError
from malmoi.models.quality_model import (
    CLIP,
    FEATURES,
    FORMAT,
    SCALES,
    SIGNS,
    default_path,
    features,
    ngram_logits,
    probabilities,
)
from malmoi.text.layout import lay_out
from malmoi.text.ngrams import NOTHING, ORDERS, buckets
from malmoi.text.signals import measure
from malmoi.train.folder import texts_of
from malmoi.train.quality_documents import Example, examples

SEED = 20261124
FOLDS = 5
_SMOOTHING = 5e-4
"""Share of an n-gram below which its log ratio fades; chosen on held-out groups."""
_SIGNAL_STEPS, _SIGNAL_RATE, _SIGNAL_DECAY = 3_000, 1.0, 1e-3


def train(documents: list[Example]) -> tuple[bytes, dict[str, float]]:
    """The model file, and its figures on held-out groups. Raises InputError without both good and bad documents."""
    texts = [document.text for document in documents]
    good = np.array([document.good for document in documents], np.float64)
    if not 0 < good.sum() < len(good):
        raise InputError("training needs good and bad documents")
    weights = np.where(good > 0, 0.5 / good.sum(), 0.5 / (len(good) - good.sum()))
    names = sorted({document.group for document in documents})
    fold = np.array([names.index(document.group) % FOLDS for document in documents])

    rows = _ngram_rows(texts)
    wording = weights * np.array([document.wording for document in documents])
    unseen = np.zeros(len(texts))
    for held in range(FOLDS):
        table, step = _quantised(_fit_ngrams(rows, good, wording * (fold != held)))
        unseen[fold == held] = ngram_logits([texts[i] for i in np.flatnonzero(fold == held)], table, step)
    signals = measure(texts)
    inputs = features(signals, unseen)
    figures = _cross_check(inputs, good, weights, fold)
    table, step = _quantised(_fit_ngrams(rows, good, wording))
    return _file(table, step, *_fit_signals(inputs, good, weights)), figures


def _ngram_rows(texts: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Feature and row of every n-gram, and the share that it is of its row."""
    layout = lay_out(texts)
    lengths = layout.text_lengths
    row = np.repeat(np.arange(len(texts)), lengths)
    places = [bucket + order * (NOTHING + 1) for order, bucket in enumerate(buckets(layout))]
    return np.concatenate(places), np.tile(row, len(ORDERS)), np.tile(1 / lengths[row], len(ORDERS))


def _fit_ngrams(rows: tuple[np.ndarray, ...], good: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Log ratio of each n-gram's share in good and in bad documents (Wang and Manning 2012), float64 [orders, buckets].

    Smoothing keeps n-grams that were seen in few documents near 0.
    """
    place, row, share = rows
    size = len(ORDERS) * (NOTHING + 1)
    shares = []
    for side in (good > 0, good == 0):
        wanted = weights * side
        shares.append(np.bincount(place, (wanted / wanted.sum())[row] * share, minlength=size))
    table = np.log((shares[0] + _SMOOTHING) / (shares[1] + _SMOOTHING)).reshape(len(ORDERS), -1)
    table[:, NOTHING] = 0
    return table


def _quantised(table: np.ndarray) -> tuple[np.ndarray, float]:
    step = float(np.abs(table).max()) / 127
    return np.rint(table / step).astype(np.int8), step


def _fit_signals(inputs: np.ndarray, good: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, float]:
    """Logistic regression by projected gradient descent: a sign of junk never speaks for a document.

    Sums instead of matrix products: a BLAS adds in an order of its own on every processor.
    """
    z = np.clip(inputs / SCALES, -CLIP, CLIP)
    weights = weights / weights.sum()
    weight, bias = np.zeros(inputs.shape[1]), 0.0
    for _ in range(_SIGNAL_STEPS):
        error = (1 / (1 + np.exp(-((z * weight).sum(axis=1) + bias))) - good) * weights
        weight -= _SIGNAL_RATE * ((error[:, None] * z).sum(axis=0) + _SIGNAL_DECAY * weight)
        weight = np.where(weight * SIGNS > 0, weight, 0.0)
        bias -= _SIGNAL_RATE * error.sum()
    return weight, bias


def _cross_check(inputs: np.ndarray, good: np.ndarray, weights: np.ndarray, fold: np.ndarray) -> dict[str, float]:
    scores = np.zeros(len(good))
    for held in range(FOLDS):
        weight, bias = _fit_signals(inputs, good, weights * (fold != held))
        scores[fold == held] = probabilities(inputs[fold == held], SCALES, weight, bias)
    return {
        "documents": len(good),
        "good": int(good.sum()),
        "good_below_half": float((scores[good > 0] < 0.5).mean()),
        "bad_below_half": float((scores[good == 0] < 0.5).mean()),
    }


def _file(table: np.ndarray, step: float, weight: np.ndarray, bias: float) -> bytes:
    head = {"format": FORMAT, "features": FEATURES, "step": step, "bias": round(bias, 6)}
    arrays = {
        "head": np.array(json.dumps(head)),
        "scale": SCALES,
        "weight": weight.round(6),
        "ngrams": table,
    }
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            member = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))  # a fixed date: the file holds no clock
            member.compress_type = zipfile.ZIP_DEFLATED
            content = BytesIO()
            np.save(content, array)
            archive.writestr(member, content.getvalue())
    return buffer.getvalue()


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="malmoi.train.quality_model", description="Train the quality model.")
    parser.add_argument("--good", type=Path, help="folder with trusted text (.txt, .md, .jsonl, .parquet)")
    parser.add_argument("--bad", type=Path, help="folder with rejected text, of the same kinds")
    parser.add_argument("--out", type=Path, default=default_path(), help="model file to write")
    args = parser.parse_args(argv)
    if (args.good is None) != (args.bad is None):
        parser.error("--good and --bad belong together")
    documents = (
        examples(SEED) if args.good is None else [*folder_examples(args.good, True), *folder_examples(args.bad, False)]
    )
    content, figures = train(documents)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_bytes(content)
    print(json.dumps(figures))
    return 0


def folder_examples(folder: Path, good: bool, text_field: str = "text") -> list[Example]:
    """Every text of a folder as an example, each in a group of its own. Raises InputError where there is none."""
    return [Example(text, good, f"{where}:{row}") for row, (where, text) in enumerate(texts_of(folder, text_field))]


if __name__ == "__main__":
    sys.exit(main())
