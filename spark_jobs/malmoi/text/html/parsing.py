"""A page's bytes to the native parser's tree."""

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser

from malmoi.text.html.complexity import check
from malmoi.text.scan import encoded


def as_utf8(html: str | bytes) -> bytes:
    """A page in UTF-8."""
    return encoded(html) if isinstance(html, str) else html


def parse(html: str | bytes) -> LexborHTMLParser:
    """The native tree of a page, as text or in UTF-8. Raises TooComplex for one that would cost too much."""
    raw = as_utf8(html)
    check(raw)
    return LexborHTMLParser(raw, options=LexborDocumentOptions.WO_EVENTS)
