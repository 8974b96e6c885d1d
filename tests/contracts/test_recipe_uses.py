"""What a stage sees of the recipe, and what its hash covers."""

from dataclasses import replace

import pytest

from malmoi.contracts.recipe import Recipe, recipe_from_mapping
from malmoi.contracts.recipe.uses import USES, stage_hash, stage_recipe

BASE = {
    "name": "test",
    "description": "for tests",
    "sources": {"web": {"type": "warc"}, "kin": {"type": "kin"}},
}
CHANGES = {
    "name": ({"name": "other"}, set()),
    "weight": ({"sources": {**BASE["sources"], "web": {"type": "warc", "weight": 3.0, "required": True}}}, set()),
    "type": ({"sources": {**BASE["sources"], "web": {"type": "wet"}}}, {"ingest"}),
    "another source": ({"sources": {**BASE["sources"], "kin": {"type": "jsonl"}}}, set()),
    "record size": ({"ingest": {"max_record_mib": 5}}, {"ingest"}),
    "PII score": ({"privacy": {"min_score": 0.7}}, {"annotate", "redact"}),
    "PII persons": ({"privacy": {"max_persons": 3}}, {"dedup", "decide", "redact"}),
    "PII policy": ({"privacy": {"policy": {"email": "remove"}}}, {"redact"}),
    "bands": ({"dedup": {"bands": 10}}, {"annotate", "dedup"}),
    "similarity": ({"dedup": {"min_similarity": 0.9}}, {"dedup"}),
    "shards": ({"shards": {"max_documents": 10}}, {"shard"}),
    "gate": ({"gate": {"min_keep_share": 0.5}}, set()),
    "train": ({"train": {"steps": 7}}, set()),
    "of this source": ({"privacy": {"source": {"web": {"max_persons": 3}}}}, {"dedup", "decide", "redact"}),
    "of another source": ({"privacy": {"source": {"kin": {"max_persons": 3}}}}, {"dedup"}),
}


def made(**changes) -> Recipe:
    return recipe_from_mapping({**BASE, **changes}, "test.toml")


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_other_work_for_the_stages_that_read_it(change):
    changed, stages = CHANGES[change]
    before, after = made(), made(**changed)
    assert {stage for stage in USES if stage_hash(before, stage, "web") != stage_hash(after, stage, "web")} == stages


def test_a_stage_sees_what_its_hash_covers_and_defaults_else():
    recipe = made(
        privacy={"min_score": 0.7, "max_persons": 3, "source": {"kin": {"min_score": 0.9}}},
        gate={"min_keep_share": 0.5},
    )
    seen = stage_recipe(recipe, "annotate")
    assert (seen.privacy.min_score, seen.privacy.max_persons) == (0.7, Recipe("", "", "", {}).privacy.max_persons)
    assert seen.for_source("privacy", "kin").min_score == 0.9 and seen.gate == Recipe("", "", "", {}).gate
    assert stage_recipe(recipe, "decide").overrides == {}
    assert stage_hash(replace(recipe, path="elsewhere.toml"), "decide", "web") == stage_hash(recipe, "decide", "web")
