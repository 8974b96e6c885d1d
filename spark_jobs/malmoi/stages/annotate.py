"""Annotate: everything that is measured on a document, in one pass over its text. Scores and spans, no decisions."""

import pyarrow as pa

from malmoi.contracts.reasons import Fault
from malmoi.contracts.recipe import Recipe
from malmoi.contracts.signals import SIGNALS
from malmoi.contracts.tables import ANNOTATIONS
from malmoi.models import evaluation_sets, language_id, presidio, profanity, quality_model
from malmoi.text import minhash, pii, signals
from malmoi.text.layout import lay_outs

COLUMNS = ["batch", "source", "doc_id", "origin", "kind", "site", "url", "title", "text", "published_at", "defect"]
"""Columns of a document that annotate reads."""

_COPIED = ("batch", "source", "doc_id", "origin", "kind", "site", "published_at", "defect")
_PROFANITY_SIGNALS = {
    "profanity_density": "density",
    "profane_sentence_share": "sentence_share",
    "group_slurs": "group_slurs",
    "toxicity": "toxicity",
}


def annotate(documents: pa.RecordBatch, recipe: Recipe, source: str, quality: bytes | None = None) -> pa.RecordBatch:
    """Documents (COLUMNS) to annotations, row for row. ``quality``: the promoted quality model's file; None: the package's."""
    texts = [text or "" for text in documents["text"].to_pylist()]
    titles = [title or "" for title in documents["title"].to_pylist()]
    layouts = list(lay_outs(texts))
    measured = signals.measure(texts, titles, [url or "" for url in documents["url"].to_pylist()], layouts)
    least = recipe.for_source("privacy", source).min_score
    personal = presidio.find(texts, least)
    in_titles = map(pii.again, titles, presidio.find(titles, least), texts, personal)
    measured["persons"] = [float(pii.persons(text, spans)) for text, spans in zip(texts, personal, strict=True)]
    profane = profanity.find(texts, recipe.for_source("profanity", source).exempt)
    for name, attribute in _PROFANITY_SIGNALS.items():
        measured[name] = [float(getattr(found, attribute)) for found in profane]
    overlaps = evaluation_sets.overlaps(texts, recipe)
    measured["contaminated_share"] = [share for _, share in overlaps]
    measured["quality_score"] = quality_model.score(
        texts, measured, quality_model.read(quality) if quality is not None else quality_model.default(), layouts
    )
    languages = language_id.detect(texts)
    hashes, signatures = minhash.sign(texts, recipe.dedup)

    columns = {name: documents[name] for name in _COPIED}
    columns["bytes"] = pa.array([len(text.encode()) for text in texts], pa.int64())
    columns["language"] = pa.array([language for language, _ in languages], pa.string())
    columns["language_score"] = pa.array([score for _, score in languages], pa.float64())
    columns["signals"] = pa.StructArray.from_arrays(
        [pa.array(measured[name], pa.float64()) for name in SIGNALS], list(SIGNALS)
    )
    columns["pii"] = _structs([[span._asdict() for span in spans] for spans in personal], "pii")
    columns["title_pii"] = _structs([[span._asdict() for span in spans] for spans in in_titles], "title_pii")
    columns["profanity"] = _structs([[hit._asdict() for hit in found.spans] for found in profane], "profanity")
    columns["softening"] = _structs([[edit._asdict() for edit in found.edits] for found in profane], "softening")
    columns["contamination"] = _structs(
        [[{"start": start, "end": end} for start, end in spans] for spans, _ in overlaps], "contamination"
    )
    columns["text_hash"] = pa.array(hashes, pa.string())
    columns["signature"] = pa.array(signatures, pa.binary())
    return pa.RecordBatch.from_arrays([columns[name] for name in ANNOTATIONS.names], schema=ANNOTATIONS)


def unannotated(documents: pa.RecordBatch, fault: Fault) -> pa.RecordBatch:
    """Annotations of documents that no engine survives: identity and fault, everything else empty."""
    rows = documents.num_rows
    columns = {name: documents[name] for name in _COPIED}
    columns["defect"] = pa.array([fault.value] * rows, pa.string())
    columns["bytes"] = pa.array([len((text or "").encode()) for text in documents["text"].to_pylist()], pa.int64())
    return pa.RecordBatch.from_arrays(
        [columns[field.name] if field.name in columns else pa.nulls(rows, field.type) for field in ANNOTATIONS],
        schema=ANNOTATIONS,
    )


def _structs(rows: list[list[dict]], name: str) -> pa.Array:
    return pa.array(rows, ANNOTATIONS.field(name).type)
