"""The reference trainer as it runs: under torchrun, resumed, killed, and refused with one clear line."""

import json
import math
import os
import subprocess
import sys
import time

import pytest
import torch
from tests.train.corpus import make_recipe, training_run

from malmoi.contracts.errors import ContractError
from malmoi.contracts.training import ERROR, EXIT, LOG, METRICS, RESULT
from malmoi.train import checkpoint
from malmoi.train.flops import parameters, utilisation
from malmoi.train.model import Decoder, Shape
from malmoi.train.trainer import learning_rate, shape_of

SHAPE = Shape(vocabulary=300, layers=2, width=32, heads=2, positions=64)
STARTED: list[subprocess.Popen] = []


@pytest.fixture(autouse=True)
def no_process_stays():
    yield
    while STARTED:
        process = STARTED.pop()
        process.terminate()
        process.wait(60)


def launch(run) -> subprocess.Popen:
    process = subprocess.Popen(
        [sys.executable, "-m", "malmoi.train.launch", "--run", str(run.folder)],
        env={**os.environ, **run.environment_here(), "CUDA_VISIBLE_DEVICES": ""},
        stderr=subprocess.PIPE,
        text=True,
    )
    STARTED.append(process)
    return process


def finish(run) -> dict:
    assert launch(run).wait(180) == 0, (run.folder / LOG).read_text()[-2_000:]
    return json.loads((run.folder / RESULT).read_text())


def losses(run) -> list[float]:
    lines = [json.loads(line) for line in (run.folder / METRICS).read_text().splitlines()]
    assert [line["step"] for line in lines] == list(range(1, len(lines) + 1))
    return [line["loss"] for line in lines]


def wait_for(condition, seconds: float = 120):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
    return found


@pytest.mark.slow
def test_two_processes_learn_as_one_does(packed):
    """Tolerance 1e-4 nats: gradients are averaged in another order, in float32."""
    lake, _, path = packed
    curves = []
    for processes in (1, 2):
        run = training_run(lake, path, make_recipe(processes_per_node=processes), again=10 + processes)
        result = finish(run)
        assert result["processes"] == processes and result["steps"] == 12
        assert result["last_loss"] < result["first_loss"]
        assert (run.folder / "loss.png").read_bytes().startswith(b"\x89PNG")
        curves.append(losses(run))
    assert curves[0] == pytest.approx(curves[1], abs=1e-4)


@pytest.mark.slow
def test_a_resumed_run_is_the_run_without_a_break(packed):
    lake, _, path = packed
    whole = training_run(lake, path, make_recipe(), again=30)
    finish(whole)
    broken = training_run(lake, path, make_recipe(), again=31)
    finish(broken)
    newest = sorted((broken.folder / "checkpoints").glob("step-*"))[-1]
    (newest / "state.pt").write_bytes(b"torn")  # as after a power cut: the one before is taken
    (broken.folder / RESULT).unlink()
    finish(broken)
    assert "damaged checkpoint, taking the one before" in (broken.folder / LOG).read_text()
    assert "resumed after step 8 of 12" in (broken.folder / LOG).read_text()
    assert losses(broken) == losses(whole)


@pytest.mark.slow
def test_stopping_the_watcher_leaves_no_process(packed):
    import psutil

    lake, _, path = packed
    run = training_run(lake, path, make_recipe(steps=100_000, checkpoint_steps=100_000), again=40)
    process = launch(run)
    wait_for(lambda: (run.folder / METRICS).exists())
    family = psutil.Process(process.pid).children(recursive=True)
    second = launch(run)
    assert second.wait(60) == 0  # this work is running already
    process.terminate()
    process.wait(60)
    assert json.loads((run.folder / EXIT).read_text())["reason"] == "cancelled"
    assert not [child for child in family if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.slow
def test_your_own_command_gets_the_environment_and_its_walltime(packed):
    lake, _, path = packed
    command = [
        "bash", "-c", 'test -f "$MALMOI_BLEND" && echo "{\\"step\\": 1, \\"loss\\": 2.5}" > "$MALMOI_METRICS" && echo ok $EXTRA',
    ]  # fmt: skip
    run = training_run(lake, path, make_recipe(command=command, environment={"EXTRA": "고래"}), again=50)
    assert launch(run).wait(60) == 0
    assert (run.folder / LOG).read_text() == "ok 고래\n"
    missing = training_run(lake, path, make_recipe(command=["no-such-trainer"]), again=51)
    process = launch(missing)
    assert "train.command: no-such-trainer: No such file" in process.communicate(timeout=60)[1]


@pytest.mark.slow
@pytest.mark.parametrize(
    "again, settings, message",
    [
        (61, {"width": 30, "heads": 4}, "train.width = 30 must be a multiple of twice train.heads = 4"),
        (62, {"batch_sequences": 3, "processes_per_node": 2}, "cannot be shared evenly by 2 processes"),
        (63, {"learning_rate": 1.0, "warmup_steps": 0, "steps": 400}, None),
    ],
)
def test_what_cannot_be_trained_is_said_in_one_line(packed, again, settings, message):
    lake, _, path = packed
    run = training_run(lake, path, make_recipe(**settings), again=again)
    code = launch(run).wait(180)
    if message is None:
        assert code == 0 and all(map(math.isfinite, losses(run)))  # clipping holds even a silly rate
        return
    assert code == 1
    error = json.loads((run.folder / ERROR).read_text())
    assert error["kind"] == "contract" and message in error["message"]


def test_the_newest_checkpoints_stay(tmp_path):
    state = {"model": {"a": torch.arange(3)}}
    for step in (1, 2, 3):
        checkpoint.save(tmp_path, step, state, keep=2)
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["step-00000002", "step-00000003"]

    step, found = checkpoint.latest(tmp_path)
    assert step == 3 and torch.equal(found["model"]["a"], torch.arange(3))


def test_rate_warms_up_and_decays():
    settings = make_recipe(steps=100, warmup_steps=10, learning_rate=0.01).train
    rates = [learning_rate(step, settings) for step in range(100)]
    assert rates[0] == pytest.approx(0.001) and rates[9] == rates[10] == 0.01
    assert rates[10:] == sorted(rates[10:], reverse=True) and rates[-1] == pytest.approx(0.001, rel=0.01)


def test_a_token_sees_only_what_stands_before_it():
    torch.manual_seed(0)
    model = Decoder(SHAPE)
    ids = torch.randint(0, 300, (1, 16))
    changed = ids.clone()
    changed[0, 10:] = 7
    assert torch.allclose(model.logits(ids)[0, :10], model.logits(changed)[0, :10], atol=1e-6)
    assert not torch.allclose(model.logits(ids)[0, 10:], model.logits(changed)[0, 10:], atol=1e-3)


@pytest.mark.slow
def test_the_model_is_transformers_llama():
    transformers = pytest.importorskip("transformers")
    torch.manual_seed(0)
    ours = Decoder(SHAPE).eval()
    theirs = transformers.LlamaForCausalLM(transformers.LlamaConfig(**SHAPE.llama(0))).eval()
    missing, unexpected = theirs.load_state_dict(ours.state_dict(), strict=False)
    assert missing == ["lm_head.weight"] and not unexpected  # tied to the embeddings
    theirs.tie_weights()
    ids = torch.randint(0, 300, (2, 40))
    with torch.no_grad():
        assert torch.allclose(ours.logits(ids), theirs(ids).logits, atol=1e-4)


def test_utilisation_is_the_share_of_the_peak():
    weights = sum(weight.numel() for name, weight in Decoder(SHAPE).named_parameters() if "norm" not in name)
    assert parameters(SHAPE) == weights
    each = 6 * weights + 12 * 2 * 32 * 64
    found = utilisation(1e9, SHAPE, 2, "NVIDIA H100 80GB HBM3")
    assert found == pytest.approx(1e9 * each / (2 * 989.4e12))
    assert utilisation(1e9, SHAPE, 1, "cpu") is None and utilisation(None, SHAPE, 1, "NVIDIA H100 PCIe") is None


def test_shapes_that_cannot_be():
    with pytest.raises(ContractError, match="multiple of twice"):
        shape_of(make_recipe(width=34, heads=4).train, 300)
