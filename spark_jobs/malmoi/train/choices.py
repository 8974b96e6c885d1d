"""Multiple choice by likelihood: 200 Korean questions written for this project, asked by lm-evaluation-harness.

The task files in ``data/choices`` are ordinary ones, so ``lm_eval --include_path`` asks any other model the same questions.
``particles`` and ``endings`` hold pairs of sentences of which one is Korean; ``sense``, ``words`` and ``answers`` a beginning
and its possible ends. The choice with the highest likelihood counts as given.
"""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch

from malmoi.train.encoder import Encoder
from malmoi.train.model import Decoder

TASKS = Path(__file__).with_name("data") / "choices"
_GROUP = "malmoi_choices"
_ROWS = 32


def ask(model: Decoder, encoder: Encoder, limit: int | None = None) -> dict[str, Any]:
    """``{"families": {F: {...}}, "all": {"questions", "accuracy", "accuracy_by_bytes", "chance", "standard_error"}}``.

    ``accuracy``: share of questions whose right choice has the highest likelihood; ``accuracy_by_bytes``: the same with
    likelihoods divided by the choice's bytes; ``chance``: what guessing reaches; ``standard_error``: of ``accuracy``.
    ``limit``: questions a family, at most.
    """
    from lm_eval.evaluator import simple_evaluate
    from lm_eval.tasks import TaskManager

    logging.getLogger("lm_eval").setLevel(logging.ERROR)  # it warns of every default that a task file leaves alone
    found = simple_evaluate(
        _likelihood(model, encoder),
        tasks=[_GROUP],
        task_manager=TaskManager(include_path=TASKS, include_defaults=False),
        limit=limit,
        bootstrap_iters=0,
        log_samples=True,
    )
    samples = {name.removeprefix("malmoi_"): rows for name, rows in found["samples"].items()}
    return {
        "families": {family: _summary(rows) for family, rows in samples.items()},
        "all": _summary([row for rows in samples.values() for row in rows]),
    }


def _summary(samples: list[dict[str, Any]]) -> dict[str, Any]:
    count = len(samples)
    accuracy = sum(sample["acc"] for sample in samples) / count
    return {
        "questions": count,
        "accuracy": round(accuracy, 4),
        "accuracy_by_bytes": round(sum(sample["acc_bytes"] for sample in samples) / count, 4),
        "chance": round(sum(1 / len(sample["doc"]["choices"]) for sample in samples) / count, 4),
        "standard_error": round((accuracy * (1 - accuracy) / count) ** 0.5, 4),
    }


def _likelihood(model: Decoder, encoder: Encoder) -> Any:
    """The model as the harness asks it. A class of its own would import the harness wherever this module is imported."""
    from lm_eval.api.model import LM

    class Likelihood(LM):
        def loglikelihood(self, requests: list[Any]) -> list[tuple[float, bool]]:
            return likelihoods(model, encoder, [request.args for request in requests])

        def loglikelihood_rolling(self, requests: list[Any]) -> list[float]:
            return [score for score, _ in likelihoods(model, encoder, [("", *request.args) for request in requests])]

        def generate_until(self, requests: list[Any]) -> list[str]:
            raise ValueError("multiple choice asks for likelihoods only")

    return Likelihood()


@torch.inference_mode()
def likelihoods(model: Decoder, encoder: Encoder, pairs: list[tuple[str, str]]) -> list[tuple[float, bool]]:
    """Log-likelihood in nats of each continuation after its context, and whether each of its tokens is the likeliest.

    A context begins where a document does. Where both together are longer than the model's positions, the context's
    beginning is left out.
    """
    rows = [_tokens(encoder, context, continuation, model.cos.shape[0]) for context, continuation in pairs]
    scores: list[tuple[float, bool]] = [(0.0, True)] * len(rows)
    for numbers, inputs, targets in _batches(rows):
        logs = model.logits(inputs.to(model.cos.device)).float().log_softmax(-1).cpu()
        asked = targets >= 0
        chosen = logs.gather(-1, targets.clamp(min=0)[..., None])[..., 0]
        sums = (chosen * asked).sum(-1).tolist()
        greedy = ((logs.argmax(-1) == targets) | ~asked).all(-1).tolist()
        for number, score, likeliest in zip(numbers, sums, greedy, strict=True):
            scores[number] = (score, likeliest)
    return scores


def _tokens(encoder: Encoder, context: str, continuation: str, positions: int) -> tuple[np.ndarray, np.ndarray]:
    """Inputs and targets of one pair; targets of the context are -1."""
    before, whole = (np.frombuffer(ids, encoder.dtype) for ids in encoder.encode([context, context + continuation]))
    ids = np.concatenate(([encoder.end_of_document], whole)).astype(np.int64)
    targets = ids[1:].copy()
    targets[: len(before)] = -1
    return ids[:-1][-positions:], targets[-positions:]


def _batches(rows: list[tuple[np.ndarray, np.ndarray]]) -> Iterator[tuple[list[int], torch.Tensor, torch.Tensor]]:
    """Rows of about one length together, padded at their ends."""
    order = sorted(range(len(rows)), key=lambda number: len(rows[number][0]))
    for first in range(0, len(order), _ROWS):
        numbers = order[first : first + _ROWS]
        width = max(len(rows[number][0]) for number in numbers)
        padded = [
            np.stack([np.pad(rows[n][side], (0, width - len(rows[n][side])), constant_values=fill) for n in numbers])
            for side, fill in ((0, 0), (1, -1))
        ]
        yield numbers, torch.from_numpy(padded[0]), torch.from_numpy(padded[1])
