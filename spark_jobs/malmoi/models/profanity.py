"""Profanity of a batch of texts: gates on the column, search on what passes, Kiwi on what stays in doubt."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import pyarrow as pa

from malmoi.contracts.recipe.profanity import MENTIONS
from malmoi.models import kiwi, toxicity
from malmoi.text.edits import Edit, merge, origin, splice
from malmoi.text.passes import holds_hangul
from malmoi.text.profanity import proof
from malmoi.text.profanity.alphabet import PAD, SPACE, WIDTH
from malmoi.text.profanity.hits import Candidate, Hit
from malmoi.text.profanity.lexicon import lexicon
from malmoi.text.profanity.mentions import mention
from malmoi.text.profanity.search import search
from malmoi.text.profanity.sentences import cut, passages, sentence_of, sentences
from malmoi.text.profanity.skeleton import Skeletons, joined_rows, text_rows
from malmoi.text.profanity.softening import soften


class Profanity(NamedTuple):
    """What was found in one text. ``edits`` is what softening would change, ready to splice."""

    spans: list[Hit]
    edits: list[Edit]
    density: float  # strong hits per eojeol
    sentence_share: float  # share of sentences with a hit
    group_slurs: int
    toxicity: float


CLASSIFIER = "classifier"
"""The lemma of a hit that no word shows: it spans the passage, is mild, and softening takes the passage out."""
BLANK = (SPACE + PAD * (WIDTH - 1)).encode()
_FORMAL = "다."
"""A passage with a sentence that ends so is formal prose. The classifier learned from comments and is not asked about it: that
spares most of the time on news, and of the comments that it alone finds next to none holds one (docs/profanity.md)."""
THRESHOLD = 0.86
"""Probability from which a passage counts as profane: where the union of lexicon and classifier reaches 0.80 on both
development halves (docs/profanity.md)."""
SHORT_PASSAGE, SHORT_THRESHOLD = 25, 0.92
"""In a passage below this many code points one word decides, and the innocent look-alike weighs as much as the swear word."""
MIN_PASSAGE = 12
"""Code points below which a passage says too little for the classifier: a single word decides there, and the innocent
look-alikes of swear words are just what it would take for one."""
MIN_HANGUL = 6
"""A passage with less Hangul than this is code, a table or another language, of which the classifier knows nothing; in a crawl
these are more than half of the passages that would be asked about."""
LONG_TEXT, LONG_THRESHOLD = 3, 0.97
"""In a text of more passages than this a passage needs more: there are more chances to be wrong, and less need."""


def find(texts: Sequence[str] | pa.Array, exempt: Sequence[str] = MENTIONS) -> list[Profanity]:
    """What is profane in each text (NFC), in order. ``exempt``: the kinds of mention that count as no hit."""
    texts = texts.to_pylist() if isinstance(texts, pa.Array) else list(texts)
    found = _search(texts, exempt)
    edits = _reread(
        texts, [soften(text, sorted(words + more)) for text, (words, more, _) in zip(texts, found, strict=True)], exempt
    )
    return [_summary(text, *parts, changes) for text, parts, changes in zip(texts, found, edits, strict=True)]


def is_profane(result: Profanity) -> bool:
    """Whether the text counts as profane: it holds at least one hit, by the lexicon or by the classifier."""
    return bool(result.spans)


def _search(texts: list[str], exempt: Sequence[str]) -> list[tuple[list[Hit], list[Hit], float]]:
    """For each text the hits of the lexicon, those of the classifier, which lie elsewhere, and the toxicity."""
    if not texts:
        return []
    skeletons = Skeletons(texts)
    passed = _gates(texts, skeletons)
    found = proven(texts, candidates(texts, skeletons, passed, exempt))
    hits = [
        [Hit(c.start, c.end, c.entry.severity, c.entry.lemma) for c in found.get(row, ())] for row in range(len(texts))
    ]
    judged = _classified(texts, skeletons, hits)
    return [(words, *more) for words, more in zip(hits, judged, strict=True)]


def _reread(texts: list[str], edits: list[list[Edit]], exempt: Sequence[str]) -> list[list[Edit]]:
    """The edits, with every sentence taken out whole that would still hold a hit after them: what stands around the word
    insults as well (입 찢어 줄까), or the word was only part of another."""
    rows = [row for row, changes in enumerate(edits) if changes]
    softened = [splice(texts[row], edits[row]) for row in rows]
    checked = list(edits)
    for row, (words, more, _) in zip(rows, _search(softened, exempt), strict=True):
        left = [origin(edits[row], hit.start, hit.end) for hit in words + more]
        if left:
            spans = sentences(texts[row])
            whole = cut(texts[row], [spans[number] for number in sorted(_touched(spans, left))])
            checked[row] = merge(whole, edits[row])
    return checked


def _touched(spans: list[tuple[int, int]], places: Iterable[tuple[int, int]]) -> set[int]:
    """Numbers of the sentences that the places lie in."""
    touched: set[int] = set()
    for start, end in places:
        touched.update(range(sentence_of(spans, start), sentence_of(spans, end - 1) + 1))
    return touched


def _classified(texts: list[str], skeletons: Skeletons, hits: list[list[Hit]]) -> list[tuple[list[Hit], float]]:
    """For each text the hits of the classifier and the mean probability, by length, of the passages in which no word
    was found."""
    places = [
        [
            span
            for span in passages(text)
            if _asked(text, *span) and not any(span[0] <= hit.start < span[1] for hit in these)
        ]
        for text, these in zip(texts, hits, strict=True)
    ]
    parts: list[bytes] = []
    for row, spans in enumerate(places):
        skeleton = skeletons.of(row)
        parts += [skeleton[WIDTH * a : WIDTH * b] for a, b in spans]
    chances = iter(toxicity.probabilities(_without_cleared(parts)))
    judged = []
    for text, spans in zip(texts, places, strict=True):
        scored = [(a, b, next(chances)) for a, b in spans]
        more = [Hit(a, b, "mild", CLASSIFIER) for a, b, chance in scored if chance >= _needed(b - a, len(spans))]
        judged.append((more, sum((b - a) * chance for a, b, chance in scored) / max(1, len(text))))
    return judged


def _needed(length: int, passages_asked: int) -> float:
    if passages_asked > LONG_TEXT:
        return LONG_THRESHOLD
    return SHORT_THRESHOLD if length < SHORT_PASSAGE else THRESHOLD


def _without_cleared(passages: list[bytes]) -> list[bytes]:
    """Passages, as skeletons, without what looks like a root, and without words that merely sound like one. No hit lies in
    them, so the rules have cleared that word (시발역, 새끼손톱), and the classifier must not bring it back."""
    cleared = lexicon().cleared
    held = joined_rows(passages, cleared)
    return [cleared.sub(BLANK, passage) if row in held else passage for row, passage in enumerate(passages)]


def _asked(text: str, start: int, end: int) -> bool:
    """Whether the classifier is asked about a passage."""
    if end - start < MIN_PASSAGE or text.find(_FORMAL, start, end) >= 0:
        return False
    return holds_hangul(text, start, end, MIN_HANGUL)


def _summary(text: str, words: list[Hit], more: list[Hit], toxic: float, edits: list[Edit]) -> Profanity:
    if not words and not more:
        return Profanity([], [], 0.0, 0.0, 0, toxic)
    hits = sorted(words + more)
    spans = sentences(text)
    touched = _touched(spans, [(hit.start, hit.start + 1) for hit in words] + [(hit.start, hit.end) for hit in more])
    return Profanity(
        spans=hits,
        edits=edits,
        density=sum(hit.severity == "strong" for hit in hits) / max(1, len(text.split())),
        sentence_share=len(touched) / max(1, len(spans)),
        group_slurs=sum(hit.severity == "slur" for hit in hits),
        toxicity=toxic,
    )


def _gates(texts: list[str], skeletons: Skeletons) -> tuple[dict[int, int], set[int], set[int], set[int]]:
    """Rows that pass the gates root, mixed, word and latin; for the first also where it matches."""
    words = lexicon()
    hidden = skeletons.rows(words.hidden_gate)
    return (
        skeletons.rows(words.root_gate),
        {row for row in hidden if words.mixed_gate.search(skeletons.of(row))},
        set(text_rows(texts, words.word_gate)),
        {row for row in hidden if words.latin_gate.search(skeletons.of(row))},
    )


def candidates(
    texts: list[str],
    skeletons: Skeletons,
    passed: tuple[dict[int, int], set[int], set[int], set[int]],
    exempt: Sequence[str],
) -> dict[int, list[Candidate]]:
    """Candidates of the texts that pass a gate, by row."""
    words, roots = lexicon(), passed[0]
    found = {}
    for row in sorted(set().union(*passed)):
        these = search(texts[row], skeletons.of(row), words, [row in rows for rows in passed], roots.get(row, 0))
        kinds = [mention(texts[row], c.start, c.end, c.entry.lemma) for c in these]
        these = [c for c, kind in zip(these, kinds, strict=True) if kind is None or kind not in exempt]
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
