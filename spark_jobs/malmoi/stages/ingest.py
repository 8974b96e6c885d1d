"""Ingest: records of landing files to document rows. The first stage, and the only one that sees a page's markup.

Every record becomes exactly one item: a document, a quarantined record or a skipped one, each with the bytes of its
record, so that the caller's balance holds in records and in bytes.
"""

import gc
import hashlib
import hmac
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from malmoi.contracts.document import DOCUMENT, canonical_url, document_id, site_of
from malmoi.contracts.reasons import Fault, Reason
from malmoi.contracts.recipe import Recipe
from malmoi.contracts.recipe.sections import Ingest, Source
from malmoi.contracts.tables import BLOCKS
from malmoi.sources import BadRecord, RawPage, Record, SkippedRecord, read
from malmoi.stages.sites import Earlier, Sites
from malmoi.text import kin
from malmoi.text.charset import clean, decode
from malmoi.text.html import Page, SiteRules, TooComplex, extract, load_rules
from malmoi.text.html.dates import parse_date
from malmoi.text.mojibake import is_mojibake

AUTHOR_KEY_DIGITS = 32
_OBJECTS_BETWEEN_COLLECTIONS = 100_000


@dataclass(frozen=True, slots=True)
class Ingested:
    """One record's fate. Exactly one of ``document`` (a row of DOCUMENT), ``quarantine`` (a row of QUARANTINE) and
    ``skipped`` (a Reason) is set; ``raw_bytes`` are the record's; ``is_bounded`` as in ``text.html.Page``; ``page`` and
    ``blocks`` as in the table of blocks."""

    raw_bytes: int
    document: dict | None = None
    quarantine: dict | None = None
    skipped: Reason | None = None
    is_bounded: bool = True
    page: int | None = None
    blocks: bytes | None = None


def ingest(
    paths: list[str],
    root: str,
    batch: str,
    source_name: str,
    source: Source,
    recipe: Recipe,
    author_secret: bytes,
    is_poison: Callable[[int], bool] = lambda number: False,
    earlier: Earlier | None = None,
) -> Iterator[Ingested]:
    """Every record of the files, in their order. ``root`` is the landing folder that origins are relative to; ``earlier`` what
    the nights before know of blocks.

    ``is_poison`` is asked with the number of a page, counted from 0, before it is parsed; a page that it names goes to
    quarantine unparsed.
    """
    stage = _Ingest(batch, source_name, source, recipe, author_secret)
    limits = recipe.ingest
    with calm_collector():
        items = map(stage.take, _records(paths, root, source, limits, is_poison))
        sites = Sites(limits.max_green_pages, limits.max_yellow_pages, author_secret, earlier)
        yield from sites.without_shared_blocks(items)


def _records(
    paths: list[str], root: str, source: Source, limits: Ingest, is_poison: Callable[[int], bool]
) -> Iterator[Record]:
    number = 0
    for path in paths:
        for record in read(path, source, limits, os.path.relpath(path, root)):
            if isinstance(record, RawPage):
                if is_poison(number):
                    detail = "a worker died on it twice"
                    record = BadRecord(record.origin, Fault.ENGINE_CRASHED, detail, record.raw_bytes)
                number += 1
            yield record


@contextmanager
def calm_collector() -> Iterator[None]:
    """Looks for garbage less often. A page makes thousands of objects, hardly any of them in cycles, and with Python's
    own thresholds a seventh of the time goes into looking for those."""
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, before[1], before[2])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def documents_batch(rows: Iterable[dict]) -> pa.RecordBatch:
    """Document rows as Arrow, in the contract's schema."""
    return pa.RecordBatch.from_pylist(list(rows), schema=DOCUMENT)


def blocks_batch(items: Iterable[Ingested]) -> pa.RecordBatch:
    """The rows of the table of blocks that belong to documents, in the contract's schema."""
    rows = [
        {name: item.document[name] for name in ("batch", "source", "doc_id")}
        | {"page": item.page, "blocks": item.blocks}
        for item in items
        if item.document is not None
    ]
    return pa.RecordBatch.from_pylist(rows, schema=BLOCKS)


def site_rules(recipe: Recipe) -> SiteRules:
    """The rules file that the recipe names, beside the recipe."""
    return load_rules(Path(recipe.path).parent / recipe.ingest.site_rules)


def author_key(author: str, site: str, secret: bytes) -> str | None:
    """HMAC-SHA256 of site and name, 32 hexadecimal digits; None where no author is known."""
    name = " ".join(author.split())
    if not name:
        return None
    return hmac.new(secret, f"{site}\n{name}".encode(), hashlib.sha256).hexdigest()[:AUTHOR_KEY_DIGITS]


class _Ingest:
    def __init__(self, batch: str, source_name: str, source: Source, recipe: Recipe, author_secret: bytes):
        self._batch = batch
        self._name = source_name
        self._source = source
        self._limits: Ingest = recipe.ingest
        self._rules = site_rules(recipe)
        self._secret = author_secret

    def take(self, record: Record) -> Ingested:
        if isinstance(record, SkippedRecord):
            return Ingested(record.raw_bytes, skipped=record.reason)
        if isinstance(record, BadRecord):
            return self._quarantined(record)
        started = time.process_time()
        try:
            page, charset = self._parse(record)
        except TooComplex as error:
            return self._quarantined(BadRecord(record.origin, Fault.TOO_SLOW, str(error), record.raw_bytes))
        except Exception as error:  # a page is never worth a night: its class of failure goes to quarantine
            return self._quarantined(
                BadRecord(record.origin, Fault.PARSE_FAILED, type(error).__name__, record.raw_bytes)
            )
        seconds = time.process_time() - started
        if seconds > self._limits.max_page_seconds:
            return self._quarantined(BadRecord(record.origin, Fault.TOO_SLOW, f"{seconds:.0f} s", record.raw_bytes))
        return Ingested(record.raw_bytes, document=self._document(record, page, charset), is_bounded=page.is_bounded)

    def _quarantined(self, record: BadRecord) -> Ingested:
        row = {
            "batch": self._batch,
            "source": self._name,
            "stage": "ingest",
            "fault": str(record.fault),
            "file": record.origin.file,
            "offset": record.origin.offset,
            "length": record.origin.length,
            "detail": record.detail,
        }
        return Ingested(record.raw_bytes, quarantine=row)

    def _parse(self, record: RawPage) -> tuple[Page, str]:
        default = record.kind or self._source.kind
        if record.thread is not None:
            return self._thread(record, record.thread), "utf-8"
        if record.html is not None:
            return self._html(record, record.html, default)
        text = clean(record.text or "").strip()
        defect = Reason.MOJIBAKE if is_mojibake(text) else None
        return Page(
            text=text, kind=default, turns=list(record.turns), defect=defect or (None if text else Reason.EMPTY_TEXT)
        ), "utf-8"

    def _html(self, record: RawPage, source: bytes | str, default: str) -> tuple[Page, str]:
        html: str | bytes
        if isinstance(source, str):
            html, charset = clean(source), "utf-8"
        else:
            decoded = decode(source, record.charset)
            html, charset = decoded.utf8, decoded.charset
        return extract(html, record.url, self._rules, default, self._limits.min_answer_chars), charset

    def _thread(self, record: RawPage, thread: dict) -> Page:
        answers = [kin.Answer(clean(a["text"]), a["adopted"], a["expert"], a["votes"]) for a in thread["answers"]]
        qa = kin.pair(clean(record.title), clean(thread["question"]), answers, self._limits.min_answer_chars)
        text = kin.to_text(qa) if qa else clean(thread["question"]).strip() or clean(record.title)
        return Page(
            title=clean(kin.clean_title(record.title)),
            text=text,
            kind="qa",
            qa=qa,
            defect=None if qa else Reason.KIN_NO_ANSWER,
        )

    def _document(self, record: RawPage, page: Page, charset: str) -> dict:
        url = record.url
        site = site_of(url)
        text = page.text[: self._limits.max_text_chars + 1]  # one too many: the too_long rule sees it
        opted_out = (record.opt_outs | page.opt_outs).intersection(self._limits.opt_outs)
        defect = Reason.OPTED_OUT if opted_out else page.defect or (Reason.MOJIBAKE if is_mojibake(text) else None)
        return {
            "batch": self._batch,
            "source": self._name,
            "doc_id": document_id(url, text),
            "kind": page.kind,
            "url": canonical_url(url),
            "site": site,
            "title": page.title if record.thread else clean(record.title).strip() or page.title,
            "text": text,
            "author_key": author_key(record.author or page.author, site, self._secret),
            "published_at": parse_date(record.published_at) or page.published_at,
            "fetched_at": record.fetched_at,
            "charset": charset,
            "license": page.license or record.license or self._source.license or None,
            "section": page.section or record.section or None,
            "qa": page.qa,
            "turns": page.turns or None,
            "origin": {"file": record.origin.file, "offset": record.origin.offset, "length": record.origin.length},
            "defect": str(defect) if defect else None,
            "raw_bytes": record.raw_bytes,
        }
