"""Trains the profanity classifier: ``python -m malmoi.train.toxicity CURSE.jsonl MALICIOUS.jsonl OUT``.

The two sets (MIT licence) are given as files and stay out of the repository:

* ``curse-detection``: https://github.com/2runo/Curse-detection-data, rows ``{"text", "profane"}``
* ``malicious-comments``: https://github.com/ZIZUN/korean-malicious-comments-dataset, rows ``{"text", "malicious"}``

Written are ``toxicity.ftz`` and ``toxicity.json`` (sources, licences, SHA-256 of data and model, parameters, measured
quality). The quality is honest: four-fold cross-validation over curse-detection, each fold's model trained on the
other folds and on malicious-comments; with the lexicon beside it, as the pipeline uses it.

Training is reproducible: one thread, a fixed order, and a fresh process for each model, because fastText 0.9.3 fills
only a tenth of its matrix when it has one thread and leaves the rest as the memory was.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from malmoi.contracts.errors import InputError
from malmoi.models.toxicity import letters, predict
from malmoi.text.profanity.skeleton import Skeletons

PARAMETERS = {
    "minn": 2, "maxn": 6, "dim": 16, "epoch": 15, "lr": 0.1, "bucket": 50_000, "minCount": 5, "thread": 1, "verbose": 0,
}  # fmt: skip
FOLDS = 4
_SOURCES = (
    ("curse-detection", "profane", "https://github.com/2runo/Curse-detection-data"),
    ("malicious-comments", "malicious", "https://github.com/ZIZUN/korean-malicious-comments-dataset"),
)
_CHILD = """
import json, sys
import fasttext
path, out, parameters = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
model = fasttext.train_supervised(path, **parameters)
model.quantize(path, retrain=False, qnorm=True, thread=1)
model.save_model(out)
"""

Rows = list[tuple[str, int]]


def read(path: Path, label: str) -> Rows:
    """Rows (letters, 0 or 1) of a JSON Lines file. Raises InputError when a row lacks the text or the label."""
    texts, labels = [], []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        row = json.loads(line)
        if "text" not in row or label not in row:
            raise InputError(f"{path}, line {number}: expected the keys text and {label}; give the file of this set")
        texts.append(row["text"])
        labels.append(int(row[label]))
    skeletons = Skeletons(texts)
    return [(letters(skeletons.of(row)), label) for row, label in enumerate(labels)]


def fold_of(line: str) -> int:
    """The fold of a row: by hash, so that equal comments never stand on both sides."""
    return hashlib.blake2b(line.encode(), digest_size=2).digest()[0] % FOLDS


def train(rows: Rows, out: Path) -> None:
    """Trains and quantises one model into ``out``."""
    ordered = sorted(rows, key=lambda row: hashlib.blake2b(repr(row).encode(), digest_size=8).digest())
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "train.txt"
        lines.write_text("".join(f"__label__{label} {line}\n" for line, label in ordered), encoding="utf-8")
        command = [sys.executable, "-c", _CHILD, str(lines), str(out), json.dumps(PARAMETERS)]
        subprocess.run(command, check=True, env=os.environ | {"MALLOC_MMAP_THRESHOLD_": "65536"}, capture_output=True)


def score(truth: list[int], flagged: list[bool]) -> dict[str, float]:
    """Precision, recall and F1, rounded to three digits."""
    hits = sum(1 for real, said in zip(truth, flagged, strict=True) if real and said)
    said, real = max(1, sum(flagged)), max(1, sum(truth))
    return {
        "precision": round(hits / said, 3),
        "recall": round(hits / real, 3),
        "f1": round(2 * hits / (said + real), 3),
    }


def cross_validate(curse: Rows, malicious: Rows, threshold: float) -> dict[str, float]:
    """Quality of the classifier alone on curse-detection, every row judged by a model that never saw it."""
    import fasttext

    truth, flagged = [], []
    for fold in range(FOLDS):
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "fold.ftz"
            train([row for row in curse if fold_of(row[0]) != fold] + malicious, out)
            held = [row for row in curse if fold_of(row[0]) == fold]
            chances = predict(fasttext.load_model(str(out)), [line for line, _ in held])
        truth += [label for _, label in held]
        flagged += [chance >= threshold for chance in chances]
    return score(truth, flagged)


def main(arguments: list[str] | None = None) -> None:
    """Entry point, see the module's docstring."""
    parser = argparse.ArgumentParser(description="Trains the profanity classifier.")
    parser.add_argument("curse", type=Path, help="curse-detection, JSON Lines with text and profane")
    parser.add_argument("malicious", type=Path, help="malicious-comments, JSON Lines with text and malicious")
    parser.add_argument("out", type=Path, help="folder for toxicity.ftz and toxicity.json")
    options = parser.parse_args(arguments)
    paths = (options.curse, options.malicious)
    curse, malicious = (read(path, label) for path, (_, label, _) in zip(paths, _SOURCES, strict=True))
    options.out.mkdir(parents=True, exist_ok=True)
    model = options.out / "toxicity.ftz"
    train(curse + malicious, model)
    card = {
        "model": model.name,
        "sha256": hashlib.sha256(model.read_bytes()).hexdigest(),
        "bytes": model.stat().st_size,
        "parameters": PARAMETERS,
        "trained_on": [
            {
                "name": name,
                "url": url,
                "license": "MIT",
                "rows": len(rows),
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            }
            for (name, _, url), path, rows in zip(_SOURCES, paths, (curse, malicious), strict=True)
        ],
        "cross_validation_at_0.5": cross_validate(curse, malicious, 0.5),
    }
    (options.out / "toxicity.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(card, indent=2))


if __name__ == "__main__":
    main()
