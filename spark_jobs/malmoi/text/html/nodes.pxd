from libc.stdint cimport uint32_t, uintptr_t

cdef enum:
    ELEMENT = 1  # a node's type
    TEXT_NAME = 2  # the number of the name of a text
    LAST_KNOWN = 199  # one more than the number of <xmp>, the last name that lexbor knows

cdef struct Node:
    void *events
    uintptr_t name  # the number of the element's name; below LAST_KNOWN it is the same in every page
    uintptr_t prefix
    uintptr_t namespace
    void *document
    Node *next
    Node *previous
    Node *parent
    Node *first_child
    Node *last_child
    void *user
    int type

cdef struct Text:
    Node node
    const char *data
    size_t length

ctypedef void *(*Step)(void *) noexcept
ctypedef const char *(*Spelling)(void *, size_t *) noexcept

cdef Step first_attribute
cdef Step next_attribute
cdef Spelling attribute_name
cdef Spelling attribute_value

cdef str name_of(Node *node)
cdef str text_of(const char *data, size_t length)
cdef str shared(const char *data, size_t length)
cdef uint32_t hash_of(const char *data, size_t length) noexcept nogil
