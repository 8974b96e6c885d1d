"""``malmoi try dedup``: which of these texts would stay. Signatures, bands and limits are those of the stage."""

import numpy as np

from malmoi.contracts.recipe.sections import Dedup
from malmoi.text import minhash, near


def clusters(texts: list[str], dedup: Dedup) -> list[int]:
    """For every text the place of the one that stays for it: the longest of its cluster, the first of equals."""
    if not texts:
        return []
    hashes, signatures = minhash.sign(texts, dedup)
    found = near.edges(hashes, minhash.unpack(signatures), dedup)
    component = near.components(len(texts), found.low, found.high)
    # Of each component the first in the order of component, length (longest first), place.
    order = np.lexsort((-np.array([len(text) for text in texts]), component))
    _, first = np.unique(component[order], return_index=True)
    return order[first][np.searchsorted(np.unique(component), component)].tolist()
