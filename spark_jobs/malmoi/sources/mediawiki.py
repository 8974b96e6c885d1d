"""MediaWiki dumps (pages-articles.xml, also bz2 and gz): one encyclopedia article a page."""

from collections.abc import Iterator
from urllib.parse import quote
from xml.etree.ElementTree import Element

from malmoi.contracts.reasons import Reason
from malmoi.contracts.recipe.sections import Ingest
from malmoi.sources.records import BadRecord, RawPage, Record, SkippedRecord
from malmoi.sources.wikitext import to_markdown
from malmoi.sources.xmlstream import elements

_REDIRECT = ("#redirect", "#넘겨주기")
_DEFAULT_BASE = "https://ko.wikipedia.org/wiki/"


def read_mediawiki(path: str, name: str, limits: Ingest) -> Iterator[Record]:
    """Articles (namespace 0) as pages; other namespaces and redirects are skipped."""
    base = _DEFAULT_BASE
    for found in elements(path, name, ("siteinfo", "page"), limits.max_record_mib << 20):
        if isinstance(found, BadRecord):
            yield found
            continue
        origin, element = found
        if element.tag.endswith("siteinfo"):
            base = _base(element) or base
            continue
        title, text = _find(element, "title"), _find(element, "text")
        if _find(element, "ns") not in ("", "0") or text.lstrip().lower().startswith(_REDIRECT):
            yield SkippedRecord(origin, Reason.NOT_HTML, origin.length)
            continue
        yield RawPage(
            origin,
            origin.length,
            url=base + quote(title.replace(" ", "_")),
            text=to_markdown(text),
            title=title,
            published_at=_find(element, "timestamp") or None,
            kind="encyclopedia",
        )


def _find(element: Element, local: str) -> str:
    found = next((e for e in element.iter() if e.tag.rsplit("}", 1)[-1] == local), None)
    return (found.text or "").strip() if found is not None else ""


def _base(siteinfo: Element) -> str:
    """The wiki's address of articles, from the address of its front page."""
    page = _find(siteinfo, "base")
    return page.rsplit("/", 1)[0] + "/" if "/" in page else ""
