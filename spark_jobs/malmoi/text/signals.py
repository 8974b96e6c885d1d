"""The quality signals of a batch of texts: the columns of ``contracts/signals.py`` that need no model.

One layout, one cue pass; every signal is arithmetic on them. Percentiles on trusted text: ``malmoi calibrate``.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np

from malmoi.contracts.signals import SIGNALS
from malmoi.text import cues as cue_lexicon
from malmoi.text import spam
from malmoi.text.cues import Cues
from malmoi.text.endings import Endings, endings
from malmoi.text.eojeol import class_changes, follows
from malmoi.text.grammar import grammar_breaks
from malmoi.text.layout import (
    DIGIT,
    HANGUL,
    JAMO,
    LATIN,
    NEWLINE,
    PUNCTUATION,
    SPACE,
    STOP,
    SYMBOL,
    Layout,
    character_table,
    groups,
    lay_out,
    lay_outs,
)
from malmoi.text.repetition import repetition
from malmoi.text.truncation import truncation

_OF_ENGINES = (
    "profanity_density", "profane_sentence_share", "group_slurs", "toxicity", "quality_score", "persons",
    "contaminated_share",
)  # fmt: skip
NAMES = tuple(name for name in SIGNALS if name not in _OF_ENGINES)
"""The signals that ``measure`` fills, in the order of the contract."""

_BULLETS = "-*•·●○◦▪▫■□◆◇▶▷►※→|>#"
_NOISE = "|^¦¬§;}"
"""Signs that bad recognition puts beside Hangul. Back quotes, braces before and underscores belong to code in prose."""
_LIST_ITEM_EOJEOL = 20
"""A longer line behind a bullet is a paragraph."""


PARAGRAPH_SIGNS = ("navigation_share", "footer_share", "spam_score")


def measure(
    texts: list[str],
    titles: list[str] | None = None,
    urls: list[str] | None = None,
    layouts: Sequence[Layout] | None = None,
) -> dict[str, list[float]]:
    """Every signal of this module for ``n`` texts: name -> ``n`` floats. Linear in the text, whatever it holds.

    ``layouts``: the ``lay_outs`` of the same texts, where the caller has them.
    """
    titles = titles or [""] * len(texts)
    urls = urls or [""] * len(texts)
    columns: dict[str, list[float]] = {name: [] for name in NAMES}
    for (low, high), layout in zip(groups(texts), lay_outs(texts) if layouts is None else layouts, strict=True):
        for name, values in _measure_group(texts[low:high], titles[low:high], urls[low:high], layout).items():
            columns[name].extend(values.astype(np.float64).tolist())
    return columns


def paragraph_signs(texts: list[str]) -> dict[str, np.ndarray]:
    """``navigation_share``, ``footer_share`` and ``spam_score`` as ``measure`` gives them, float64 [n] each, without the rest."""
    found: dict[str, list[np.ndarray]] = {name: [] for name in PARAGRAPH_SIGNS}
    for low, high in groups(texts):
        layout = lay_out(texts[low:high])
        cues = cue_lexicon.find(texts[low:high], layout)
        columns = {
            "chars": _chars(layout.class_counts()),
            "eojeol": layout.per_text(layout.eojeol_text),
            "top_stem_share": repetition(layout, endings(layout).has_hangul).top_stem,
        }
        columns |= _cue_signals(cues, columns)
        blank = [""] * (high - low)
        columns["spam_score"] = spam.weigh(cues, texts[low:high], blank, blank, columns)
        for name, parts in found.items():
            parts.append(columns[name])
    return {name: np.concatenate(parts) if parts else np.zeros(0) for name, parts in found.items()}


def _measure_group(texts: list[str], titles: list[str], urls: list[str], layout: Layout) -> dict[str, np.ndarray]:
    ends = endings(layout)
    cues = cue_lexicon.find(texts, layout)
    columns = _character_signals(layout)
    columns |= _eojeol_signals(layout, ends)
    columns |= _line_signals(layout, ends)
    columns |= _repetition_signals(layout, ends.has_hangul)
    columns |= _cue_signals(cues, columns)
    columns["truncation"] = truncation(texts, cues.different[:, cue_lexicon.column("teaser")])
    columns["title_repeats"] = np.array([_title_repeats(*pair) for pair in zip(texts, titles, strict=True)])
    columns["spam_score"] = spam.weigh(cues, texts, titles, urls, columns)
    return {name: columns[name] for name in NAMES}


def _character_signals(layout: Layout) -> dict[str, np.ndarray]:
    counts = layout.class_counts()
    chars = _chars(counts)
    solid = np.maximum(counts.sum(axis=1) - counts[:, SPACE] - counts[:, NEWLINE], 1)
    hangul = layout.classes == HANGUL
    rare = layout.per_document(hangul & _rare_syllables()[layout.codes])
    return {
        "chars": chars,
        "hangul_share": (counts[:, HANGUL] + counts[:, JAMO]) / solid,
        "lone_jamo_share": counts[:, JAMO] / solid,
        "digit_share": counts[:, DIGIT] / solid,
        "symbol_share": counts[:, SYMBOL] / solid,
        "latin_share": counts[:, LATIN] / solid,
        "punctuation_share": (counts[:, PUNCTUATION] + counts[:, STOP]) / solid,
        "rare_syllable_share": rare / np.maximum(counts[:, HANGUL], 1),
        "longest_run": _longest_runs(layout, hangul),
    }


def _chars(counts: np.ndarray) -> np.ndarray:
    """Code points of each text; the line feed behind it is not its own."""
    return counts.sum(axis=1) - 1


def _eojeol_signals(layout: Layout, ends: Endings) -> dict[str, np.ndarray]:
    owner = layout.eojeol_text
    lengths = (layout.eojeol_end - layout.eojeol_start).astype(np.float64)
    eojeol = layout.per_text(owner)
    korean = np.maximum(layout.per_text(owner, ends.has_hangul), 1)
    prose = layout.per_text(owner, ends.josa_eomi)
    single = layout.per_text(owner, ends.has_hangul & (lengths == 1))
    return {
        "eojeol": eojeol,
        "mean_eojeol_length": layout.per_text(owner, lengths) / np.maximum(eojeol, 1),
        "josa_eomi_share": prose / korean,
        "prose_eojeol": prose,
        "sentences": layout.per_text(owner, ends.has_hangul & (ends.final | ends.stop)),
        "grammar_break_share": layout.per_text(owner, grammar_breaks(layout, ends)) / korean,
        "single_share": single / korean,
        "noise_share": layout.per_text(owner, _noise(layout)) / korean,
        "mixed_share": layout.per_text(owner, _class_changes(layout) >= 3) / np.maximum(eojeol, 1),
    }


def _line_signals(layout: Layout, ends: Endings) -> dict[str, np.ndarray]:
    owner = layout.line_text
    lines = layout.per_text(owner)
    words = np.diff(layout.line_eojeol, append=len(layout.eojeol_start))
    last = layout.line_eojeol + words - 1
    ended = ends.final[last] | (ends.stop[last] & ends.has_hangul[last])
    first = layout.codes[layout.line_start]
    bullet = character_table(_BULLETS)[first]
    listed = ~ended & ((words < 4) | (bullet & (words < _LIST_ITEM_EOJEOL)))
    return {
        "lines": lines,
        "sentence_end_share": layout.per_text(owner, ended) / np.maximum(lines, 1),
        "list_line_share": layout.per_text(owner, listed) / np.maximum(lines, 1),
    }


def _repetition_signals(layout: Layout, korean: np.ndarray) -> dict[str, np.ndarray]:
    found = repetition(layout, korean)
    return {
        "unique_eojeol_share": found.unique_eojeol,
        "repeated_line_share": found.repeated_lines,
        "repeated_ngram_share": found.repeated_ngrams,
        "repeated_trigram_share": found.repeated_trigrams,
        "top_stem_share": found.top_stem,
        "variety": found.variety,
    }


def _cue_signals(cues: Cues, columns: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    chars = np.maximum(columns["chars"], 1)
    return {
        "navigation_share": cues.chars[:, cue_lexicon.column("navigation")] / chars,
        "footer_share": cues.chars[:, cue_lexicon.column("footer")] / chars,
        "translation": cues.hits[:, cue_lexicon.column("translation")] / np.maximum(columns["eojeol"], 1),
        "filler": np.minimum(cues.filler / chars, 1.0),
    }


def _title_repeats(text: str, title: str) -> float:
    """Times the title stands as a line of its own, heading marks aside."""
    title = title.strip()
    if not title or title not in text:
        return 0.0
    return float(sum(line.strip("# \t") == title for line in text.split("\n")))


def _longest_runs(layout: Layout, hangul: np.ndarray) -> np.ndarray:
    """Code points of each text's longest run of Hangul, float64 [n]."""
    longest = np.zeros(layout.texts)
    edges = np.flatnonzero(np.diff(hangul, prepend=False, append=False))
    starts, stops = edges[0::2], edges[1::2]
    if len(starts):
        first = np.searchsorted(starts, layout.text_start)
        some = np.flatnonzero(np.diff(first, append=len(starts)))
        longest[some] = np.maximum.reduceat(stops - starts, first[some])
    return longest


def _class_changes(layout: Layout) -> np.ndarray:
    """Changes of class inside each eojeol, int32 [e]."""
    return class_changes(layout.classes, layout.eojeol_start, layout.eojeol_end)


def _noise(layout: Layout) -> np.ndarray:
    """True at eojeol in which Latin follows Hangul directly, or a sign that no writer puts beside Hangul."""
    hangul, odd = layout.classes == HANGUL, character_table(_NOISE)[layout.codes]
    behind = odd | (layout.classes == LATIN)
    return np.logical_or(
        *(follows(*pair, layout.eojeol_start, layout.eojeol_end) for pair in ((hangul, behind), (odd, hangul)))
    )


@cache
def _rare_syllables() -> np.ndarray:
    """True at Hangul syllables that KS X 1001 does not hold: 8,822 of 11,172, below 0.1 % of written Korean."""
    table = np.zeros(0x10000, bool)
    for code in range(0xAC00, 0xD7A4):
        try:
            table[code] = len(chr(code).encode("euc_kr")) > 2  # Python spells the others with eight bytes
        except UnicodeEncodeError:
            table[code] = True
    return table
