"""Multiple choice: likelihoods as by hand, the harness's own counting, and the questions themselves."""

import json

import pytest
import torch
from tests.train.corpus import make_recipe, training_run

from malmoi.contracts.tokenizers import promoted
from malmoi.contracts.tokens import TokensManifest
from malmoi.contracts.training import CHECKPOINTS
from malmoi.train import checkpoint
from malmoi.train.choices import TASKS, ask, likelihoods
from malmoi.train.encoder import Encoder
from malmoi.train.model import Decoder, Shape
from malmoi.train.trainer import shape_of

FAMILIES = ["answers", "endings", "particles", "sense", "words"]


def questions(family: str) -> list[dict]:
    return [json.loads(line) for line in (TASKS / f"{family}.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def encoder(packed):
    lake, recipe, _ = packed
    return Encoder(lake.join(promoted(lake, recipe.tokenizer)["path"]))


@pytest.fixture(scope="module")
def model(encoder):
    torch.manual_seed(3)
    model = Decoder(Shape(encoder.vocabulary, layers=1, width=32, heads=2, positions=256)).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(4)  # far from even odds, so that a wrong place in a row would be seen
    return model


def by_hand(model, encoder, context: str, continuation: str) -> float:
    """One token at a time, without padding and batches."""
    ids = [encoder.end_of_document, *memoryview(encoder.encode([context + continuation])[0]).cast("H")]
    first = 1 + len(memoryview(encoder.encode([context])[0]).cast("H"))
    with torch.no_grad():
        return sum(
            float(model.logits(torch.tensor([ids[:place]]))[0, -1].log_softmax(-1)[ids[place]])
            for place in range(first, len(ids))
        )


def test_likelihoods_are_those_by_hand(model, encoder):
    pairs = [
        ("", "바람이 불어서 창문을 닫았다."),
        ("목이 말랐다. 그래서", " 물을 마셨다."),
        ("질문: 왜?\n답변:", " 네."),
    ]
    found = likelihoods(model, encoder, pairs)
    assert [score for score, _ in found] == pytest.approx([by_hand(model, encoder, *pair) for pair in pairs], abs=1e-3)


def test_a_long_context_loses_its_beginning(encoder):
    torch.manual_seed(3)
    short = Decoder(Shape(encoder.vocabulary, layers=1, width=32, heads=2, positions=16)).eval()
    ((score, _),) = likelihoods(short, encoder, [("긴 글 " * 50, " 끝이다.")])
    assert score < 0


@pytest.mark.parametrize("family", FAMILIES)
def test_the_questions_are_sound(family):
    rows = questions(family)
    assert len(rows) == len({json.dumps(row, ensure_ascii=False) for row in rows}) == 40
    for row in rows:
        assert len(row["choices"]) == len(set(row["choices"])) >= 2 and 0 <= row["answer"] < len(row["choices"])
    right = [row["answer"] for row in rows]
    assert max(right.count(place) for place in set(right)) < 30  # no place that a lazy guesser could always name


def test_the_harness_counts_what_the_likelihoods_say(model, encoder, monkeypatch):
    """Offline, as on a training machine; five questions a family."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    found = ask(model, encoder, limit=5)
    assert sorted(found["families"]) == FAMILIES and found["all"]["questions"] == 25
    for family, context in (("particles", "{}"), ("sense", "{}"), ("answers", "질문: {}\n답변:")):
        hits = 0
        for row in questions(family)[:5]:
            gap = " " if row["question"] else ""
            scores = [
                by_hand(model, encoder, context.format(row["question"]), gap + choice) for choice in row["choices"]
            ]
            hits += scores.index(max(scores)) == row["answer"]
        assert found["families"][family]["accuracy"] == hits / 5
    assert found["families"]["words"]["chance"] == 0.25 and found["families"]["endings"]["chance"] == 0.5


@pytest.mark.slow
def test_the_command_line_of_the_harness_says_the_same_of_an_exported_run(packed, tmp_path, monkeypatch):
    """The task files are ordinary: ``lm_eval``'s model for transformers finds the same accuracies."""
    from lm_eval.evaluator import simple_evaluate
    from lm_eval.tasks import TaskManager

    from malmoi.train.evaluate import load
    from malmoi.train.export import export

    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    lake, _, path = packed
    run = training_run(lake, path, make_recipe(sequence_tokens=256), again=92)
    manifest = TokensManifest.load(path)
    torch.manual_seed(8)
    fresh = Decoder(shape_of(run.train, manifest.tokenizer["vocabulary"]))
    checkpoint.save(run.folder / CHECKPOINTS, 1, {"model": fresh.state_dict(), "optimizer": {}}, keep=1)
    export(run, tmp_path)
    theirs = simple_evaluate(
        "hf",
        model_args={"pretrained": str(tmp_path), "add_bos_token": True, "dtype": "float32"},
        tasks=["malmoi_choices"],
        task_manager=TaskManager(include_path=TASKS, include_defaults=False),
        device="cpu",
        limit=8,
        bootstrap_iters=0,
    )
    ours = ask(load(run, manifest)[1], Encoder(lake.join(manifest.tokenizer["path"])), limit=8)
    for family in FAMILIES:
        assert ours["families"][family]["accuracy"] == theirs["results"][f"malmoi_{family}"]["acc,none"]
