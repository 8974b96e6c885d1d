"""One page of HTML to main text and metadata."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from selectolax.lexbor import LexborHTMLParser, LexborNode

from malmoi.contracts.reasons import Reason
from malmoi.text.charset import clean
from malmoi.text.html import metadata
from malmoi.text.html.cues import is_metadata_line
from malmoi.text.html.dates import parse_date
from malmoi.text.html.language import language_of
from malmoi.text.html.markdown import Block, plain_text, render, to_text
from malmoi.text.html.metadata import Facts, one_line
from malmoi.text.html.outline import Outline, parse
from malmoi.text.html.region import drop_chrome, find_region
from malmoi.text.html.rules import SiteRule, SiteRules
from malmoi.text.html.trim import trim


@dataclass(frozen=True)
class Page:
    """What a page yields. ``text`` is NFC in the Markdown subset, "" where no main content was found; ``author`` is the
    plain name, which the caller hashes; ``qa`` has the fields of ``contracts.document.QA``; ``turns`` are
    ``{"speaker", "text"}``."""

    title: str = ""
    text: str = ""
    kind: str = "page"
    published_at: datetime | None = None
    modified_at: datetime | None = None
    author: str = ""
    license: str = ""
    section: str = ""
    site_name: str = ""
    canonical_url: str = ""
    language: str = "und"
    qa: dict | None = None
    turns: list[dict] = field(default_factory=list)
    defect: Reason | None = None


def extract(html: str, url: str, rules: SiteRules, default_kind: str = "page") -> Page:
    """Main content and metadata. Raises TooComplex for a page with more nodes than the cap."""
    tree = parse(html)
    rule = rules.find(url, html)
    facts = metadata.gather(tree)
    outline, region = _region(tree, rule)
    title = _selected(tree, rule.title if rule else ()) or metadata.title_of(facts, _headings(outline, region))
    blocks = trim(render(outline, region), title)
    text = clean(to_text(blocks)).strip()
    return Page(
        title=clean(title),
        text=text,
        kind=(rule.kind if rule else "") or metadata.kind_of(facts, default_kind),
        published_at=_published(tree, rule, facts, outline, region),
        modified_at=metadata.modified(facts),
        author=clean(_selected(tree, rule.author if rule else ()) or metadata.author(facts)),
        license=metadata.license_of(facts),
        section=clean(_section(tree, rule, facts)),
        site_name=clean(one_line(facts.value("og:site_name", "application-name"))),
        canonical_url=facts.links.get("canonical") or facts.value("og:url"),
        language=language_of(_prose(blocks), facts.language),
        defect=None if text else Reason.EMPTY_TEXT,
    )


def _prose(blocks: list[Block]) -> str:
    """Text without code, whose words are of no language; all of it where there is nothing else."""
    prose = "\n".join(block.text for block in blocks if block.kind != "code")
    return _INLINE_CODE.sub("", prose) or "\n".join(block.text for block in blocks)


def _region(tree: LexborHTMLParser, rule: SiteRule | None) -> tuple[Outline, int]:
    """The outline, and the node in it that holds the main content: the site rule's, else the found one."""
    if rule is not None:
        for selector in rule.remove:
            for node in tree.css(selector):
                node.decompose()
        for selector in rule.content:
            node = tree.css_first(selector)
            if node is not None and node.text(strip=True):
                outline = Outline(node)
                drop_chrome(outline)
                outline.settle()
                return outline, 0
    root = tree.body or tree.root
    if root is None:
        root = parse("<p></p>").body
    outline = Outline(root)
    return outline, find_region(outline)


def _selected(tree: LexborHTMLParser, selectors: tuple[str, ...]) -> str:
    for selector in selectors:
        node: LexborNode | None = tree.css_first(selector)
        if node is not None:
            text = one_line(node.attributes.get("content") or node.text())
            if text:
                return text
    return ""


def _headings(outline: Outline, region: int) -> list[str]:
    """Heading texts, the likeliest title first: named "title", of the first level, close above the region. The site's
    own name, which links to its front page, is none."""
    found: list[tuple[int, int, str]] = []
    for node in outline.headings:
        text = one_line(plain_text(outline, node))
        if not text or len(text) > 300 or _links_home(outline, node):
            continue
        score = 3 if outline.tags[node] == "h1" else 1
        name = ((outline.attributes[node] or {}).get("class") or "").lower()
        score += 2 * ("title" in name or "subject" in name) + (len(text) > 4)
        found.append((-score, abs(node - region), text))
    return [text for _, _, text in sorted(found)]


def _links_home(outline: Outline, node: int) -> bool:
    for inner in range(node + 1, outline.ends[node]):
        if outline.tags[inner] == "a":
            href = ((outline.attributes[inner] or {}).get("href") or "").strip()
            path = href.split("://", 1)[-1].partition("/")[2] if "://" in href else href.lstrip("./")
            return not path and not href.startswith("#")
    return False


def _published(
    tree: LexborHTMLParser, rule: SiteRule | None, facts: Facts, outline: Outline, region: int
) -> datetime | None:
    moment = parse_date(_selected(tree, rule.date)) if rule else None
    return moment or metadata.published(facts) or _date_near(facts, outline, region)


_INLINE_CODE = re.compile(r"`[^`\n]*`")
_MODIFIED = re.compile(r"수정|변경|업데이트|갱신|updat|modif|edited", re.IGNORECASE)
_DATE_NAMES = ("date", "time", "publish", "posted", "regist", "created")


def _date_near(facts: Facts, outline: Outline, region: int) -> datetime | None:
    """A <time>; else the date in an element named so that is closest to the text's beginning; else a line of metadata
    above the text, among its first lines, or below it."""
    for text in facts.times[:1]:
        moment = parse_date(text)
        if moment:
            return moment
    named = [
        node
        for node, attributes in enumerate(outline.attributes)
        if attributes and any(name in (attributes.get("class") or "").lower() for name in _DATE_NAMES)
    ]
    for node in sorted(named, key=lambda node: abs(node - region))[:20]:
        text = one_line(plain_text(outline, node))
        moment = parse_date(text) if 6 <= len(text) <= 80 and not _says_modified(outline, node) else None
        if moment:
            return moment
    return _date_line(outline, region)


def _says_modified(outline: Outline, node: int) -> bool:
    """Whether the text in or right before an element calls its date one of a change."""
    before = next((outline.texts[i] for i in range(node - 1, max(-1, node - 6), -1) if outline.lengths[i]), "")
    return bool(_MODIFIED.search(before[-20:]) or _MODIFIED.search(plain_text(outline, node)[:20]))


def _date_line(outline: Outline, region: int) -> datetime | None:
    end = outline.ends[region]
    for start, stop in ((max(0, region - 200), min(len(outline), region + 60)), (end, min(len(outline), end + 60))):
        for node in range(start, stop):
            if not outline.tags[node] and 6 <= outline.lengths[node] <= 80:
                text = one_line(outline.texts[node])
                moment = parse_date(text) if is_metadata_line(text) else None
                if moment:
                    return moment
    return None


def _section(tree: LexborHTMLParser, rule: SiteRule | None, facts: Facts) -> str:
    found = _selected(tree, rule.section) if rule else ""
    found = found or facts.value("article:section", "og:article:section")
    return found or metadata.name_in(facts.article().get("articleSection")) or facts.items.get("articlesection", "")
