"""The recipe's thresholds beside the signals that they are held against."""

from collections.abc import Mapping
from dataclasses import fields

from malmoi.contracts.recipe import Recipe
from malmoi.contracts.signals import SIGNALS

_SECTIONS = ("quality", "profanity", "privacy")
_NAMED_OTHERWISE: Mapping[str, str] = {
    "max_run_chars": "longest_run",
    "max_document_density": "profanity_density",
    "max_sentence_share": "profane_sentence_share",
    "max_cut_share": "contaminated_share",
}
"""Key -> signal; every other key is ``min_`` or ``max_`` and the name of its signal."""


def limits(recipe: Recipe, source: str) -> dict[str, list[str]]:
    """Signal -> its thresholds for a source, as ``>= 0.3``. Signals without one, or in a rule of several, are left out."""
    found: dict[str, list[str]] = {}
    sections = [recipe.for_source(name, source) for name in _SECTIONS] + [recipe.decontamination]
    for section in sections:
        for key in (one.name for one in fields(section)):
            signal = _NAMED_OTHERWISE.get(key, key[4:])
            if signal in SIGNALS and key.startswith(("min_", "max_")):
                sign = "≥" if key.startswith("min_") else "≤"
                found.setdefault(signal, []).append(f"{sign} {getattr(section, key):,g}")
    return found
