"""What of a recipe each stage reads: the part of it that a stage is given, and that its fingerprint covers.

A stage gets a recipe in which all else has its default value, so it cannot depend on what its fingerprint leaves out. So
another threshold of `decide` does not read the pages again, and another `[gate]` or `[train]` repeats nothing.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields, replace

from malmoi.contracts.recipe.recipe import Recipe

WHOLE: tuple[str, ...] = ()
"""Every value of a section."""

_JUDGING: Mapping[str, tuple[str, ...]] = {
    "quality": WHOLE,
    "profanity": WHOLE,
    "privacy": ("max_persons",),
    "decontamination": ("max_cut_share",),
}

USES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "ingest": {"ingest": WHOLE},
    "annotate": {
        "privacy": ("min_score",),
        "profanity": ("exempt",),
        "decontamination": ("sets", "eojeol", "chars"),
        "dedup": ("shingle_chars", "bands", "rows", "seed"),
    },
    "dedup": {"dedup": WHOLE, **_JUDGING},
    "decide": _JUDGING,
    "redact": {"quality": WHOLE, "profanity": WHOLE, "privacy": WHOLE},
    "shard": {"shards": WHOLE},
}
"""Stage -> section -> values. Ingest reads its source's section beside these."""

SOURCE_USES = ("type", "kind", "path", "license", "text_field", "html_field")
"""Values of a source that ingest reads; the others are for the gate and for training."""


def stage_recipe(recipe: Recipe, stage: str) -> Recipe:
    """The recipe as a stage may see it: values that it does not read have their defaults."""
    uses = USES[stage]
    sections = {name: _narrow(getattr(recipe, name), keys) for name, keys in uses.items()}
    return Recipe(
        name="",
        description="",
        path=recipe.path,
        sources={name: _narrow(source, SOURCE_USES) for name, source in recipe.sources.items()},
        overrides=_overrides(recipe, uses),
        **sections,
    )


def stage_hash(recipe: Recipe, stage: str, source: str) -> str:
    """SHA-256 over what a stage reads of the recipe when it works on one source; 64 hexadecimal digits.

    `dedup` reads all sources of the night together, so every source's overrides count.
    """
    seen = stage_recipe(recipe, stage)
    sources = {source: seen.sources[source]} if stage == "ingest" else {}
    overrides = seen.overrides
    if stage != "dedup":
        overrides = {name: {source: found[source]} for name, found in overrides.items() if source in found}
    return replace(seen, sources=sources, overrides=overrides).hash()


def _narrow(section, keys: tuple[str, ...]):
    """The section with only these values; the others are its defaults."""
    if not keys:
        return section
    required = {field.name for field in fields(section) if field.default is field.default_factory is MISSING}
    return type(section)(**{key: getattr(section, key) for key in {*keys, *required}})


def _overrides(recipe: Recipe, uses: Mapping[str, tuple[str, ...]]) -> dict[str, dict[str, dict]]:
    found: dict[str, dict[str, dict]] = {}
    for section, sources in recipe.overrides.items():
        for source, changed in sources.items():
            keys = uses.get(section, WHOLE) or tuple(changed)
            read = {key: value for key, value in changed.items() if section in uses and key in keys}
            if read:
                found.setdefault(section, {})[source] = read
    return found
