"""Recipe section: profanity. Thresholds are hits per eojeol and shares of sentences."""

from dataclasses import dataclass

from malmoi.contracts.recipe.fields import choice, number, words

MENTIONS = ("dictionary", "quoted", "legal", "medical", "animal")
"""Uses of a word that insult nobody: its meaning or origin is told, it is quoted as a word, it is a term of law, of
medicine, or of animals."""


@dataclass(frozen=True)
class Profanity:
    """Keep, soften, drop sentences or drop, by density."""

    policy: str = choice("soften", of=("keep", "soften", "drop"), help="what happens to a document with few hits")
    exempt: tuple[str, ...] = words(MENTIONS, of=MENTIONS, help="uses of a word that count as no hit")
    max_soften_density: float = number(
        0.02, low=0, high=1, help="up to here hits are softened; above, their sentences are dropped"
    )
    max_document_density: float = number(0.06, low=0, high=1, help="above, the document is dropped")
    max_sentence_share: float = number(
        0.30, low=0, high=1, help="a larger share of sentences with a hit: the document is dropped"
    )
    min_eojeol_for_density: int = number(
        20, low=0, high=10_000, help="in shorter texts one word weighs too much: max_short_density alone decides"
    )
    max_short_density: float = number(
        0.5, low=0, high=1, help="strong hits per eojeol above which a text below min_eojeol_for_density is dropped"
    )
    max_group_slurs: int = number(
        2, low=0, high=10_000, help="more slurs against groups: the document is dropped; up to here their sentences"
    )
    max_toxicity: float = number(
        0.8, low=0, high=1, help="mean probability of the classifier above which a document is dropped; 1: off"
    )
