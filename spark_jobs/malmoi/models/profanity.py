"""Profanity of a batch of texts: gates on the column, search on what passes, Kiwi on what stays in doubt."""

from collections.abc import Sequence
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from malmoi.models import kiwi
from malmoi.text.edits import Edit
from malmoi.text.profanity import proof
from malmoi.text.profanity.hits import Candidate, Hit
from malmoi.text.profanity.lexicon import lexicon
from malmoi.text.profanity.search import search
from malmoi.text.profanity.sentences import sentence_of, sentences
from malmoi.text.profanity.skeleton import Skeletons
from malmoi.text.profanity.softening import soften


class Profanity(NamedTuple):
    """What was found in one text. ``edits`` is what softening would change, ready to splice."""

    spans: list[Hit]
    edits: list[Edit]
    density: float  # strong hits per eojeol
    sentence_share: float  # share of sentences with a hit
    group_slurs: int
    toxicity: float


_CLEAN = Profanity([], [], 0.0, 0.0, 0, 0.0)


def find(texts: Sequence[str] | pa.Array) -> list[Profanity]:
    """What is profane in each text (NFC), in order."""
    texts = texts.to_pylist() if isinstance(texts, pa.Array) else list(texts)
    if not texts:
        return []
    found = proven(texts, candidates(texts, Skeletons(texts)))
    return [_summary(text, found[row]) if found.get(row) else _CLEAN for row, text in enumerate(texts)]


def is_profane(result: Profanity) -> bool:
    """Whether the text counts as profane: it holds at least one hit, by the lexicon or by the classifier."""
    return bool(result.spans)


def _summary(text: str, these: list[Candidate]) -> Profanity:
    hits = [Hit(c.start, c.end, c.entry.severity, c.entry.lemma) for c in these]
    strong = sum(hit.severity == "strong" for hit in hits)
    spans = sentences(text)
    touched = len({sentence_of(spans, hit.start) for hit in hits})
    return Profanity(
        spans=hits,
        edits=soften(text, hits),
        density=strong / max(1, len(text.split())),
        sentence_share=touched / max(1, len(spans)),
        group_slurs=sum(hit.severity == "slur" for hit in hits),
        toxicity=0.0,
    )


def candidates(texts: list[str], skeletons: Skeletons) -> dict[int, list[Candidate]]:
    """Candidates of the texts that pass a gate, by row."""
    words = lexicon()
    column = skeletons.column
    passed = [
        pc.match_substring_regex(column, words.root_gate).to_pylist(),
        pc.match_substring_regex(column, words.mixed_gate).to_pylist(),
        pc.match_substring_regex(pa.array(texts, pa.large_string()), words.word_gate).to_pylist(),
        pc.match_substring_regex(column, words.latin_gate).to_pylist(),
    ]
    found = {}
    for row, gates in enumerate(zip(*passed, strict=True)):
        if any(gates):
            these = search(texts[row], skeletons.of(row), words, gates)
            if these:
                found[row] = these
    return found


def proven(texts: list[str], found: dict[int, list[Candidate]]) -> dict[int, list[Candidate]]:
    """The candidates that are hits; Kiwi reads a window around each doubtful one."""
    doubtful = [(row, candidate) for row, these in found.items() for candidate in these if candidate.doubt]
    places = [proof.window(texts[row], candidate) for row, candidate in doubtful]
    windows = [texts[row][low:high] for (row, _), (low, high) in zip(doubtful, places, strict=True)]
    innocent = {
        (row, candidate.start)
        for (row, candidate), (low, _), tokens in zip(doubtful, places, kiwi.tokenize_windows(windows), strict=True)
        if not proof.holds(candidate, tokens, low)
    }
    return {row: [c for c in these if (row, c.start) not in innocent] for row, these in found.items()}
