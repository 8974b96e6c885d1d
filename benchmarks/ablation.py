"""Does cleaning help? One tiny model, the same tokens, from raw extraction and from Malmoi's release, side by side.

    make ablation INPUT=folder-of-warc CURATED="held-out.jsonl more.jsonl"

A night runs over INPUT. ``raw`` is every document that ingest read out of the pages, ``release`` is what the shards hold. One
tokenizer is learned from as much of the one as of the other. Each of three seeds trains one model on each, with the same first
weights and the same number of tokens; both are held against the curated text, which neither has seen, and against the multiple
choice of ``malmoi.train.choices``. Writes ABLATION.md, ablation.json and ablation.png.
Without INPUT the sample of ``make run`` is read, and without CURATED the good examples of the quality model, which it was
trained on: that shows how it works, and proves nothing.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import ablation_report as report
import numpy as np
from ablation_data import MODEL, TrainingSet, clean, curated_texts, dropped, overlap, pack, recipe_of, say
from plain import ROOT
from small_release import RELEASE, size

from malmoi.contracts.release import sha256_of
from malmoi.contracts.training import CHECKPOINTS, TrainingRun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--input", type=Path, help="folder or file of pages; default: the sample of make run")
    parser.add_argument("--curated", type=Path, nargs="*", help="JSON Lines of curated text, field text")
    parser.add_argument("--tokens", type=int, default=600_000, help="tokens of each training run (default 600000)")
    parser.add_argument("--seeds", type=int, default=3, help="training runs of each set (default 3)")
    parser.add_argument("--out", type=Path, help="folder of the results; default: benchmarks, for the sample .malmoi")
    arguments = parser.parse_args()
    os.environ.setdefault("TQDM_DISABLE", "1")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="malmoi-ablation-") as scratch:
        curated = curated_texts(arguments.curated)
        night = clean(Path(scratch), arguments.input)
        removed = dropped(night)
        sets = pack(night, Path(scratch))
        steps = -(-arguments.tokens // (MODEL["sequence_tokens"] * MODEL["batch_sequences"]))
        runs = [run for seed in range(1, arguments.seeds + 1) for run in train(sets, steps, seed)]
        results = {
            "input": arguments.input.name if arguments.input else None, "model": MODEL, "steps": steps,
            "dropped": removed, "sets": {one.name: one.counts() for one in sets},
            "overlap": {one.name: overlap(one, curated) for one in sets},
            "curated": {name: {"documents": len(texts), "bytes": size(texts)} for name, texts in curated.items()},
            "scores": evaluate(runs, curated), "seconds": round(time.monotonic() - began),
        }  # fmt: skip
    out = arguments.out or (ROOT / "benchmarks" if arguments.input else ROOT / ".malmoi" / "ablation")
    out.mkdir(parents=True, exist_ok=True)
    out.joinpath("ablation.json").write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n")
    out.joinpath("ABLATION.md").write_text(report.page(results), "utf-8")
    report.plot(results, out / "ablation.png")
    print(report.page(results))
    say(f"page and plot are in {out}")


Trained = tuple[str, str, TrainingRun]
"""Name of the training set, path of its tokenizer, the run."""


def train(sets: list[TrainingSet], steps: int, seed: int) -> list[Trained]:
    """Trains on each set with one seed, at the same time, one core each."""
    settings = asdict(recipe_of(seed, steps).train) | {"command": []}
    runs, processes = [], []
    for one in sets:
        run = TrainingRun(one.lake.root, RELEASE, one.lake.relative(str(one.path)), sha256_of(one.path), settings)
        run.save()
        runs.append((one.name, one.tokenizer, run))
        command = [sys.executable, "-m", "malmoi.train.launch", "--run", str(run.folder)]
        processes.append(subprocess.Popen(command, env={**os.environ, **run.environment_here()}))
    if any([process.wait() for process in processes]):
        sys.exit("ablation: error: a training run failed; see its log above")
    say(f"seed {seed}: trained {steps} steps on each set")
    return runs


def evaluate(runs: list[Trained], curated: dict[str, list[str]]) -> list[dict[str, Any]]:
    """A row for every checkpoint: set, seed, tokens seen, bits a byte of each curated text; at the end also accuracy."""
    from malmoi.train.checkpoint import kept

    work = [(*trained, path, curated) for trained in runs for path in kept(trained[2].folder / CHECKPOINTS)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        return list(pool.map(score, work))


def score(work: tuple[str, str, TrainingRun, Path, dict[str, list[str]]]) -> dict[str, Any]:
    """One row of ``evaluate``."""
    import torch

    from malmoi.train.checkpoint import read
    from malmoi.train.choices import ask
    from malmoi.train.encoder import Encoder
    from malmoi.train.evaluate import nats
    from malmoi.train.model import Decoder
    from malmoi.train.trainer import shape_of

    variant, tokenizer, run, path, curated = work
    torch.set_num_threads(1)
    encoder = Encoder(tokenizer)
    found = read(path)
    assert found is not None, path
    step, state = found
    model = Decoder(shape_of(run.train, encoder.vocabulary)).eval()
    model.load_state_dict(state["model"])
    bits = {}
    for name, texts in curated.items():
        end = np.array([encoder.end_of_document], encoder.dtype)
        documents = [np.concatenate((np.frombuffer(ids, encoder.dtype), end)) for ids in encoder.encode(texts)]
        ends = np.cumsum([len(ids) for ids in documents])
        bits[name] = nats(model, np.concatenate(documents), ends, encoder.end_of_document) / np.log(2) / size(texts)
    row = {"set": variant, "seed": run.train.seed, "tokens": step * MODEL["sequence_tokens"] * MODEL["batch_sequences"]}
    row["bits_per_byte"] = {name: round(float(value), 4) for name, value in bits.items()}
    if step == run.train.steps:
        answers = ask(model, encoder)
        row["choices"] = {name: entry["accuracy"] for name, entry in answers["families"].items()}
        row["choices"]["all"], row["chance"] = answers["all"]["accuracy"], answers["all"]["chance"]
        row["questions"] = {name: entry["questions"] for name, entry in answers["families"].items()}
        row["questions"]["all"] = answers["all"]["questions"]
    return row


if __name__ == "__main__":
    main()
