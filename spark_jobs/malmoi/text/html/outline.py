"""The page as flat arrays in document order, so that the text of any subtree is a difference of two sums.

The native parser (lexbor) builds the tree; one pass copies what the later steps need. Nothing here recurses, so depth
costs nothing, and a page with more nodes than the cap is refused before it can eat time or memory.
"""

from itertools import accumulate

from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_NODES = 400_000

_TEXT_ID = 2  # lexbor's LXB_TAG__TEXT
_SKIPPED = frozenset(
    "script style noscript template svg iframe object embed applet canvas audio video map head link meta base "
    "button select input textarea option datalist progress meter dialog menu".split()
)


class TooComplex(Exception):
    """The page has more nodes than the cap."""


class Outline:
    """Nodes of a subtree, index 0 is its root.

    ``tags[i]`` is the element's name, "" for a text node whose text is ``texts[i]``; ``parents[i]`` the index of the
    parent; nodes ``i .. ends[i]-1`` are the subtree of i; ``attributes[i]`` a dict or None; ``in_link[i]`` whether a
    text node lies inside a link. ``dropped`` holds what later steps exclude.
    """

    def __init__(self, root: LexborNode):
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.parents: list[int] = []
        self.attributes: list[dict | None] = []
        self.lengths: list[int] = []
        self.link_lengths: list[int] = []
        self.dropped: set[int] = set()
        self._copy(root)
        self.ends = self._ends()
        self._length_sums = [0, *accumulate(self.lengths)]
        self._link_sums = [0, *accumulate(self.link_lengths)]
        self.raw_prose_length = self.prose_length(0)

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
        return self.length(node) - self.link_length(node)

    def drop(self, node: int) -> None:
        """Excludes a subtree; ``settle`` makes the sums forget it."""
        self.dropped.add(node)

    def settle(self) -> None:
        """Recomputes the sums without what was dropped."""
        lengths, links = self.lengths[:], self.link_lengths[:]
        for node in self.dropped:
            span = self.ends[node] - node
            lengths[node : node + span] = [0] * span
            links[node : node + span] = [0] * span
        self._length_sums = [0, *accumulate(lengths)]
        self._link_sums = [0, *accumulate(links)]

    def children(self, node: int):
        """Indices of the direct children."""
        child, end = node + 1, self.ends[node]
        while child < end:
            yield child
            child = self.ends[child]

    def _copy(self, root: LexborNode) -> None:
        tags, texts, parents, attributes = self.tags, self.texts, self.parents, self.attributes
        lengths, links = self.lengths, self.link_lengths
        stack = [(root, -1, False)]
        pop, push = stack.pop, stack.append
        while stack:
            node, parent, in_link = pop()
            if parent >= 0:
                following = node.next
                if following is not None:
                    push((following, parent, in_link))
            if node.tag_id == _TEXT_ID:
                text = node.text_content or ""
                length = len(text.strip())
                if not length and not text:
                    continue
                tags.append("")
                texts.append(text)
                attributes.append(None)
                lengths.append(length)
                links.append(length if in_link else 0)
                parents.append(parent)
                continue
            tag = node.tag
            if tag in _SKIPPED or tag[0] in "-!":
                continue
            index = len(tags)
            if index > MAX_NODES:
                raise TooComplex(f"more than {MAX_NODES} nodes")
            tags.append(tag)
            texts.append("")
            attributes.append(node.attributes or None)
            lengths.append(0)
            links.append(0)
            parents.append(parent)
            child = node.first_child
            if child is not None:
                push((child, index, in_link or tag == "a"))

    def _ends(self) -> list[int]:
        parents = self.parents
        ends = list(range(1, len(parents) + 1))
        for index in range(len(parents) - 1, 0, -1):
            parent = parents[index]
            if ends[index] > ends[parent]:
                ends[parent] = ends[index]
        return ends


def parse(html: str) -> LexborHTMLParser:
    """The native tree."""
    return LexborHTMLParser(html)
