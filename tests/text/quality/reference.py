"""The rules on one document, as they are told: what the batch form is held against."""

from collections.abc import Mapping

from malmoi.contracts.reasons import Reason
from malmoi.contracts.recipe.quality import Quality
from malmoi.text.quality import SENTENCE_SHARE, limits
from malmoi.text.verdict import Verdict


def judge(signals: Mapping[str, float], language: str, quality: Quality) -> Verdict | None:
    """The first rule that the document misses, or None for a document that stays."""
    if language not in ("ko", "und"):
        return Verdict(Reason.NOT_KOREAN, signals["hangul_share"], quality.min_hangul_share)
    eojeol, prose = signals["eojeol"], signals["prose_eojeol"] >= quality.min_prose_eojeol
    verse = min(signals["josa_eomi_share"], signals["prose_eojeol"] / max(eojeol, 1)) >= quality.verse_josa_eomi_share
    for rule, threshold, needed in limits(quality):
        value = signals["sentences"] / max(eojeol, 1) if rule.signal == SENTENCE_SHARE else signals[rule.signal]
        if not (value > threshold if rule.upper else value < threshold):
            continue
        if eojeol >= needed and not (rule.unless_prose and prose) and not (rule.unless_verse and verse):
            return Verdict(rule.reason, value, threshold)
    return Verdict(Reason.NOT_KOREAN, signals["hangul_share"], quality.min_hangul_share) if language == "und" else None
