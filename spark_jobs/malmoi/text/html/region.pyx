# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
"""Which part of the page is the text: what surrounds an article is dropped, then the smallest block that holds nearly
all of the remaining prose is the region.

Prose is text outside links. Class words alone never remove a block that holds most of the page's prose, so that a page
whose <body> is called "sidebar-open" keeps its text.
"""

from array import array

from malmoi.text.html.elements cimport (
    HAS_ARIA_HIDDEN, HAS_HIDDEN, HAS_ITEMPROP, HAS_ROLE, HAS_STYLE, IS_CANDIDATE, IS_CHROME, IS_LINK, IS_MENU, IS_TEXT,
    Attributes,
)
from malmoi.text.html.outline cimport Item, Outline

from malmoi.text.html import cues

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

_CHROME_ROLES = frozenset(
    "navigation banner contentinfo complementary search dialog alertdialog menu menubar toolbar tablist".split()
)
_INLINE = frozenset("span a b i em strong small sub sup code kbd samp var u s mark font label time abbr cite q".split())
_WHOLE = frozenset("p pre ul ol table blockquote dl".split())

cdef enum:
    TELLING = HAS_HIDDEN | HAS_ARIA_HIDDEN | HAS_STYLE | HAS_ROLE | HAS_ITEMPROP
    HIDES = 24  # cues.GUTTER | cues.HIDDEN
    HOLDS = 6  # cues.CONTENT | cues.CODE
    CONTENT = 2
    CHROME = 1

if (HIDES, HOLDS, CONTENT, CHROME) != (cues.GUTTER | cues.HIDDEN, cues.CONTENT | cues.CODE, cues.CONTENT, cues.CHROME):
    raise ImportError("region.pyx and cues.py number the meanings of names differently")


def find_region(Outline outline):
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
    return _smallest(outline), False


def drop_chrome(Outline outline):
    """Marks navigation, footers, comments, share boxes and hidden parts below the root."""
    cdef int node = 1, end = outline.count
    cdef double most = DOMINANT_SHARE * max(1, outline.prose_length(0))
    while node < end:
        if (outline.items[node].kind & IS_CHROME or outline.items[node].has) and _is_chrome(outline, node, most):
            outline.drop(node)
            node = outline.items[node].end
        else:
            node += 1


def drop_menus(Outline outline):
    """Marks blocks of short links: the menus of pages whose markup names nothing. A list of references has longer
    links, and text around them."""
    cdef int node = 1, at, count, linked
    cdef double density = MENU_DENSITY, longest = MAX_MENU_LINK_CHARS
    cdef int fewest = MIN_MENU_LINKS
    cdef int[::1] links = array("i", bytes((outline.count + 1) * sizeof(int)))  # before each node
    for at in range(outline.count):
        links[at + 1] = links[at] + (outline.items[at].kind & IS_LINK != 0)
    while node < outline.count:
        if node in outline.dropped:
            node = outline.items[node].end
            continue
        if outline.items[node].kind & IS_MENU:
            linked = outline.link_length(node)
            count = links[outline.items[node].end] - links[node]
            if count >= fewest and linked <= longest * count and linked >= density * outline.length(node):
                outline.drop(node)
                node = outline.items[node].end
                continue
        node += 1


cdef int _meaning(Outline outline, int node):
    """What the names of an element say, worked out once for all elements with the same attributes."""
    cdef Attributes attributes = outline.attributes[node]
    if attributes is None:
        return 0
    if attributes.meaning < 0:
        attributes.meaning = cues.meaning(attributes)
    return attributes.meaning


cdef bint _is_chrome(Outline outline, int node, double most):
    """Whether an element stands beside the text. ``most``: code points of prose from which it is too large for that."""
    cdef Item *item = &outline.items[node]
    cdef int flags
    if item.has & TELLING and _says_chrome(outline.attributes[node], outline.tags[node]):
        return outline.prose_length(node) < most
    flags = _meaning(outline, node)
    if flags & HIDES:
        return outline.prose_length(node) < most
    if flags & HOLDS:
        return False
    if item.kind & IS_CHROME:
        return outline.prose_length(node) < most and _is_chrome_tag(outline, node, outline.tags[node])
    return flags & CHROME and outline.prose_length(node) < most and outline.tags[node] not in _INLINE


def _says_chrome(attributes, str tag):
    """Whether attributes other than names say that an element is hidden or stands beside the text."""
    if "hidden" in attributes or attributes.get("aria-hidden") == "true" and tag != "a":
        return True
    style = attributes.get("style")
    if style and "none" in style and cues.hidden_by_style(style):
        return True
    return attributes.get("role") in _CHROME_ROLES or attributes.get("itemprop") == "comment"


cdef bint _is_chrome_tag(Outline outline, int node, str tag):
    if tag == "footer":
        return outline.tags[outline.items[node].parent] != "blockquote"
    if tag == "aside":  # also a call-out inside the text
        return outline.link_length(node) > 0.3 * outline.length(node) or not _inside_article(outline, node)
    return True


cdef bint _inside_article(Outline outline, int node):
    while node > 0:
        node = outline.items[node].parent
        if outline.tags[node] == "article" or _meaning(outline, node) & CONTENT:
            return True
    return False


cdef int _candidate(Outline outline):
    """The innermost block that is named as the article's body and holds enough of the prose; 0 where none is.

    A block inside another of these must hold nearly all of it: an article may have several sections named "content".
    """
    cdef double needed = CANDIDATE_SHARE * outline.prose_length(0)
    cdef int best = 0, node = 1
    while node < outline.count:
        if not outline.items[node].kind & IS_TEXT and outline.prose_length(node) < needed or node in outline.dropped:
            node = outline.items[node].end
            continue
        if outline.items[node].kind & IS_CANDIDATE and _named_as_body(outline, node):
            best = node
            needed = max(needed, NESTED_SHARE * outline.prose_length(node))
        node += 1
    return best


cdef bint _named_as_body(Outline outline, int node):
    if outline.tags[node] in ("article", "main"):
        return True
    attributes = outline.attributes[node]
    if not attributes:
        return False
    if attributes.get("itemprop") == "articleBody" or attributes.get("role") == "main":
        return True
    return _meaning(outline, node) & CONTENT != 0


cdef int _smallest(Outline outline):
    """Walks down while one child holds nearly everything."""
    cdef int node = 0, inner
    cdef double needed = REGION_SHARE * outline.prose_length(0)
    while needed > 0:
        inner = node + 1
        while inner < outline.items[node].end and (
            outline.items[inner].kind & IS_TEXT or outline.prose_length(inner) < needed or inner in outline.dropped
        ):
            inner = outline.items[inner].end
        if inner >= outline.items[node].end or outline.tags[inner] in _WHOLE:
            return node
        node = inner
    return node
