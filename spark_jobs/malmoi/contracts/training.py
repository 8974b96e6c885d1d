"""The contract between whoever starts a training job and whatever trains.

A job has one run folder. Its name is made of the release and a hash over everything that decides the result, so the same
work always has the same folder: that is how a second job for it is refused and how a restarted one finds its checkpoints.
"""

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from malmoi.contracts.manifest import serialise
from malmoi.contracts.paths import Lake
from malmoi.contracts.recipe.handoff import Train
from malmoi.contracts.release import read_json, short_hash, write_atomically

CONFIG = "run.json"
LOCK = "lock"
PROCESS = "process.json"
JOB = "job.json"
METRICS = "metrics.jsonl"
LOG = "train.log"
CHECKPOINTS = "checkpoints"
RESULT = "result.json"
ERROR = "error.json"
EXIT = "exit.json"
EVALUATION = "evaluation.json"

STARTED = "training begins: "
"""With this the reference trainer's part of the log begins, at every start."""

NOT_IN_KEY = ("backend", "nodes", "processes_per_node", "walltime_minutes", "approval", "checkpoint_steps")
"""Where and how long the work runs does not make it another work: moved to another backend, it resumes."""


@dataclass(frozen=True)
class TrainingRun:
    """One piece of training work. ``settings``: the recipe's train section. ``again``: raised to train once more."""

    lake: str
    release: str
    tokens: str
    tokens_sha256: str
    settings: dict[str, Any]
    again: int = 0

    @property
    def key(self) -> str:
        """``RELEASE-HASH``: the external identity of the work."""
        decisive = {name: value for name, value in self.settings.items() if name not in NOT_IN_KEY}
        return f"{self.release}-{short_hash([self.tokens_sha256, decisive, self.again])}"

    @property
    def job_name(self) -> str:
        """The work's name in a queue that other lakes may share."""
        return f"malmoi-{self.key}-{short_hash(self.lake)[:6]}"

    @property
    def folder(self) -> Path:
        return Path(self.lake, "runs", self.key)

    @property
    def train(self) -> Train:
        return Train(**{**self.settings, "command": tuple(self.settings["command"])})

    def environment(self) -> dict[str, str]:
        """What a training command finds in its environment, on every process of every node."""
        tokens = Path(Lake(self.lake).join(self.tokens))
        return {
            "MALMOI_LAKE": self.lake,
            "MALMOI_RELEASE": self.release,
            "MALMOI_RUN": str(self.folder),
            "MALMOI_TOKENS": str(tokens),
            "MALMOI_BLEND": str(tokens.with_name("blend.json")),
            "MALMOI_METRICS": str(self.folder / METRICS),
            "MALMOI_CHECKPOINTS": str(self.folder / CHECKPOINTS),
            **self.settings["environment"],
        }

    def environment_here(self) -> dict[str, str]:
        """As ``environment``, for jobs that use this very checkout: its packages come first."""
        packages = str(Path(__file__).resolve().parents[2])
        others = os.environ.get("PYTHONPATH", "")
        return {
            "PYTHONPATH": f"{packages}:{others}" if others else packages,
            "PYTHONUNBUFFERED": "1",
            **self.environment(),
        }

    def command(self, python: str, rendezvous: tuple[str, ...] = ("--standalone",)) -> list[str]:
        """The command of one node: the recipe's own, or the reference trainer under torchrun.

        ``rendezvous``: torchrun's options that bring several nodes together.
        """
        train = self.train
        if train.command:
            return list(train.command)
        processes = str(train.processes_per_node)
        return [
            python, "-m", "torch.distributed.run", *rendezvous,
            "--nnodes", str(train.nodes), "--nproc-per-node", processes, "--max-restarts", "0",
            "-m", "malmoi.train.trainer",
        ]  # fmt: skip

    def save(self) -> None:
        write_atomically(self.folder / CONFIG, serialise(asdict(self)))

    @classmethod
    def load(cls, folder: str | Path) -> "TrainingRun":
        """Raises InputError for a folder without a run."""
        return cls(
            **read_json(Path(folder, CONFIG), "start training through GpuTrainingOperator or malmoi.train.launch")
        )
