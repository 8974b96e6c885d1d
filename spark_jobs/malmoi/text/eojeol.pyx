# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""Loops over the eojeol of a layout (layout.py): NumPy makes several passes of each, sorts where a table tells what came before,
and holds an array a pass.

Eojeol are ``[start, end)`` in the arrays of code points; owners, the numbers of their texts, never decrease.
"""

import numpy as np

from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t, uint64_t
from libc.string cimport memset


def hashes(const uint32_t[::1] codes, const int64_t[::1] starts, const int64_t[::1] ends, const uint64_t[::1] weights):
    """One uint64 an eojeol: sum of code point times the weight of its place."""
    found = np.empty(starts.shape[0], np.uint64)
    cdef uint64_t[::1] out = found
    cdef Py_ssize_t number, at, start
    cdef uint64_t value
    for number in range(starts.shape[0]):
        value, start = 0, starts[number]
        for at in range(start, ends[number]):
            value += codes[at] * weights[at - start]
        out[number] = value
    return found


def last_syllables(const uint32_t[::1] codes, const uint8_t[::1] classes, const int64_t[::1] starts,
                   const int64_t[::1] ends, int hangul, int look_back):
    """Whether each eojeol holds Hangul, bool; its last syllable, int64, behind which at most ``look_back`` signs stand; and the
    syllable before that one. 0 where there is none."""
    holds = np.zeros(starts.shape[0], bool)
    last, before = np.zeros(starts.shape[0], np.int64), np.zeros(starts.shape[0], np.int64)
    cdef uint8_t[::1] holding = holds.view(np.uint8)
    cdef int64_t[::1] lasts = last, befores = before
    cdef Py_ssize_t number, at, start, end
    for number in range(starts.shape[0]):
        start, end = starts[number], ends[number]
        at = end - 1
        while classes[at] != hangul and at > start:
            at -= 1
        if classes[at] != hangul:
            continue
        holding[number] = True
        if end - 1 - at <= look_back:
            lasts[number] = codes[at]
            if at > start and classes[at - 1] == hangul:
                befores[number] = codes[at - 1]
    return holds, last, before


def class_changes(const uint8_t[::1] classes, const int64_t[::1] starts, const int64_t[::1] ends):
    """Changes of class inside each eojeol, int32."""
    found = np.empty(starts.shape[0], np.int32)
    cdef int32_t[::1] out = found
    cdef Py_ssize_t number, at
    cdef int32_t changes
    for number in range(starts.shape[0]):
        changes = 0
        for at in range(starts[number] + 1, ends[number]):
            changes += classes[at] != classes[at - 1]
        out[number] = changes
    return found


def follows(one, other, const int64_t[::1] starts, const int64_t[::1] ends):
    """Whether inside an eojeol some code point marked in ``other`` follows directly one marked in ``one``; bool, as these."""
    found = np.empty(starts.shape[0], bool)
    cdef uint8_t[::1] out = found.view(np.uint8)
    cdef const uint8_t[::1] ones = one.view(np.uint8), others = other.view(np.uint8)
    cdef Py_ssize_t number, at
    cdef uint8_t met
    for number in range(starts.shape[0]):
        met = 0
        for at in range(starts[number] + 1, ends[number]):
            met |= ones[at - 1] & others[at]
        out[number] = met
    return found


def occurrences(const uint64_t[::1] values, const int64_t[::1] owners):
    """Where an owner has a value for the first time, and where it has a value more than once; bool."""
    cdef Py_ssize_t count = values.shape[0], begin = 0, end, at, place
    first, again = np.zeros(count, bool), np.zeros(count, bool)
    cdef uint8_t[::1] firsts = first.view(np.uint8), agains = again.view(np.uint8)
    cdef int64_t[::1] table = np.empty(_room(owners), np.int64)  # places of values, one more; 0 where free
    cdef uint64_t mask
    while begin < count:
        end = _end_of(owners, begin)
        mask = _cleared(table, end - begin)
        for at in range(begin, end):
            place = (values[at] ^ values[at] >> 32) & mask
            while table[place] and values[table[place] - 1] != values[at]:
                place = place + 1 & mask
            if table[place]:
                agains[at] = agains[table[place] - 1] = True
            else:
                firsts[at], table[place] = True, at + 1
        begin = end
    return first, again


def most_frequent(const uint64_t[::1] values, const int64_t[::1] owners, Py_ssize_t many):
    """How often each of ``many`` owners has the value that it has most often, float64."""
    most = np.zeros(many)
    cdef double[::1] out = most
    cdef Py_ssize_t count = values.shape[0], begin = 0, end, at, place
    cdef int64_t[::1] table = np.empty(_room(owners), np.int64)
    cdef int32_t[::1] counts = np.empty(count, np.int32)  # of each value, where it stands first
    cdef uint64_t mask
    cdef int32_t best
    while begin < count:
        end, best = _end_of(owners, begin), 0
        mask = _cleared(table, end - begin)
        for at in range(begin, end):
            place = (values[at] * <uint64_t> 0x9E3779B97F4A7C15 >> 32) & mask
            while table[place] and values[table[place] - 1] != values[at]:
                place = place + 1 & mask
            if not table[place]:
                counts[at], table[place] = 0, at + 1
            counts[table[place] - 1] += 1
            best = max(best, counts[table[place] - 1])
        out[owners[begin]] = best
        begin = end
    return most


def sums(owners, weights, Py_ssize_t many):
    """Sum of the weights, bool or float64, of each of ``many`` owners, float64; ``weights`` of None: how many there are."""
    cdef const int64_t[::1] owner = owners
    cdef const uint8_t[::1] marks
    cdef const double[::1] values
    cdef Py_ssize_t at, begin = 0, end, whole
    cdef double value
    found = np.zeros(many)
    cdef double[::1] out = found
    cdef bint weighed = weights is not None, marked = weighed and weights.dtype == bool
    if marked:
        marks = weights.view(np.uint8)
    elif weighed:
        values = weights
    while begin < owner.shape[0]:
        end = _end_of(owner, begin)
        whole, value = 0, 0
        if not weighed:
            whole = end - begin
        elif marked:
            for at in range(begin, end):
                whole += marks[at]
        else:
            for at in range(begin, end):
                value += values[at]
        out[owner[begin]] = whole + value
        begin = end
    return found


def class_counts(const uint8_t[::1] classes, const int64_t[::1] starts, Py_ssize_t kinds):
    """Code points of each of ``kinds`` classes in every text, int64; ``starts``: where the texts begin."""
    counts = np.zeros((starts.shape[0], kinds), np.int64)
    cdef int64_t[:, ::1] out = counts
    cdef Py_ssize_t number, at, end
    for number in range(starts.shape[0]):
        end = starts[number + 1] if number + 1 < starts.shape[0] else classes.shape[0]
        for at in range(starts[number], end):
            out[number, classes[at]] += 1
    return counts


cdef Py_ssize_t _end_of(const int64_t[::1] owners, Py_ssize_t begin) noexcept:
    """Where the owner of ``begin`` has no more."""
    cdef Py_ssize_t end = begin + 1
    while end < owners.shape[0] and owners[end] == owners[begin]:
        end += 1
    return end


cdef Py_ssize_t _room(const int64_t[::1] owners):
    """Places that the table of the largest owner takes."""
    cdef Py_ssize_t most = 0, begin = 0, end
    while begin < owners.shape[0]:
        end = _end_of(owners, begin)
        most, begin = max(most, end - begin), end
    return _places(most)


cdef Py_ssize_t _places(Py_ssize_t values) noexcept:
    cdef Py_ssize_t places = 8
    while places < 2 * values:
        places *= 2
    return places


cdef uint64_t _cleared(int64_t[::1] table, Py_ssize_t values) noexcept:
    """Empties what so many values take of the table; the mask of its places."""
    cdef Py_ssize_t places = _places(values)
    memset(&table[0], 0, places * 8)
    return places - 1
