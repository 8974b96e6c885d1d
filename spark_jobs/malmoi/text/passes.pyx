# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""Passes over the code points of a text where NumPy or ``re`` makes many: sentences, one spelling, the hashes of duplicates.

A text is read where it lies, one, two or four bytes a code point.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.unicode cimport PyUnicode_GET_LENGTH
from libc.stdint cimport uint8_t, uint16_t, uint32_t
from libc.string cimport memcpy, memset

cdef extern from "Python.h":
    int PyUnicode_KIND(object text)
    str PyUnicode_FromKindAndData(int kind, const void *data, Py_ssize_t size)
    void *PyUnicode_DATA(object text)
    bint Py_UNICODE_ISSPACE(Py_UCS4 letter)

cdef extern from *:
    """
    #include <stdint.h>
    #include <stddef.h>

    /* Compiled once for each generation of processors that matters; which runs is decided when the module is loaded. */
    #if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && defined(__linux__)
    #define MALMOI_FOR_EACH_PROCESSOR __attribute__((target_clones("avx512f", "avx2", "default")))
    #else
    #define MALMOI_FOR_EACH_PROCESSOR
    #endif

    /* MurmurHash3's 32-bit finalizer (public domain): spreads structured values over all bits. */
    static inline uint32_t malmoi_spread(uint32_t value) {
        value ^= value >> 16;
        value *= 0x85EBCA6Bu;
        value ^= value >> 13;
        value *= 0xC2B2AE35u;
        return value ^ (value >> 16);
    }

    /* The hash of every run of `width` code points: a polynomial in them, finished. */
    MALMOI_FOR_EACH_PROCESSOR
    static void malmoi_shingles(const uint32_t *points, ptrdiff_t count, int width, uint32_t *hashes) {
        for (ptrdiff_t at = 0; at < count; at++) {
            uint32_t value = points[at];
            for (int offset = 1; offset < width; offset++)
                value = value * 0x01000193u + points[at + offset];
            hashes[at] = malmoi_spread(value);
        }
    }

    MALMOI_FOR_EACH_PROCESSOR
    static void malmoi_spread_all(uint32_t *values, ptrdiff_t count) {
        for (ptrdiff_t at = 0; at < count; at++)
            values[at] = malmoi_spread(values[at]);
    }

    /* The least of multiplier * value + offset over all values. */
    MALMOI_FOR_EACH_PROCESSOR
    static uint32_t malmoi_least(const uint32_t *values, ptrdiff_t count, uint32_t multiplier, uint32_t offset) {
        uint32_t least = 0xFFFFFFFFu;
        for (ptrdiff_t at = 0; at < count; at++) {
            uint32_t permuted = values[at] * multiplier + offset;
            least = permuted < least ? permuted : least;
        }
        return least;
    }
    """
    void malmoi_shingles(const uint32_t *points, Py_ssize_t count, int width, uint32_t *hashes) nogil
    void malmoi_spread_all(uint32_t *values, Py_ssize_t count) nogil
    uint32_t malmoi_least(const uint32_t *values, Py_ssize_t count, uint32_t multiplier, uint32_t offset) nogil

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


# What duplicates share


def signed(str text not None, const uint32_t[::1] small, int chars, const uint32_t[::1] multipliers,
           const uint32_t[::1] offsets):
    """A text's letters and digits in UTF-8, and its MinHash signature, little-endian uint32 for each permutation.

    ``small``: what each code point becomes, 0 for what is left out, as for all code points beyond. ``chars``: code points of a
    shingle; a shorter text is one shingle, and the signature of one without letters is all ones.
    """
    cdef Py_ssize_t size = PyUnicode_GET_LENGTH(text), count, bytes_used, number, shingles
    cdef int kind = PyUnicode_KIND(text), width
    cdef const void *data = PyUnicode_DATA(text)
    cdef uint32_t *points = <uint32_t *> PyMem_Malloc((size + 1) * 12)
    if points is NULL:
        raise MemoryError
    cdef uint32_t *hashes = points + size + 1
    cdef uint8_t *raw = <uint8_t *> (hashes + size + 1)
    cdef bytes signature
    cdef uint32_t *least
    try:
        if kind == 1:
            count = _small(<const uint8_t *> data, size, small, points)
        elif kind == 2:
            count = _small(<const uint16_t *> data, size, small, points)
        else:
            count = _small(<const uint32_t *> data, size, small, points)
        signature = PyBytes_FromStringAndSize(NULL, multipliers.shape[0] * 4)
        least = <uint32_t *> PyBytes_AS_STRING(signature)
        memset(least, 0xFF, multipliers.shape[0] * 4)
        if count:
            width = min(chars, count)
            shingles = count - width + 1
            malmoi_shingles(points, shingles, width, hashes)
            malmoi_spread_all(hashes, shingles)
            for number in range(multipliers.shape[0]):
                least[number] = malmoi_least(hashes, shingles, multipliers[number], offsets[number])
        bytes_used = _utf8(points, count, raw)
        return PyBytes_FromStringAndSize(<char *> raw, bytes_used), signature
    finally:
        PyMem_Free(points)


cdef Py_ssize_t _small(letters *text, Py_ssize_t size, const uint32_t[::1] table, uint32_t *points) noexcept:
    cdef Py_ssize_t at, count = 0, last = table.shape[0]
    cdef uint32_t letter
    for at in range(size):
        letter = text[at]
        points[count] = letter = table[letter] if letter < last else 0
        count += letter != 0
    return count


cdef Py_ssize_t _utf8(const uint32_t *points, Py_ssize_t count, uint8_t *raw) noexcept:
    cdef Py_ssize_t at, done = 0
    cdef uint32_t letter
    for at in range(count):
        letter = points[at]
        if letter < 0x80:
            raw[done] = letter
            done += 1
        elif letter < 0x800:
            raw[done] = 0xC0 | (letter >> 6)
            raw[done + 1] = 0x80 | (letter & 0x3F)
            done += 2
        elif letter < 0x10000:
            raw[done] = 0xE0 | (letter >> 12)
            raw[done + 1] = 0x80 | (letter >> 6 & 0x3F)
            raw[done + 2] = 0x80 | (letter & 0x3F)
            done += 3
        else:
            raw[done] = 0xF0 | (letter >> 18)
            raw[done + 1] = 0x80 | (letter >> 12 & 0x3F)
            raw[done + 2] = 0x80 | (letter >> 6 & 0x3F)
            raw[done + 3] = 0x80 | (letter & 0x3F)
            done += 4
    return done
