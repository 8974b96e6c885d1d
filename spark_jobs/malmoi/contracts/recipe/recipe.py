"""The recipe as one frozen object, and its hash."""

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace

from malmoi.contracts.errors import RecipeError
from malmoi.contracts.recipe.decontamination import Decontamination
from malmoi.contracts.recipe.fetch import Fetch
from malmoi.contracts.recipe.handoff import Tokenizer, Train
from malmoi.contracts.recipe.privacy import Privacy
from malmoi.contracts.recipe.profanity import Profanity
from malmoi.contracts.recipe.quality import Quality
from malmoi.contracts.recipe.sections import Dedup, Gate, Ingest, Retention, Shards, Source

PER_SOURCE = ("fetch", "quality", "profanity", "privacy")
"""Sections in which ``[SECTION.source.NAME]`` overrides single values for one source."""


@dataclass(frozen=True)
class Recipe:
    """Everything that decides what a run does. ``overrides`` is ``{section: {source: {key: value}}}``."""

    name: str
    description: str
    path: str = field(compare=False)
    sources: dict[str, Source]
    fetch: Fetch = Fetch()
    ingest: Ingest = Ingest()
    quality: Quality = Quality()
    profanity: Profanity = Profanity()
    privacy: Privacy = field(default_factory=Privacy)
    decontamination: Decontamination = Decontamination()
    dedup: Dedup = Dedup()
    shards: Shards = Shards()
    gate: Gate = Gate()
    tokenizer: Tokenizer = Tokenizer()
    train: Train = Train()
    retention: Retention = Retention()
    overrides: dict[str, dict[str, dict]] = field(default_factory=dict)

    def for_source(self, section: str, source: str):
        """The section's values for one source: the section's own, then the source's overrides."""
        base = getattr(self, section)
        changed = self.overrides.get(section, {}).get(source, {})
        if section == "privacy" and "policy" in changed:
            changed = {**changed, "policy": {**base.policy, **changed["policy"]}}
        return replace(base, **changed) if changed else base

    def select(self, sources: list[str]) -> "Recipe":
        """The same recipe with only these sources. Raises RecipeError for a source that it does not know."""
        unknown = sorted(set(sources) - set(self.sources))
        if unknown:
            raise RecipeError(f"{self.path}: no source named {unknown[0]!r}; it has {', '.join(self.sources)}")
        return replace(self, sources={name: s for name, s in self.sources.items() if name in sources})

    def hash(self) -> str:
        """SHA-256 over every value, 64 hexadecimal digits; the file's place and comments do not count."""
        values = asdict(self)
        values.pop("path")
        return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
