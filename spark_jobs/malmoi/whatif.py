"""``python -m malmoi.whatif``: what a changed recipe would make of a decided night, for the console.

One JSON object on standard input: ``{"lake", "batch", "recipe", "changes", "sources"}``; ``changes`` is section -> values
as ``load_recipe`` takes them, ``sources`` may be empty for all. The answer is a result line: source -> ``Change.to_json``.
Parts are streamed: memory is bounded by a batch of 1,000 rows.
"""

import json
import sys
from typing import Any

from malmoi.contracts.endings import RESULT_PREFIX, ending
from malmoi.contracts.errors import InputError
from malmoi.contracts.manifest import StageManifest
from malmoi.contracts.paths import Lake, part_of
from malmoi.contracts.recipe import Recipe, load_recipe
from malmoi.contracts.stages import recorded, sources_of
from malmoi.stages import decide
from malmoi.stages.parts import aligned_batches
from malmoi.stages.whatif import Change

_CLUSTERS = ["cluster_id", "cluster_size", "keep", "method", "duplicate_of", "similarity"]
_DECISIONS = ["doc_id", "keep", "reason", "value", "threshold", "profanity_action"]


def what_if(lake: Lake, batch: str, recipe: Recipe, changed: Recipe, sources: list[str]) -> dict[str, Change]:
    """Source -> what ``changed`` would change of the decisions that stand. ``recipe`` is what it was made from.

    Raises InputError for a night that is not decided, and for a source that the recipe does not know.
    """
    known = sources_of(lake, "decisions", batch)
    found = {source: _source(lake, batch, source, recipe, changed) for source in sources or known if source in known}
    if not found:
        raise InputError(f"{batch} is not decided yet: nothing to hold another recipe against")
    return found


def _source(lake: Lake, batch: str, source: str, recipe: Recipe, changed: Recipe) -> Change:
    changed.select([source])
    entities = _policies(recipe, changed, source)
    columns = [*decide.COLUMNS, "pii"] if entities else decide.COLUMNS
    change, manifests = Change(), _manifests(lake, batch, source)
    sample = float(manifests["decisions"].inputs.get("sample", 1.0))
    parts = {table: _parts(lake, manifest) for table, manifest in manifests.items()}
    for part, path in parts["annotations"].items():
        wanted = (path, columns), (parts["clusters"][part], _CLUSTERS), (parts["decisions"][part], _DECISIONS)
        for rows, clusters, before in aligned_batches(*wanted):
            after = decide.decide(decide.judge(rows, changed, source, sample), rows, clusters)
            change.add(before, after)
            if entities:
                change.add_personal(rows["pii"], after, entities)
    return change


def _manifests(lake: Lake, batch: str, source: str) -> dict[str, StageManifest]:
    found = {table: recorded(lake, table, batch, source) for table in ("annotations", "clusters", "decisions")}
    if missing := [table for table, manifest in found.items() if manifest is None]:
        raise InputError(f"{batch}, {source}: no {missing[0]} yet")
    return {table: manifest for table, manifest in found.items() if manifest is not None}


def _parts(lake: Lake, manifest: StageManifest) -> dict[int, str]:
    return {part_of(file.path): lake.join(file.path) for file in manifest.files}


def _policies(recipe: Recipe, changed: Recipe, source: str) -> set[str]:
    """Entities whose policy differs."""
    before, after = (one.for_source("privacy", source).policy for one in (recipe, changed))
    return {entity for entity in after if before[entity] != after[entity]}


def main() -> int:
    question: dict[str, Any] = json.load(sys.stdin)
    with ending() as end:
        recipe = load_recipe(question["recipe"])
        changed = load_recipe(question["recipe"], question["changes"])
        found = what_if(Lake(question["lake"]), question["batch"], recipe, changed, question["sources"])
        answer = {source: change.to_json() for source, change in found.items()}
        print(f"{RESULT_PREFIX}{json.dumps(answer, ensure_ascii=False)}", flush=True)
    return end.code


if __name__ == "__main__":
    sys.exit(main())
