# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""Looks over a page's bytes before the parser sees them."""

from libc.string cimport memchr

cdef extern from "string.h" nogil:
    void *memmem(const void *haystack, size_t size, const void *needle, size_t length)

_CLOSES_ITSELF = frozenset(
    b"p li dt dd td th tr tbody thead tfoot option optgroup rt rp br hr img input meta link area base col embed source "
    b"track wbr param".split()
)
_FORMATTING = frozenset(b"a b big code em font i nobr s small strike strong tt u".split())

cdef enum:
    LONGEST_NAME = 16


def tag_counts(const unsigned char[::1] html not None):
    """How many "<" the page has, and how many "</"."""
    cdef Py_ssize_t at, length = html.shape[0]
    cdef Py_ssize_t opens = 0, closing = 0
    for at in range(length - 1):
        opens += html[at] == c"<"
        closing += (html[at] == c"<") & (html[at + 1] == c"/")
    if length:
        opens += html[length - 1] == c"<"
    return opens, closing


def long_tags(const unsigned char[::1] html not None, Py_ssize_t longest):
    """Start tags of more than so many bytes: from "<" and a letter up to the first ">" outside quotes, to a quote that is
    never closed, or to the page's end."""
    cdef list found = []
    cdef Py_ssize_t at = 0, start, length = html.shape[0]
    cdef const unsigned char *letters
    cdef const unsigned char *hit
    if not length:
        return found
    letters = &html[0]
    while True:
        hit = <const unsigned char *>memchr(letters + at, c"<", length - at)
        if hit == NULL:
            return found
        start = hit - letters
        at = start + 1
        if at == length:
            return found
        if not (c"a" <= letters[at] | 0x20 <= c"z"):
            continue
        while at < length and letters[at] != c">":
            if letters[at] == c'"' or letters[at] == c"'":
                hit = <const unsigned char *>memchr(letters + at + 1, letters[at], length - at - 1)
                if hit == NULL:
                    break
                at = hit - letters
            at += 1
        if at - start > longest:
            found.append(bytes(html[start:at]))
        if at == length:
            return found


def nesting(const unsigned char[::1] html not None):
    """How deep elements are nested at most, how many formatting elements are open at most, and how many start tags there
    are of elements that do not format: estimates from the tags alone, in the order in which they stand."""
    cdef Py_ssize_t at = 0, length = html.shape[0]
    cdef int depth = 0, formatting = 0, deepest = 0, most_formatting = 0, blocks = 0, size
    cdef bint closes
    cdef char name[LONGEST_NAME]
    cdef const unsigned char *letters
    cdef const unsigned char *hit
    if not length:
        return 0, 0, 0
    letters = &html[0]
    while True:
        hit = <const unsigned char *>memchr(letters + at, c"<", length - at)
        if hit == NULL:
            return deepest, most_formatting, blocks
        at = hit - letters + 1
        closes = at < length and letters[at] == c"/"
        at += closes
        size = 0
        while at < length and size < LONGEST_NAME and _may_stand(letters[at], size):
            name[size] = letters[at] | 0x20  # lower case; digits have the bit already
            size += 1
            at += 1
        if not size:
            continue
        word = name[:size]
        if word in _FORMATTING:
            formatting = max(0, formatting - 1) if closes else formatting + 1
            most_formatting = max(most_formatting, formatting)
        elif not closes:
            blocks += 1
        if word not in _CLOSES_ITSELF:
            depth = max(0, depth - 1) if closes else depth + 1
            deepest = max(deepest, depth)


cdef inline bint _may_stand(unsigned char letter, int place) noexcept:
    """Whether a letter may stand at a place of an element's name."""
    return c"a" <= letter | 0x20 <= c"z" or place > 0 and c"0" <= letter <= c"9"


def holds(const unsigned char[::1] html not None, bytes mark not None):
    """Whether bytes are in a page. The C library looks for long ones in half the time of Python."""
    return html.shape[0] > 0 and memmem(&html[0], html.shape[0], <const char *>mark, len(mark)) != NULL
