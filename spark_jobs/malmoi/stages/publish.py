"""Publish, the pure part: from what the stages committed to the manifest of a release."""

from collections.abc import Mapping, Sequence

from malmoi.contracts.balance import Count
from malmoi.contracts.manifest import ReleaseManifest, ShardEntry, StageManifest
from malmoi.contracts.recipe import Recipe
from malmoi.stages.reading import Reading

COUNTING_TABLES = ("documents", "decisions", "clean", "shards")
"""Tables whose stages decide what goes: annotate and dedup only measure, decide counts what they found."""

DRAFT = "draft"
"""Stands for the id until lake/releases.py computes it from the content."""


def draft(
    batch: str,
    recipe: Recipe,
    code_version: str,
    sources: Sequence[str],
    manifests: Mapping[str, Mapping[str, StageManifest]],
    reading: Reading,
    models: Mapping[str, str],
) -> ReleaseManifest:
    """The manifest of one night's release, but for its id and the releases before it.

    ``manifests``: table -> source -> manifest; ``models``: name -> SHA-256.
    """
    shards = [
        ShardEntry(file.path, source, batch, file.rows, file.bytes, file.sha256)
        for source in sorted(sources)
        for file in manifests["shards"][source].files
    ]
    return ReleaseManifest(
        release=DRAFT,
        batches=(batch,),
        parent=None,
        recipe={"name": recipe.name, "hash": recipe.hash()},
        code_version=code_version,
        sources={
            source: {
                "documents": totals.documents,
                "chars": totals.chars,
                "bytes": totals.bytes,
                "weight": recipe.sources[source].weight,
            }
            for source, totals in sorted(reading.totals.items())
        },
        shards=tuple(shards),
        dropped={source: counts(manifests, source, "dropped") for source in sorted(sources)},
        quarantined={source: counts(manifests, source, "quarantined") for source in sorted(sources)},
        models=dict(sorted(models.items())),
    )


def counts(manifests: Mapping[str, Mapping[str, StageManifest]], source: str, side: str) -> dict[str, dict[str, int]]:
    """Reason -> counts over the stages that take something out; ``side`` is ``dropped`` or ``quarantined``."""
    total: dict[str, Count] = {}
    for table in COUNTING_TABLES:
        for reason, count in getattr(manifests[table][source].balance, side).items():
            total[reason] = total.get(reason, Count()) + count
    return {reason: count.to_json() for reason, count in sorted(total.items())}
