"""One page of HTML to main text and metadata."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple, cast

from selectolax.lexbor import LexborHTMLParser, LexborNode

from malmoi.contracts.reasons import Reason
from malmoi.text import kin
from malmoi.text.charset import clean
from malmoi.text.dialogue import find_dialogue
from malmoi.text.html import metadata
from malmoi.text.html.comments import turns_of
from malmoi.text.html.dates import parse_date
from malmoi.text.html.fragments import first_node, first_text
from malmoi.text.html.language import language_of
from malmoi.text.html.markdown import Block, render, to_text
from malmoi.text.html.metadata import one_line
from malmoi.text.html.outline import Outline
from malmoi.text.html.parsing import as_utf8, parse
from malmoi.text.html.questions import thread_of
from malmoi.text.html.region import drop_chrome, find_region
from malmoi.text.html.rules import SiteRule, SiteRules
from malmoi.text.html.surroundings import date_near, headings_of
from malmoi.text.html.trim import trim

WHOLE_DIALOGUE = 0.8
"""Share of a text in turns from which the page itself is of kind dialogue."""

_DOCUMENT = re.compile(rb"<(?:!doctype|html|head|body)\b", re.IGNORECASE)
_INLINE_CODE = re.compile(r"`[^`\n]*`")


@dataclass(frozen=True)
class Page:
    """What a page yields. ``text`` is NFC in the Markdown subset, "" where no main content was found; ``author`` is the
    plain name, which the caller hashes; ``qa`` has the fields of ``contracts.document.QA``; ``turns`` are
    ``{"speaker", "text"}``; ``opt_outs`` the page's signals of ``contracts/optout.py``, which the caller weighs;
    ``is_bounded``: the markup or a site rule says where the text begins and ends."""

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
    opt_outs: frozenset[str] = frozenset()
    is_bounded: bool = True
    defect: Reason | None = None


def extract(
    html: str | bytes,
    url: str,
    rules: SiteRules,
    default_kind: str = "page",
    min_answer_chars: int = kin.MIN_ANSWER_CHARS,
) -> Page:
    """Main content and metadata; on question pages the best answer of at least ``min_answer_chars``. ``html`` is clean
    (``text.charset``), as text or in UTF-8.

    Raises TooComplex for a page that would cost too much to parse.
    """
    raw = as_utf8(html)
    tree = parse(raw)
    rule = rules.find(url, raw)
    facts = metadata.gather(tree)
    kind = (rule.kind if rule else "") or metadata.kind_of(facts, default_kind)
    author = (first_text(tree, rule.author) if rule else "") or metadata.author(facts)
    thread = thread_of(tree, rule, facts) if kind == "qa" else None
    date = parse_date(first_text(tree, rule.date)) if rule else None
    section = first_text(tree, rule.section) if rule else ""
    found = content_of(tree, rule, facts, raw)
    around = found.around
    page = Page(
        title=clean(found.title),
        text=clean(to_text(found.blocks)).strip(),
        kind=kind,
        published_at=date or metadata.published(facts) or date_near(facts, *around),
        modified_at=metadata.modified(facts),
        author=clean(author),
        license=metadata.license_of(facts),
        section=clean(section or metadata.section(facts)),
        site_name=clean(one_line(facts.value("og:site_name", "application-name"))),
        canonical_url=facts.links.get("canonical") or facts.value("og:url"),
        language=language_of(_prose(found.blocks), facts.language),
        opt_outs=metadata.opt_outs(facts),
        is_bounded=found.is_bounded,
    )
    if thread is not None:
        return _with_answer(page, *thread, min_answer_chars)
    return _with_turns(page, turns_of(tree, rule, facts, around[0], author, page.text))


class Content(NamedTuple):
    """Where a page's text was found. ``region`` is its node in ``outline``, ``around`` an outline and a node near which
    title and date stand, ``rendered`` the region's blocks and ``blocks`` those without furniture."""

    outline: Outline
    region: int
    is_bounded: bool
    around: tuple[Outline, int]
    title: str
    rendered: list[Block]
    blocks: list[Block]


def content_of(tree: LexborHTMLParser, rule: SiteRule | None, facts: metadata.Facts, html: bytes) -> Content:
    """The blocks of the main content, and the title that belongs to them."""
    is_fragment = not _DOCUMENT.search(html, 0, 5_000)
    outline, region, is_bounded = _region(tree, rule, is_fragment)
    around = (outline, region) if region else _surroundings(tree, outline)
    headings = [] if is_fragment else headings_of(*around)  # a fragment's headings are all its own
    stated_title = first_text(tree, rule.title) if rule else ""
    title = stated_title or metadata.title_of(facts, headings)
    rendered = render(outline, region)
    return Content(outline, region, is_bounded, around, title, rendered, trim(rendered, title))


def _with_answer(page: Page, question: str, answers: list[kin.Answer], min_answer_chars: int) -> Page:
    qa = kin.pair(page.title, question, answers, min_answer_chars)
    if qa is None:
        return replace(page, text=kin.clean_question(question), defect=Reason.KIN_NO_ANSWER)
    text = kin.to_text(qa)
    return replace(page, title=kin.clean_title(page.title), text=text, qa=qa, language=language_of(text))


def _with_turns(page: Page, turns: list[dict]) -> Page:
    """Comments make a thread's turns; else a dialogue in the text does, and a page that is nothing but one says so."""
    if not page.text:
        return replace(page, defect=Reason.EMPTY_TEXT)
    if turns:
        return replace(page, turns=turns)
    dialogue = find_dialogue(page.text)
    if dialogue is None:
        return page
    whole = dialogue.coverage >= WHOLE_DIALOGUE and page.kind in ("page", "post")
    return replace(page, turns=dialogue.turns, kind="dialogue" if whole else page.kind)


def _surroundings(tree: LexborHTMLParser, outline: Outline) -> tuple[Outline, int]:
    """The whole page around a region that a site rule named, with its first heading as the place to look near."""
    if tree.body is None or tree.body.tag == outline.tags[0]:
        return outline, 0
    page = Outline(tree.body)
    return page, page.headings[0] if page.headings else 0


def _prose(blocks: list[Block]) -> str:
    """Text without code, whose words are of no language; all of it where there is nothing else."""
    prose = "\n".join([block.text for block in blocks if block.kind != "code"])
    if "`" in prose:
        prose = _INLINE_CODE.sub("", prose)
    return prose or "\n".join([block.text for block in blocks])


def _region(tree: LexborHTMLParser, rule: SiteRule | None, is_fragment: bool) -> tuple[Outline, int, bool]:
    """The outline, the node in it that holds the main content (the site rule's, else the found one), and whether rule or
    markup bound it."""
    if rule is not None:
        node = first_node(tree, rule.content)
        if node is not None:
            excluded = frozenset(part.mem_id for selector in rule.remove for part in tree.css(selector))
            outline = Outline(node, excluded)
            drop_chrome(outline)
            outline.settle()
            return outline, 0, True
    root = tree.body or tree.root
    if root is None:
        root = cast(LexborNode, parse("<p></p>").body)  # HTML parsing always makes a body
    outline = Outline(root)
    if is_fragment:  # the content of a feed or an export: all of it is text
        drop_chrome(outline)
        return outline, 0, True
    return outline, *find_region(outline)
