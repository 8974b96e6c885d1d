# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""Passes over the code points of a text where NumPy or ``re`` makes many: sentences, letters, one spelling.

A text is read where it lies, one, two or four bytes a code point.
"""

from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.unicode cimport PyUnicode_GET_LENGTH
from libc.stdint cimport uint8_t, uint16_t, uint32_t
from libc.string cimport memcpy

cdef extern from "Python.h":
    int PyUnicode_KIND(object text)
    str PyUnicode_FromKindAndData(int kind, const void *data, Py_ssize_t size)
    void *PyUnicode_DATA(object text)
    bint Py_UNICODE_ISSPACE(Py_UCS4 letter)

ctypedef fused letters:
    const uint8_t
    const uint16_t
    const uint32_t

cdef enum:
    LAST_SPACE = 0x3000  # no white space lies above
    FIRST_SYLLABLE = 0xAC00
    LAST_SYLLABLE = 0xD7A3


# Sentences


def sentences(str text not None, Py_ssize_t length=0):
    """``[start, end)`` of every sentence that is not blank, without the white space around it; runs of whole sentences of at
    most ``length`` code points are one."""
    cdef const void *data = PyUnicode_DATA(text)
    cdef Py_ssize_t size = PyUnicode_GET_LENGTH(text)
    cdef int kind = PyUnicode_KIND(text)
    if kind == 1:
        return _sentences(<const uint8_t *> data, size, length)
    if kind == 2:
        return _sentences(<const uint16_t *> data, size, length)
    return _sentences(<const uint32_t *> data, size, length)


cdef list _sentences(letters *text, Py_ssize_t size, Py_ssize_t length):
    cdef list found = []
    cdef Py_ssize_t at = 0, start = 0, end, first = -1, last = 0, low, high
    cdef uint32_t letter
    while True:
        if at < size:
            letter = text[at]
            if letter > LAST_SPACE:
                at += 1
                continue
            if letter == c"\n":
                end = at + 1
                while end < size and text[end] == c"\n":
                    end += 1
            elif is_space(letter):
                if not _ends_softly(text, size, at):
                    at += 1
                    continue
                end = at + 1
            elif is_stop(letter):
                end = at + 1
                while end < size and is_stop(text[end]):
                    end += 1
                while end < size and is_closer(text[end]):
                    end += 1
                if end < size and not is_space(text[end]):
                    at = end
                    continue
            else:
                at += 1
                continue
        else:
            end = size
        low, high = start, end
        while low < high and is_space(text[low]):
            low += 1
        while low < high and is_space(text[high - 1]):
            high -= 1
        if low < high:
            if first < 0 or high - first > length:
                if first >= 0:
                    found.append((first, last))
                first = low
            last = high
        if at >= size:
            break
        start = at = end
    if first >= 0:
        found.append((first, last))
    return found


cdef bint _ends_softly(letters *text, Py_ssize_t size, Py_ssize_t at) noexcept:
    """Whether the space at ``at`` stands behind a final ending, and Hangul behind it."""
    if at < 2 or not is_final(text[at - 1]) or not is_syllable(text[at - 2]):
        return False
    at += 1
    while at < size and is_laughter(text[at]):
        at += 1
    if at < size and is_space(text[at]):
        at += 1
    return at < size and is_syllable(text[at])


cdef inline bint is_space(uint32_t letter) noexcept:
    return letter <= LAST_SPACE and Py_UNICODE_ISSPACE(letter)


cdef inline bint is_syllable(uint32_t letter) noexcept:
    return FIRST_SYLLABLE <= letter <= LAST_SYLLABLE


cdef inline bint is_stop(uint32_t letter) noexcept:
    return letter == c"." or letter == c"!" or letter == c"?" or letter == 0x2026  # …


cdef inline bint is_closer(uint32_t letter) noexcept:
    if letter < 0x80:
        return letter == c'"' or letter == c"'" or letter == c")" or letter == c"]"
    return letter == 0x300D or letter == 0x300F or letter == 0x201D or letter == 0x2019  # 」』”’


cdef inline bint is_final(uint32_t letter) noexcept:
    """다, 요, 죠, 까, 네."""
    return letter == 0xB2E4 or letter == 0xC694 or letter == 0xC8E0 or letter == 0xAE4C or letter == 0xB124


cdef inline bint is_laughter(uint32_t letter) noexcept:
    """ㅋ, ㅎ, ㅠ, ㅜ."""
    return letter == 0x314B or letter == 0x314E or letter == 0x3160 or letter == 0x315C


def holds_hangul(str text not None, Py_ssize_t start, Py_ssize_t end, Py_ssize_t enough):
    """Whether ``text[start:end]`` holds so many Hangul syllables and compatibility jamo (ㄱ to ㅣ)."""
    cdef const void *data = PyUnicode_DATA(text)
    cdef int kind = PyUnicode_KIND(text)
    end = min(end, PyUnicode_GET_LENGTH(text))
    if kind == 1:
        return enough <= 0
    if kind == 2:
        return _holds_hangul(<const uint16_t *> data, max(start, 0), end, enough)
    return _holds_hangul(<const uint32_t *> data, max(start, 0), end, enough)


cdef bint _holds_hangul(letters *text, Py_ssize_t at, Py_ssize_t end, Py_ssize_t enough) noexcept:
    while at < end and enough > 0:
        enough -= is_syllable(text[at]) or 0x3131 <= text[at] <= 0x3163
        at += 1
    return enough <= 0


# Letters


def count(str text not None, const uint8_t[::1] marks):
    """Code points that are marked; there is no mark beyond the last of ``marks``."""
    cdef const void *data = PyUnicode_DATA(text)
    cdef Py_ssize_t size = PyUnicode_GET_LENGTH(text)
    cdef int kind = PyUnicode_KIND(text)
    if kind == 1:
        return _count(<const uint8_t *> data, size, marks)
    if kind == 2:
        return _count(<const uint16_t *> data, size, marks)
    return _count(<const uint32_t *> data, size, marks)


cdef Py_ssize_t _count(letters *text, Py_ssize_t size, const uint8_t[::1] marks) noexcept:
    cdef Py_ssize_t at, found = 0, beyond = marks.shape[0]
    cdef uint32_t letter
    for at in range(size):
        letter = text[at]
        if letter < beyond:
            found += marks[letter]
    return found


def lowered(str text not None, const uint8_t[::1] cased):
    """The text with ASCII capitals as small letters, the same object where there are none; None where another capital stands
    in it, by the marks of ``cased``."""
    cdef const void *data = PyUnicode_DATA(text)
    cdef Py_ssize_t size = PyUnicode_GET_LENGTH(text)
    cdef int kind = PyUnicode_KIND(text)
    if kind == 1:
        return _lowered(<const uint8_t *> data, size, kind, text, cased)
    if kind == 2:
        return _lowered(<const uint16_t *> data, size, kind, text, cased)
    return _lowered(<const uint32_t *> data, size, kind, text, cased)


cdef str _lowered(letters *text, Py_ssize_t size, int kind, str whole, const uint8_t[::1] cased):
    cdef Py_ssize_t at, beyond = cased.shape[0]
    cdef bint has_capitals = False
    cdef uint32_t letter
    cdef char *copy
    for at in range(size):
        letter = text[at]
        if letter < beyond and cased[letter]:
            if letter > 0x7F:
                return None
            has_capitals = True
    if not has_capitals:
        return whole
    copy = <char *> PyMem_Malloc(size * kind)
    if copy is NULL:
        raise MemoryError
    memcpy(copy, text, size * kind)
    for at in range(size):
        if c"A" <= text[at] <= c"Z":
            if kind == 1:
                (<uint8_t *> copy)[at] += 32
            elif kind == 2:
                (<uint16_t *> copy)[at] += 32
            else:
                (<uint32_t *> copy)[at] += 32
    try:
        return PyUnicode_FromKindAndData(kind, copy, size)
    finally:
        PyMem_Free(copy)


# One spelling


def spelled(str text not None, const uint8_t[::1] kinds, const uint32_t[::1] plain, Py_ssize_t many):
    """The text with ``plain`` of every code point whose kind is 1, the same object where there is none; where code points of
    kind 2 stand; and whether ``many`` ASCII digits follow one another. The last of ``kinds`` is for all code points beyond."""
    cdef const void *data = PyUnicode_DATA(text)
    cdef Py_ssize_t size = PyUnicode_GET_LENGTH(text)
    cdef int kind = PyUnicode_KIND(text)
    if kind == 1:
        return _spelled(<const uint8_t *> data, size, text, kinds, plain, many)
    if kind == 2:
        return _spelled(<const uint16_t *> data, size, text, kinds, plain, many)
    return _spelled(<const uint32_t *> data, size, text, kinds, plain, many)


cdef tuple _spelled(letters *text, Py_ssize_t size, str whole, const uint8_t[::1] kinds, const uint32_t[::1] plain,
                    Py_ssize_t many):
    cdef list places = []
    cdef Py_ssize_t at, digits = 0, most = 0, beyond = kinds.shape[0] - 1
    cdef bint is_odd = False
    cdef uint32_t letter, kind
    cdef uint32_t *points
    for at in range(size):
        letter = text[at]
        digits = digits + 1 if c"0" <= letter <= c"9" else 0
        if digits > most:
            most = digits
        kind = kinds[letter if letter < beyond else beyond]
        if kind == 1:
            is_odd = True
        elif kind == 2:
            places.append(at)
    if is_odd:
        points = <uint32_t *> PyMem_Malloc(size * 4)
        if points is NULL:
            raise MemoryError
        for at in range(size):
            letter = text[at]
            points[at] = plain[letter] if letter < beyond and kinds[letter] == 1 else letter
        try:
            whole = PyUnicode_FromKindAndData(4, points, size)
        finally:
            PyMem_Free(points)
    return whole, places, most >= many
