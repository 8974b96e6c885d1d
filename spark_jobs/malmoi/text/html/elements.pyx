# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
"""What is known of an element: its kinds by its name, and those of its attributes that later steps ask for.

The names that HTML knows are looked up once by lexbor's numbers; what attributes mean is worked out once for all elements
with the same ones (``Attributes``).
"""

from cpython.ref cimport Py_INCREF, Py_XDECREF, PyObject
from libc.stdint cimport uint16_t, uint32_t
from libc.string cimport memchr, memcmp, memcpy

from malmoi.text.html.nodes cimport (
    LAST_KNOWN, Node, attribute_name, attribute_value, first_attribute, hash_of, name_of, next_attribute, shared,
)

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


cdef str named(Node *node, uint16_t *kind):
    """The element's name, "" for anything that is neither an element nor text, and its kinds."""
    cdef str name
    if node.name < LAST_KNOWN and _names[node.name] is not None:
        kind[0] = _kinds[node.name]
        return <str>_names[node.name]
    name = name_of(node)
    kind[0] = _kind_of(name)
    if node.name < LAST_KNOWN:
        _names[node.name], _kinds[node.name] = name, kind[0]
    return name


cdef uint16_t kinds_of(Node *node):
    cdef uint16_t kind
    if node.name < LAST_KNOWN and _names[node.name] is not None:
        return _kinds[node.name]
    named(node, &kind)
    return kind


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


cdef Attributes attributes_of(Node *node, bint in_heading):
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


cdef int place_of(str attribute) except -1:
    """Its place in ``_ASKED_FOR``."""
    return _ASKED_FOR.index(attribute)
