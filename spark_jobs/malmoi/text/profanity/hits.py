"""What is found in a text: hits, and the candidates that still need proof."""

from typing import NamedTuple

from malmoi.text.profanity.lexicon import Entry


class Hit(NamedTuple):
    """``text[start:end]`` is profane. ``severity``: strong, mild, slur."""

    start: int
    end: int
    severity: str
    lemma: str


class Candidate(NamedTuple):
    """A possible hit. ``doubt``: none (a hit), "inside" (part of a longer eojeol: a hit unless Kiwi finds a word that
    reaches over its edge), "unknown" (an unlisted spelling: a hit only where Kiwi knows no word)."""

    start: int
    end: int
    entry: Entry
    doubt: str | None
