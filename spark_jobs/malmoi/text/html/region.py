"""Which part of the page is the text: what surrounds an article is dropped, then the smallest block that holds nearly
all of the remaining prose is the region.

Prose is text outside links. Class words alone never remove a block that holds most of the page's prose, so that a page
whose <body> is called "sidebar-open" keeps its text.
"""

from itertools import accumulate

from malmoi.text.html import cues
from malmoi.text.html.outline import Outline

DOMINANT_SHARE = 0.5
"""A block with more than this share of the page's prose is not dropped for its class name."""
REGION_SHARE = 0.85
"""The region holds at least this share of the prose that is left after dropping."""
CANDIDATE_SHARE = 0.6
"""A block whose name says "article body" is the region with this share already."""
NESTED_SHARE = 0.7
"""A block named so inside another must hold this share of the other's prose to take its place."""
MENU_DENSITY = 0.8
MIN_MENU_LINKS = 4
MAX_MENU_LINK_CHARS = 12
"""A menu: at least four links of at most so many code points on average, and hardly any text besides."""

_MENU_TAGS = frozenset("ul ol dl div td table tr p section map center".split())
_CHROME_TAGS = frozenset(("nav", "footer", "aside"))
_CHROME_ROLES = frozenset(
    "navigation banner contentinfo complementary search dialog alertdialog menu menubar toolbar tablist".split()
)
_TELLING = frozenset(("hidden", "aria-hidden", "style", "role", "itemprop"))
_INLINE = frozenset("span a b i em strong small sub sup code kbd samp var u s mark font label time abbr cite q".split())
_CANDIDATE_TAGS = frozenset("article main div section td".split())


def find_region(outline: Outline) -> tuple[int, bool]:
    """Index of the region's root, and whether the page's markup names it. Marks what is dropped in ``outline``."""
    drop_chrome(outline)
    outline.settle()
    if outline.prose_length(0) < 0.1 * outline.raw_prose_length and outline.prose_length(0) < 200:
        outline.dropped = {node for node in outline.dropped if cues.says_comment(outline.attributes[node] or {})}
        outline.settle()  # nearly all was dropped, and not because a short post has many comments
    named = _candidate(outline)
    if named:
        return named, True
    drop_menus(outline)
    outline.settle()
    return _smallest(outline, 0), False


def drop_chrome(outline: Outline, start: int = 0) -> None:
    """Marks navigation, footers, comments, share boxes and hidden parts below a node."""
    total = max(1, outline.prose_length(start))
    end_of, tags, attributes = outline.end, outline.tags, outline.attributes
    node, end = start + 1, end_of(start)
    while node < end:
        tag = tags[node]
        if (
            tag
            and (tag in _CHROME_TAGS or attributes[node])
            and _is_chrome(outline, node, tag, attributes[node], total)
        ):
            outline.drop(node)
            node = end_of(node)
        else:
            node += 1


def drop_menus(outline: Outline) -> None:
    """Marks blocks of short links: the menus of pages whose markup names nothing. A list of references has longer
    links, and text around them."""
    anchors = [0, *accumulate(tag == "a" for tag in outline.tags)]
    node, end = 1, len(outline)
    while node < end:
        if node in outline.dropped:
            node = outline.end(node)
            continue
        if outline.tags[node] in _MENU_TAGS:
            count = anchors[outline.end(node)] - anchors[node]
            linked = outline.link_length(node)
            if (
                count >= MIN_MENU_LINKS
                and linked <= MAX_MENU_LINK_CHARS * count
                and linked >= MENU_DENSITY * outline.length(node)
            ):
                outline.drop(node)
                node = outline.end(node)
                continue
        node += 1


def _is_chrome(outline: Outline, node: int, tag: str, attributes: dict | None, total: int) -> bool:
    flags = 0
    if attributes:
        if not _TELLING.isdisjoint(attributes) and _says_chrome(attributes, tag):
            return outline.prose_length(node) < DOMINANT_SHARE * total
        flags = cues.meaning(attributes)
    if flags & (cues.HIDDEN | cues.GUTTER):
        return outline.prose_length(node) < DOMINANT_SHARE * total
    if flags & (cues.CONTENT | cues.CODE):
        return False
    if tag in _CHROME_TAGS:
        return _is_chrome_tag(outline, node, tag, total)
    return bool(flags & cues.CHROME) and tag not in _INLINE and outline.prose_length(node) < DOMINANT_SHARE * total


def _says_chrome(attributes: dict, tag: str) -> bool:
    """Whether attributes other than names say that an element is hidden or stands beside the text."""
    if "hidden" in attributes or attributes.get("aria-hidden") == "true" and tag != "a":
        return True
    style = attributes.get("style")
    if style and "none" in style and cues.hidden_by_style(style):
        return True
    return attributes.get("role") in _CHROME_ROLES or attributes.get("itemprop") == "comment"


def _is_chrome_tag(outline: Outline, node: int, tag: str, total: int) -> bool:
    if outline.prose_length(node) >= DOMINANT_SHARE * total:
        return False
    if tag == "footer":
        return outline.tags[outline.parent(node)] != "blockquote"
    if tag == "aside":  # also a call-out inside the text
        return outline.link_length(node) > 0.3 * outline.length(node) or not _inside_article(outline, node)
    return True


def _inside_article(outline: Outline, node: int) -> bool:
    while node > 0:
        node = outline.parent(node)
        attributes = outline.attributes[node]
        if outline.tags[node] == "article" or attributes and cues.meaning(attributes) & cues.CONTENT:
            return True
    return False


def _candidate(outline: Outline) -> int:
    """The innermost block that is named as the article's body and holds enough of the prose; 0 where none is.

    A block inside another of these must hold nearly all of it: an article may have several sections named "content".
    """
    needed = CANDIDATE_SHARE * outline.prose_length(0)
    best = 0
    tags, attributes, end_of = outline.tags, outline.attributes, outline.end
    node, end = 1, len(outline)
    while node < end:
        if node in outline.dropped or tags[node] and outline.prose_length(node) < needed:
            node = end_of(node)
            continue
        if tags[node] in _CANDIDATE_TAGS and _named_as_body(tags[node], attributes[node]):
            best = node
            needed = max(needed, NESTED_SHARE * outline.prose_length(node))
        node += 1
    return best


def _named_as_body(tag: str, attributes: dict | None) -> bool:
    if tag in ("article", "main"):
        return True
    if not attributes:
        return False
    if attributes.get("itemprop") == "articleBody" or attributes.get("role") == "main":
        return True
    return bool(cues.meaning(attributes) & cues.CONTENT)


def _smallest(outline: Outline, node: int) -> int:
    """Walks down while one child holds nearly everything."""
    needed = REGION_SHARE * outline.prose_length(node)
    while needed > 0:
        inner = next(
            (
                c
                for c in outline.children(node)
                if outline.tags[c] and c not in outline.dropped and outline.prose_length(c) >= needed
            ),
            None,
        )
        if inner is None or outline.tags[inner] in ("p", "pre", "ul", "ol", "table", "blockquote", "dl"):
            return node
        node = inner
    return node
