"""Ingest and annotate as a plain loop in one Python process, without Spark: the limit of a night.

    python benchmarks/plain.py LANDING [--kernels] [--processes N]

LANDING holds ``source=web/date=DAY/*.warc.gz``. Prints one JSON object: CPU seconds of importing, ingest and annotate, loading
of models included, and documents; with ``--kernels`` also CPU seconds of the functions that they call, which costs a little.
With ``--processes`` so many loops run side by side, each over its share of the files, and their seconds are summed: cores that
work at once share caches and memory, so the same work takes them longer.
"""

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "spark_jobs")]

RECIPE = ROOT / "spark_jobs" / "recipes" / "demo.toml"
DAY = "2026-11-01"
ROWS = 1_000


def loop(landing: Path, kernels: bool, share: tuple[int, int] = (0, 1)) -> dict:
    """The loop; ``{"import", "ingest", "annotate", "documents", "kernels"}``. ``share``: which part of the files, of how many."""
    began = time.process_time()
    from malmoi.contracts.recipe import load_recipe
    from malmoi.stages import annotate, ingest

    imported = time.process_time()
    spent: Counter[str] = Counter()
    if kernels:
        watch(spent)
    recipe = load_recipe(RECIPE)
    paths = sorted(str(path) for path in landing.rglob("*.warc.gz"))[share[0] :: share[1]]
    found = ingest.ingest(paths, str(landing), DAY, "web", recipe.sources["web"], recipe, b"0" * 16)
    batches = _batches(found, ingest.documents_batch)
    documents, reading, annotating = 0, 0.0, 0.0
    at = time.process_time()
    for batch in batches:
        reading += time.process_time() - at
        at = time.process_time()
        annotate.annotate(batch.select(annotate.COLUMNS), recipe, "web")
        annotating += time.process_time() - at
        documents += batch.num_rows
        at = time.process_time()
    reading += time.process_time() - at
    return {
        "import": imported - began, "ingest": reading, "annotate": annotating, "documents": documents, "kernels": dict(spent),
    }  # fmt: skip


def side_by_side(landing: Path, processes: int) -> dict:
    """Sums over loops that run at once, each over its share."""
    command = [sys.executable, __file__, str(landing), "--share"]
    loops = [
        subprocess.Popen([*command, f"{number}/{processes}"], stdout=subprocess.PIPE, text=True)
        for number in range(processes)
    ]
    said = [json.loads(loop.communicate()[0]) for loop in loops]
    return {key: sum(one[key] for one in said) for key in ("import", "ingest", "annotate", "documents")}


def _share(value: str) -> tuple[int, int]:
    number, _, of = value.partition("/")
    return int(number), int(of)


def _batches(found: Iterator, to_batch: Callable) -> Iterator:
    rows: list[dict] = []
    for item in found:
        if item.document is not None:
            rows.append(item.document)
        if len(rows) == ROWS:
            yield to_batch(rows)
            rows = []
    if rows:
        yield to_batch(rows)


def watch(spent: Counter[str]) -> None:
    """Puts a clock around each kernel where its caller looks for it."""
    from malmoi.models import evaluation_sets, language_id, presidio, profanity, quality_model
    from malmoi.stages import annotate, ingest
    from malmoi.text import minhash, pii, signals

    kernels = [
        (ingest, "decode", "charset"), (ingest, "extract", "parse and extract"), (ingest, "documents_batch", "documents to Arrow"),
        (signals, "measure", "signals"), (presidio, "find", "personal data"), (pii, "persons", "personal data"),
        (profanity, "find", "profanity"), (evaluation_sets, "overlaps", "contamination"), (quality_model, "score", "quality model"),
        (language_id, "detect", "language"), (minhash, "sign", "MinHash"), (annotate, "_structs", "spans to Arrow"),
    ]  # fmt: skip
    for module, name, label in kernels:
        setattr(module, name, _clocked(getattr(module, name), spent, label))
    ingest.read = _clocked_iterator(ingest.read, spent, "read WARC")


def _clocked(function: Callable, spent: Counter[str], label: str) -> Callable:
    def clocked(*args, **kwargs):
        began = time.process_time()
        try:
            return function(*args, **kwargs)
        finally:
            spent[label] += time.process_time() - began

    return clocked


def _clocked_iterator(function: Callable, spent: Counter[str], label: str) -> Callable:
    def clocked(*args, **kwargs):
        items, end = function(*args, **kwargs), object()
        while True:
            began = time.process_time()
            item = next(items, end)
            spent[label] += time.process_time() - began
            if item is end:
                return
            yield item

    return clocked


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("landing", type=Path)
    parser.add_argument("--kernels", action="store_true", help="also the CPU seconds of each kernel")
    parser.add_argument("--processes", type=int, default=1, help="loops side by side (default 1)")
    parser.add_argument("--share", type=_share, default=(0, 1), help="only files NUMBER of each OF: NUMBER/OF")
    options = parser.parse_args()
    if options.processes > 1:
        print(json.dumps(side_by_side(options.landing, options.processes)))
    else:
        print(json.dumps(loop(options.landing, options.kernels, options.share)))


if __name__ == "__main__":
    main()
