#!/usr/bin/env python
"""Quality of near-duplicate detection on generated edits of Korean texts.

    PYTHONPATH=spark_jobs python benchmarks/dedup_quality.py TEXTS.jsonl --texts 500

TEXTS: JSON Lines with a field ``text``, or plain text with a document a line. Every edit of ``korean_edits.py`` makes a copy of
every text; half quotes, pages of one template and the texts among themselves must stay apart. All of it goes through what
``malmoi try dedup`` and small nights run (``text/near.py``), with the recipe's default values.

Pair recall: pairs of a text and its edit that are linked. Precision: linked pairs that are a text and its edit (or two
edits of one text). Merged: how many of the pairs that must stay apart end in one cluster. Exit code 1 where a target is missed.
"""

import argparse
import json
import random
import sys
from pathlib import Path

import korean_edits
import numpy as np

from malmoi.contracts.recipe.sections import Dedup
from malmoi.text import minhash, near

TARGETS = {"particles_2%": 0.99, "particles_5%": 0.97}
RECALL, PRECISION = 0.95, 0.99


def parser() -> argparse.ArgumentParser:
    this = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    this.add_argument("file", type=Path, help="texts: .jsonl with a field text, or a text a line")
    this.add_argument("--texts", type=int, default=500, help="texts that are taken, by seeded choice")
    this.add_argument("--min-chars", type=int, default=200, help="shorter texts are passed over")
    this.add_argument("--seed", type=int, default=1)
    for name, kind in (("bands", int), ("rows", int), ("min_similarity", float)):
        this.add_argument(f"--{name.replace('_', '-')}", type=kind, default=getattr(Dedup(), name))
    return this


def load(args: argparse.Namespace) -> list[str]:
    lines = args.file.read_text("utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines] if args.file.suffix == ".jsonl" else lines
    long = [text for text in texts if len(text) >= args.min_chars and len(korean_edits.sentences(text)) >= 4]
    random.Random(args.seed).shuffle(long)
    chosen = long[: args.texts]
    # Real copies among the texts would count as errors: of each such pair one is left out.
    again = set(linked(chosen, Dedup(bands=args.bands, rows=args.rows, min_similarity=0.4))[:, 1].tolist())
    return [text for place, text in enumerate(chosen) if place not in again]


def linked(texts: list[str], dedup: Dedup) -> np.ndarray:
    """Pairs of places that are linked, shape (pairs, 2)."""
    hashes, signatures = minhash.sign(texts, dedup)
    found = near.edges(hashes, minhash.unpack(signatures), dedup)
    return np.stack([found.low, found.high], axis=1)


def copies(texts: list[str], dedup: Dedup, seed: int) -> tuple[dict[str, float], float, int]:
    """Recall of each edit, precision over all, and pairs of different originals that are linked."""
    recalls: dict[str, float] = {}
    right = wrong = between = 0
    for name, edit in korean_edits.EDITS.items():
        rng = random.Random(f"{seed} {name}")
        pairs = linked([*texts, *(edit(text, rng) for text in texts)], dedup)
        same = pairs[:, 0] % len(texts) == pairs[:, 1] % len(texts)
        recalls[name] = float(same.sum()) / len(texts)
        right += int(same.sum())
        wrong += int((~same).sum())
        between = int(((pairs < len(texts)).all(axis=1)).sum())
    return recalls, right / max(1, right + wrong), between


def apart(texts: list[str], dedup: Dedup, seed: int) -> dict[str, tuple[int, int]]:
    """Kind of look-alike -> (pairs that are linked, pairs that there are)."""
    rng = random.Random(seed)
    others = texts[1:] + texts[:1]
    quotes = [korean_edits.half_quote(text, other, rng) for text, other in zip(texts, others, strict=True)]
    pairs = linked([*texts, *quotes], dedup)
    quoted = int(((pairs[:, 0] < len(texts)) & (pairs[:, 1] >= len(texts))).sum())
    pages = korean_edits.template_pages(rng, 300)
    return {
        "half quotes": (quoted, 2 * len(texts)),
        "pages of one template": (len(linked(pages, dedup)), len(pages) * (len(pages) - 1) // 2),
    }


def main() -> int:
    args = parser().parse_args()
    dedup = Dedup(bands=args.bands, rows=args.rows, min_similarity=args.min_similarity)
    texts = load(args)
    print(f"{len(texts)} texts, median {np.median([len(text) for text in texts]):.0f} characters; {dedup}")
    recalls, precision, between = copies(texts, dedup, args.seed)
    missed = []
    for name, recall in recalls.items():
        print(f"{name:24} recall {recall:.4f}")
        if recall < TARGETS.get(name, 0.0):
            missed.append(f"{name}: recall {recall:.4f}, target {TARGETS[name]}")
    mean = float(np.mean(list(recalls.values())))
    print(f"{'all edits':24} recall {mean:.4f} precision {precision:.4f}; {between} pairs among the texts themselves")
    for name, (merged, pairs) in apart(texts, dedup, args.seed).items():
        print(f"{name:24} {merged} of {pairs} linked")
        if merged > (1 - PRECISION) * pairs:
            missed.append(f"{name}: {merged} of {pairs} linked")
    if mean < RECALL:
        missed.append(f"recall {mean:.4f}, target {RECALL}")
    if precision < PRECISION:
        missed.append(f"precision {precision:.4f}, target {PRECISION}")
    print("\n".join(f"MISSED {line}" for line in missed) or "every target is reached")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
