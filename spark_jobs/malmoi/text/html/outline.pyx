# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""The page as flat arrays in document order, so that the text of any subtree is a difference of two sums.

The native parser (lexbor, in selectolax) builds the tree; one walk over its nodes copies what the later steps need. Nothing
here recurses, so depth costs nothing, and a page with more nodes than the cap is refused before it can eat time or memory.

What later steps ask of an element is worked out once for all elements with the same attributes (``Attributes``).
"""

from cpython.mem cimport PyMem_Free, PyMem_Malloc, PyMem_Realloc
from cpython.ref cimport Py_INCREF, Py_XDECREF, PyObject
from cpython.unicode cimport PyUnicode_GET_LENGTH
from libc.stdint cimport uint8_t, uint16_t, uint32_t, uint64_t, uintptr_t
from libc.string cimport memchr, memcmp, memcpy, memset

from malmoi.text.html.nodes cimport (
    ELEMENT, LAST_KNOWN, TEXT_NAME, Node, Text, attribute_name, attribute_value, first_attribute, hash_of, name_of, next_attribute,
    shared, text_of,
)

from malmoi.text.html.complexity import TooComplex
from malmoi.text.html.parsing import parse

MAX_NODES = 400_000

SKIPPED = frozenset(
    "script style noscript template svg iframe object embed applet canvas audio video map head link meta base "
    "button select input textarea option datalist progress meter dialog menu".split()
)
"""Elements without text of the page."""
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
_CHROME = frozenset(("nav", "footer", "aside"))
_MENUS = frozenset("ul ol dl div td table tr p section map center".split())
_WHOLE = frozenset("br hr pre table math a code kbd samp".split())
_CANDIDATES = frozenset("article main div section td".split())
_ASKED_FOR = ("class", "id", "itemprop", "role", "style", "hidden", "aria-hidden", "href")
"""Attributes that some later step asks for; their order is that of HAS_CLASS and the others."""
_LINE_NUMBERS = frozenset("ln lnt lineno linenos line-number gutter rouge-gutter hljs-ln-numbers".split())
"""Classes of what stands beside a program's lines."""

cdef int _MAX_NODES = MAX_NODES

cdef uint16_t _kinds[LAST_KNOWN]
cdef list _names = [None] * LAST_KNOWN


cdef int _kind_of(str name):
    if name in SKIPPED or name == "" or name[0] in "-!":
        return IS_SKIPPED | (IS_BUTTON if name == "button" else 0)
    return (
        (IS_BLOCK if name in BLOCKS else 0)
        | (IS_PLAIN if name in _PLAIN else 0)
        | (IS_LINK if name == "a" else 0)
        | (IS_PRE if name == "pre" else 0)
        | (IS_HEADING if name in ("h1", "h2") else 0)
        | (IS_BREAK if name == "br" else 0)
        | (IS_CHROME if name in _CHROME else 0)
        | (IS_MENU if name in _MENUS else 0)
        | (IS_WHOLE if name in _WHOLE else 0)
        | (IS_CANDIDATE if name in _CANDIDATES else 0)
    )


cdef (uint16_t, PyObject *) _learned(Node *node):
    """Kind and name of an element whose number has not been seen, or is none that HTML knows."""
    name = name_of(node)
    kind = _kind_of(name)
    if node.name < LAST_KNOWN:
        _names[node.name], _kinds[node.name] = name, kind
    Py_INCREF(name)
    return kind, <PyObject *>name


cdef enum:
    SLOTS = 16384

cdef PyObject *_keys[SLOTS]
cdef PyObject *_values[SLOTS]


cdef int _asked_for(const char *name, size_t length) noexcept:
    """The attribute's place in ``_ASKED_FOR``, else -1."""
    if length == 5:
        return 0 if memcmp(name, b"class", 5) == 0 else 4 if memcmp(name, b"style", 5) == 0 else -1
    if length == 2:
        return 1 if memcmp(name, b"id", 2) == 0 else -1
    if length == 4:
        return 7 if memcmp(name, b"href", 4) == 0 else 3 if memcmp(name, b"role", 4) == 0 else -1
    if length == 8:
        return 2 if memcmp(name, b"itemprop", 8) == 0 else -1
    if length == 6:
        return 5 if memcmp(name, b"hidden", 6) == 0 else -1
    return 6 if length == 11 and memcmp(name, b"aria-hidden", 11) == 0 else -1


cdef enum:
    HREF = 7  # its place in _ASKED_FOR
    MOST = 8
    LONGEST_KEY = 512


cdef class Attributes(dict):
    """Attributes of an element that later steps ask for, by name; None is the value of one without.

    Elements with the same attributes share one of these, and nobody may change what they are. What their names mean is kept
    here by those who worked it out, -1 before that: ``meaning`` (region.pyx), ``role`` in a thread (comments.py) and ``is_date``
    (surroundings.py).
    """

    def __init__(self):
        self.has, self.outline = 0, 0
        self.meaning = self.role = self.is_date = -1
        self.is_sought = False


cdef Attributes _attributes_of(Node *node, bint in_heading):
    """None where nothing is asked for. A link's ``href`` counts in a heading, or where it names a place in a page."""
    cdef const char *data[MOST]
    cdef size_t sizes[MOST]
    cdef int places[MOST]
    cdef int found = 0, place, at
    cdef size_t length = 0, whole = 0, filled = 0
    cdef const char *name
    cdef char key[LONGEST_KEY]
    cdef uint32_t slot
    cdef void *attribute = first_attribute(node)
    cdef Attributes made
    while attribute != NULL:
        name = attribute_name(attribute, &length)
        place = _asked_for(name, length)
        if place >= 0 and found < MOST:
            sizes[found] = 0
            data[found] = attribute_value(attribute, &sizes[found])
            if place != HREF or in_heading or data[found] != NULL and memchr(data[found], c"#", sizes[found]) != NULL:
                places[found] = place
                whole += sizes[found] + 4
                found += 1
        attribute = next_attribute(attribute)
    if not found:
        return None
    if whole > LONGEST_KEY:
        return _made(found, places, data, sizes)
    for at in range(found):
        key[filled] = places[at]
        key[filled + 1] = data[at] == NULL
        key[filled + 2] = sizes[at] & 255
        key[filled + 3] = sizes[at] >> 8
        memcpy(&key[filled + 4], data[at], sizes[at])
        filled += sizes[at] + 4
    slot = hash_of(key, filled) % SLOTS
    if _keys[slot] != NULL:
        known = <bytes>_keys[slot]
        if len(<bytes>known) == <Py_ssize_t>filled and memcmp(<char *><bytes>known, key, filled) == 0:
            return <Attributes>_values[slot]
    made = _made(found, places, data, sizes)
    entry = key[:filled]
    Py_XDECREF(_keys[slot])
    Py_XDECREF(_values[slot])
    Py_INCREF(entry)
    Py_INCREF(made)
    _keys[slot], _values[slot] = <PyObject *>entry, <PyObject *>made
    return made


cdef Attributes _made(int found, int *places, const char **data, size_t *sizes):
    cdef int at
    cdef Attributes made = Attributes()
    for at in range(found):
        made[_ASKED_FOR[places[at]]] = None if data[at] == NULL else shared(data[at], sizes[at])
        made.has |= 1 << places[at]
    return made


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
        cdef int mask = 1 << _ASKED_FOR.index(attribute), node
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
    cdef PyObject *learned
    cdef bint some_excluded = len(excluded) > 0
    cdef str text, tag
    while True:
        following = node.next
        if node.name == TEXT_NAME:
            length = _length((<Text *>node).data, (<Text *>node).length)
            # White space before a block is none.
            if length or following == NULL or following.name == TEXT_NAME or not _kind(following) & IS_BLOCK:
                item = outline.add("", None, parent, IS_TEXT)
                item.length, item.linked = length, length if link >= 0 else 0
                item.data, item.size = (<Text *>node).data, <int>(<Text *>node).length
        else:
            if node.name < LAST_KNOWN and _names[node.name] is not None:
                kind, tag = _kinds[node.name], <str>_names[node.name]
            else:
                kind, learned = _learned(node)
                tag = <str>learned
                Py_XDECREF(learned)
            if node == root or not (kind & IS_SKIPPED or some_excluded and <uintptr_t>node in excluded):
                index = outline.count
                item = outline.add(
                    "" if kind & IS_SKIPPED else tag,
                    None if kind & IS_PLAIN else _attributes_of(node, heading >= 0),
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


cdef inline uint16_t _kind(Node *node):
    """What is known of an element, or of anything else that is no text."""
    cdef uint16_t kind
    cdef PyObject *name
    if node.name < LAST_KNOWN and _names[node.name] is not None:
        return _kinds[node.name]
    kind, name = _learned(node)
    Py_XDECREF(name)
    return kind


cdef str _lines(Node *pre):
    """Text of a <pre>: line breaks kept, line numbers left out."""
    cdef Node *node = pre.first_child
    cdef list parts = []
    cdef uint16_t kind
    while node != NULL:
        if node.name == TEXT_NAME:
            parts.append(text_of((<Text *>node).data, (<Text *>node).length))
        else:
            kind = _kind(node)
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
