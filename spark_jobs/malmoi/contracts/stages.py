"""The stages of a night: what each reads and writes, and whether its work stands.

Reads the stage manifests of a lake, nothing else: light enough for an Airflow worker.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from malmoi.contracts import quality_models
from malmoi.contracts.errors import ContractError, InputError
from malmoi.contracts.files import Files, files_of
from malmoi.contracts.landing import content_marks, landing_stats
from malmoi.contracts.manifest import StageManifest, content_hash
from malmoi.contracts.paths import Lake
from malmoi.contracts.recipe import Recipe
from malmoi.contracts.recipe.uses import stage_hash
from malmoi.contracts.release import nights_in_force, sha256_of
from malmoi.contracts.version import code_version

INDEX = "dedup_index"
BLOCKS = "blocks"
REMEMBERED = (INDEX, BLOCKS)
"""Tables that later nights are held against."""
DRY_MARK = "~"


@dataclass(frozen=True)
class Stage:
    """``tables``: what it writes; the first has a row for every document that it read. ``reads``: tables of the same
    source. ``joint``: it reads that table of every source of the night, and the index of every night before; ingest, which
    reads none, is held against the blocks of every night before."""

    tables: tuple[str, ...]
    reads: tuple[str, ...] = ()
    joint: str = ""


STAGES: dict[str, Stage] = {
    "ingest": Stage(("documents", "quarantine", BLOCKS)),
    "annotate": Stage(("annotations",), ("documents",)),
    "dedup": Stage(("clusters",), joint="annotations"),
    "decide": Stage(("decisions", INDEX), ("annotations", "clusters")),
    "redact": Stage(("clean",), ("documents", "annotations", "decisions")),
    "shard": Stage(("shards",), ("clean",)),
}
SAMPLING = ("dedup", "decide")
"""Stages that leave out what the sample fraction leaves out."""


@dataclass(frozen=True)
class Scope:
    """What a night works on. ``batch`` names the partition, ``day`` the landing date; they differ in a dry run.
    ``sample`` is the share of documents that stay."""

    lake: Lake
    landing: str
    batch: str
    day: str
    recipe: Recipe
    sources: tuple[str, ...]
    sample: float = 1.0


def fingerprint(scope: Scope, stage: str, source: str, inputs: Mapping[str, str]) -> str:
    """SHA-256 over everything that a stage's output depends on: inputs, what it reads of the recipe, and code."""
    recipe = stage_hash(scope.recipe, stage, source)
    values = [stage, scope.batch, source, recipe, code_version(), sorted(inputs.items())]
    return hashlib.sha256(json.dumps(values, ensure_ascii=False).encode()).hexdigest()


def inputs_of(scope: Scope, stage: str, source: str) -> dict[str, str]:
    """Names of a stage's inputs with the hashes of their content, as they are now.

    Raises ContractError where a stage before has not run, InputError where no landing file is found.
    """
    if stage == "ingest":
        past = _past(scope.lake, BLOCKS, scope.batch) if scope.recipe.ingest.max_green_pages else {}
        return _landing_inputs(scope, source) | past
    this, lake, batch = STAGES[stage], scope.lake, scope.batch
    found = {table: content_hash(needed(lake, table, batch, source).files) for table in this.reads}
    if this.joint:
        for name in scope.sources:
            found[f"{this.joint}.{name}"] = content_hash(needed(lake, this.joint, batch, name).files)
        found |= _past(lake, INDEX, batch)
    if stage == "annotate":
        found |= _evaluation_sets(scope.recipe)
        chosen = quality_models.promoted(lake)
        found |= {quality_models.INPUT: chosen["sha256"]} if chosen else {}
    if stage in SAMPLING:
        found["sample"] = str(scope.sample)
    return found


def _evaluation_sets(recipe: Recipe) -> dict[str, str]:
    section = recipe.decontamination
    try:
        paths = zip(section.sets, section.paths(recipe.path), strict=True)
        return {f"evaluation_set.{name}": sha256_of(path) for name, path in paths}
    except OSError as error:
        raise InputError(
            f"{error.filename}: an evaluation set of {recipe.path} that cannot be read ({error.strerror})"
        ) from None


def _landing_inputs(scope: Scope, source: str) -> dict[str, str]:
    marks = content_marks(landing_stats(scope.landing, source, scope.recipe.sources[source], scope.day))
    if not marks:
        raise InputError(f"{scope.landing}: no landing files of source {source} for {scope.day}")
    rules = Path(scope.recipe.path).parent / scope.recipe.ingest.site_rules
    return marks | ({"site_rules": sha256_of(rules)} if rules.is_file() else {})


def _past(lake: Lake, table: str, batch: str) -> dict[str, str]:
    """All that earlier nights left in a table as one input: a list would grow with every night."""
    found = sorted(earlier(lake, table, batch).items())
    return {f"{table} of earlier nights": hashlib.sha256(json.dumps(found).encode()).hexdigest()} if found else {}


def earlier(lake: Lake, table: str, batch: str) -> dict[tuple[str, str], str]:
    """(night, source) -> content hash of a table in every published night before a batch.

    A night that failed its gate, a dry run and one that was rolled back are nobody's past: no release holds what they kept.
    """
    day = batch.split(DRY_MARK)[0]
    past = [night for night in nights_in_force(lake) if night < day]
    store = files_of(lake)
    found = {
        (night, source): _content_at(store, lake.manifest(table, night, source))
        for night in past
        for source in sources_of(lake, table, night)
    }
    return dict(sorted(found.items()))


def _content_at(store: Files, path: str) -> str:
    """The content hash that a manifest states: of hundreds of earlier nights, asked for once a source."""
    mark = store.mark(path)
    if (known := _CONTENTS.get(path)) is None or known[0] != mark:
        _CONTENTS[path] = known = (mark, content_hash(StageManifest.loads(store.read(path), path).files))
    return known[1]


_CONTENTS: dict[str, tuple[str, str]] = {}
"""Path of a manifest -> the file's mark and what it states."""


def recorded(lake: Lake, table: str, batch: str, source: str) -> StageManifest | None:
    """The manifest that the last commit of a partition left, or None."""
    store, path = files_of(lake), lake.manifest(table, batch, source)
    return StageManifest.loads(store.read(path), path) if store.exists(path) else None


def sources_of(lake: Lake, table: str, batch: str) -> list[str]:
    """Sources that were committed to a table for a batch, sorted."""
    found = files_of(lake).listing(f"{lake.manifests}/{table}/batch={batch}")
    names = (path.rsplit("/", 1)[-1] for path in found)
    return sorted(name[len("source=") : -len(".json")] for name in names if name.startswith("source="))


def needed(lake: Lake, table: str, batch: str, source: str) -> StageManifest:
    """The same where a stage cannot do without it. Raises ContractError."""
    found = recorded(lake, table, batch, source)
    if found is None:
        raise ContractError(f"no {table} of source {source} for {batch}: run the stage that makes them first")
    return found


def standing(scope: Scope, stage: str) -> list[StageManifest] | None:
    """The manifests of a stage's first table where all that it writes stands for what lies there now, else None."""
    found = []
    for source in scope.sources:
        tables = STAGES[stage].tables
        written = [m for table in tables if (m := recorded(scope.lake, table, scope.batch, source)) is not None]
        if len(written) < len(tables) or not _inputs_stand(scope, stage, source):
            return None
        wanted = fingerprint(scope, stage, source, inputs_of(scope, stage, source))
        if any(manifest.fingerprint != wanted for manifest in written):
            return None
        found.append(written[0])
    return found


def _inputs_stand(scope: Scope, stage: str, source: str) -> bool:
    """Whether the tables that a stage reads were committed; where one is gone, its own stage has to run first."""
    this = STAGES[stage]
    tables = [(table, source) for table in this.reads]
    tables += [(this.joint, name) for name in scope.sources if this.joint]
    return all(recorded(scope.lake, table, scope.batch, name) for table, name in tables)
