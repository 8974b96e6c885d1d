"""Recipe section: language and quality thresholds. They may differ per source.

Each default is a percentile of trusted Korean text (news, petitions, comments) measured for this project; the help says
which. ``malmoi calibrate`` recomputes them on a folder of your own.
"""

from dataclasses import dataclass

from malmoi.contracts.recipe.fields import number


@dataclass(frozen=True)
class Quality:
    """Thresholds on the signals of ``contracts/signals.py``."""

    min_hangul_share: float = number(
        0.30, low=0, high=1, help="Hangul per non-space; below it the text is not Korean unless fastText says so"
    )
    min_chars: int = number(100, low=0, high=1_000_000, help="shorter texts are dropped")
    max_chars: int = number(1_000_000, low=1, high=50_000_000, help="longer texts are dropped")
    min_mean_eojeol_length: float = number(2.0, low=0, high=100, help="below: letters or fragments")
    max_mean_eojeol_length: float = number(14.0, low=1, high=1_000, help="above: spacing lost, links or code")
    min_josa_eomi_share: float = number(
        0.20, low=0, high=1, help="below: keyword lists; prose has .31 or more at its first percentile"
    )
    min_sentence_end_share: float = number(0.0, low=0, high=1, help="share of lines that end as sentences")
    max_lone_jamo_share: float = number(0.10, low=0, high=1, help="lone jamo per non-space")
    max_digit_share: float = number(0.30, low=0, high=1, help="digits per non-space")
    max_symbol_share: float = number(0.30, low=0, high=1, help="symbols per non-space")
    max_run_chars: int = number(60, low=5, high=100_000, help="longest Hangul run without a space")
    max_repeated_line_share: float = number(0.40, low=0, high=1, help="code points in repeated lines")
    max_repeated_ngram_share: float = number(0.35, low=0, high=1, help="code points in repeated 5-eojeol sequences")
    max_list_line_share: float = number(0.95, low=0, high=1, help="list and link lines")
    max_filler: float = number(0.5, low=0, high=1, help="machine-made filler")
    max_spam_score: float = number(0.7, low=0, high=1, help="signs of advertising together")
    min_quality_score: float = number(0.0, low=0, high=1, help="0: the rules alone decide")
