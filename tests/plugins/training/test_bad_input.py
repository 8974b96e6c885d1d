"""What goes wrong with a training job: one clear error, no process left, the release untouched, and what a retry does.

Hashes and tokenizers that do not match are in test_operator.py, a Slurm that is down in test_slurm.py.
"""

import hashlib
import json
import resource
import shutil
import signal
import subprocess
from pathlib import Path

import psutil
import pytest
from tests.plugins.training.jobs import CONNECTION, deferred, environment, event_of, folder_of, run_of, task, wait_for

from malmoi.contracts.errors import ContractError, InfrastructureError
from malmoi.contracts.paths import Lake
from malmoi_airflow.training.backends.local import LocalBackend

SMALL = {
    "command": [], "steps": 12, "checkpoint_steps": 4, "sequence_tokens": 32, "batch_sequences": 4, "width": 32, "heads": 2,
    "layers": 1, "device": "cpu",
}  # fmt: skip


def digests(lake: Lake) -> dict[str, str]:
    """Every file of the lake but those of runs, with its hash."""
    files = [path for path in Path(lake.root).rglob("*") if path.is_file() and "runs" not in path.parts]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def processes_of(folder: Path) -> list[psutil.Process]:
    """Whatever runs, or waits as a zombie, with the run's environment or command line."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("MALMOI_RUN") == str(folder):
                found.append(process)
        except psutil.Error:
            continue
    return found


@pytest.fixture
def own(packed, tmp_path, monkeypatch):
    """A copy of the packed lake; at the end nothing but runs has changed, and no process of a run is left."""
    monkeypatch.setenv(CONNECTION, environment(environment={"CUDA_VISIBLE_DEVICES": ""}))
    lake, recipe, path = packed
    shutil.copytree(lake.root, tmp_path / "lake", ignore=shutil.ignore_patterns("runs"))
    copy = Lake(str(tmp_path / "lake"))
    before = digests(copy)
    yield copy, recipe, Path(copy.join(lake.relative(str(path))))
    for folder in Path(copy.root, "runs").glob("*/run.json"):
        LocalBackend({}).cancel(run_of(folder.parent))
        wait_for(lambda folder=folder: not processes_of(folder.parent), 30)
    assert digests(copy) == before


@pytest.fixture
def small_disk():
    """``small_disk(folder)`` puts a folder on a disk of 600 KiB, ``small_disk(folder, "8m")`` makes it larger.

    Where mounts are not allowed, no file may grow above 100 KiB instead, until the second call.
    """
    mounted: list[Path] = []
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    def place(folder: Path, size: str = "600k") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        remount = ["-o", f"{'remount,' if folder in mounted else ''}size={size}"]
        done = subprocess.run(["mount", "-t", "tmpfs", *remount, "none", str(folder)], capture_output=True, check=False)
        if done.returncode == 0:
            mounted.append(folder)
        else:
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000 if size == "600k" else limits[0], limits[1]))

    yield place
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    for folder in set(mounted):
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.slow
def test_a_full_disk_of_checkpoints(own, tmp_path, small_disk):
    train = {**SMALL, "keep_checkpoints": 10}
    run = task(own, tmp_path, "", train=train)._prepared()
    small_disk(run.folder)
    with pytest.raises(InfrastructureError) as refused:
        task(own, tmp_path, "", train=train, deferrable=False).execute({})
    said = str(refused.value)
    assert "checkpoint not written (" in said and said.endswith("free space, then train again") and "\n" not in said
    wait_for(lambda: not processes_of(run.folder), 10)
    whole = list((run.folder / "checkpoints").glob("*"))
    assert all(path.name.startswith("step-") for path in whole)  # nothing half written lies there
    small_disk(run.folder, "8m")
    assert task(own, tmp_path, "", train=train, deferrable=False).execute({})["steps"] == 12
    wait_for(lambda: not processes_of(run.folder), 10)
    log = (run.folder / "train.log").read_text()
    assert log.count("resumed after step") == (1 if whole else 0)


@pytest.mark.slow
def test_a_killed_rank(own, tmp_path):
    train = {**SMALL, "steps": 100_000, "processes_per_node": 2}
    waiting = deferred(task(own, tmp_path, "", train=train))
    folder = folder_of(waiting)
    wait_for(lambda: list((folder / "checkpoints").glob("step-*")), 120)
    ranks = {process.environ()["RANK"]: process for process in processes_of(folder) if "RANK" in process.environ()}
    assert sorted(ranks) == ["0", "1"]
    ranks["1"].send_signal(signal.SIGKILL)
    event = event_of(waiting.trigger, 120)
    with pytest.raises(InfrastructureError, match=r"rank 1 was killed by SIGKILL; its log is .*/train\.log$"):
        task(own, tmp_path, "", train=train).resume({}, event)
    wait_for(lambda: not processes_of(folder), 10)
    deferred(task(own, tmp_path, "", train=train))  # Airflow tries the task again
    wait_for(lambda: "resumed after step" in (folder / "train.log").read_text(), 120)


@pytest.mark.slow
def test_a_missing_gpu(own, tmp_path):
    operator = task(own, tmp_path, "", train={**SMALL, "device": "cuda"}, deferrable=False)
    with pytest.raises(ContractError, match="^train.device is cuda, but this machine shows no GPU; use auto or cpu"):
        operator.execute({})
    wait_for(lambda: not processes_of(operator._prepared(verify=False).folder), 10)


def test_tokens_too_narrow_for_their_vocabulary(own, tmp_path):
    _, _, path = own
    content = path.read_bytes()
    manifest = json.loads(content)
    manifest["tokenizer"]["vocabulary"] = 70_000
    path.write_text(json.dumps(manifest))
    with pytest.raises(
        ContractError, match="tokens are uint16, but the tokenizer has 70,000 entries; pack the release"
    ):
        task(own, tmp_path, "", train=SMALL).execute({})
    path.write_bytes(content)
