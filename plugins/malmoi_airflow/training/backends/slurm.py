"""A Slurm cluster, through its own commands. Run folder and lake lie on a file system that all nodes share."""

import fcntl
import json
import os
import shlex
import shutil
import subprocess
import sys

from malmoi.contracts.errors import ContractError, InfrastructureError
from malmoi.contracts.manifest import serialise
from malmoi.contracts.release import write_atomically
from malmoi.contracts.training import ERROR, EXIT, JOB, LOG, TrainingRun
from malmoi_airflow.training.backends.base import Backend, State, Status, forget_end, written_exit

_COMMAND_SECONDS = 30
_GRACE_SECONDS = 30

_STATES = {
    "PENDING": State.PENDING,
    "CONFIGURING": State.PENDING,
    "REQUEUED": State.PENDING,
    "REQUEUE_HOLD": State.PENDING,
    "SPECIAL_EXIT": State.PENDING,
    "SUSPENDED": State.PENDING,
    "RUNNING": State.RUNNING,
    "COMPLETING": State.RUNNING,
    "STOPPED": State.RUNNING,
    "COMPLETED": State.SUCCEEDED,
    "CANCELLED": State.CANCELLED,
}
"""squeue's words; every other one (FAILED, TIMEOUT, NODE_FAIL, OUT_OF_MEMORY ...) is a failure."""


class SlurmBackend(Backend):
    """One batch job, named after the run folder: by its name a second one for the same work is refused.

    Options: ``partition``, ``account``, ``qos``, ``constraint``, ``gpus`` (GPUs a node; 0 on CPU nodes), ``cpus`` (a
    process), ``memory`` (a node, for example ``200G``), ``python`` (on the nodes), ``setup`` (shell lines before the
    command, for example module loads), ``environment``.
    """

    known_options = Backend.known_options | {
        "partition", "account", "qos", "constraint", "gpus", "cpus", "memory", "python", "setup",
    }  # fmt: skip

    def find(self, run: TrainingRun) -> Status:
        name = run.job_name
        queued = _slurm("squeue", "--noheader", "--name", name, "--format", "%i %T").splitlines()
        if queued:
            job, state = queued[-1].split()
            found = _STATES.get(state, State.FAILED)
            return Status(found, f"Slurm job {job}", state) if found.active else self._ended(run, job, state)
        path = run.folder / JOB
        if not path.is_file():
            return Status(State.ABSENT)
        job = json.loads(path.read_text())["id"]
        return self._ended(run, job, _remembered_state(job))

    def _ended(self, run: TrainingRun, job: str, state: str) -> Status:
        end = written_exit(run)
        if state == "COMPLETED" or (not state and end):
            return Status((end or Status(State.LOST)).state, f"Slurm job {job}", (end or Status(State.LOST)).detail)
        if not state:
            return Status(State.LOST, f"Slurm job {job}", "Slurm has forgotten it and it left no exit code")
        found = _STATES.get(state, State.FAILED)
        detail = end.detail if end and found is State.FAILED and state == "FAILED" else f"Slurm says {state}"
        return Status(found, f"Slurm job {job}", detail)

    def submit(self, run: TrainingRun) -> Status:
        run.save()
        with open(run.folder / "submit.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            status = self.find(run)
            if status.state.active:
                return status
            forget_end(run)
            script = run.folder / "run.sbatch"
            script.touch(mode=0o600)
            script.write_text(self.script(run))
            job = _slurm("sbatch", "--parsable", str(script)).split(";")[0].strip()
            write_atomically(run.folder / JOB, serialise({"backend": "slurm", "id": job}))
        return Status(State.PENDING, f"Slurm job {job}")

    def cancel(self, run: TrainingRun) -> None:
        _slurm("scancel", "--name", run.job_name)

    def script(self, run: TrainingRun) -> str:
        """The batch script. Rendered anew at every submit; holds the environment, so only its owner may read it."""
        train, options = run.train, self.options
        wanted = {
            "job-name": run.job_name,
            "nodes": train.nodes,
            "ntasks-per-node": 1,
            "cpus-per-task": train.processes_per_node * int(options.get("cpus", 1)),
            "time": train.walltime_minutes,
            "output": run.folder / LOG,
            "open-mode": "append",
            "signal": f"TERM@{_GRACE_SECONDS}",
            "partition": options.get("partition"),
            "account": options.get("account"),
            "qos": options.get("qos"),
            "constraint": options.get("constraint"),
            "mem": options.get("memory"),
            "gpus-per-node": options.get("gpus"),
        }
        lines = ["#!/bin/bash", *(f"#SBATCH --{name}={value}" for name, value in wanted.items() if value)]
        environment = {**run.environment_here(), **options.get("environment", {})}
        exit_file = shlex.quote(str(run.folder / EXIT))
        return "\n".join(
            [
                *lines,
                "#SBATCH --requeue",
                f"rm -f {exit_file} {shlex.quote(str(run.folder / ERROR))}",
                *(f"export {name}={shlex.quote(str(value))}" for name, value in environment.items()),
                options.get("setup", ""),
                'head=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)',
                "port=$((20000 + SLURM_JOB_ID % 20000))",
                f"srun --kill-on-bad-exit=1 {self._command(run)}",
                "code=$?",
                f'printf \'{{"code": %d, "reason": "ended"}}\\n\' "$code" > {exit_file}.new && mv {exit_file}.new {exit_file}',
                'exit "$code"',
                "",
            ]
        )

    def _command(self, run: TrainingRun) -> str:
        rendezvous = ("--rdzv-backend", "c10d", "--rdzv-id", "$SLURM_JOB_ID", "--rdzv-endpoint", "$head:$port")
        words = run.command(self.options.get("python", sys.executable), rendezvous)
        return " ".join(word if word.startswith("$") else shlex.quote(word) for word in words)


def _remembered_state(job: str) -> str:
    """The state of a job that has left the queue, as the controller still knows it; empty when it does not."""
    try:
        shown = _slurm("scontrol", "show", "job", "--oneliner", job)
    except InfrastructureError as error:
        if "Invalid job id" in str(error):
            return ""
        raise
    words = dict(word.split("=", 1) for word in shown.split() if "=" in word)
    return words.get("JobState", "")


def _slurm(command: str, *arguments: str) -> str:
    """Output of a Slurm command. Raises ContractError where it is not installed, InfrastructureError where it fails."""
    if shutil.which(command) is None:
        raise ContractError(f"{command} is not on PATH: the slurm backend needs Slurm's commands where Airflow runs")
    try:
        done = subprocess.run(
            [command, *arguments], capture_output=True, text=True, timeout=_COMMAND_SECONDS, env=os.environ, check=False
        )
    except subprocess.TimeoutExpired:
        raise InfrastructureError(
            f"{command}: no answer in {_COMMAND_SECONDS} s; is the Slurm controller up?"
        ) from None
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise InfrastructureError(f"{command}: {said[-1] if said else f'ended with code {done.returncode}'}")
    return done.stdout
