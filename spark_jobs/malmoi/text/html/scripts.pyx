# cython: language_level=3, boundscheck=False, wraparound=False
"""How many letters of each script a text has."""

cdef enum:
    HANGUL = 0
    LATIN
    KANA
    HAN
    CYRILLIC
    ARABIC
    THAI
    GREEK
    HEBREW
    DEVANAGARI
    SCRIPTS


def letters_by_script(str text not None, Py_ssize_t most):
    """Counts among the first ``most`` code points: of Hangul syllables, Latin, kana, Han, Cyrillic, Arabic, Thai, Greek, Hebrew and
    Devanagari, in this order."""
    cdef int counts[SCRIPTS]
    cdef int script
    cdef Py_ssize_t at
    cdef unsigned int letter
    for script in range(SCRIPTS):
        counts[script] = 0
    for at in range(min(most, len(text))):
        letter = <Py_UCS4>text[at]
        if letter < 0x80:
            counts[LATIN] += 0x61 <= letter | 0x20 <= 0x7A
        elif 0xAC00 <= letter <= 0xD7A3:
            counts[HANGUL] += 1
        elif 0xC0 <= letter <= 0x24F:
            counts[LATIN] += 1
        elif 0x370 <= letter <= 0x3FF:
            counts[GREEK] += 1
        elif 0x400 <= letter <= 0x4FF:
            counts[CYRILLIC] += 1
        elif 0x590 <= letter <= 0x5FF:
            counts[HEBREW] += 1
        elif 0x600 <= letter <= 0x6FF:
            counts[ARABIC] += 1
        elif 0x900 <= letter <= 0x97F:
            counts[DEVANAGARI] += 1
        elif 0xE00 <= letter <= 0xE7F:
            counts[THAI] += 1
        elif 0x3041 <= letter <= 0x30FF:
            counts[KANA] += 1
        elif 0x4E00 <= letter <= 0x9FFF:
            counts[HAN] += 1
    return tuple([counts[script] for script in range(SCRIPTS)])
