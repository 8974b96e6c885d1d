# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""The loops of MinHash (minhash.py): a text's letters, its shingles, and the least of every permutation, in one pass each."""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.unicode cimport PyUnicode_GET_LENGTH
from libc.stdint cimport uint8_t, uint16_t, uint32_t
from libc.string cimport memset

cdef extern from "Python.h":
    int PyUnicode_KIND(object text)
    void *PyUnicode_DATA(object text)

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
