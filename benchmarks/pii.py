"""How fast personal data is found on your own text: one core, Arrow batches, CPU time.

    python benchmarks/pii.py FOLDER_OR_FILE... [--text-field text] [--repeat 3]

For each .jsonl file: characters a second of the structured entities alone (numbers, e-mail, IP, dates of birth) and of all
entities with names, addresses and ids; of the leak scan over digit runs; how many documents and spans there were. The best
of the repeats counts, since whatever else a machine does only adds.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "spark_jobs"))

from malmoi.contracts.recipe.privacy import Privacy  # noqa: E402
from malmoi.models import presidio  # noqa: E402
from malmoi.text.pii.leak_scan import leaks_of_column  # noqa: E402

BATCH = 1_000
"""Documents in one Arrow batch, as the annotate stage takes them."""


def batches(path: Path, field: str) -> list[pa.Array]:
    """The texts of a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        texts = [str(json.loads(line)[field]) for line in lines if line.strip()]
    return [pa.array(texts[start : start + BATCH], pa.string()) for start in range(0, len(texts), BATCH)]


def rate(columns: list[pa.Array], chars: int, repeat: int, work: Callable[[pa.Array], object]) -> float:
    """Million characters a second of CPU time, the best of ``repeat`` passes."""
    best = float("inf")
    for _ in range(repeat):
        started = time.process_time()
        for column in columns:
            work(column)
        best = min(best, time.process_time() - started)
    return chars / best / 1e6


def measure(path: Path, field: str, repeat: int) -> None:
    columns = batches(path, field)
    chars = sum(len(text.as_py()) for column in columns for text in column)
    if not chars:
        print(f"{path.name}: no text")
        return
    score = Privacy().min_score
    presidio.find(columns[0].slice(0, 10), score)
    found = [spans for column in columns for spans in presidio.find(column, score)]
    structured = rate(columns, chars, repeat, lambda column: presidio.find(column, score, costly=False))
    every = rate(columns, chars, repeat, lambda column: presidio.find(column, score))
    scan = rate(columns, chars, repeat, leaks_of_column)
    hit = sum(1 for spans in found if spans)
    print(
        f"{path.name}: {len(found):,} documents, {chars / 1e6:,.2f} M chars; structured {structured:,.1f} M chars/s, all entities "
        f"{every:,.2f}, leak scan {scan:,.0f}; {sum(map(len, found)):,} spans in {hit:,} documents"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description="Characters a second of finding personal data, one core.")
    parser.add_argument("paths", nargs="+", type=Path, help=".jsonl files, or folders with some")
    parser.add_argument("--text-field", default="text", help="field that holds the text (default: text)")
    parser.add_argument("--repeat", type=int, default=3, help="passes over each file (default: 3)")
    args = parser.parse_args()
    files = [file for path in args.paths for file in ([path] if path.is_file() else sorted(path.rglob("*.jsonl")))]
    if not files:
        print("pii: error: no .jsonl file there", file=sys.stderr)
        return 1
    for file in files:
        measure(file, args.text_field, args.repeat)
    return 0


if __name__ == "__main__":
    sys.exit(main())
