"""The mix of a release: share of text by kind of document, beside that of training and that of HyperCLOVA."""

from collections import defaultdict
from collections.abc import Mapping

from malmoi.contracts.manifest import ReleaseManifest
from malmoi.contracts.recipe import Recipe

HYPERCLOVA: Mapping[str, float] = {
    "post": 0.487,
    "thread": 0.148,
    "article": 0.131,
    "dialogue": 0.073,
    "qa": 0.049,
    "encyclopedia": 0.009,
    "page": 0.103,
}
"""Kind -> share of HyperCLOVA's 561.8 billion tokens (Kim et al. 2021, arXiv 2109.04650, table 1): blogs, cafes, news, comments,
KiN, wikis; ``page`` is the rest."""


def mixes(release: ReleaseManifest, recipe: Recipe | None) -> dict[str, dict[str, float]]:
    """Kind -> ``{"released", "weighted", "hyperclova"}``, shares of 1.

    ``released``: of the release's bytes of text; ``weighted``: of those as the training blend takes them, by the release's
    sampling weights. A source that the recipe does not know counts as ``page``.
    """
    sizes: defaultdict[str, float] = defaultdict(float)
    weighted: defaultdict[str, float] = defaultdict(float)
    for source, counts in release.sources.items():
        kind = recipe.sources[source].kind if recipe and source in recipe.sources else "page"
        sizes[kind] += counts["bytes"]
        weighted[kind] += counts["bytes"] * counts["weight"]
    return {
        kind: {
            "released": _share(sizes[kind], sizes),
            "weighted": _share(weighted[kind], weighted),
            "hyperclova": HYPERCLOVA.get(kind, 0.0),
        }
        for kind in sorted({*sizes, *HYPERCLOVA}, key=lambda kind: -HYPERCLOVA.get(kind, 0.0))
    }


def _share(part: float, whole: Mapping[str, float]) -> float:
    total = sum(whole.values())
    return part / total if total else 0.0
