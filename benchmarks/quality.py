"""What the quality rules drop of your own texts, and how fast: language, signals, spam and quality model, one core.

    python benchmarks/quality.py [--clean FILE...] [--written FOLDER] [--recipe FILE] [--source NAME] [--list FOLDER]

``--clean``: JSON Lines with ``text`` that should stay; drops by reason, and characters a second of CPU time, the best of three
passes over batches of 1,000. ``--written``: ``junk.jsonl`` and ``good.jsonl`` (``text``, ``kind``), as in tests/text/quality: which
share leaves. At the end the memory of this process with every model of a Spark worker loaded. ``--list FOLDER`` writes what
was dropped of the clean texts there, to be looked at.
"""

import argparse
import json
import resource
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "spark_jobs"))

from malmoi.contracts.recipe import load_recipe  # noqa: E402
from malmoi.contracts.recipe.quality import Quality  # noqa: E402
from malmoi.models import kiwi, language_id, presidio, profanity, quality_model  # noqa: E402
from malmoi.text.quality import REASONS, Verdicts, judge_batch  # noqa: E402
from malmoi.text.signals import measure  # noqa: E402

BATCH = 1_000


def texts_of(path: Path) -> list[str]:
    return [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines() if line.strip()]


def judged(texts: list[str], quality: Quality) -> Verdicts:
    signals = measure(texts)
    signals["quality_score"] = quality_model.score(texts, signals, quality_model.default())
    columns = {name: np.asarray(values) for name, values in signals.items()}
    return judge_batch(columns, [language for language, _ in language_id.detect(texts)], quality)


def all_judged(texts: list[str], quality: Quality) -> np.ndarray:
    """The rule that each text misses, -1 where it stays."""
    return np.concatenate([judged(texts[low : low + BATCH], quality).rule for low in range(0, len(texts), BATCH)])


def clean(path: Path, quality: Quality, folder: Path | None) -> None:
    texts = texts_of(path)
    best = float("inf")
    for _ in range(3):
        started = time.process_time()
        rules = all_judged(texts, quality)
        best = min(best, time.process_time() - started)
    dropped = np.flatnonzero(rules >= 0)
    reasons = Counter(str(REASONS[rules[row]]) for row in dropped)
    print(
        f"{path.name}: {len(dropped)} of {len(texts):,} dropped ({len(dropped) / len(texts):.2%}) {dict(reasons.most_common())}; "
        f"{sum(map(len, texts)) / best / 1e6:,.2f} M chars/s"
    )
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        lines = [f"{REASONS[rules[row]]}\t{' '.join(texts[row].split())}" for row in dropped]
        (folder / f"{path.stem}-dropped.txt").write_text("\n".join(lines) + "\n", "utf-8")


def written(folder: Path, quality: Quality) -> None:
    for name in ("junk", "good"):
        texts = texts_of(folder / f"{name}.jsonl")
        share = (all_judged(texts, quality) >= 0).mean()
        print(f"{name}: {share:.1%} of {len(texts)} documents dropped")


def memory() -> float:
    """Peak of this process in MiB, with everything loaded that annotate asks."""
    text = "줌바댄스발 확진자가 나왔다. 김철수 씨의 전화는 010-0000-0000이다. This page is written in English mostly, 아마도."
    presidio.find([text], 0.5)
    profanity.find([text, "시발 진짜 짜증나네 뭐 이런 경우가 다 있어"])
    language_id.detect([text])
    kiwi.tokenize_windows([text])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--clean", type=Path, nargs="*", default=[])
    parser.add_argument("--written", type=Path)
    parser.add_argument("--recipe", type=Path, help="recipe file (default: the default thresholds)")
    parser.add_argument("--source", default="", help="source of the recipe whose thresholds are used")
    parser.add_argument("--list", type=Path)
    args = parser.parse_args()
    quality = load_recipe(args.recipe).for_source("quality", args.source) if args.recipe else Quality()
    for path in args.clean:
        clean(path, quality, args.list)
    if args.written:
        written(args.written, quality)
    print(f"memory, every model loaded: {memory():,.0f} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
