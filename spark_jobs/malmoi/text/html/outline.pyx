# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""The page as flat arrays in document order, so that the text of any subtree is a difference of two sums.

The native parser (lexbor, in selectolax) builds the tree; one walk over its nodes copies what the later steps need. Nothing
here recurses, so depth costs nothing, and a page with more nodes than the cap is refused before it can eat time or memory.
"""

from cpython.mem cimport PyMem_Free, PyMem_Malloc, PyMem_Realloc
from cpython.unicode cimport PyUnicode_GET_LENGTH
from libc.stdint cimport uint16_t, uintptr_t
from libc.string cimport memcmp

from malmoi.text.html.elements cimport (
    IS_BLOCK, IS_BREAK, IS_BUTTON, IS_HEADING, IS_LINK, IS_PLAIN, IS_PRE, IS_SKIPPED, IS_TEXT, Attributes, attributes_of,
    kinds_of, named, place_of,
)
from malmoi.text.html.nodes cimport (
    ELEMENT, TEXT_NAME, Node, Text, attribute_name, attribute_value, first_attribute, next_attribute, text_of,
)

from malmoi.text.html.complexity import TooComplex
from malmoi.text.html.parsing import parse

MAX_NODES = 400_000

_LINE_NUMBERS = frozenset("ln lnt lineno linenos line-number gutter rouge-gutter hljs-ln-numbers".split())
"""Classes of what stands beside a program's lines."""

cdef int _MAX_NODES = MAX_NODES

cdef unsigned long _outlines = 0


cdef class Outline:
    """Nodes of a subtree, index 0 is its root.

    ``tags[i]`` is the element's name, "" for a text node whose text is ``text(i)``; ``attributes[i]`` a dict, which must not be
    changed, or None; ``end(i)``: nodes ``i .. end(i)-1`` are the subtree of i. Lengths are code points, without text nodes of
    nothing but white space. A <pre> is a leaf whose text keeps its lines. ``named`` are the different attributes that occur,
    ``headings`` the h1 and h2; ``dropped`` holds the roots of what later steps exclude.

    Nodes whose ``mem_id`` is in ``excluded`` are left out here: removing them from the native tree would free what
    other references point to. Raises TooComplex.
    """

    def __cinit__(self):
        self.items = NULL
        self.sums = self.link_sums = NULL
        self.count = self.room = 0

    def __dealloc__(self):
        PyMem_Free(self.items)
        PyMem_Free(self.sums)
        PyMem_Free(self.link_sums)

    def __init__(self, root, excluded=frozenset()):
        self.tags, self.attributes, self.named, self.headings = [], [], [], []
        self.root, self.programs = root, {}
        self.dropped = set()
        global _outlines
        _outlines += 1
        self.number = _outlines
        _walk(self, <Node *><uintptr_t>root.mem_id, excluded)
        self.sums = <int *>PyMem_Malloc((self.count + 1) * sizeof(int))
        self.link_sums = <int *>PyMem_Malloc((self.count + 1) * sizeof(int))
        if self.sums == NULL or self.link_sums == NULL:
            raise MemoryError
        self.settle()
        self.raw_prose_length = self.prose_length(0)

    cdef Item *add(self, str tag, Attributes attributes, int parent, int kind) except NULL:
        """Appends a node without text."""
        cdef Item *item
        if self.count == self.room:
            self.room = max(256, 2 * self.room)
            item = <Item *>PyMem_Realloc(self.items, self.room * sizeof(Item))
            if item == NULL:
                raise MemoryError
            self.items = item
        item = &self.items[self.count]
        item.parent, item.length, item.linked, item.kind = parent, 0, 0, kind
        item.data, item.size = NULL, 0
        self.tags.append(tag)
        self.attributes.append(attributes)
        item.has = 0
        if attributes is not None:
            item.has = attributes.has
            if attributes.outline != self.number:
                attributes.outline = self.number
                self.named.append(attributes)
        self.count += 1
        item.end = self.count
        return item

    def __len__(self):
        return self.count

    cpdef int end(self, int node):
        """The index behind the subtree's last node."""
        return self.items[node].end

    def parent(self, int node):
        """The parent's index; -1 of the root."""
        return self.items[node].parent

    cpdef str text(self, int node):
        """The text of a text node, or of a <pre>; "" of any other."""
        cdef Item *item = &self.items[node]
        if item.kind & IS_TEXT:
            return text_of(item.data, item.size)
        return self.programs[node] if item.kind & IS_PRE else ""

    def text_length(self, int node):
        """Code points of a text node, or of a <pre>."""
        return self.items[node].length

    def text_link_length(self, int node):
        """The same where the text lies in a link, else 0."""
        return self.items[node].linked

    cpdef int length(self, int node):
        """Code points of text in the subtree."""
        return self.sums[self.items[node].end] - self.sums[node]

    cpdef int link_length(self, int node):
        """The part of ``length`` that lies inside links."""
        return self.link_sums[self.items[node].end] - self.link_sums[node]

    cpdef int prose_length(self, int node):
        """The part of ``length`` outside links."""
        return self.length(node) - self.link_length(node)

    def drop(self, int node):
        """Excludes a subtree; ``settle`` makes the sums forget it."""
        self.dropped.add(node)

    def settle(self):
        """Computes the sums without what was dropped."""
        cdef int node, dropped_until = 0
        cdef Item *item
        cdef int total = 0, linked = 0
        cdef bint any_dropped = len(self.dropped) > 0
        self.sums[0] = self.link_sums[0] = 0
        for node in range(self.count):
            item = &self.items[node]
            if any_dropped and node >= dropped_until and node in self.dropped:
                dropped_until = item.end
            if node >= dropped_until:
                total += item.length
                linked += item.linked
            self.sums[node + 1], self.link_sums[node + 1] = total, linked

    cpdef str attribute(self, int node, str name):
        """The value of an element's attribute; "" where it has none."""
        return "" if self.attributes[node] is None else self.attributes[node].get(name) or ""

    def having(self, str attribute):
        """Indices of the elements that have an attribute, in document order."""
        cdef int mask = 1 << place_of(attribute), node
        return [node for node in range(self.count) if self.items[node].has & mask]

    def nodes_with(self, list sought):
        """Indices of the elements whose attributes are among these of ``named``, in document order."""
        cdef Attributes attributes
        cdef int node
        cdef list found = []
        for attributes in sought:
            attributes.is_sought = True
        for node in range(self.count if sought else 0):
            if self.items[node].has:
                attributes = self.attributes[node]
                if attributes.is_sought:
                    found.append(node)
        for attributes in sought:
            attributes.is_sought = False
        return found

    def texts_between(self, int start, int stop, int shortest, int longest):
        """Indices of the text nodes among ``start .. stop-1`` whose length lies between these, both included."""
        cdef int node
        return [
            node
            for node in range(max(start, 0), min(stop, self.count))
            if self.items[node].kind & IS_TEXT and shortest <= self.items[node].length <= longest
        ]

    def children(self, int node):
        """Indices of the direct children."""
        cdef int child = node + 1, end = self.items[node].end
        while child < end:
            yield child
            child = self.items[child].end


cdef int _walk(Outline outline, Node *root, object excluded) except -1:
    """Every node in document order."""
    cdef Node *node = root
    cdef Node *following
    cdef int index, parent = -1, link = -1, heading = -1
    cdef Item *item
    cdef int length
    cdef uint16_t kind
    cdef bint some_excluded = len(excluded) > 0
    cdef str text, tag
    while True:
        following = node.next
        if node.name == TEXT_NAME:
            length = _length((<Text *>node).data, (<Text *>node).length)
            # White space before a block is none.
            if length or following == NULL or following.name == TEXT_NAME or not kinds_of(following) & IS_BLOCK:
                item = outline.add("", None, parent, IS_TEXT)
                item.length, item.linked = length, length if link >= 0 else 0
                item.data, item.size = (<Text *>node).data, <int>(<Text *>node).length
        else:
            tag = named(node, &kind)
            if node == root or not (kind & IS_SKIPPED or some_excluded and <uintptr_t>node in excluded):
                index = outline.count
                item = outline.add(
                    "" if kind & IS_SKIPPED else tag,
                    None if kind & IS_PLAIN else attributes_of(node, heading >= 0),
                    parent,
                    kind,
                )
                if kind & IS_PRE:
                    text = _lines(node)
                    outline.programs[index], item.length = text, PyUnicode_GET_LENGTH(text)
                if kind & IS_HEADING:
                    outline.headings.append(index)
                if node.first_child != NULL and not kind & IS_PRE:
                    parent = index
                    if kind & IS_LINK and link < 0:
                        link = index
                    elif kind & IS_HEADING and heading < 0:
                        heading = index
                    node = node.first_child
                    continue
                if node == root:
                    return 0
        while following == NULL:
            if outline.count > _MAX_NODES:
                raise TooComplex(f"more than {MAX_NODES} nodes")
            outline.items[parent].end = outline.count
            node = node.parent
            if node == root:
                return 0
            if parent == link:
                link = -1
            elif parent == heading:
                heading = -1
            parent = outline.items[parent].parent
            following = node.next
        node = following


cdef int _length(const char *data, size_t size) except -1:
    """Code points of a text in UTF-8, 0 where all of them are white space."""
    cdef int length = 0
    cdef bint may_be_space = True, is_wide = False
    cdef size_t at
    cdef unsigned char letter
    for at in range(size):
        letter = data[at]
        length += (letter & 0xC0) != 0x80
        is_wide |= letter >= 0x80
        # White space beyond ASCII begins with the bytes C2 or E1 to E3; Hangul begins with EA to ED.
        may_be_space &= 9 <= letter <= 13 or 28 <= letter <= 32 or 0x80 <= letter < 0xE4
    if may_be_space and (not is_wide or text_of(data, size).isspace()):
        return 0
    return length


cdef str _lines(Node *pre):
    """Text of a <pre>: line breaks kept, line numbers left out."""
    cdef Node *node = pre.first_child
    cdef list parts = []
    cdef uint16_t kind
    while node != NULL:
        if node.name == TEXT_NAME:
            parts.append(text_of((<Text *>node).data, (<Text *>node).length))
        else:
            kind = kinds_of(node)
            if kind & IS_BREAK:
                parts.append("\n")
            elif node.first_child != NULL and not (kind & IS_BUTTON or _is_line_number(node)):
                node = node.first_child
                continue
        while node.next == NULL:
            node = node.parent
            if node == pre:
                return "".join(parts)
        node = node.next
    return "".join(parts)


cdef bint _is_line_number(Node *node):
    cdef size_t length = 0
    cdef const char *name
    cdef void *attribute
    if node.type != ELEMENT:
        return False
    attribute = first_attribute(node)
    while attribute != NULL:
        name = attribute_name(attribute, &length)
        if length == 5 and memcmp(name, b"class", 5) == 0:
            name = attribute_value(attribute, &length)
            return name != NULL and not _LINE_NUMBERS.isdisjoint(name[:length].decode("utf-8", "replace").split())
        attribute = next_attribute(attribute)
    return False


def _check_layout():
    """Raises ImportError where a page of our own reads otherwise here than by selectolax."""
    page = parse('<body id=a><!-- 주석 --><p class="글 b" hidden>가나 <b>다</b></p><a href="#라">라</a><ul><li>마<li>바</ul></body>')
    read = Outline(page.body)
    nodes = [node for node in page.body.traverse(include_text=True) if node.tag != "-comment"]
    known = [("", node.text_content, {}) if node.tag == "-text" else (node.tag, "", node.attributes) for node in nodes]
    if known != [(read.tags[i], read.text(i), read.attributes[i] or {}) for i in range(len(read))]:
        raise ImportError("selectolax is not the locked version, whose nodes nodes.pyx reads; run `make setup`")


_check_layout()
