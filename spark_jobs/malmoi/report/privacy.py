"""What was found of personal data in the documents that stay: counts by entity and source, and a few masked contexts.

A context shows where something stood and never what: every span in it is written as its tag whatever the recipe's policy
is, and around them digits are shown as 0 and words with an @ as ``@``, in case a value was missed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from malmoi.contracts.manifest import StageManifest
from malmoi.contracts.paths import Lake, part_of
from malmoi.contracts.recipe.privacy import ENTITIES
from malmoi.lake import history
from malmoi.stages.parts import aligned_batches, read_batches

CONTEXTS = 3
"""Contexts of each entity that are shown."""
_AROUND = 30
"""Code points on either side of a tag in a context."""
_AT = re.compile(r"[^\s<>]*[@＠][^\s<>]*")
_DIGIT = re.compile(r"\d")


class Found(NamedTuple):
    """Spans of one entity, and the documents that hold one."""

    spans: int = 0
    documents: int = 0


@dataclass(frozen=True)
class PrivacyReport:
    """``counts``: source -> entity -> Found, over the texts of documents that stay. ``contexts``: entity -> masked
    passages of these, of the documents with the smallest ids: the same for the same night."""

    counts: Mapping[str, Mapping[str, Found]] = field(default_factory=dict)
    contexts: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def entities(self) -> list[str]:
        """Entities that were found, in the order of the recipe."""
        return [entity for entity in ENTITIES if any(entity in found for found in self.counts.values())]


class _Place(NamedTuple):
    """A span that may be shown; ``row`` of the part at ``path``. Document ids are hashes, so their order is random."""

    doc_id: str
    start: int
    path: str
    row: int


def privacy(lake: Lake, batch: str) -> PrivacyReport:
    """Reads the night's annotations, and the texts of the few documents that are shown."""
    tables = {name: history.manifests(lake, name, batch) for name in ("documents", "annotations", "decisions")}
    counts: dict[str, dict[str, Found]] = {}
    chosen: dict[str, list[_Place]] = {}
    beside: dict[str, str] = {}
    for source in sorted(set.intersection(*map(set, tables.values()))):
        counts[source] = {}
        for documents, annotations, decisions in _parts(lake, [by_source[source] for by_source in tables.values()]):
            beside[documents] = annotations
            first = 0
            for rows, ruled in aligned_batches((annotations, ["doc_id", "pii"]), (decisions, ["keep"])):
                spans = _spans(rows, ruled["keep"])
                _count(counts[source], spans)
                _choose(chosen, spans, documents, first)
                first += rows.num_rows
    return PrivacyReport(counts, _contexts(chosen, beside))


def masked(text: str, spans: Sequence[Mapping], start: int) -> str:
    """The surroundings of the span that begins at ``start``, on one line, without any value."""
    before, behind = "", ""
    done = 0
    for span in sorted(spans, key=lambda span: span["start"]):
        piece = _plain(text[done : span["start"]]) + f"<{ENTITIES[span['entity']]}>"
        if span["start"] <= start:
            before += piece
        else:
            behind += piece
        done = span["end"]
    behind += _plain(text[done:])
    tag = before.rfind("<")
    return " ".join(f"{before[max(0, tag - _AROUND) : tag]}{before[tag:]}{behind[:_AROUND]}".split())


def _plain(text: str) -> str:
    return _DIGIT.sub("0", _AT.sub("@", text)).replace("<", "(").replace(">", ")")


def _parts(lake: Lake, manifests: Sequence[StageManifest]) -> Iterator[tuple[str, ...]]:
    """Paths of the parts that lie side by side."""
    found = [{part_of(file.path): lake.join(file.path) for file in manifest.files} for manifest in manifests]
    for part in sorted(set.intersection(*map(set, found))):
        yield tuple(paths[part] for paths in found)


def _spans(rows: pa.RecordBatch, keep: pa.Array) -> pa.Table:
    """One row a span of the documents that stay."""
    lists = pc.if_else(keep, rows["pii"], pa.scalar(None, rows["pii"].type))
    of, spans = pc.list_parent_indices(lists), pc.list_flatten(lists)
    columns = [rows["doc_id"].take(of), pc.struct_field(spans, "start"), of, pc.struct_field(spans, "entity")]
    return pa.table(columns, names=["doc_id", "start", "row", "entity"])


def _count(counts: dict[str, Found], spans: pa.Table) -> None:
    grouped = spans.group_by("entity").aggregate([("row", "count"), ("row", "count_distinct")])
    for found in grouped.to_pylist():
        before = counts.get(found["entity"], Found())
        counts[found["entity"]] = Found(
            before.spans + found["row_count"], before.documents + found["row_count_distinct"]
        )


def _choose(chosen: dict[str, list[_Place]], spans: pa.Table, path: str, first: int) -> None:
    for entity in spans["entity"].unique().to_pylist():
        mine = spans.filter(pc.equal(spans["entity"], entity)).sort_by(
            [("doc_id", "ascending"), ("start", "ascending")]
        )
        places = [_Place(s["doc_id"], s["start"], path, first + s["row"]) for s in mine.slice(0, CONTEXTS).to_pylist()]
        chosen[entity] = sorted([*chosen.get(entity, ()), *places])[:CONTEXTS]


def _contexts(chosen: Mapping[str, Sequence[_Place]], beside: Mapping[str, str]) -> dict[str, list[str]]:
    rows: dict[str, set[int]] = {}
    for places in chosen.values():
        for place in places:
            rows.setdefault(place.path, set()).add(place.row)
    texts = {path: _rows(path, "text", wanted) for path, wanted in rows.items()}
    spans = {path: _rows(beside[path], "pii", wanted) for path, wanted in rows.items()}
    return {
        entity: [masked(texts[p.path][p.row], spans[p.path][p.row], p.start) for p in places]
        for entity, places in sorted(chosen.items())
    }


def _rows(path: str, column: str, wanted: set[int]) -> dict[int, Any]:
    """Some rows of one column of a part."""
    found, first = {}, 0
    for batch in read_batches(path, [column]):
        for row in sorted(row for row in wanted if first <= row < first + batch.num_rows):
            found[row] = batch[column][row - first].as_py()
        first += batch.num_rows
    return found
