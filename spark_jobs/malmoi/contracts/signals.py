"""The numbers that the annotate stage measures on every document. One column each; shares are 0..1.

Units: *chars* are Unicode code points of the NFC text; *eojeol* are runs between white space; *non-space* are code
points that are no white space. The text functions fill exactly these names.
"""

SIGNALS: dict[str, str] = {
    "chars": "code points of the text",
    "eojeol": "eojeol in the text",
    "lines": "lines that are not empty",
    "hangul_share": "Hangul syllables and jamo per non-space",
    "mean_eojeol_length": "mean code points an eojeol",
    "josa_eomi_share": "share of eojeol with Hangul that end in a josa or a verb ending",
    "sentence_end_share": "share of lines that end as a sentence",
    "lone_jamo_share": "compatibility jamo outside a syllable per non-space",
    "digit_share": "digits per non-space",
    "symbol_share": "code points that are neither letter, digit nor common punctuation per non-space",
    "unique_eojeol_share": "different eojeol per eojeol",
    "longest_run": "code points of the longest Hangul run without a space",
    "repeated_line_share": "code points in lines that stood before in the document per code points",
    "repeated_ngram_share": "code points in repeated 5-eojeol sequences per code points",
    "list_line_share": "share of lines that are list items, links or below 4 eojeol without an ending",
    "truncation": "1 when the text breaks off as a teaser, else 0",
    "filler": "share of the text that is machine-made filler",
    "title_repeats": "times the title stands in the text as a line of its own",
    "spam_score": "0..1, several signs together",
    "profanity_density": "strong hits per eojeol",
    "profane_sentence_share": "share of sentences with a hit",
    "group_slurs": "count of slurs against groups",
    "toxicity": "probability of the profanity classifier, 0 without a model",
    "quality_score": "probability of the quality classifier, or the rules' own score without a model",
    "persons": "different persons' data found in the text",
}
