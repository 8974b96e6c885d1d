# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
"""lexbor's nodes as they lie in memory, for walks over whole pages.

selectolax hands out a Python object for every node, which was a fifth of ingest. Here nodes are read where they are:
``LexborNode.mem_id`` is a node's address, the layout is that of lexbor's headers dom/interfaces/node.h and character_data.h,
and attributes are read by functions that selectolax's library exports. ``outline.pyx`` reads a page of our own both ways when
it is imported.
"""

import ctypes

import selectolax.lexbor
from cpython.ref cimport Py_INCREF, Py_XDECREF, PyObject
from cpython.unicode cimport PyUnicode_DecodeUTF8, PyUnicode_GET_LENGTH
from libc.stdint cimport uint32_t, uint64_t, uintptr_t
from libc.string cimport memcmp, memcpy

cdef extern from "Python.h":
    bint PyUnicode_IS_COMPACT_ASCII(object text)
    void *PyUnicode_DATA(object text)

_library = ctypes.CDLL(selectolax.lexbor.__file__)


cdef void *_exported(str name) except NULL:
    return <void *><uintptr_t>ctypes.cast(getattr(_library, name), ctypes.c_void_p).value


first_attribute = <Step>_exported("lxb_dom_element_first_attribute_noi")
next_attribute = <Step>_exported("lxb_dom_element_next_attribute_noi")
attribute_name = <Spelling>_exported("lxb_dom_attr_qualified_name")
attribute_value = <Spelling>_exported("lxb_dom_attr_value_noi")
cdef Spelling _element_name = <Spelling>_exported("lxb_dom_element_qualified_name")


cdef str name_of(Node *node):
    """The element's name; "" for anything that is neither an element nor text."""
    cdef size_t length = 0
    cdef const char *data
    if node.type != ELEMENT:
        return ""
    data = _element_name(node, &length)
    return PyUnicode_DecodeUTF8(data, length, "replace") if data != NULL else ""


cdef str text_of(const char *data, size_t length):
    """The text of a node; white space between elements is the same few strings."""
    if length == 0 or data == NULL:
        return ""
    if data[0] <= c" ":
        return shared(data, length)
    return PyUnicode_DecodeUTF8(data, length, "replace")


# The same few strings stand on every page of a site: each is made once

cdef enum:
    SLOTS = 8192
    LONGEST_SHARED = 96

cdef PyObject *_strings[SLOTS]


cdef uint32_t hash_of(const char *data, size_t length) noexcept nogil:
    """Multiplicative hashing (Knuth, volume 3, 6.4), eight bytes at a time: a table that forgets needs no better one."""
    cdef uint64_t value = length, word
    while length >= 8:
        memcpy(&word, data, 8)
        value = (value ^ word) * 0x9E3779B97F4A7C15u
        value ^= value >> 32
        data += 8
        length -= 8
    word = 0
    memcpy(&word, data, length)
    value = (value ^ word) * 0x9E3779B97F4A7C15u
    return <uint32_t>(value >> 40)


cdef str shared(const char *data, size_t length):
    """A string, shared where it is short and ASCII."""
    cdef PyObject **slot
    if length > LONGEST_SHARED:
        return PyUnicode_DecodeUTF8(data, length, "replace")
    slot = &_strings[hash_of(data, length) % SLOTS]
    if slot[0] != NULL:
        known = <object>slot[0]
        if PyUnicode_GET_LENGTH(known) == <Py_ssize_t>length and memcmp(PyUnicode_DATA(known), data, length) == 0:
            return <str>known
    made = PyUnicode_DecodeUTF8(data, length, "replace")
    if PyUnicode_IS_COMPACT_ASCII(made):
        Py_XDECREF(slot[0])
        Py_INCREF(made)
        slot[0] = <PyObject *>made
    return made


# What a page says of itself

cdef enum:
    SAYS = 1  # meta, title, time
    LINK = 2
    SCRIPT = 3
    ANCHOR = 4

cdef int _roles[LAST_KNOWN]


def _learn():
    """Numbers of the names that ``described`` looks for."""
    maker = selectolax.lexbor.LexborHTMLParser("")
    for name, role in {"meta": SAYS, "title": SAYS, "time": SAYS, "link": LINK, "script": SCRIPT, "a": ANCHOR}.items():
        _roles[<int>maker.create_node(name).tag_id] = role


_learn()


cdef class Element:
    """An element of a page that ``described`` found."""

    cdef Node *node
    cdef object tree  # whose memory the node is in
    cdef readonly str tag
    cdef readonly dict attributes

    def text(self):
        """Its text and that of all elements inside."""
        cdef list parts = []
        cdef Node *node = self.node.first_child
        while node != NULL:
            if node.name == TEXT_NAME:
                parts.append(text_of((<Text *>node).data, (<Text *>node).length))
            elif node.first_child != NULL:
                node = node.first_child
                continue
            while node.next == NULL:
                node = node.parent
                if node == self.node:
                    return "".join(parts)
            node = node.next
        return "".join(parts)

    def is_within(self, str itemprop):
        """Whether one of the elements around it has this ``itemprop``."""
        cdef Node *node = self.node.parent
        cdef size_t length = 0
        cdef const char *value
        wanted = itemprop.encode()
        while node != NULL and node.type == ELEMENT:
            value = _value(node, b"itemprop", &length)
            if value != NULL and value[:length] == wanted:
                return True
            node = node.parent
        return False


def described(tree):
    """The elements of a page (LexborHTMLParser) that say something of it, in document order: <meta>, <title>, <time>, JSON-LD,
    links to its canonical address or a licence, and microdata."""
    cdef list found = []
    cdef Node *root
    cdef Node *node
    if tree.root is None:
        return found
    root = node = <Node *><uintptr_t>tree.root.mem_id
    while True:
        if node.type == ELEMENT:
            if _says_something(node):
                found.append(_element(tree, node))
            if node.first_child != NULL:
                node = node.first_child
                continue
        while node.next == NULL:
            if node == root or node.parent == NULL:
                return found
            node = node.parent
        if node == root:
            return found
        node = node.next


cdef Element _element(tree, Node *node):
    cdef Element made = Element()
    cdef dict attributes = {}
    cdef size_t length = 0
    cdef const char *data
    cdef void *attribute = first_attribute(node)
    while attribute != NULL:
        data = attribute_name(attribute, &length)
        name = shared(data, length)
        length = 0
        data = attribute_value(attribute, &length)
        attributes[name] = None if data == NULL else shared(data, length)
        attribute = next_attribute(attribute)
    made.node, made.tree, made.tag, made.attributes = node, tree, name_of(node), attributes
    return made


cdef const char *_value(Node *node, bytes name, size_t *length) noexcept:
    """An attribute's value; NULL where it has none or is not there. Elements have few attributes."""
    cdef void *attribute = first_attribute(node)
    cdef const char *spelled
    while attribute != NULL:
        spelled = attribute_name(attribute, length)
        if length[0] == <size_t>len(name) and memcmp(spelled, <const char *>name, length[0]) == 0:
            length[0] = 0
            return attribute_value(attribute, length)
        attribute = next_attribute(attribute)
    return NULL


cdef bint _says_something(Node *node):
    cdef int role = _roles[node.name] if node.name < LAST_KNOWN else 0
    cdef void *attribute
    cdef size_t length = 0
    cdef const char *name
    if role == SAYS:
        return True
    attribute = first_attribute(node)
    while attribute != NULL:
        name = attribute_name(attribute, &length)
        if length == 8 and memcmp(name, b"itemprop", 8) == 0:
            return True
        if role == LINK or role == ANCHOR:
            if length == 4 and memcmp(name, b"href", 4) == 0:
                name = attribute_value(attribute, &length)
                if name != NULL and length >= 20 and b"creativecommons.org/" in name[:length]:
                    return True
            elif length == 3 and memcmp(name, b"rel", 3) == 0 and _is_telling(attribute, role == LINK):
                return True
        elif role == SCRIPT and length == 4 and memcmp(name, b"type", 4) == 0:
            name = attribute_value(attribute, &length)
            if name != NULL and length == 19 and name[:length].lower() == b"application/ld+json":
                return True
        attribute = next_attribute(attribute)
    return False


cdef bint _is_telling(void *rel, bint is_link):
    """Whether a ``rel`` says licence, or of a <link> canonical address."""
    cdef size_t length = 0
    cdef const char *data = attribute_value(rel, &length)
    if data == NULL or length < 7:
        return False
    value = data[:length].lower()
    return is_link and value == b"canonical" or b"license" in value.split()
