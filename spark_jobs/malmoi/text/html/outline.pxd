from libc.stdint cimport uint8_t, uint16_t

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


cdef struct Item:
    int parent
    int end
    int length
    int linked
    uint16_t kind
    uint8_t has
    const char *data  # of a text, UTF-8 in the tree's memory
    int size


cdef class Attributes(dict):
    cdef uint8_t has
    cdef int meaning
    cdef public int role, is_date
    cdef bint is_sought
    cdef unsigned long outline


cdef class Outline:
    cdef readonly list tags
    cdef object root  # keeps the tree
    cdef dict programs
    cdef readonly list attributes
    cdef readonly list named
    cdef readonly list headings
    cdef readonly int raw_prose_length
    cdef public set dropped
    cdef Item *items
    cdef int count
    cdef int room
    cdef int *sums
    cdef int *link_sums
    cdef unsigned long number
    cdef Item *add(self, str tag, Attributes attributes, int parent, int kind) except NULL
    cpdef str text(self, int node)
    cpdef str attribute(self, int node, str name)
    cpdef int end(self, int node)
    cpdef int length(self, int node)
    cpdef int link_length(self, int node)
    cpdef int prose_length(self, int node)
