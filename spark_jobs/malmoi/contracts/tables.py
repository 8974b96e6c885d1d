"""Schemas of the lake's tables, one place. All are partitioned by ``batch`` and ``source``.

A row is identified by ``batch, source, doc_id, origin``: the same page read twice in one night has one ``doc_id`` and
two origins. Spans are ``[start, end)`` in code points of the document's ``text``, where a column says nothing else.
"""

import pyarrow as pa

from malmoi.contracts.document import DOCUMENT, ORIGIN, QA, TURNS, UTC
from malmoi.contracts.signals import SIGNALS

SCHEMA_VERSION = 3
"""Raised with every change of a schema below. Columns may be added, at the end of a table or of a struct; older tables
get them as nulls when they are next written to, and older code refuses tables of a newer version."""

_ROW = [("batch", pa.string()), ("source", pa.string()), ("doc_id", pa.string()), ("origin", ORIGIN)]

PII_SPANS = pa.list_(
    pa.struct([("start", pa.int32()), ("end", pa.int32()), ("entity", pa.string()), ("score", pa.float32())])
)
PROFANITY_SPANS = pa.list_(
    pa.struct([("start", pa.int32()), ("end", pa.int32()), ("severity", pa.string()), ("lemma", pa.string())])
)
OVERLAPS = pa.list_(pa.struct([("start", pa.int32()), ("end", pa.int32())]))
EDITS = pa.list_(pa.struct([("start", pa.int32()), ("end", pa.int32()), ("replacement", pa.string())]))

ANNOTATIONS = pa.schema(
    [
        *_ROW,
        ("kind", pa.string()),
        ("site", pa.string()),
        ("published_at", UTC),
        ("defect", pa.string()),
        ("bytes", pa.int64()),  # UTF-8 bytes of the text
        ("language", pa.string()),  # ISO 639-1, or "und"
        ("language_score", pa.float64()),
        ("signals", pa.struct([(name, pa.float64()) for name in SIGNALS])),
        ("pii", PII_SPANS),
        ("profanity", PROFANITY_SPANS),
        ("softening", EDITS),  # what softening would change, ready to splice
        ("text_hash", pa.string()),  # BLAKE2b-128 of the normalised text: equal for exact duplicates
        ("signature", pa.binary()),  # MinHash, 112 little-endian uint32
        ("contamination", OVERLAPS),  # what evaluation sets hold as well; since version 2
        ("title_pii", PII_SPANS),  # spans of the title; since version 3
    ]
)

CLUSTERS = pa.schema(
    [
        *_ROW,
        ("cluster_id", pa.string()),  # doc_id of the member that stays
        ("cluster_size", pa.int32()),
        ("keep", pa.bool_()),
        ("method", pa.string()),  # single, page, exact, near
        ("duplicate_of", pa.string()),  # doc_id, null where keep
        ("duplicate_batch", pa.string()),  # the night of duplicate_of
        ("similarity", pa.float64()),  # estimated Jaccard, 1.0 for equal texts
    ]
)

DEDUP_INDEX = pa.schema(
    [
        ("batch", pa.string()),
        ("source", pa.string()),
        ("doc_id", pa.string()),
        ("text_hash", pa.string()),
        ("signature", pa.binary()),
    ]
)

BLOCKS = pa.schema(  # a row for every row of documents, in the same parts
    [
        ("batch", pa.string()),
        ("source", pa.string()),
        ("doc_id", pa.string()),
        ("page", pa.int64()),  # keyed hash of the address, null where the document is none of a site's plain pages
        ("blocks", pa.binary()),  # keyed hashes of site and block, ascending, little-endian int64
    ]
)

DECISIONS = pa.schema(
    [
        *_ROW,
        ("keep", pa.bool_()),
        ("reason", pa.string()),  # a Reason, null where keep
        ("value", pa.float64()),
        ("threshold", pa.float64()),
        ("profanity_action", pa.string()),  # keep, soften, drop_sentences, drop
        ("cluster_id", pa.string()),
        ("cluster_size", pa.int32()),
        ("duplicate_of", pa.string()),
        ("bytes", pa.int64()),
    ]
)

CLEAN = pa.schema(
    [
        ("batch", pa.string()),
        ("source", pa.string()),
        ("doc_id", pa.string()),
        ("kind", pa.string()),
        ("url", pa.string()),
        ("site", pa.string()),
        ("title", pa.string()),
        ("text", pa.string()),
        ("author_key", pa.string()),
        ("published_at", UTC),
        ("license", pa.string()),
        ("section", pa.string()),
        ("qa", QA),
        ("turns", TURNS),
        ("cluster_size", pa.int32()),
        ("pii_replaced", pa.int32()),
        ("softened", pa.int32()),
    ]
)

SHARDS = CLEAN

QUARANTINE = pa.schema(
    [
        ("batch", pa.string()),
        ("source", pa.string()),
        ("stage", pa.string()),
        ("fault", pa.string()),  # a Fault
        ("file", pa.string()),
        ("offset", pa.int64()),
        ("length", pa.int64()),
        ("detail", pa.string()),  # what went wrong, never text of the document
    ]
)

TOMBSTONES = pa.schema(
    [
        ("kind", pa.string()),  # url, host, author, document, text
        ("key", pa.string()),  # keyed hash of what was taken down
        ("receipt", pa.string()),
        ("created_at", UTC),
    ]
)

TABLES: dict[str, pa.Schema] = {
    "documents": DOCUMENT,
    "blocks": BLOCKS,
    "annotations": ANNOTATIONS,
    "clusters": CLUSTERS,
    "dedup_index": DEDUP_INDEX,
    "decisions": DECISIONS,
    "clean": CLEAN,
    "shards": SHARDS,
    "quarantine": QUARANTINE,
    "tombstones": TOMBSTONES,
}
