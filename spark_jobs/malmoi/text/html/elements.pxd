from libc.stdint cimport uint8_t, uint16_t

from malmoi.text.html.nodes cimport Node

cdef enum:  # kinds of element
    IS_SKIPPED = 1
    IS_BLOCK = 2
    IS_PLAIN = 4
    IS_LINK = 8
    IS_PRE = 16
    IS_HEADING = 32
    IS_BREAK = 64
    IS_BUTTON = 128
    IS_CHROME = 256
    IS_MENU = 512
    IS_CANDIDATE = 1024
    IS_TEXT = 2048
    IS_WHOLE = 4096

cdef enum:  # attributes that an element has
    HAS_CLASS = 1
    HAS_ID = 2
    HAS_ITEMPROP = 4
    HAS_ROLE = 8
    HAS_STYLE = 16
    HAS_HIDDEN = 32
    HAS_ARIA_HIDDEN = 64
    HAS_HREF = 128


cdef class Attributes(dict):
    cdef uint8_t has
    cdef int meaning
    cdef public int role, is_date
    cdef bint is_sought
    cdef unsigned long outline


cdef str named(Node *node, uint16_t *kind)
cdef uint16_t kinds_of(Node *node)
cdef Attributes attributes_of(Node *node, bint in_heading)
cdef int place_of(str attribute) except -1
