"""The reference trainer: a small decoder on a release's tokens, under torchrun.

Started as ``torchrun ... -m malmoi.train.trainer`` with the environment that contracts/training.py describes. Takes up the
newest checkpoint of its run folder; writes metrics as JSON Lines, checkpoints, ``result.json`` and ``loss.png``.
"""

import argparse
import json
import math
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

import torch
from torch import distributed

from malmoi.contracts.endings import ending
from malmoi.contracts.errors import ContractError, InfrastructureError, MalmoiError
from malmoi.contracts.manifest import serialise
from malmoi.contracts.paths import Lake
from malmoi.contracts.recipe.handoff import Train
from malmoi.contracts.release import write_atomically
from malmoi.contracts.tokens import TokensManifest
from malmoi.contracts.training import CHECKPOINTS, ERROR, METRICS, RESULT, STARTED, TrainingRun
from malmoi.train import checkpoint
from malmoi.train.flops import utilisation
from malmoi.train.loader import Loader
from malmoi.train.model import Decoder, Shape

_WEIGHT_DECAY = 0.1
_BETAS = (0.9, 0.95)
_CLIP = 1.0


@dataclass(frozen=True)
class Place:
    """This process among those of the job."""

    rank: int
    ranks: int
    device: torch.device

    @property
    def first(self) -> bool:
        return self.rank == 0


@contextmanager
def joined(settings: Train) -> Iterator[Place]:
    """Joins the job's processes: nccl on GPUs, gloo on CPUs. Raises ContractError where the wanted GPU is missing."""
    if settings.device == "cuda" and not torch.cuda.is_available():
        raise ContractError("train.device is cuda, but this machine shows no GPU; use auto or cpu, or another machine")
    cuda = settings.device != "cpu" and torch.cuda.is_available()
    rank, ranks = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
    device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0))) if cuda else torch.device("cpu")
    if cuda:
        torch.cuda.set_device(device)
    else:
        torch.set_num_threads(1)  # more cores are used by more processes; small models lose time between threads
    if ranks > 1:
        distributed.init_process_group("nccl" if cuda else "gloo")
    try:
        yield Place(rank, ranks, device)
    finally:
        if ranks > 1:
            distributed.destroy_process_group()


def shape_of(settings: Train, vocabulary: int) -> Shape:
    """Sizes of the model. Raises ContractError where heads do not divide the width evenly."""
    if settings.width % (2 * settings.heads):
        raise ContractError(
            f"train.width = {settings.width} must be a multiple of twice train.heads = {settings.heads}"
        )
    return Shape(vocabulary, settings.layers, settings.width, settings.heads, settings.sequence_tokens)


def learning_rate(step: int, settings: Train) -> float:
    """Linear warm-up, then cosine to a tenth of the peak; a function of the step alone."""
    if step < settings.warmup_steps:
        return settings.learning_rate * (step + 1) / settings.warmup_steps
    done = (step - settings.warmup_steps) / max(1, settings.steps - settings.warmup_steps)
    return settings.learning_rate * (0.1 + 0.45 * (1 + math.cos(math.pi * min(1.0, done))))


class Trainer:
    """One process of a training run."""

    def __init__(self, run: TrainingRun, place: Place):
        self.run, self.place, self.settings = run, place, run.train
        lake = Lake(run.lake)
        manifest = TokensManifest.load(lake.join(run.tokens))
        if self.settings.batch_sequences % place.ranks:
            raise ContractError(
                f"train.batch_sequences = {self.settings.batch_sequences} cannot be shared evenly by {place.ranks} processes"
            )
        self.loader = Loader(
            lake, manifest, self.settings.sequence_tokens, self.settings.batch_sequences, self.settings.seed
        )
        torch.manual_seed(self.settings.seed)
        self.decoder = Decoder(shape_of(self.settings, manifest.tokenizer["vocabulary"])).to(place.device)
        self.optimizer = torch.optim.AdamW(
            self.decoder.parameters(), betas=_BETAS, weight_decay=_WEIGHT_DECAY, fused=place.device.type == "cuda"
        )
        self.step = self._resume()
        if place.first:
            print(f"{STARTED}step {self.step} of {self.settings.steps}, {place.ranks} processes", flush=True)
        self.model = self._wrapped()

    def _resume(self) -> int:
        found = checkpoint.latest(self.run.folder / CHECKPOINTS)
        if found is None:
            return 0
        step, state = found
        self.decoder.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        if self.place.first:
            print(f"resumed after step {step} of {self.settings.steps}", flush=True)
        return step

    def _wrapped(self) -> torch.nn.Module:
        model: torch.nn.Module = self.decoder
        if self.settings.compile:
            model = cast(torch.nn.Module, torch.compile(model))  # declared as any callable
        if self.place.ranks > 1:
            model = torch.nn.parallel.DistributedDataParallel(model)
        return model

    def train(self) -> dict[str, Any] | None:
        """All steps that are left; the summary on the first process, None on the others."""
        metrics = Metrics(self.run.folder / METRICS, self.step) if self.place.first else None
        tokens = self.settings.batch_sequences * self.settings.sequence_tokens
        while self.step < self.settings.steps:
            started = time.perf_counter()
            rate = learning_rate(self.step, self.settings)
            loss = self._one_step(rate)
            self.step += 1
            if not math.isfinite(loss):
                raise ContractError(f"the loss is {loss} at step {self.step}; lower train.learning_rate")
            if metrics:
                seconds = time.perf_counter() - started
                metrics.add(step=self.step, loss=loss, tokens_per_second=tokens / seconds, learning_rate=rate)
            self._checkpoint()
        if metrics is None:
            return None
        metrics.close()
        summary = metrics.summary(tokens, self.place)
        used = utilisation(summary["tokens_per_second"], self.decoder.shape, self.place.ranks, summary["device"])
        return {**summary, "utilisation": used}

    def _one_step(self, rate: float) -> float:
        batch = torch.from_numpy(self.loader.batch(self.step, self.place.rank, self.place.ranks)).to(self.place.device)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cuda", torch.bfloat16, enabled=self.place.device.type == "cuda"):
            loss = self.model(batch[:, :-1], batch[:, 1:])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.decoder.parameters(), _CLIP)
        self.optimizer.step()
        shown = loss.detach()
        if self.place.ranks > 1:
            distributed.all_reduce(shown)
            shown = shown / self.place.ranks
        return float(shown)

    def _checkpoint(self) -> None:
        due = self.step % self.settings.checkpoint_steps == 0 or self.step == self.settings.steps
        if due and self.place.first:
            state = {"model": self.decoder.state_dict(), "optimizer": self.optimizer.state_dict()}
            checkpoint.save(self.run.folder / CHECKPOINTS, self.step, state, self.settings.keep_checkpoints)
        if due and self.place.ranks > 1:
            distributed.barrier()


class Metrics:
    """``metrics.jsonl``: one line a step. Lines of steps that a restart repeats are taken out first."""

    def __init__(self, path: Path, step: int):
        kept = [line for line in _lines(path) if line["step"] <= step]
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, "".join(json.dumps(line) + "\n" for line in kept).encode())
        self._all = kept
        self._resumed_at = step
        self._file = open(path, "a")  # noqa: SIM115
        self._path = path

    def add(self, **line: float) -> None:
        self._all.append(line)
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()

    def close(self) -> None:
        self._file.close()
        plot(
            [line["step"] for line in self._all], [line["loss"] for line in self._all], self._path.with_name("loss.png")
        )

    def summary(self, tokens_a_step: int, place: Place) -> dict[str, Any]:
        """First and last loss, and the speed without the first step of this process, which holds start-up costs."""
        timed = sorted(line["tokens_per_second"] for line in self._all if line["step"] > self._resumed_at + 1)
        return {
            "steps": self._all[-1]["step"],
            "tokens": self._all[-1]["step"] * tokens_a_step,
            "first_loss": self._all[0]["loss"],
            "last_loss": self._all[-1]["loss"],
            "tokens_per_second": timed[len(timed) // 2] if timed else None,
            "processes": place.ranks,
            "device": torch.cuda.get_device_name(place.device) if place.device.type == "cuda" else "cpu",
        }


def _lines(path: Path) -> list[dict[str, Any]]:
    lines = []
    for line in path.read_text().splitlines() if path.is_file() else []:
        try:
            lines.append(json.loads(line))
        except ValueError:
            break  # a process was killed while it wrote
    return lines


def plot(steps: list[int], losses: list[float], path: Path) -> None:
    """The loss over the steps as a PNG."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    axes.plot(steps, losses, color="#1f5f8b")
    axes.set_xlabel("step")
    axes.set_ylabel("loss, nats a token")
    axes.grid(alpha=0.3)
    figure.savefig(path, dpi=120)


def main() -> None:
    parser = argparse.ArgumentParser(prog="malmoi.train.trainer", description=__doc__.splitlines()[0])
    parser.add_argument("--run", default=os.environ.get("MALMOI_RUN"), help="run folder; default: MALMOI_RUN")
    arguments = parser.parse_args()
    if not arguments.run:
        raise ContractError("no run folder: set MALMOI_RUN or give --run")
    run = TrainingRun.load(arguments.run)
    try:
        with joined(run.train) as place:
            summary = Trainer(run, place).train()
    except MalmoiError as error:
        kind = "infrastructure" if isinstance(error, InfrastructureError) else "contract"
        write_atomically(run.folder / ERROR, serialise({"kind": kind, "message": str(error)}))
        raise
    if summary:
        write_atomically(run.folder / RESULT, serialise({**summary, "settings": asdict(run)["settings"]}))
        print(
            f"trained {summary['steps']} steps, loss {summary['first_loss']:.3f} -> {summary['last_loss']:.3f}",
            flush=True,
        )


if __name__ == "__main__":
    with ending() as end:
        main()
    sys.exit(end.code)
