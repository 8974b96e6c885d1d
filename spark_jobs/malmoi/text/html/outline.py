"""The page as flat arrays in document order, so that the text of any subtree is a difference of two sums.

The native parser (lexbor) builds the tree; one pass copies what the later steps need. Nothing here recurses, so depth
costs nothing, and a page with more nodes than the cap is refused before it can eat time or memory.
"""

from collections.abc import Iterable, Iterator
from itertools import accumulate

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from malmoi.text.html.complexity import TooComplex, check
from malmoi.text.scan import encoded

MAX_NODES = 400_000

_TEXT_ID = 2  # lexbor's LXB_TAG__TEXT
_SKIPPED = frozenset(
    "script style noscript template svg iframe object embed applet canvas audio video map head link meta base "
    "button select input textarea option datalist progress meter dialog menu".split()
)
BLOCKS = frozenset(
    """
    address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4
    h5 h6 header hgroup hr html legend li main nav ol p pre section summary table tbody td tfoot th thead tr ul caption
    dir noscript optgroup
    """.split()
)
"""Elements before and after which a paragraph ends."""
_PLAIN = frozenset("br u s del ins tbody thead tr wbr hr center font code kbd img source track area col".split())
"""Elements whose attributes no later step asks for; the last five hold no text."""
_LINE_MARKS = "br, .ln, .lnt, .lineno, .linenos, .line-number, .gutter, .rouge-gutter, .hljs-ln-numbers, button"


class Outline:
    """Nodes of a subtree, index 0 is its root.

    ``tags[i]`` is the element's name, "" for a text node whose text is ``texts[i]``; ``parents[i]`` the index of the
    parent; nodes ``i .. ends[i]-1`` are the subtree of i; ``attributes[i]`` a dict or None; ``lengths`` and
    ``link_lengths`` count the code points of each text node, and those of them in links. A <pre> is a leaf whose text
    keeps its lines. ``headings`` are the h1 and h2; ``dropped`` holds the roots of what later steps exclude.

    Nodes whose ``mem_id`` is in ``excluded`` are left out here: removing them from the native tree would free what
    other references point to.
    """

    def __init__(self, root: LexborNode, excluded: frozenset[int] = frozenset()):
        columns = _columns(root, excluded)
        self.tags, self.texts, self.parents, self.attributes, self.lengths, self.link_lengths, self.ends = columns
        self.headings = self._all("h1", "h2")
        self.dropped: set[int] = set()
        self._length_sums = [0, *accumulate(self.lengths)]
        self._link_sums = [0, *accumulate(self.link_lengths)]
        self.raw_prose_length = self.prose_length(0)

    def _all(self, *names: str) -> list[int]:
        """Indices of the elements of these names, in document order."""
        tags, found = self.tags, []
        for name in names:
            node = -1
            for _ in range(tags.count(name)):
                node = tags.index(name, node + 1)
                found.append(node)
        return sorted(found)

    def __len__(self) -> int:
        return len(self.tags)

    def length(self, node: int) -> int:
        """Code points of text in the subtree, without outer spaces of its text nodes."""
        return self._length_sums[self.ends[node]] - self._length_sums[node]

    def link_length(self, node: int) -> int:
        """The part of ``length`` that lies inside links."""
        return self._link_sums[self.ends[node]] - self._link_sums[node]

    def prose_length(self, node: int) -> int:
        """The part of ``length`` outside links."""
        end = self.ends[node]
        return self._length_sums[end] - self._length_sums[node] - self._link_sums[end] + self._link_sums[node]

    def drop(self, node: int) -> None:
        """Excludes a subtree; ``settle`` makes the sums forget it."""
        self.dropped.add(node)

    def settle(self) -> None:
        """Recomputes the sums without what was dropped."""
        lengths, links = self.lengths[:], self.link_lengths[:]
        for node in self.dropped:
            span = self.ends[node] - node
            lengths[node : node + span] = links[node : node + span] = [0] * span
        self._length_sums = [0, *accumulate(lengths)]
        self._link_sums = [0, *accumulate(links)]

    def children(self, node: int) -> Iterator[int]:
        """Indices of the direct children."""
        child, end = node + 1, self.ends[node]
        while child < end:
            yield child
            child = self.ends[child]


Columns = tuple[list[str], list[str], list[int], list[dict[str, str | None] | None], list[int], list[int], list[int]]
"""Tags, texts, parents, attributes, lengths, lengths in links, and where subtrees end."""


def _columns(root: LexborNode, excluded: frozenset[int]) -> Columns:
    """Every node in document order. Raises TooComplex."""
    tags: list[str] = []
    texts: list[str] = []
    parents: list[int] = []
    attributes: list[dict[str, str | None] | None] = []
    lengths: list[int] = []
    linked: list[int] = []
    ends: list[int] = []
    # What follows a node whose children are being read: (next sibling, its parent, whether in a link, the node).
    stack: list[tuple[LexborNode | None, int, bool, int]] = []
    names, plain, blocks = _NAMES, _PLAIN_IDS, _BLOCK_IDS
    node: LexborNode | None = root
    index, parent, in_link = 0, -1, False
    while True:
        while node is not None:
            tag_id = node.tag_id
            if tag_id == _TEXT_ID:
                text = node.text_content or ""
                node = node.next
                length = 0 if text.isspace() else len(text)
                if length or node is None or node.tag_id not in blocks:  # white space before a block is none
                    tags.append("")
                    texts.append(text)
                    parents.append(parent)
                    attributes.append(None)
                    lengths.append(length)
                    linked.append(length if in_link else 0)
                    index += 1
                    ends.append(index)
                continue
            tag = names.get(tag_id)
            if tag is None:
                tag = _name(node)
            if index and (not tag or excluded and node.mem_id in excluded):
                node = node.next
                continue
            text, child = (_lines(node), None) if tag == "pre" else ("", node.first_child)
            tags.append(tag)
            texts.append(text)
            parents.append(parent)
            attributes.append(None if tag_id in plain else node.attributes)
            lengths.append(len(text))
            linked.append(0)
            following = node.next if index else None
            if child is None:
                node = following
            else:
                stack.append((following, parent, in_link, index))
                node, parent, in_link = child, index, in_link or tag == "a"
            index += 1
            ends.append(index)
        if not stack:
            return tags, texts, parents, attributes, lengths, linked, ends
        if index > MAX_NODES:
            raise TooComplex(f"more than {MAX_NODES} nodes")
        node, parent, in_link, opened = stack.pop()
        ends[opened] = index


def _numbers(names: Iterable[str]) -> frozenset[int]:
    """Lexbor's numbers of elements, which are the same in every page for the elements that HTML knows."""
    maker = LexborHTMLParser("")
    return frozenset(maker.create_node(name).tag_id for name in names)


_PLAIN_IDS = _numbers(_PLAIN)
_BLOCK_IDS = _numbers(BLOCKS - _SKIPPED)
(_LAST_KNOWN_ID,) = _numbers(["xmp"])
_NAMES: dict[int, str] = {}
"""What ``_name`` says by the number of an element, up to the last that HTML knows: those of others differ by page."""


def _name(node: LexborNode) -> str:
    """The element's name; "" for scripts, fields of forms, comments, and markup that is broken within the name."""
    name = node.tag or "-"
    if name in _SKIPPED or name[0] in "-!":
        name = ""
    if node.tag_id <= _LAST_KNOWN_ID:
        _NAMES[node.tag_id] = name
    return name


def _lines(pre: LexborNode) -> str:
    """Text of a <pre>: line breaks kept, line numbers left out."""
    marks = {mark.mem_id for mark in pre.css(_LINE_MARKS)}
    if not marks:
        return pre.text(deep=True)
    parts: list[str] = []
    stack = [pre.first_child]
    while stack:
        node = stack.pop()
        while node is not None:
            if node.tag_id == _TEXT_ID:
                parts.append(node.text_content or "")
            elif node.mem_id in marks:
                parts.append("\n" if node.tag == "br" else "")
            else:
                stack.append(node.next)
                node = node.first_child
                continue
            node = node.next
    return "".join(parts)


def as_utf8(html: str | bytes) -> bytes:
    """A page in UTF-8."""
    return encoded(html) if isinstance(html, str) else html


def parse(html: str | bytes) -> LexborHTMLParser:
    """The native tree of a page, as text or in UTF-8. Raises TooComplex for one that would cost too much."""
    raw = as_utf8(html)
    check(raw)
    return LexborHTMLParser(raw, options=LexborDocumentOptions.WO_EVENTS)
