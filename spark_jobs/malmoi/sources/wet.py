"""WET files: the plain text that Common Crawl extracted, one conversion record a page."""

from collections.abc import Iterator

from fastwarc.warc import WarcRecord, WarcRecordType

from malmoi.contracts.reasons import Fault
from malmoi.contracts.recipe.sections import Ingest
from malmoi.sources.records import BadRecord, Origin, RawPage, Record
from malmoi.sources.warc import fetched_at, read_records, whole
from malmoi.text.charset import decode


def read_wet(path: str, name: str, limits: Ingest) -> Iterator[Record]:
    """One page a conversion record."""
    return read_records(path, name, lambda record, origin: _take(record, origin, limits))


def _take(record: WarcRecord, origin: Origin, limits: Ingest) -> Record | None:
    if record.record_type != WarcRecordType.conversion:
        return None
    size = record.content_length
    bad = whole(record, origin, limits)
    if bad is not None:
        return bad
    decoded = decode(record.reader.read(), "utf-8")
    if decoded.defect:
        return BadRecord(origin, Fault.UNDECODABLE, "a WET record holds UTF-8", size)
    return RawPage(
        origin,
        size,
        url=(record.headers.get("WARC-Target-URI") or "").strip("<> "),
        text=decoded.text,
        fetched_at=fetched_at(record),
    )
