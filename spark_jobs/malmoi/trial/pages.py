"""``malmoi try extract``: pages to main content and metadata, from landing files or JSON Lines of HTML."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from malmoi.contracts.recipe import Recipe
from malmoi.contracts.recipe.sections import Source

Row = dict[str, Any]
_KINDS = {
    ".warc": "warc",
    ".jsonl": "jsonl",
    ".html": "html",
    ".htm": "html",
    ".zip": "html",
    ".parquet": "parquet",
    ".xml": "mediawiki",
}


def from_file(path: Path, recipe: Recipe) -> Iterator[Row]:
    """Every page of a landing file; a record that cannot be read is ``{"url", "error"}``."""
    from malmoi.sources import BadRecord, RawPage, read

    endings = [suffix for suffix in path.suffixes if suffix in _KINDS]
    source = Source(type=_KINDS[endings[-1]] if endings else "warc")
    rules = _rules(recipe)
    for record in read(str(path), source, recipe.ingest):
        if isinstance(record, BadRecord):
            yield {"url": f"{record.origin.file}:{record.origin.offset}", "error": f"{record.fault}: {record.detail}"}
        elif isinstance(record, RawPage):
            yield _page(record.url, record.html, record.charset, record.text, rules)


class Html:
    """Rows ``{"id", "html"}`` (and ``url``) to pages."""

    def __init__(self, recipe: Recipe):
        self.recipe = recipe

    def __call__(self, rows: list[Row]) -> list[Row]:
        rules = _rules(self.recipe)
        return [{"id": row["id"], **_page(row.get("url", ""), row["html"], None, None, rules)} for row in rows]


def _rules(recipe: Recipe):
    from malmoi.stages.ingest import site_rules

    return site_rules(recipe)


def _page(url: str, html: bytes | str | None, declared: str | None, text: str | None, rules: Any) -> Row:
    from malmoi.text.charset import decode
    from malmoi.text.html import TooComplex, extract

    if html is None:
        return {
            "url": url,
            "title": "",
            "text": text or "",
            "kind": "page",
            "published_at": None,
            "author": "",
            "charset": "utf-8",
            "license": "",
        }
    charset = "utf-8"
    if isinstance(html, bytes):
        decoded = decode(html, declared)
        html, charset = decoded.utf8, decoded.charset
    try:
        page = extract(html, url, rules, "page")
    except TooComplex as error:
        return {"url": url, "error": str(error)}
    return {
        "url": url,
        "title": page.title,
        "text": page.text,
        "kind": page.kind,
        "published_at": page.published_at.isoformat() if page.published_at else None,
        "author": page.author,
        "charset": charset,
        "license": page.license,
    }
