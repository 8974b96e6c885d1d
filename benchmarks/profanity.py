"""How well profanity is found and softened on your own labelled texts, and how fast.

    python benchmarks/profanity.py [--k-mhas FILE] [--curse FILE --malicious FILE] [--pairs FILE] [--clean FILE...] [--speed FILE...]
                                   [--soften FILE] [--list FOLDER]

All are JSON Lines with ``text``:

* ``--k-mhas`` (https://github.com/adlnlp/K-MHaS, with ``labels``): F1 of label 3 (profanity) against rows that are 8 (none) only;
* ``--curse`` and ``--malicious``: the two sets that the classifier is trained on (``malmoi.train.toxicity``): F1 on the first,
  four-fold, every row judged by a classifier that never saw it, with the lexicon beside it as in the pipeline; some minutes;
* ``--pairs`` (with ``profane``): evasions found (1) and innocent look-alikes hit (0);
* ``--clean``: documents that should have no hit, and what share of their characters Kiwi sees;
* ``--speed``: characters a second, one core, CPU time, the best of three passes, everything included;
* ``--soften`` (K-MHaS again): sentences with label 3 and a hit: hits left after softening, and how many score at least as
  natural a token under Kiwi's language model. Sentences that softening takes out whole are counted apart.

``--list FOLDER`` writes what was missed or wrongly hit there, to be looked at.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "spark_jobs"))

from malmoi.models import kiwi, toxicity  # noqa: E402
from malmoi.models.profanity import find, is_profane  # noqa: E402
from malmoi.text.edits import splice  # noqa: E402
from malmoi.train import toxicity as training  # noqa: E402

BATCH = 1_000


class Counting:
    """Kiwi, with a count of the code points that it is given."""

    def __init__(self) -> None:
        self.chars = 0
        self._kiwi = kiwi.engine()

    def tokenize(self, texts: list[str]):
        self.chars += sum(map(len, texts))
        return self._kiwi.tokenize(texts)


def rows_of(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def flagged(texts: list[str]) -> list[bool]:
    return [is_profane(found) for low in range(0, len(texts), BATCH) for found in find(texts[low : low + BATCH])]


def keep(folder: Path | None, name: str, texts: list[str]) -> None:
    """Notes texts to be looked at."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.txt").write_text("\n".join(text.replace("\n", " ") for text in texts) + "\n", "utf-8")


def k_mhas(path: Path, folder: Path | None) -> None:
    rows = [row for row in rows_of(path) if 3 in row["labels"] or row["labels"] == [8]]
    truth = [int(3 in row["labels"]) for row in rows]
    said = flagged([row["text"] for row in rows])
    print(f"K-MHaS, {len(rows):,} rows: {training.score(truth, said)}")
    pairs = list(zip(rows, truth, said, strict=True))
    keep(folder, "k-mhas-missed", [row["text"] for row, real, hit in pairs if real and not hit])
    keep(folder, "k-mhas-wrong", [row["text"] for row, real, hit in pairs if hit and not real])


def curse(path: Path, malicious: Path) -> None:
    """The classifier that the pipeline asks is exchanged, fold by fold, for one that has not seen the fold."""
    import fasttext

    texts = [row["text"] for row in rows_of(path)]
    rows, others = training.read(path, "profane"), training.read(malicious, "malicious")
    truth: list[int] = []
    said: list[bool] = []
    for fold in range(training.FOLDS):
        held = [number for number, row in enumerate(rows) if training.fold_of(row[0]) == fold]
        with tempfile.TemporaryDirectory() as scratch:
            file = Path(scratch) / "fold.ftz"
            training.train([row for row in rows if training.fold_of(row[0]) != fold] + others, file)
            model = fasttext.load_model(str(file))
            toxicity.probabilities = lambda skeletons, model=model: training.predict(
                model, [toxicity.letters(skeleton) for skeleton in skeletons]
            )
            said += flagged([texts[number] for number in held])
        truth += [rows[number][1] for number in held]
    print(f"curse-detection, {len(rows):,} rows, four-fold: {training.score(truth, said)}")


def pairs(path: Path, folder: Path | None) -> None:
    rows = rows_of(path)
    said = flagged([row["text"] for row in rows])
    missed = [row["text"] for row, hit in zip(rows, said, strict=True) if row["profane"] and not hit]
    wrong = [row["text"] for row, hit in zip(rows, said, strict=True) if hit and not row["profane"]]
    evasions = sum(row["profane"] for row in rows)
    print(
        f"{path.name}: {evasions - len(missed)} of {evasions} evasions found, {len(wrong)} of {len(rows) - evasions} traps hit"
    )
    keep(folder, "pairs-missed", missed)
    keep(folder, "pairs-wrong", wrong)


def clean(path: Path, folder: Path | None) -> None:
    texts = [row["text"] for row in rows_of(path)]
    counting = Counting()
    kiwi.use(counting)
    said = flagged(texts)
    kiwi.use(None)
    share = counting.chars / max(1, sum(map(len, texts)))
    print(
        f"{path.name}: {sum(said)} of {len(texts):,} documents hit ({sum(said) / len(texts):.2%}); Kiwi sees {share:.2%} of characters"
    )
    keep(folder, f"{path.stem}-hit", [text for text, hit in zip(texts, said, strict=True) if hit])


def speed(path: Path) -> None:
    texts = [row["text"] for row in rows_of(path)]
    best = float("inf")
    find(texts[:10])
    for _ in range(3):
        started = time.process_time()
        for low in range(0, len(texts), BATCH):
            find(texts[low : low + BATCH])
        best = min(best, time.process_time() - started)
    print(f"{path.name}: {sum(map(len, texts)) / best / 1e6:,.2f} M chars/s")


def soften(path: Path, folder: Path | None) -> None:
    texts = [row["text"] for row in rows_of(path) if 3 in row["labels"]]
    found = find(texts)
    changed = [(text, splice(text, one.edits)) for text, one in zip(texts, found, strict=True) if one.spans]
    rewritten = [(before, after) for before, after in changed if after.strip()]
    left = flagged([after for _, after in rewritten])
    scores = [kiwi.score_per_token([text for text in pair]) for pair in rewritten]
    natural = sum(after >= before for before, after in scores)
    print(
        f"softening, {len(texts):,} sentences, {len(changed):,} with a hit: {len(changed) - len(rewritten)} left out whole; of "
        f"{len(rewritten)} rewritten {sum(left)} keep a hit, {natural} ({natural / max(1, len(rewritten)):.1%}) are at least as natural"
    )
    lines = [f"{b - a:+.3f}\t{x}\t{y}" for (x, y), (a, b) in zip(rewritten, scores, strict=True)]
    keep(folder, "softened", sorted(lines, key=lambda line: float(line.split("\t")[0])))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for name in ("--k-mhas", "--curse", "--malicious", "--pairs", "--soften", "--list"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--clean", type=Path, nargs="*", default=[])
    parser.add_argument("--speed", type=Path, nargs="*", default=[])
    args = parser.parse_args()
    if (args.curse is None) != (args.malicious is None):
        parser.error("--curse and --malicious belong together")
    if args.k_mhas:
        k_mhas(args.k_mhas, args.list)
    if args.pairs:
        pairs(args.pairs, args.list)
    for path in args.clean:
        clean(path, args.list)
    if args.soften:
        soften(args.soften, args.list)
    for path in args.speed:
        speed(path)
    if args.curse:
        curse(args.curse, args.malicious)
    return 0


if __name__ == "__main__":
    sys.exit(main())
