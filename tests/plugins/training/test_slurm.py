"""The Slurm backend on a real controller. Skipped, saying why, where SLURM_CONF names none that answers."""

import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from airflow.sdk.exceptions import AirflowFailException
from tests.plugins.training.jobs import (
    CONNECTION,
    FOREVER,
    STEPS,
    deferred,
    environment,
    event_of,
    folder_of,
    run_of,
    task,
    wait_for,
)  # fmt: skip

from malmoi.contracts.errors import ContractError, InfrastructureError
from malmoi.contracts.paths import Lake
from malmoi_airflow.training.backends import State
from malmoi_airflow.training.backends.slurm import SlurmBackend

SLURM = {"backend": "slurm"}


def answering() -> str:
    """Why there is no Slurm to test with; empty where there is one."""
    if not os.environ.get("SLURM_CONF"):
        return "SLURM_CONF is not set"
    if shutil.which("sinfo") is None:
        return "Slurm's commands are not installed"
    done = subprocess.run(["sinfo", "-h", "-o", "%t"], capture_output=True, text=True, check=False, timeout=30)
    return "" if "idle" in done.stdout or "mix" in done.stdout else f"no node is free: {done.stdout or done.stderr}"


pytestmark = pytest.mark.slurm


@pytest.fixture(scope="module")
def controller():
    if reason := answering():
        pytest.skip(f"no Slurm controller: {reason}")


@pytest.fixture
def own(controller, packed, tmp_path, monkeypatch):
    monkeypatch.setenv(CONNECTION, environment())
    lake, recipe, path = packed
    shutil.copytree(lake.root, tmp_path / "lake", ignore=shutil.ignore_patterns("runs"))
    copy = Lake(str(tmp_path / "lake"))
    yield copy, recipe, Path(copy.join(lake.relative(str(path))))
    for folder in Path(copy.root, "runs").glob("*/run.json"):
        SlurmBackend({}).cancel(run_of(folder.parent))


def queue(run) -> list[str]:
    done = subprocess.run(
        ["squeue", "-h", "--name", run.job_name, "-o", "%i"], capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def state_of(run) -> State:
    return SlurmBackend({}).find(run).state


def test_submit_wait_and_summary(own, tmp_path):
    waiting = deferred(task(own, tmp_path, f"echo on $SLURM_JOB_NODELIST; {STEPS}", train=SLURM))
    event = event_of(waiting.trigger, 120)
    assert event["state"] == "succeeded" and event["job"].startswith("Slurm job ")
    summary = task(own, tmp_path, "").resume({}, event)
    assert summary["steps"] == 3 and summary["backend"] == "slurm"
    assert "on " in (folder_of(waiting) / "train.log").read_text()
    again = task(own, tmp_path, f"echo on $SLURM_JOB_NODELIST; {STEPS}", train=SLURM).execute({})
    assert again["job"] == summary["job"]


def test_a_worker_that_dies_after_the_submit_finds_its_job_again(own, tmp_path):
    waiting = deferred(task(own, tmp_path, FOREVER, train=SLURM))
    run = run_of(folder_of(waiting))
    wait_for(lambda: state_of(run) is State.RUNNING)
    (run.folder / "job.json").unlink()  # as if the worker had died before it could note the id
    deferred(task(own, tmp_path, FOREVER, train=SLURM))
    assert len(queue(run)) == 1


def test_scancel_from_outside(own, tmp_path):
    waiting = deferred(task(own, tmp_path, FOREVER, train=SLURM))
    run = run_of(folder_of(waiting))
    wait_for(lambda: state_of(run) is State.RUNNING)
    subprocess.run(["scancel", *queue(run)], check=True)
    event = event_of(waiting.trigger, 120)
    assert event["state"] == "cancelled"
    with pytest.raises(AirflowFailException, match="cancelled from outside"):
        task(own, tmp_path, "").resume({}, event)
    deferred(task(own, tmp_path, FOREVER, train=SLURM))  # a person clears the task
    assert len(queue(run)) == 1


SMALL = {
    "command": [], "steps": 3_000, "checkpoint_steps": 100, "keep_checkpoints": 100, "sequence_tokens": 32,
    "batch_sequences": 4, "width": 32, "heads": 2, "layers": 1, "device": "cpu",
}  # fmt: skip

WORKER = """
import sys
from tests.plugins.training.jobs import operator_of
operator_of(*sys.argv[1:], deferrable=False).execute({})
"""


@contextmanager
def worker(lake: Lake, tokens: Path, recipe: Path):
    """A process that holds the task as a worker does: starts the job, then looks at it again and again."""
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, lake.root, str(tokens), str(recipe)], stdout=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.slow
def test_the_whole_life_of_a_job(own, tmp_path, root, monkeypatch):
    """Submitted, its worker killed, found again, requeued, resumed, cancelled from outside, cleared, resumed to its end."""
    lake, _, tokens = own
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(str(root / folder) for folder in ("spark_jobs", "plugins", "")))
    train = {**SLURM, **SMALL}
    run = task(own, tmp_path, "", train=train)._prepared()
    checkpoints, log = run.folder / "checkpoints", run.folder / "train.log"
    with worker(lake, tokens, tmp_path / "test.toml") as process:
        wait_for(lambda: list(checkpoints.glob("step-*")), 120)
        process.send_signal(signal.SIGKILL)
        process.wait()
    (job,) = queue(run)

    waiting = deferred(task(own, tmp_path, "", train=train))  # Airflow tries the task again
    assert queue(run) == [job]

    kept = len(list(checkpoints.glob("step-*")))
    subprocess.run(["scontrol", "requeue", job], check=True)
    wait_for(lambda: state_of(run) is State.PENDING)
    subprocess.run(["scontrol", "update", f"jobid={job}", "StartTime=now"], check=True)
    wait_for(lambda: log.read_text().count("resumed after step") == 1, 120)
    assert queue(run) == [job] and int(log.read_text().split("resumed after step ")[1].split()[0]) >= kept * 100

    subprocess.run(["scancel", job], check=True)
    event = event_of(waiting.trigger, 120)
    with pytest.raises(AirflowFailException, match=f"Slurm job {job} was cancelled from outside"):
        task(own, tmp_path, "", train=train).resume({}, event)
    assert not queue(run)  # nothing started it again by itself

    summary = task(own, tmp_path, "", train=train, deferrable=False, poll_seconds=1).execute({})  # a person cleared it
    assert summary["steps"] == 3_000 and summary["last_loss"] < summary["first_loss"]
    assert summary["job"] != f"Slurm job {job}" and log.read_text().count("resumed after step") == 2
    steps = [json.loads(line)["step"] for line in (run.folder / "metrics.jsonl").read_text().splitlines()]
    assert steps == list(range(1, 3_001))  # each step once, over three lives


def test_clearing_the_task_cancels_the_job(own, tmp_path):
    import asyncio

    waiting = deferred(task(own, tmp_path, FOREVER, train=SLURM))
    run = run_of(folder_of(waiting))
    wait_for(lambda: state_of(run) is State.RUNNING)
    asyncio.run(waiting.trigger.on_kill())
    wait_for(lambda: not queue(run))


def test_a_job_that_fails(own, tmp_path):
    with pytest.raises(InfrastructureError, match="Slurm job [0-9]+: ended with code 7; its log is"):
        task(own, tmp_path, "exit 7", train=SLURM, deferrable=False).execute({})


def test_a_controller_that_is_down(own, tmp_path, monkeypatch):
    conf = tmp_path / "slurm.conf"
    conf.write_text(
        Path(os.environ["SLURM_CONF"]).read_text() + "\nSlurmctldPort=1\nSlurmctldTimeout=5\nMessageTimeout=5\n"
    )
    monkeypatch.setenv("SLURM_CONF", str(conf))
    with pytest.raises(InfrastructureError, match="squeue: "):
        task(own, tmp_path, STEPS, train=SLURM).execute({})
    monkeypatch.setenv("SLURM_CONF", os.environ["SLURM_CONF"])


def test_without_slurm_on_the_path(packed, tmp_path, monkeypatch):
    monkeypatch.setenv(CONNECTION, environment())
    operator = task(packed, tmp_path, STEPS, train=SLURM)
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(ContractError, match="squeue is not on PATH"):
        operator.execute({})


def test_the_batch_script_holds_what_recipe_and_connection_ask_for(packed, tmp_path, monkeypatch):
    monkeypatch.setenv(CONNECTION, environment())
    train = {"command": [], "nodes": 4, "processes_per_node": 8, "walltime_minutes": 90, "steps": 5}
    run = task(packed, tmp_path, "", train={**SLURM, **train})._prepared(verify=False)
    options = {
        "partition": "h100",
        "account": "nlp",
        "gpus": 8,
        "setup": "module load cuda",
        "environment": {"A": "가 나"},
    }
    script = SlurmBackend(options).script(run)
    for line in (
        "#SBATCH --nodes=4", "#SBATCH --time=90", "#SBATCH --partition=h100", "#SBATCH --account=nlp",
        "#SBATCH --gpus-per-node=8", "#SBATCH --requeue", "module load cuda", "export A='가 나'",
    ):  # fmt: skip
        assert line in script.splitlines()
    assert "--nnodes 4 --nproc-per-node 8" in script and "--rdzv-endpoint $head:$port" in script
    assert subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode == 0


def test_equal_lakes_do_not_share_a_job(packed, tmp_path, monkeypatch):
    monkeypatch.setenv(CONNECTION, environment())
    run = task(packed, tmp_path, "", train=SLURM)._prepared(verify=False)
    other = replace(run, lake="/elsewhere")
    assert run.key == other.key and run.job_name != other.job_name
