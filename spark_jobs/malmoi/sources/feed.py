"""RSS 2.0, RSS 1.0 and Atom files whose items carry the whole content (blog backups, full-text feeds)."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from malmoi.contracts.recipe.sections import Ingest
from malmoi.sources.records import BadRecord, RawPage, Record
from malmoi.sources.xmlstream import elements

_BODY = ("encoded", "content", "description", "summary")
_DATE = ("pubDate", "published", "date", "updated")


def read_feed(path: str, name: str, limits: Ingest) -> Iterator[Record]:
    """One page an item. The content is HTML; the longest of the item's bodies is taken."""
    for found in elements(path, name, ("item", "entry"), limits.max_record_mib << 20):
        if isinstance(found, BadRecord):
            yield found
            continue
        origin, item = found
        bodies = [_inner(child) for child in item if _local(child) in _BODY]
        yield RawPage(
            origin,
            origin.length,
            url=_link(item),
            html=max(bodies, key=len, default=""),
            title=_text(item, "title"),
            author=_text(item, "creator") or _text(item, "author"),
            published_at=next((text for text in (_text(item, tag) for tag in _DATE) if text), None),
            section=_text(item, "category"),
            license=_text(item, "rights"),
        )


def _local(element: Element) -> str:
    return element.tag.rsplit("}", 1)[-1]


def _text(item: Element, local: str) -> str:
    for child in item:
        if _local(child) == local:
            text = " ".join("".join(child.itertext()).split()) or child.get("term", "")
            if text:
                return text
    return ""


def _inner(element: Element) -> str:
    """Markup of the element: escaped text as RSS has it, or the XHTML of Atom."""
    if len(element) == 0:
        return element.text or ""
    from xml.etree.ElementTree import tostring

    return "".join(tostring(child, encoding="unicode") for child in element).replace("html:", "").replace("ns0:", "")


def _link(item: Element) -> str:
    for child in item:
        if _local(child) == "link" and child.get("rel", "alternate") == "alternate":
            address = (child.get("href") or child.text or "").strip()
            if address:
                return address
    return _text(item, "guid") or _text(item, "id")
