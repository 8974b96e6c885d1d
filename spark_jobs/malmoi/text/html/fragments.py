"""Parts of a page that a selector names: their text, and whether they are there."""

from selectolax.lexbor import LexborHTMLParser, LexborNode

from malmoi.text.html.markdown import render, to_text
from malmoi.text.html.metadata import one_line
from malmoi.text.html.outline import Outline

_DATA_ATTRIBUTES = ("content", "data-date-time", "datetime")

Searchable = LexborHTMLParser | LexborNode


def first_text(where: Searchable, selectors: tuple[str, ...]) -> str:
    """One line of text of the first selector that finds some; a data attribute is preferred to the text."""
    for selector in selectors:
        node = where.css_first(selector)
        if node is not None:
            attributes = node.attributes
            text = next((attributes[name] for name in _DATA_ATTRIBUTES if attributes.get(name)), None) or node.text()
            if text and not text.isspace():
                return one_line(text)
    return ""


def first_node(where: Searchable, selectors: tuple[str, ...]) -> LexborNode | None:
    """The node of the first selector that finds text."""
    for selector in selectors:
        for node in where.css(selector):
            text = node.text()
            if text and not text.isspace():
                return node
    return None


def all_nodes(where: Searchable, selectors: tuple[str, ...]) -> list[LexborNode]:
    """All nodes of the first selector that finds any."""
    return next((nodes for nodes in map(where.css, selectors) if nodes), [])


def markdown_of(node: LexborNode) -> str:
    """The node's text in the Markdown subset."""
    return to_text(render(Outline(node), 0)).strip()
