"""What a page says about itself: JSON-LD, Open Graph, microdata and <meta>, in that order; the page's text comes last."""

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from malmoi.contracts.optout import is_reserved, robots_signals
from malmoi.text.html.dates import parse_date
from malmoi.text.html.nodes import Element, described

MAX_JSON_LD = 512 * 1024

KIND_OF_TYPE = {
    "NewsArticle": "article",
    "ReportageNewsArticle": "article",
    "AnalysisNewsArticle": "article",
    "OpinionNewsArticle": "article",
    "BlogPosting": "post",
    "QAPage": "qa",
    "DiscussionForumPosting": "thread",
}
_ARTICLE_TYPES = (
    *KIND_OF_TYPE,
    "Article",
    "TechArticle",
    "ScholarlyArticle",
    "WebPage",
    "Question",
    "Review",
    "Recipe",
)

_CREATIVE_COMMONS = re.compile(
    r"creativecommons\.org/(?:licenses/(?P<terms>by(?:-nc)?(?:-sa|-nd)?)/(?P<version>\d\.\d)|publicdomain/(?P<public>zero|mark)/)",
    re.I,
)
_KOGL = re.compile(r"공공누리\s*(?:\(KOGL\))?\s*제?\s*([1-4])\s*유형|kogl\.or\.kr/info/licenseType([1-4])", re.I)


@dataclass
class Facts:
    """Metadata as found, not yet weighed. ``meta`` maps lower-case names to the first value."""

    meta: dict[str, str] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)  # microdata
    links: dict[str, str] = field(default_factory=dict)
    data: list[dict] = field(default_factory=list)  # JSON-LD nodes
    title: str = ""
    times: list[str] = field(default_factory=list)
    license_link: str = ""
    language: str = ""

    def value(self, *names: str) -> str:
        """The first of these <meta> values that is there."""
        return next((self.meta[name] for name in names if self.meta.get(name)), "")

    def article(self) -> dict:
        """The JSON-LD node that describes the page's text."""
        for wanted in _ARTICLE_TYPES:
            for node in self.data:
                if wanted in types_of(node):
                    return node
        return {}


def gather(tree: LexborHTMLParser) -> Facts:
    """One walk over the page."""
    facts = Facts()
    root = tree.root
    if root is not None:
        facts.language = (root.attributes.get("lang") or root.attributes.get("xml:lang") or "").strip()
    for element in described(tree):
        _take(facts, element, element.tag)
    return facts


def _take(facts: Facts, element: Element, tag: str) -> None:
    attributes = element.attributes
    if tag == "meta":
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        content = (attributes.get("content") or "").strip()
        if name and content:
            facts.meta.setdefault(name.strip().lower(), content)
    elif tag == "title":
        facts.title = facts.title or one_line(element.text())
    elif tag == "script":
        _take_json(facts, element.text())
    elif tag == "time":
        facts.times.append(attributes.get("datetime") or one_line(element.text())[:80])
    else:
        _take_link(facts, attributes)
    item = attributes.get("itemprop")
    if (
        item in _ITEMS
        and tag not in ("meta", "link")
        and item.lower() not in facts.items
        and not element.is_within("comment")
    ):
        facts.items[item.lower()] = (
            attributes.get("datetime") or attributes.get("content") or one_line(element.text())[:300]
        )


_ITEMS = frozenset(("headline", "name", "datePublished", "dateModified", "author", "articleSection", "publisher"))


def _take_link(facts: Facts, attributes: dict) -> None:
    href = (attributes.get("href") or "").strip()
    rel = (attributes.get("rel") or "").lower()
    if not href:
        return
    if "license" in rel.split() or _CREATIVE_COMMONS.search(href):
        facts.license_link = facts.license_link or href
    elif rel:
        facts.links.setdefault(rel, href)


def _take_json(facts: Facts, text: str) -> None:
    if len(text) > MAX_JSON_LD:
        return
    try:
        found = json.loads(text.strip().removesuffix(";"), strict=False)
    except (ValueError, RecursionError):
        return
    queue: list[Any] = [found]
    while queue and len(facts.data) < 50:
        node = queue.pop(0)
        if isinstance(node, list):
            queue.extend(node[:50])
        elif isinstance(node, dict):
            facts.data.append(node)
            queue.extend(
                node[key]
                for key in ("@graph", "mainEntity", "mainEntityOfPage")
                if isinstance(node.get(key), list | dict)
            )


def types_of(node: dict) -> list[str]:
    """The @type of a JSON-LD node as a list."""
    found = node.get("@type")
    return [t for t in (found if isinstance(found, list) else [found]) if isinstance(t, str)]


def name_in(value: Any) -> str:
    """A person or organisation of JSON-LD as plain text."""
    if isinstance(value, list):
        return next((name for name in map(name_in, value) if name), "")
    if isinstance(value, dict):
        return name_in(value.get("name"))
    return one_line(value) if isinstance(value, str) else ""


def one_line(text: str | None) -> str:
    """White space collapsed."""
    return " ".join((text or "").split())


def published(facts: Facts) -> datetime | None:
    """When the page says that it was published."""
    article = facts.article()
    for text in (
        name_in(article.get("datePublished")),
        facts.value("article:published_time", "og:article:published_time", "article:published", "datepublished"),
        facts.items.get("datepublished"),
        facts.value(
            "date",
            "pubdate",
            "dc.date",
            "dc.date.issued",
            "dcterms.created",
            "publishdate",
            "parsely-pub-date",
            "og:regdate",
        ),
    ):
        moment = parse_date(text)
        if moment:
            return moment
    return None


def modified(facts: Facts) -> datetime | None:
    """When the page says that it was changed."""
    article = facts.article()
    for text in (
        name_in(article.get("dateModified")),
        facts.value("article:modified_time", "og:updated_time", "datemodified", "last-modified"),
        facts.items.get("datemodified"),
    ):
        moment = parse_date(text)
        if moment:
            return moment
    return None


def author(facts: Facts) -> str:
    """The author's name as the page states it; the caller hashes it."""
    found = name_in(facts.article().get("author")) or facts.value(
        "author", "article:author", "dable:author", "og:article:author", "byl"
    )
    found = found or facts.items.get("author", "")
    return "" if "://" in found else one_line(found)[:200]


def section(facts: Facts) -> str:
    """The section or category that the page states."""
    found = facts.value("article:section", "og:article:section") or name_in(facts.article().get("articleSection"))
    return found or facts.items.get("articlesection", "")


def license_of(facts: Facts) -> str:
    """``CC-BY-SA-4.0`` and the like, ``KOGL-1`` to ``KOGL-4``, or the address of another licence; empty where none."""
    stated = facts.article().get("license")
    for text in (
        facts.license_link,
        stated if isinstance(stated, str) else "",
        facts.value("dc.rights", "license", "copyright"),
    ):
        found = license_name(text)
        if found:
            return found
    return facts.license_link[:300] if facts.license_link.startswith("http") else ""


def license_name(text: str) -> str:
    """The short name of a Creative Commons or KOGL (공공누리) licence in a text."""
    found = _CREATIVE_COMMONS.search(text)
    if found:
        if found["public"]:
            return "CC0-1.0" if found["public"].lower() == "zero" else "PDM-1.0"
        return f"CC-{found['terms'].upper()}-{found['version']}"
    found = _KOGL.search(text)
    return f"KOGL-{found[1] or found[2]}" if found else ""


def opt_outs(facts: Facts) -> frozenset[str]:
    """The page's signals against training (``contracts/optout.py``)."""
    reserved = {"tdm"} if is_reserved(facts.value("tdm-reservation")) else set()
    return frozenset(robots_signals(facts.value("robots")) | reserved)


def kind_of(facts: Facts, default: str) -> str:
    """The document kind that the page states, else the default."""
    for node in facts.data:
        for name in types_of(node):
            if name in KIND_OF_TYPE:
                return KIND_OF_TYPE[name]
    return "encyclopedia" if facts.value("generator").startswith("MediaWiki") else default


_EDGE = " -–—|:·»«/｜•~"
_SEPARATED = re.compile(r"\s+[-–—|:·»«/•]\s+|\s*[|｜]\s*")


def title_of(facts: Facts, headings: list[str]) -> str:
    """The page's title without the site's name. ``headings`` are the page's headings near the text, best first."""
    stated = [one_line(name_in(facts.article().get("headline"))), facts.value("og:title", "twitter:title"), facts.title]
    stated = [text for text in map(one_line, stated) if text]
    for heading in headings:
        if heading in stated:
            return heading
    for heading in sorted(headings, key=len, reverse=True):
        if any(_starts(text, heading) for text in stated) and heading not in site_names(facts):
            return heading
    if not stated:
        return headings[0] if headings else ""
    return _without_site(stated[0], facts)


def site_names(facts: Facts) -> list[str]:
    """What the page calls its site."""
    names = [facts.value("og:site_name", "application-name"), name_in(facts.article().get("publisher"))]
    return [name for name in map(one_line, names) if name]


def _starts(text: str, heading: str) -> bool:
    """Whether the text is the heading, a separator, and something more (the site's name)."""
    return len(heading) > 1 and text.startswith(heading) and text[len(heading) :].lstrip(" ")[:1] in _EDGE + "("


def _without_site(title: str, facts: Facts) -> str:
    for name in site_names(facts):
        if title.endswith(name) and len(title) > len(name):
            return title[: -len(name)].rstrip(_EDGE) or title
        if title.startswith(name) and title[len(name) :].lstrip()[:1] in tuple(_EDGE.strip()):
            return title[len(name) :].strip(_EDGE) or title
    og, plain = one_line(facts.value("og:title")), facts.title
    if og and plain and og != plain and plain.startswith(og):
        return og
    parts = _SEPARATED.split(title)
    if len(parts) == 2 and len(parts[1]) < len(parts[0]):
        return parts[0]
    return title
