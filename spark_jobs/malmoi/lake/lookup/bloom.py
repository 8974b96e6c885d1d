"""A Bloom filter for sorted 64-bit keys: one word a key, so that a sorted search reads it from front to back.

Each key sets and asks BITS bits of a single 64-bit word ("register-blocked", Putze, Sanders and Singler 2007), which costs a few
more false positives than bits all over the filter, and one read instead of BITS. The word is chosen by the key's highest bits:
keys in ascending order meet words in ascending order, so a filter that is larger than memory is read in pieces.
"""

from collections.abc import Callable

import numpy as np

BITS = 4
BITS_PER_KEY = 12
"""Between so many and twice as many, since the number of words is a power of two: 0.3 to 2 of a hundred keys pass wrongly."""
PIECE = 1 << 17
"""Words that are read at once: 1 MiB."""

_MIX = np.uint64(0x9E3779B97F4A7C15)
_ONE = np.uint64(1)


class Filter:
    """A filter that is being made."""

    def __init__(self, words: np.ndarray):
        self.words = words

    @classmethod
    def for_keys(cls, most: int) -> "Filter":
        """An empty filter with room for so many keys."""
        return cls(np.zeros(1 << max(0, (most * BITS_PER_KEY // 64).bit_length()), "<u8"))

    def add(self, keys: np.ndarray) -> None:
        """Keys, uint64, ascending."""
        if not keys.size:
            return
        places = _places(keys, self.words.size)
        starts = np.flatnonzero(np.diff(places, prepend=-1))
        self.words[places[starts]] |= np.bitwise_or.reduceat(_marks(keys), starts)


def may_have(read: Callable[[int, int], bytes], size: int, keys: np.ndarray) -> np.ndarray:
    """Which of the keys, uint64 ascending, may be among those of a filter. ``read`` gives bytes of it by offset and length,
    ``size`` is how many there are."""
    found = np.zeros(keys.size, bool)
    places, marks = _places(keys, size // 8), _marks(keys)
    edges = np.searchsorted(places, np.arange(0, size // 8 + PIECE, PIECE))
    for piece, (first, last) in enumerate(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)):
        if first == last:
            continue
        start = piece * PIECE
        words = np.frombuffer(read(8 * start, min(8 * PIECE, size - 8 * start)), "<u8")
        wanted = marks[first:last]
        found[first:last] = words[places[first:last] - start] & wanted == wanted
    return found


def _places(keys: np.ndarray, words: int) -> np.ndarray:
    bits = words.bit_length() - 1
    return (keys >> np.uint64(64 - bits)).astype(np.int64) if bits else np.zeros(keys.size, np.int64)


def _marks(keys: np.ndarray) -> np.ndarray:
    """BITS bits of a word, from the key's lower part, which does not choose the word."""
    mixed = (keys & np.uint64(0xFFFFFFFF)) * _MIX
    found = np.zeros(keys.size, np.uint64)
    for number in range(BITS):
        found |= _ONE << (mixed >> np.uint64(58 - 6 * number) & np.uint64(63))
    return found
