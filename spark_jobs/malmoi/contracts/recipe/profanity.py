"""Recipe section: profanity. Thresholds are hits per eojeol and shares of sentences."""

from dataclasses import dataclass

from malmoi.contracts.recipe.fields import choice, number


@dataclass(frozen=True)
class Profanity:
    """Keep, soften, drop sentences or drop, by density."""

    policy: str = choice("soften", of=("keep", "soften", "drop"), help="what happens to a document with few hits")
    max_soften_density: float = number(
        0.02, low=0, high=1, help="up to here hits are softened; above, their sentences are dropped"
    )
    max_document_density: float = number(0.06, low=0, high=1, help="above, the document is dropped")
    max_sentence_share: float = number(
        0.30, low=0, high=1, help="a larger share of sentences with a hit: the document is dropped"
    )
    min_eojeol_for_density: int = number(
        20, low=0, high=10_000, help="shorter texts are judged by sentence share alone"
    )
    max_group_slurs: int = number(0, low=0, high=10_000, help="more slurs against groups: the document is dropped")
    max_toxicity: float = number(
        1.0, low=0, high=1, help="probability of the classifier above which a document is dropped; 1: off"
    )
