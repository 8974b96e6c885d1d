"""The stages of a night: what each reads and writes, and whether its work stands.

Reads the stage manifests of a lake that is a folder, nothing else: light enough for an Airflow worker.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from malmoi.contracts.errors import ContractError
from malmoi.contracts.manifest import StageManifest, content_hash
from malmoi.contracts.paths import Lake
from malmoi.contracts.version import code_version

INDEX = "dedup_index"
DRY_MARK = "~"


@dataclass(frozen=True)
class Stage:
    """``table``: what it writes. ``reads``: tables of the same source. ``joint``: it reads that table of every source of
    the night, and the index of every night before."""

    table: str
    reads: tuple[str, ...] = ()
    joint: str = ""


STAGES: dict[str, Stage] = {
    "ingest": Stage("documents"),
    "annotate": Stage("annotations", ("documents",)),
    "dedup": Stage("clusters", joint="annotations"),
    "decide": Stage("decisions", ("annotations", "clusters")),
    "redact": Stage("clean", ("documents", "annotations", "decisions")),
    "shard": Stage("shards", ("clean",)),
}


def fingerprint(stage: str, batch: str, source: str, recipe_hash: str, inputs: Mapping[str, str]) -> str:
    """SHA-256 over everything that a stage's output depends on: inputs, recipe and code."""
    values = [stage, batch, source, recipe_hash, code_version(), sorted(inputs.items())]
    return hashlib.sha256(json.dumps(values, ensure_ascii=False).encode()).hexdigest()


def inputs_of(lake: Lake, stage: str, batch: str, source: str, sources: Sequence[str], sample: float) -> dict[str, str]:
    """Names of a stage's inputs with the hashes of their content, as they are now; ingest's come from landing instead.

    Raises ContractError where a stage before has not run.
    """
    this = STAGES[stage]
    found = {table: content_hash(needed(lake, table, batch, source).files) for table in this.reads}
    if this.joint:
        found |= {f"{this.joint}.{name}": content_hash(needed(lake, this.joint, batch, name).files) for name in sources}
        found |= {f"{INDEX}.{night}.{name}": digest for (night, name), digest in earlier_index(lake, batch).items()}
    return found | {"sample": str(sample)}


def earlier_index(lake: Lake, batch: str) -> dict[tuple[str, str], str]:
    """(night, source) -> content hash of the index of every night before a batch. Dry runs are nobody's past."""
    day = batch.split(DRY_MARK)[0]
    found = {}
    for path in sorted(Path(lake.manifests, INDEX).glob("batch=*/source=*.json")):
        night = path.parent.name.removeprefix("batch=")
        if night < day and DRY_MARK not in night:
            manifest = StageManifest.loads(path.read_bytes(), str(path))
            found[night, manifest.source] = content_hash(manifest.files)
    return found


def recorded(lake: Lake, table: str, batch: str, source: str) -> StageManifest | None:
    """The manifest that the last commit of a partition left, or None."""
    path = Path(lake.manifest(table, batch, source))
    return StageManifest.loads(path.read_bytes(), str(path)) if path.is_file() else None


def needed(lake: Lake, table: str, batch: str, source: str) -> StageManifest:
    """The same where a stage cannot do without it. Raises ContractError."""
    found = recorded(lake, table, batch, source)
    if found is None:
        raise ContractError(f"no {table} of source {source} for {batch}: run the stage that makes them first")
    return found


def standing(
    lake: Lake, stage: str, batch: str, sources: Sequence[str], recipe_hash: str, sample: float
) -> list[StageManifest] | None:
    """The manifests of a stage's output where it stands for what lies in the lake now, else None."""
    found = []
    for source in sources:
        manifest = recorded(lake, STAGES[stage].table, batch, source)
        if manifest is None:
            return None
        inputs = inputs_of(lake, stage, batch, source, sources, sample)
        if manifest.fingerprint != fingerprint(stage, batch, source, recipe_hash, inputs):
            return None
        found.append(manifest)
    return found
