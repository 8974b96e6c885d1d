"""Recipe section: language and quality thresholds. They may differ per source.

The help of a threshold says which percentile of trusted Korean text it stands for: *news* are 5,064 clean news texts,
*petitions* 1,524 long texts written by users. ``malmoi calibrate FOLDER`` recomputes them on a folder of your own.
"""

from dataclasses import dataclass

from malmoi.contracts.recipe.fields import number


@dataclass(frozen=True)
class Quality:
    """Thresholds on the signals of ``contracts/signals.py``. ``text/quality.py`` has the order in which they apply."""

    min_hangul_share: float = number(
        0.30, low=0, high=1, help="Hangul per non-space from which a text is Korean without a closer look"
    )
    min_chars: int = number(20, low=0, high=1_000_000, help="shorter texts are dropped")
    max_chars: int = number(1_000_000, low=1, high=50_000_000, help="longer texts are dropped")
    min_eojeol_for_shares: int = number(
        8, low=0, high=10_000, help="shares of eojeol say nothing about texts with fewer; those rules wait"
    )
    min_prose_eojeol: int = number(
        80,
        low=1,
        high=1_000_000,
        help="with so many eojeol that end in a josa or ending, digits, symbols and list lines are no reason to drop",
    )
    min_mean_eojeol_length: float = number(1.7, low=0, high=100, help="below: syllables spaced apart; news p0.1 2.8")
    max_mean_eojeol_length: float = number(
        15.0, low=1, high=1_000, help="above: spacing lost, links or code; petitions p99 6.0, news p99.9 4.9"
    )
    min_josa_eomi_share: float = number(
        0.22, low=0, high=1, help="below: lists of words; news p0.1 .27, petitions p1 .42"
    )
    min_sentence_end_share: float = number(0.0, low=0, high=1, help="share of lines that end as sentences; 0: off")
    min_sentence_share: float = number(
        0.004, low=0, high=1, help="sentences per eojeol, texts of 12 eojeol and more; news p0.1 .018"
    )
    verse_josa_eomi_share: float = number(
        0.75, low=0, high=1, help="from this share of such eojeol on, a text without sentence ends is verse, no list"
    )
    max_lone_jamo_share: float = number(0.25, low=0, high=1, help="lone jamo per non-space; comments p99 .37, news 0")
    max_digit_share: float = number(0.36, low=0, high=1, help="digits per non-space; news p99.9 .27")
    max_symbol_share: float = number(0.20, low=0, high=1, help="symbols per non-space; news p99.9 .04")
    max_punctuation_share: float = number(0.35, low=0, high=1, help="punctuation per non-space; petitions p99.9 .26")
    max_single_share: float = number(
        0.45, low=0, high=1, help="eojeol of one syllable: spacing broken apart; petitions p99.9 .19"
    )
    max_mixed_share: float = number(
        0.40, low=0, high=1, help="eojeol of many scripts: damaged recognition, code; petitions p99.9 .29"
    )
    max_noise_share: float = number(
        0.20,
        low=0,
        high=1,
        help="Latin or odd signs right behind Hangul: bad recognition; news and petitions p99.9 .04",
    )
    max_rare_syllable_share: float = number(
        0.15, low=0, high=1, help="syllables outside KS X 1001: broken decoding; petitions p99.9 .01, comments p99 .05"
    )
    max_run_chars: int = number(60, low=5, high=100_000, help="longest Hangul run without a space; petitions p99.9 42")
    max_repeated_line_share: float = number(
        0.55, low=0, high=1, help="code points in repeated lines; petitions p99.9 .5 (the title twice)"
    )
    max_repeated_ngram_share: float = number(
        0.52, low=0, high=1, help="code points in repeated 5-eojeol sequences; news p99.9 .08, petitions p99 .14"
    )
    max_repeated_trigram_share: float = number(
        0.55, low=0, high=1, help="code points in repeated 3-eojeol sequences; news p99.9 .11, petitions p99 .20"
    )
    max_top_stem_share: float = number(
        0.25, low=0, high=1, help="most frequent stem per eojeol, texts of 20 eojeol and more; petitions p99 .19"
    )
    min_variety: float = number(
        0.86,
        low=0,
        high=1,
        help="Herdan's C of texts of 15 eojeol and more: templates, stuffing; news p0.1 .92, petitions p1 .91",
    )
    max_list_line_share: float = number(0.95, low=0, high=1, help="list and link lines; petitions p99.9 .74")
    max_navigation_share: float = number(
        0.25, low=0, high=1, help="menu words per code point; news p99.9 .06, petitions p99.9 .05"
    )
    max_footer_share: float = number(0.15, low=0, high=1, help="footer phrases; news p99.9 .01, petitions p99.9 .02")
    max_grammar_break_share: float = number(
        0.12, low=0, high=1, help="broken grammar, texts of 16 eojeol and more; news p99.9 .05, petitions p99 .09"
    )
    max_translation: float = number(0.25, low=0, high=10, help="translationese phrases per eojeol; petitions p99.9 .07")
    max_truncation: float = number(0.75, low=0, high=1, help="1 drops nothing; 0.75 drops marked teasers")
    max_filler: float = number(0.5, low=0, high=1, help="machine-made filler; news p99.9 .29, petitions p99.9 .39")
    max_spam_score: float = number(0.6, low=0, high=1, help="signs of advertising together; news p99.9 .50")
    min_quality_score: float = number(
        0.28, low=0, high=1, help="0: the rules alone decide; news p0.5 .26, petitions p2 .30"
    )
    min_region_value: float = number(
        0.5, low=0, high=1, help="paragraphs below it (menus, footers, advertising) leave a document that stays; 0: off"
    )
