"""The hand-off, measured: tokenizer, packing, loader, trainer and jobs, each figure beside its target.

    python benchmarks/handoff.py news.jsonl petitions.jsonl [--parts tokenizer,speed,fuzz,ranks,jobs]

Each JSON Lines file (field ``text``) is a source of one small release. Parts: ``tokenizer`` (plain against morpheme-aware),
``speed`` (encoding, packing, loader), ``fuzz`` (a million random strings there and back), ``ranks`` (two processes against one)
and ``jobs`` (tests of Slurm and of bad input, on this machine's real Slurm where SLURM_CONF names one). Parts are kept in
handoff.json with their date and load; HANDOFF.md is made of all that are there.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import handoff_report
from small_release import RELEASE, ROOT, write_release
from watch import load

sys.path.append(str(ROOT))

import pyarrow as pa  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402

from malmoi.contracts.paths import Lake  # noqa: E402
from malmoi.contracts.recipe import Recipe, recipe_from_mapping  # noqa: E402
from malmoi.contracts.release import load_release, sha256_of  # noqa: E402
from malmoi.contracts.tokenizers import promote, promoted  # noqa: E402
from malmoi.contracts.tokens import TokensManifest  # noqa: E402
from malmoi.contracts.training import METRICS, TrainingRun  # noqa: E402

HERE = Path(__file__).parent
PARTS = ("tokenizer", "speed", "fuzz", "ranks", "jobs")
SEQUENCE = 2_048
ROWS = 1_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("texts", nargs="+", type=Path, help="JSON Lines, a source each")
    parser.add_argument("--parts", default=",".join(PARTS), help=f"which of {', '.join(PARTS)} (default all)")
    parser.add_argument("--strings", type=int, default=1_000_000, help="random strings of fuzz (default 1000000)")
    arguments = parser.parse_args()
    kept = HERE / "handoff.json"
    results = json.loads(kept.read_text()) if kept.is_file() else {}
    with tempfile.TemporaryDirectory(prefix="malmoi-handoff-") as folder:
        lake, recipe = Lake(folder), recipe_of([path.stem for path in arguments.texts])
        write_release(lake, {path.stem: texts_of(path) for path in arguments.texts})
        measures = {
            "tokenizer": lambda: tokenizers(lake, recipe), "speed": lambda: speed(lake, recipe),
            "fuzz": lambda: fuzz(lake, recipe, arguments.strings), "ranks": lambda: ranks(lake, recipe), "jobs": jobs,
        }  # fmt: skip
        for part in arguments.parts.split(","):
            busy, began = round(load(), 1), time.monotonic()
            found = measures[part]()
            seconds = round(time.monotonic() - began)
            at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
            results[part] = {"at": at, "load": busy, "seconds": seconds, "found": found}
            kept.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n")
            print(f"{part}: {seconds} s", flush=True)
    (HERE / "HANDOFF.md").write_text(handoff_report.page(results), "utf-8")
    print(handoff_report.page(results))


def texts_of(path: Path) -> list[str]:
    return [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines() if line.strip()]


def recipe_of(sources: list[str], **train: Any) -> Recipe:
    return recipe_from_mapping(
        {
            "name": "benchmark",
            "sources": {name: {"type": "warc"} for name in sources},
            "tokenizer": {"vocabulary": 16_000, "sample_mib": 16},
            "train": {"held_out_share": 0.1, "device": "cpu", **train},
        }
    )


def in_use(lake: Lake, recipe: Recipe) -> str:
    """Path of the plain tokenizer of the release; learned the first time."""
    from malmoi.train import tokenizer

    if promoted(lake, recipe.tokenizer) is None:
        promote(lake, recipe.tokenizer, tokenizer.train(lake, load_release(lake, RELEASE), recipe))
    chosen = promoted(lake, recipe.tokenizer)
    assert chosen is not None
    return lake.join(chosen["path"])


def packed(lake: Lake, recipe: Recipe) -> tuple[Path, TokensManifest]:
    from malmoi.train import packing

    in_use(lake, recipe)
    work = packing.plan(lake, RELEASE, recipe)
    return work.manifest, packing.pack(work)


def tokenizers(lake: Lake, recipe: Recipe) -> dict[str, Any]:
    from malmoi.train.tokenizer_report import compare

    return compare(lake, load_release(lake, RELEASE), recipe, 2_000)


def speed(lake: Lake, recipe: Recipe) -> dict[str, Any]:
    """Characters and tokens a second: encoding on one core, packing on two, the loader on one."""
    from malmoi.train.encoder import Encoder
    from malmoi.train.loader import Loader

    texts = [
        text
        for shard in load_release(lake, RELEASE).shards
        for text in pq.read_table(lake.join(shard.path), columns=["text"])["text"].to_pylist()
    ]
    encoder = Encoder(in_use(lake, recipe))
    new, known = encoding(encoder, texts), encoding(encoder, texts)
    path, manifest = packed(lake, recipe)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        wrote = list(pool.map(pack_again, [(lake.root, in_use(lake, recipe), shard) for shard in (0, 1)]))
    loader = Loader(lake, manifest, SEQUENCE, 64, seed=1)
    started, steps = time.process_time(), 200
    for step in range(steps):
        loader.batch(step)
    spent = time.process_time() - started
    return {
        "chars": sum(map(len, texts)), "encode_new": new, "encode_known": known,
        "pack": 2 * min(tokens / seconds for tokens, seconds in wrote), "pack_tokens": sum(tokens for tokens, _ in wrote),
        "loader": steps * 64 * SEQUENCE / spent,
    }  # fmt: skip


def encoding(encoder: Any, texts: list[str]) -> float:
    """Characters a second of processor time, as packing encodes: a thousand rows at once."""
    started = time.process_time()
    for first in range(0, len(texts), ROWS):
        encoder.encode(texts[first : first + ROWS])
    return sum(map(len, texts)) / (time.process_time() - started)


def pack_again(work: tuple[str, str, int]) -> tuple[int, float]:
    """Tokens and wall seconds of all that packing does after encoding: token files, index, lineage and their hashes.

    The shard's documents are encoded before the clock starts, and written twenty times over.
    """
    from malmoi.stages.pack import _Split, encoder

    root, tokenizer, number = work
    lake = Lake(root)
    shards = load_release(lake, RELEASE).shards
    table = pq.read_table(lake.join(shards[number % len(shards)].path), columns=["doc_id", "url", "source", "text"])
    use = encoder(tokenizer)
    batches = []
    for batch in table.to_batches(ROWS):
        texts = batch["text"].to_pylist()
        rows = pa.record_batch([batch[name] for name in ("doc_id", "url", "source")], ["doc_id", "url", "source"])
        batches.append((rows, texts, use.encode(texts)))
    with tempfile.TemporaryDirectory(dir=root) as folder:
        began = time.perf_counter()
        split = _Split(f"{folder}/part", use)
        for _ in range(20):
            for rows, texts, ids in batches:
                split.add(rows, texts, ids)
        tokens = split.close()["tokens"]
        return tokens, time.perf_counter() - began


def fuzz(lake: Lake, recipe: Recipe, count: int) -> dict[str, Any]:
    """Raises AssertionError at the first string that does not come back."""
    from tests.train.test_tokenizer import lossless

    lossless(in_use(lake, recipe), count)
    return {"strings": count}


def ranks(lake: Lake, recipe: Recipe) -> dict[str, Any]:
    """The largest distance between the loss curves of one and of two processes, in nats."""
    path, _ = packed(lake, recipe)
    curves = []
    for processes in (1, 2):
        shape = {"steps": 40, "batch_sequences": 8, "sequence_tokens": 128, "processes_per_node": processes}
        settings = asdict(recipe_of(list(recipe.sources), **shape).train) | {"command": []}
        run = TrainingRun(lake.root, RELEASE, lake.relative(str(path)), sha256_of(path), settings, again=processes)
        run.save()
        launch = [sys.executable, "-m", "malmoi.train.launch", "--run", str(run.folder)]
        subprocess.run(launch, check=True, env={**os.environ, **run.environment_here(), "CUDA_VISIBLE_DEVICES": ""})
        curves.append([json.loads(line)["loss"] for line in (run.folder / METRICS).read_text().splitlines()])
    return {
        "steps": len(curves[0]), "first": curves[0][0], "last": curves[0][-1],
        "apart": max(abs(one - two) for one, two in zip(*curves, strict=True)),
    }  # fmt: skip


def jobs() -> dict[str, Any]:
    """The tests of real jobs: what pytest says of each file."""
    found = {}
    for name in ("test_slurm", "test_bad_input", "test_operator"):
        command = [sys.executable, "-m", "pytest", f"tests/plugins/training/{name}.py", "-q", "-rs"]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
        found[name] = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout.strip().splitlines()[-1]).strip("= ")
    return found


if __name__ == "__main__":
    main()
