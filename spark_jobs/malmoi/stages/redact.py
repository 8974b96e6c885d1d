"""Redact: the text as it leaves. Worthless paragraphs cut, personal data replaced by policy, profanity softened, josa
repaired.
Sentences that an evaluation set holds as well are cut with the paragraphs."""

from typing import Any

import pyarrow as pa

from malmoi.contracts.recipe import Recipe
from malmoi.contracts.tables import CLEAN
from malmoi.models import presidio, profanity
from malmoi.text import contamination, edits, regions
from malmoi.text import profanity as swearing
from malmoi.text.pii import Span, replace

DOCUMENT_COLUMNS = [
    "batch", "source", "doc_id", "kind", "url", "site", "title", "text", "author_key", "published_at", "license",
    "section", "qa", "turns",
]  # fmt: skip
ANNOTATION_COLUMNS = ["pii", "profanity", "softening", "contamination"]
DECISION_COLUMNS = ["keep", "profanity_action", "cluster_size"]
_COPIED = (
    "batch",
    "source",
    "doc_id",
    "kind",
    "url",
    "site",
    "author_key",
    "published_at",
    "license",
    "section",
    "cluster_size",
)


def redact(
    documents: pa.RecordBatch, annotations: pa.RecordBatch, decisions: pa.RecordBatch, recipe: Recipe, source: str
) -> pa.RecordBatch:
    """The kept rows of three aligned batches as clean documents (schema CLEAN)."""
    kept = decisions["keep"]
    documents, annotations, decisions = (part.filter(kept) for part in (documents, annotations, decisions))
    privacy = recipe.for_source("privacy", source)
    whole = documents["text"].to_pylist()
    texts, replaced, softened = [], [], []
    for text, low, known, spans, hits, softening, action in zip(
        whole,
        regions.cuts(whole, recipe.for_source("quality", source)),
        _overlaps(annotations),
        annotations["pii"].to_pylist(),
        annotations["profanity"].to_pylist(),
        annotations["softening"].to_pylist(),
        decisions["profanity_action"].to_pylist(),
        strict=True,
    ):
        passages = contamination.passages(text, known) if known else []
        cuts = [edits.Edit(start, end, "") for start, end in contamination.union([*low, *passages])]
        private = edits.merge(cuts, replace(text, [Span(**span) for span in spans], privacy))
        every = edits.merge(private, _softening(text, hits, softening, action))
        texts.append(edits.splice(text, every))
        replaced.append(len(private) - len(cuts))
        softened.append(len(every) - len(private))
    columns = {name: documents[name] if name in documents.schema.names else decisions[name] for name in _COPIED}
    columns["text"] = pa.array(texts, pa.string())
    columns["pii_replaced"] = pa.array(replaced, pa.int32())
    columns["softened"] = pa.array(softened, pa.int32())
    columns |= _side_texts(documents, decisions, recipe, source)
    return pa.RecordBatch.from_arrays([columns[name] for name in CLEAN.names], schema=CLEAN)


def _overlaps(annotations: pa.RecordBatch) -> list[list[tuple[int, int]]]:
    """Spans that evaluation sets hold as well; annotations of an older version have none."""
    if "contamination" not in annotations.schema.names:
        return [[]] * annotations.num_rows
    found = annotations["contamination"].to_pylist()
    return [[(span["start"], span["end"]) for span in spans or ()] for spans in found]


def _softening(text: str, hits: list[dict], softening: list[dict], action: str) -> list[edits.Edit]:
    if action == "keep":
        return []
    soft = [edits.Edit(**edit) for edit in softening]
    if action == "drop_sentences":
        cuts = swearing.drop_sentences(text, [swearing.Hit(**hit) for hit in hits])
        return edits.merge(cuts, soft)
    return soft


def _side_texts(
    documents: pa.RecordBatch, decisions: pa.RecordBatch, recipe: Recipe, source: str
) -> dict[str, pa.Array]:
    """Titles, questions, answers and turns: the same treatment for the short texts that stand beside the document's."""
    titles = documents["title"].to_pylist()
    qa = documents["qa"].to_pylist()
    turns = documents["turns"].to_pylist()
    slots: list[tuple[Any, int | str]] = [(titles, row) for row, title in enumerate(titles) if title]
    slots += [(pair, part) for pair in qa if pair for part in ("question", "answer") if pair[part]]
    slots += [(turn, part) for row in turns if row for turn in row for part in ("speaker", "text") if turn[part]]
    cleaned = redact_texts([holder[key] for holder, key in slots], recipe, source)
    for (holder, key), text in zip(slots, cleaned, strict=True):
        holder[key] = text
    return {
        "title": pa.array(titles, pa.string()),
        "qa": pa.array(qa, CLEAN.field("qa").type),
        "turns": pa.array(turns, CLEAN.field("turns").type),
    }


def redact_texts(texts: list[str], recipe: Recipe, source: str) -> list[str]:
    """Finds and replaces personal data, and softens, in texts that have no annotations of their own."""
    if not texts:
        return []
    privacy = recipe.for_source("privacy", source)
    swears = recipe.for_source("profanity", source)
    personal = presidio.find(texts, privacy.min_score)
    profane = profanity.find(texts, swears.exempt) if swears.policy != "keep" else [None] * len(texts)
    return [
        edits.splice(text, edits.merge(replace(text, spans, privacy), found.edits if found else []))
        for text, spans, found in zip(texts, personal, profane, strict=True)
    ]
