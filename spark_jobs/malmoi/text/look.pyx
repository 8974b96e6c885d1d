# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""One look over the code points of a text or of UTF-8: of which kinds they are. ``seen.py`` says what the kinds are."""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from cpython.unicode cimport PyUnicode_GET_LENGTH
from libc.stdint cimport uint8_t, uint16_t, uint32_t, uint64_t
from libc.string cimport memcpy

cdef extern from "Python.h":
    int PyUnicode_KIND(object text)
    void *PyUnicode_DATA(object text)

cdef extern from *:
    """
    #include <stddef.h>
    #include <stdint.h>

    /* 1 where one of the bytes is an ASCII control character that no text holds, and 4 where one is a carriage return. */
    static unsigned malmoi_controls(const uint8_t *bytes, ptrdiff_t count) {
        uint8_t odd = 0, returns = 0;
        for (ptrdiff_t at = 0; at < count; at++) {
            uint8_t byte = bytes[at];
            odd |= ((byte < 32) & (byte != 9) & (byte != 10) & (byte != 13)) | (byte == 127);
            returns |= byte == 13;
        }
        return odd | returns << 2;
    }
    """
    unsigned malmoi_controls(const uint8_t *bytes, Py_ssize_t count) nogil

ctypedef fused letters:
    const uint8_t
    const uint16_t
    const uint32_t

cdef enum:
    CONTROL = 1
    RETURN = 4
    MISREAD = 16
    LATIN = 32
    LATIN_RUN = 64
    SURROGATE = 128
    LONG_RUN = 4
    WIDE = 0x80
    POINTS = 0x110000
    BAD = 0xFFFFFFFF
    ASCII_ONLY = 0x8080808080808080

cdef struct Found:
    unsigned has
    unsigned run
    Py_ssize_t misread
    Py_ssize_t wide


def of_utf8(bytes raw not None, bytes table not None):
    """``(kinds, misread, wide)`` as of ``seen.Seen``; None where the bytes are no UTF-8, lone surrogates aside. ``table``: the kinds of
    every code point."""
    cdef const uint8_t *at = <const uint8_t *> PyBytes_AS_STRING(raw)
    cdef const uint8_t *end = at + PyBytes_GET_SIZE(raw)
    cdef const uint8_t *kinds = _kinds(table)
    cdef Found found = Found(malmoi_controls(at, end - at), 0, 0, 0)
    cdef uint64_t eight
    cdef uint32_t point
    while at < end:
        while end - at >= 8:
            memcpy(&eight, at, 8)
            if eight & <uint64_t> ASCII_ONLY:
                break
            at += 8
        while at < end and at[0] < WIDE:
            at += 1
        while at < end and at[0] >= WIDE:
            point = _decoded(&at, end)
            if point == BAD:
                return None
            _add(&found, kinds, point)
    return found.has, found.misread, found.wide


def of_text(str text not None, bytes table not None):
    """The same of a text."""
    cdef const void *data = PyUnicode_DATA(text)
    cdef Py_ssize_t size = PyUnicode_GET_LENGTH(text)
    cdef const uint8_t *kinds = _kinds(table)
    cdef int kind = PyUnicode_KIND(text)
    if kind == 1:
        return _of_letters(<const uint8_t *> data, size, kinds)
    if kind == 2:
        return _of_letters(<const uint16_t *> data, size, kinds)
    return _of_letters(<const uint32_t *> data, size, kinds)


cdef tuple _of_letters(letters *text, Py_ssize_t size, const uint8_t *kinds):
    cdef Found found = Found(0, 0, 0, 0)
    cdef Py_ssize_t at
    for at in range(size):
        if text[at] < WIDE:
            found.has |= kinds[text[at]]
        else:
            _add(&found, kinds, text[at])
    return found.has, found.misread, found.wide


cdef const uint8_t *_kinds(bytes table) except NULL:
    if PyBytes_GET_SIZE(table) != POINTS:
        raise ValueError("the table holds a kind for every code point")
    return <const uint8_t *> PyBytes_AS_STRING(table)


cdef inline void _add(Found *found, const uint8_t *kinds, uint32_t point) noexcept:
    cdef unsigned kind = kinds[point]
    found.wide += 1
    if not kind:
        found.run = 0
        return
    found.misread += (kind & MISREAD) != 0
    found.run = found.run + 1 if kind & LATIN else 0
    if found.run >= LONG_RUN:
        found.has |= LATIN_RUN
    found.has |= kind & ~(MISREAD | LATIN)


cdef inline uint32_t _decoded(const uint8_t **place, const uint8_t *end) noexcept:
    """The code point that begins there, and on to the next; BAD where it is none."""
    cdef const uint8_t *at = place[0]
    cdef Py_ssize_t left = end - at
    cdef uint32_t point
    if at[0] < 0xC2:
        return BAD
    if at[0] < 0xE0:
        if left < 2 or not _goes_on(at[1]):
            return BAD
        place[0] = at + 2
        return (at[0] & 0x1F) << 6 | at[1] & 0x3F
    if at[0] < 0xF0:
        if left < 3 or not _goes_on(at[1]) or not _goes_on(at[2]):
            return BAD
        point = (at[0] & 0x0F) << 12 | (at[1] & 0x3F) << 6 | at[2] & 0x3F
        place[0] = at + 3
        return point if point >= 0x800 else BAD
    if at[0] > 0xF4 or left < 4 or not _goes_on(at[1]) or not _goes_on(at[2]) or not _goes_on(at[3]):
        return BAD
    point = (at[0] & 0x07) << 18 | (at[1] & 0x3F) << 12 | (at[2] & 0x3F) << 6 | at[3] & 0x3F
    place[0] = at + 4
    return point if 0x10000 <= point < POINTS else BAD


cdef inline bint _goes_on(uint8_t byte) noexcept:
    return byte & 0xC0 == 0x80
