"""Evaluation: bits per byte on the documents of the release that no training ever sees, per source, and multiple choice.

Bits per byte is the negative log-likelihood of a document's tokens, its end included, in bits, over the UTF-8 bytes of its
text. So models with different tokenizers can be compared (Gao et al. 2020, The Pile, section 3.1).
"""

import argparse
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import torch

from malmoi.contracts.endings import ending
from malmoi.contracts.errors import InputError
from malmoi.contracts.manifest import serialise
from malmoi.contracts.paths import Lake
from malmoi.contracts.release import write_atomically
from malmoi.contracts.tokens import TokenFile, TokensManifest
from malmoi.contracts.training import CHECKPOINTS, EVALUATION, TrainingRun
from malmoi.train import checkpoint
from malmoi.train.choices import ask
from malmoi.train.encoder import Encoder
from malmoi.train.model import Decoder
from malmoi.train.tokens import open_tokens
from malmoi.train.trainer import shape_of

_ROWS = 16


def evaluate(run: TrainingRun, max_documents: int, max_questions: int | None = None) -> dict[str, Any]:
    """``{"step", "release", "sources": {S: {"bits_per_byte", "documents", "tokens", "bytes"}}, "all": {...}, "choices"}``.

    ``bits_per_byte`` is None for a source without held-out documents; ``choices`` is what ``malmoi.train.choices.ask``
    returns, with ``max_questions`` a family. Raises InputError without a checkpoint.
    """
    lake = Lake(run.lake)
    manifest = TokensManifest.load(lake.join(run.tokens))
    step, model = load(run, manifest)
    sources = {}
    for source in sorted(manifest.sources):
        files = [file for file in manifest.of("held_out") if file.source == source]
        sources[source] = _score(model, lake, files, manifest.end_of_document, max_documents)
    whole = {unit: sum(entry[unit] for entry in sources.values()) for unit in ("documents", "tokens", "bytes", "nats")}
    for entry in (*sources.values(), whole):
        nats = entry.pop("nats")
        entry["bits_per_byte"] = round(nats / math.log(2) / entry["bytes"], 4) if entry["bytes"] else None
    choices = ask(model, Encoder(lake.join(manifest.tokenizer["path"])), max_questions)
    return {"step": step, "release": run.release, "sources": sources, "all": whole, "choices": choices}


def load(run: TrainingRun, manifest: TokensManifest) -> tuple[int, Decoder]:
    """Step and model of the run's newest checkpoint. Raises InputError where there is none."""
    found = checkpoint.latest(run.folder / CHECKPOINTS)
    if found is None:
        raise InputError(f"{run.folder / CHECKPOINTS}: no checkpoint to evaluate; train first")
    model = Decoder(shape_of(run.train, manifest.tokenizer["vocabulary"]))
    model.load_state_dict(found[1]["model"])
    return found[0], model.eval()


def _score(model: Decoder, lake: Lake, files: list[TokenFile], end: int, max_documents: int) -> dict[str, Any]:
    total: dict[str, Any] = {"documents": 0, "tokens": 0, "bytes": 0, "nats": 0.0}
    for file in files:
        chosen = min(file.documents, max_documents - total["documents"])
        lengths = pq.read_table(lake.join(file.prefix + ".lineage.parquet"), columns=["bytes"])["bytes"].to_numpy()
        data = open_tokens(lake.join(file.prefix))
        tokens = int(data.ends[chosen - 1]) if chosen else 0
        total["documents"] += chosen
        total["tokens"] += tokens
        total["bytes"] += int(lengths[:chosen].sum())
        total["nats"] += nats(model, data.ids, data.ends[:chosen], end)
    return total


@torch.inference_mode()
def nats(model: Decoder, ids: np.ndarray, ends: np.ndarray, end: int) -> float:
    """Negative log-likelihood of documents, which lie one behind the other in ``ids`` and stop at ``ends``."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model.to(device)
    return sum(
        float(model(inputs.to(device), targets.to(device), reduction="sum"))
        for inputs, targets in _rows(ids, ends, end, model.cos.shape[0])
    )


def _rows(ids: np.ndarray, ends: np.ndarray, end: int, length: int) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Batches of documents in pieces of ``length``; a piece sees nothing before it but the end of the last document."""
    rows = []
    start = 0
    for stop in ends.tolist():
        for first in range(start, stop, length):
            rows.append(np.asarray(ids[first : min(stop, first + length)], np.int64))
        start = stop
    for first in range(0, len(rows), _ROWS):
        batch = rows[first : first + _ROWS]
        width = max(map(len, batch))
        targets = np.stack([np.pad(row, (0, width - len(row)), constant_values=-1) for row in batch])
        inputs = np.pad(targets[:, :-1], ((0, 0), (1, 0)), constant_values=end)
        yield torch.from_numpy(np.maximum(inputs, 0)), torch.from_numpy(targets)


def describe(result: dict[str, Any]) -> str:
    """The evaluation as two tables."""
    lines = [f"{'source':16} {'bits/byte':>10} {'documents':>10} {'tokens':>12}"]
    for name, entry in [*result["sources"].items(), ("all", result["all"])]:
        shown = "none" if entry["bits_per_byte"] is None else f"{entry['bits_per_byte']:.3f}"
        lines.append(f"{name:16} {shown:>10} {entry['documents']:>10,} {entry['tokens']:>12,}")
    lines += ["", f"{'choices':16} {'accuracy':>10} {'by bytes':>10} {'chance':>12} {'questions':>10}"]
    for name, entry in [*result["choices"]["families"].items(), ("all", result["choices"]["all"])]:
        lines.append(
            f"{name:16} {entry['accuracy']:>10.3f} {entry['accuracy_by_bytes']:>10.3f} {entry['chance']:>12.3f} "
            f"{entry['questions']:>10,}"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m malmoi.train.evaluate", description=__doc__.splitlines()[0])
    parser.add_argument("--run", required=True, type=Path, help="run folder of a training task")
    parser.add_argument("--max-documents", type=int, default=1_000, help="held-out documents a source (default 1000)")
    parser.add_argument("--max-questions", type=int, help="questions a family of multiple choice (default all)")
    arguments = parser.parse_args()
    run = TrainingRun.load(arguments.run)
    result = evaluate(run, arguments.max_documents, arguments.max_questions)
    write_atomically(run.folder / EVALUATION, serialise(result))
    print(describe(result))


if __name__ == "__main__":
    with ending() as end:
        main()
    sys.exit(end.code)
