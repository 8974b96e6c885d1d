"""JSON Lines of documents: a text field, or an HTML field where there is no text; a blog export is one of these."""

from collections.abc import Iterator

from malmoi.contracts.reasons import Fault
from malmoi.contracts.recipe.sections import Ingest, Source
from malmoi.sources.fields import kind_of, moment_of, text_of
from malmoi.sources.lines import json_lines
from malmoi.sources.records import BadRecord, Origin, RawPage, Record


def read_jsonl(path: str, name: str, source: Source, limits: Ingest) -> Iterator[Record]:
    """One page a line."""
    for found in json_lines(path, name, limits.max_record_mib << 20):
        yield found if isinstance(found, BadRecord) else page_of(found[1], found[0], source)


def page_of(record: dict, origin: Origin, source: Source) -> RawPage | BadRecord:
    """A mapping with ``source.text_field`` or ``source.html_field`` as a page."""
    text = record.get(source.text_field)
    html = record.get(source.html_field)
    if not isinstance(text, str) and not isinstance(html, str):
        detail = f"neither {source.text_field!r} nor {source.html_field!r} holds text"
        return BadRecord(origin, Fault.MISSING_FIELD, detail, origin.length)
    return RawPage(
        origin,
        origin.length,
        url=text_of(record, "url", "link", "uri"),
        text=text if isinstance(text, str) else None,
        html=None if isinstance(text, str) else html,
        title=text_of(record, "title", "subject"),
        author=text_of(record, "author", "writer", "nickname"),
        published_at=text_of(record, "published_at", "date", "pubDate", "created_at") or None,
        fetched_at=moment_of(record, "fetched_at", "crawled_at"),
        license=text_of(record, "license", "licence"),
        section=text_of(record, "section", "category"),
        kind=kind_of(record),
    )
