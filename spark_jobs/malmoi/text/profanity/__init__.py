"""Profanity: gates, search on the folded-jamo skeleton and on the text, proof, softening, and what the recipe decides.

The functions that need Kiwi or the classifier are put together in ``malmoi.models.profanity``.
"""

from malmoi.text.profanity.hits import Hit
from malmoi.text.profanity.policy import KEEP, SIGNALS_READ, judge
from malmoi.text.profanity.sentences import drop_sentences

__all__ = ["KEEP", "SIGNALS_READ", "Hit", "drop_sentences", "judge"]
