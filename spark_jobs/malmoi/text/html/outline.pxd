from libc.stdint cimport uint8_t, uint16_t

from malmoi.text.html.elements cimport Attributes


cdef struct Item:
    int parent
    int end
    int length
    int linked
    uint16_t kind
    uint8_t has
    const char *data  # of a text, UTF-8 in the tree's memory
    int size


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
