"""Signals against the recipe: the first rule that a document misses is the reason why it leaves.

``RULES`` is the documented order, which the decide stage, the console's what-if and ``malmoi.calibrate`` read.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from malmoi.contracts.reasons import Reason
from malmoi.contracts.recipe.quality import Quality

SENTENCE_SHARE = "sentence_share"
"""Sentences per eojeol, made from two signals."""


class Rule(NamedTuple):
    """``signal`` must not pass ``threshold`` (a field of the recipe's quality section): from above where ``upper``."""

    reason: Reason
    signal: str
    threshold: str
    upper: bool
    min_eojeol: int = 0  # texts with fewer eojeol pass
    shares: bool = False  # also waits for the recipe's min_eojeol_for_shares
    unless_prose: bool = False  # texts with the recipe's min_prose_eojeol pass
    unless_verse: bool = False  # texts with the recipe's verse_josa_eomi_share pass


RULES: tuple[Rule, ...] = (
    Rule(Reason.TOO_SHORT, "chars", "min_chars", False),
    Rule(Reason.TOO_LONG, "chars", "max_chars", True),
    Rule(Reason.MOJIBAKE, "rare_syllable_share", "max_rare_syllable_share", True),
    Rule(Reason.LONE_JAMO, "lone_jamo_share", "max_lone_jamo_share", True),
    Rule(Reason.MANY_DIGITS, "digit_share", "max_digit_share", True, unless_prose=True),
    Rule(Reason.MANY_SYMBOLS, "symbol_share", "max_symbol_share", True, unless_prose=True),
    Rule(Reason.MANY_SYMBOLS, "punctuation_share", "max_punctuation_share", True, unless_prose=True),
    Rule(Reason.NO_SPACES, "longest_run", "max_run_chars", True),
    Rule(Reason.EOJEOL_LENGTH, "mean_eojeol_length", "min_mean_eojeol_length", False),
    Rule(Reason.EOJEOL_LENGTH, "mean_eojeol_length", "max_mean_eojeol_length", True, unless_prose=True),
    Rule(Reason.BROKEN_TEXT, "single_share", "max_single_share", True, shares=True),
    Rule(Reason.BROKEN_TEXT, "mixed_share", "max_mixed_share", True, shares=True, unless_prose=True),
    Rule(Reason.BROKEN_TEXT, "noise_share", "max_noise_share", True, shares=True, unless_prose=True),
    Rule(Reason.BOILERPLATE_ONLY, "navigation_share", "max_navigation_share", True),
    Rule(Reason.BOILERPLATE_ONLY, "footer_share", "max_footer_share", True),
    Rule(Reason.FEW_JOSA_EOMI, "josa_eomi_share", "min_josa_eomi_share", False, shares=True),
    Rule(Reason.FEW_SENTENCES, "sentence_end_share", "min_sentence_end_share", False, shares=True),
    Rule(
        Reason.FEW_SENTENCES,
        SENTENCE_SHARE,
        "min_sentence_share",
        False,
        min_eojeol=12,
        unless_prose=True,
        unless_verse=True,
    ),
    Rule(Reason.LIST_LINES, "list_line_share", "max_list_line_share", True, shares=True, unless_prose=True),
    Rule(Reason.REPEATED_LINES, "repeated_line_share", "max_repeated_line_share", True),
    Rule(Reason.REPEATED_NGRAMS, "repeated_ngram_share", "max_repeated_ngram_share", True),
    Rule(Reason.REPEATED_NGRAMS, "repeated_trigram_share", "max_repeated_trigram_share", True),
    Rule(Reason.REPEATED_NGRAMS, "top_stem_share", "max_top_stem_share", True, min_eojeol=20),
    Rule(Reason.REPEATED_NGRAMS, "variety", "min_variety", False, min_eojeol=15, unless_prose=True),
    Rule(Reason.BROKEN_TEXT, "grammar_break_share", "max_grammar_break_share", True, min_eojeol=16),
    Rule(Reason.BROKEN_TEXT, "translation", "max_translation", True, shares=True),
    Rule(Reason.TRUNCATED, "truncation", "max_truncation", True),
    Rule(Reason.FILLER, "filler", "max_filler", True),
    Rule(Reason.SPAM, "spam_score", "max_spam_score", True),
    Rule(Reason.LOW_QUALITY, "quality_score", "min_quality_score", False),
)
"""After the language, in this order."""


class Verdicts(NamedTuple):
    """``n`` documents: ``rule`` is -1 where the document stays, else an index into ``REASONS``."""

    rule: np.ndarray  # int16 [n]
    value: np.ndarray  # float64 [n], NaN where the document stays
    threshold: np.ndarray  # float64 [n], NaN where the document stays


REASONS: tuple[Reason, ...] = (Reason.NOT_KOREAN, *(rule.reason for rule in RULES), Reason.NOT_KOREAN)
"""The reason of each index of ``Verdicts.rule``: another language, the rules, and last a text without letters."""


def judge_batch(signals: Mapping[str, np.ndarray], languages: Sequence[str], quality: Quality) -> Verdicts:
    """The first rule that each of ``n`` documents misses: columns of signals (NumPy, Arrow or lists), ``n`` language codes."""
    columns = {name: np.asarray(signals[name], np.float64) for name in SIGNALS_READ}
    columns[SENTENCE_SHARE] = columns["sentences"] / np.maximum(columns["eojeol"], 1)
    codes = np.asarray(languages, object)
    count = len(codes)
    verdicts = Verdicts(np.full(count, -1, np.int16), np.full(count, np.nan), np.full(count, np.nan))

    other = (codes != "ko") & (codes != "und")
    _record(verdicts, 0, other, columns["hangul_share"], quality.min_hangul_share)
    prose = columns["prose_eojeol"] >= quality.min_prose_eojeol
    endings = np.minimum(columns["josa_eomi_share"], columns["prose_eojeol"] / np.maximum(columns["eojeol"], 1))
    verse = endings >= quality.verse_josa_eomi_share
    for number, (rule, threshold, needed) in enumerate(limits(quality), 1):
        values = columns[rule.signal]
        missed = values > threshold if rule.upper else values < threshold
        if needed:
            missed &= columns["eojeol"] >= needed
        if rule.unless_prose:
            missed &= ~prose
        if rule.unless_verse:
            missed &= ~verse
        _record(verdicts, number, missed, values, threshold)
    _record(verdicts, len(REASONS) - 1, codes == "und", columns["hangul_share"], quality.min_hangul_share)
    return verdicts


@lru_cache(maxsize=64)
def limits(quality: Quality) -> tuple[tuple[Rule, float, int], ...]:
    """Each rule with its threshold and the eojeol that a text needs for it."""
    waits = quality.min_eojeol_for_shares
    return tuple(
        (rule, float(getattr(quality, rule.threshold)), max(rule.min_eojeol, waits if rule.shares else 0))
        for rule in RULES
    )


SIGNALS_READ: tuple[str, ...] = tuple(
    dict.fromkeys(
        [
            "hangul_share",
            "eojeol",
            "prose_eojeol",
            "sentences",
            *(rule.signal for rule in RULES if rule.signal != SENTENCE_SHARE),
        ]
    )
)
"""Signals that ``judge`` and ``judge_batch`` need."""


def own_score(signals: Mapping[str, np.ndarray], quality: Quality) -> np.ndarray:
    """The rules' own score, 0..1 per document: the smallest distance to a threshold, relative to the threshold.

    What stands for the quality model where there is none; 0 is a document that misses a rule.
    """
    count = len(signals["eojeol"])
    score = np.ones(count)
    for rule in RULES:
        threshold = float(getattr(quality, rule.threshold))
        if rule.signal not in signals or threshold <= 0 or rule.signal == "chars":
            continue
        ratio = np.asarray(signals[rule.signal], np.float64) / threshold
        score = np.minimum(score, np.clip(1 - ratio if rule.upper else ratio - 1, 0, 1))
    return score


def _record(verdicts: Verdicts, number: int, missed: np.ndarray, values: np.ndarray, threshold: float) -> None:
    new = missed & (verdicts.rule < 0)
    verdicts.rule[new] = number
    verdicts.value[new] = values[new]
    verdicts.threshold[new] = threshold
