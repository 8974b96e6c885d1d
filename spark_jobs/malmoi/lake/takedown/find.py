"""Which documents a request names: a scan over the documents of every night, dropped ones included."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from malmoi.contracts.document import canonical_url
from malmoi.contracts.paths import Lake
from malmoi.lake.read import DataFile, files
from malmoi.lake.takedown.request import Request
from malmoi.lake.takedown.tombstones import hosts
from malmoi.stages.parts import aligned_batches
from malmoi.text.minhash import normalise

SAME_TEXT = "same_text"
"""Why a copy of a document in the corpus goes with it."""

_COLUMNS = ["doc_id", "url", "site", "author_key", "origin"]


@dataclass(frozen=True, order=True)
class Hit:
    """One row of the documents table. ``kept``: it is in the corpus. ``why``: the request's kind, or SAME_TEXT."""

    batch: str
    source: str
    part: int
    doc_id: str
    url: str
    kept: bool
    why: str
    file: str
    offset: int
    text_hash: str


def find(lake: Lake, requests: Sequence[Request]) -> tuple[list[Hit], set[Request]]:
    """Hits in order of night, source, part and id, copies of kept hits included; and the requests that were met."""
    met: set[Request] = set()
    named = sorted(hit for night in _parts(lake) for hit in _named(night, requests, met))
    hashes = {hit.text_hash for hit in named if hit.kept and hit.text_hash}
    known = {(hit.batch, hit.source, hit.doc_id) for hit in named}
    copies = [
        hit
        for night in _parts(lake)
        for hit in _copies(night, hashes)
        if (hit.batch, hit.source, hit.doc_id) not in known
    ]
    return sorted({*named, *copies}), met


@dataclass(frozen=True)
class _Part:
    """One part of a night, and the files that lie beside it where their stages have run."""

    documents: DataFile
    annotations: str | None
    decisions: str | None


def _parts(lake: Lake) -> Iterator[_Part]:
    beside = {
        table: {(file.batch, file.source, file.part): file.path for file in files(lake, table)}
        for table in ("annotations", "decisions")
    }
    for file in files(lake, "documents"):
        place = (file.batch, file.source, file.part)
        yield _Part(file, beside["annotations"].get(place), beside["decisions"].get(place))


def _rows(part: _Part, columns: list[str]) -> Iterator[tuple[pa.RecordBatch, list[str | None], list[bool]]]:
    """Batches of documents with each row's text hash and whether it is kept."""
    wanted = [(part.documents.path, columns)]
    for path, beside in ((part.annotations, ["text_hash"]), (part.decisions, ["keep"])):
        if path:
            wanted.append((path, beside))
    for rows, *others in aligned_batches(*wanted):
        found = {name: batch[name].to_pylist() for batch in others for name in batch.schema.names}
        count = rows.num_rows
        yield rows, found.get("text_hash", [None] * count), found.get("keep", [False] * count)


def _named(part: _Part, requests: Sequence[Request], met: set[Request]) -> Iterator[Hit]:
    reads_text = any(request.kind == "text" for request in requests)
    for rows, hashes, keeps in _rows(part, [*_COLUMNS, "text"] if reads_text else _COLUMNS):
        for row, text_hash, kept in zip(rows.to_pylist(), hashes, keeps, strict=True):
            meets = _Sought(row, reads_text)
            found = [request for request in requests if meets(request)]
            if found:
                met.update(found)
                yield _hit(part, row, text_hash, kept, found[0].kind)


class _Sought:
    """What of one document requests may name, each computed once."""

    def __init__(self, row: dict, reads_text: bool):
        self._values = {
            "document": {row["doc_id"]},
            "url": {canonical_url(row["url"] or "")},
            "host": set(hosts(row["site"] or "")),
            "author": {row["author_key"]},
        }
        self._text = normalise(row["text"] or "") if reads_text else ""

    def __call__(self, request: Request) -> bool:
        return request.value in (self._text if request.kind == "text" else self._values[request.kind])


def _copies(part: _Part, hashes: set[str]) -> Iterator[Hit]:
    if not hashes or part.annotations is None:
        return
    for rows, found, keeps in _rows(part, _COLUMNS):
        if hashes.isdisjoint(found):
            continue
        for row, text_hash, kept in zip(rows.to_pylist(), found, keeps, strict=True):
            if text_hash in hashes:
                yield _hit(part, row, text_hash, kept, SAME_TEXT)


def _hit(part: _Part, row: dict, text_hash: str | None, kept: bool, why: str) -> Hit:
    origin = row["origin"] or {"file": "", "offset": 0}
    place = (part.documents.batch, part.documents.source, part.documents.part)
    return Hit(*place, row["doc_id"], row["url"] or "", kept, why, origin["file"], origin["offset"], text_hash or "")
