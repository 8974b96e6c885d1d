"""From signals to an action: keep, soften, drop sentences, drop the document."""

from collections.abc import Mapping

from malmoi.contracts.reasons import Reason
from malmoi.contracts.recipe.profanity import Profanity
from malmoi.text.verdict import Verdict

KEEP, SOFTEN, DROP_SENTENCES, DROP = "keep", "soften", "drop_sentences", "drop"
SIGNALS_READ = ("eojeol", "profanity_density", "profane_sentence_share", "group_slurs", "toxicity")
"""Signals that ``judge`` needs (contracts/signals.py)."""


def judge(signals: Mapping[str, float], recipe: Profanity) -> tuple[str, Verdict | None]:
    """The action for one document and, where it is "drop", why.

    ``signals`` holds SIGNALS_READ. A document without a hit is kept. Slurs above the recipe's number, and a passage that
    consists of slurs, drop the document. Density is judged from ``min_eojeol_for_density`` on; in a shorter text a single
    word weighs too much, so it is dropped only where swearing is nearly all of it (``max_short_density``).
    """
    share = signals["profane_sentence_share"]
    if recipe.policy == KEEP or share <= 0:
        return KEEP, None
    verdict = _verdict(signals, recipe)
    if verdict is None and recipe.policy == DROP:
        verdict = Verdict(Reason.PROFANE, share, 0.0)
    if verdict is not None:
        return DROP, verdict
    long = signals["eojeol"] >= recipe.min_eojeol_for_density
    if long and signals["profanity_density"] > recipe.max_soften_density:
        return DROP_SENTENCES, None
    return SOFTEN, None


def _verdict(signals: Mapping[str, float], recipe: Profanity) -> Verdict | None:
    share, density, slurs = (signals[name] for name in ("profane_sentence_share", "profanity_density", "group_slurs"))
    if slurs > recipe.max_group_slurs:
        return Verdict(Reason.GROUP_HATE, slurs, float(recipe.max_group_slurs))
    if slurs > 0 and share > recipe.max_sentence_share:
        return Verdict(Reason.GROUP_HATE, share, recipe.max_sentence_share)
    if signals["toxicity"] > recipe.max_toxicity:
        return Verdict(Reason.PROFANE, signals["toxicity"], recipe.max_toxicity)
    if signals["eojeol"] < recipe.min_eojeol_for_density:
        if density > recipe.max_short_density:
            return Verdict(Reason.PROFANE, density, recipe.max_short_density)
        return None
    if density > recipe.max_document_density:
        return Verdict(Reason.PROFANE, density, recipe.max_document_density)
    if density > 0 and share > recipe.max_sentence_share:
        return Verdict(Reason.PROFANE, share, recipe.max_sentence_share)
    return None
