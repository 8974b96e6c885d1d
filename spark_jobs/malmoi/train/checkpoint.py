"""Checkpoints that are whole or absent: written beside, flushed to disk, renamed; the newest good one is taken up."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import torch

from malmoi.contracts.errors import InfrastructureError
from malmoi.contracts.manifest import serialise
from malmoi.contracts.release import sha256_of

_STATE = "state.pt"
_META = "checkpoint.json"


def save(folder: Path, step: int, state: dict[str, Any], keep: int) -> Path:
    """Writes the state after ``step`` steps and removes all but the newest ``keep``.

    Raises InfrastructureError when the disk is full; what was there stays.
    """
    final = folder / f"step-{step:08d}"
    beside = folder / f".step-{step:08d}.{os.getpid()}"
    try:
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        with open(beside / _STATE, "wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        (beside / _META).write_bytes(serialise({"step": step, "sha256": sha256_of(beside / _STATE)}))
        shutil.rmtree(final, ignore_errors=True)
        os.rename(beside, final)
    except (OSError, RuntimeError) as error:
        # torch's writer reports a full disk as RuntimeError
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error).splitlines()[0]
        raise InfrastructureError(f"{final}: checkpoint not written ({reason}); free space, then train again") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    for old in kept(folder)[:-keep]:
        shutil.rmtree(old, ignore_errors=True)
    return final


def latest(folder: Path) -> tuple[int, dict[str, Any]] | None:
    """Step and state of the newest checkpoint whose hash is right, or None. A damaged one is said and passed over."""
    for path in reversed(kept(folder)):
        if found := read(path):
            return found
        print(f"{path}: damaged checkpoint, taking the one before", flush=True)
    return None


def read(path: Path) -> tuple[int, dict[str, Any]] | None:
    """Step and state of one checkpoint; None where it is damaged."""
    try:
        meta = json.loads((path / _META).read_text())
        if sha256_of(path / _STATE) == meta["sha256"]:
            return meta["step"], torch.load(path / _STATE, map_location="cpu", weights_only=True)
    except (OSError, ValueError, KeyError):
        pass
    return None


def kept(folder: Path) -> list[Path]:
    """All checkpoints of a run, oldest first."""
    return sorted(folder.glob("step-*"))
