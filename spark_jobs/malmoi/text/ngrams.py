"""Character n-grams of a batch as hashed places, for linear models: two NumPy passes an order, no Python an n-gram."""

import numpy as np

from malmoi.text.layout import DIGIT, Layout

ORDERS = (2, 3, 4)
BITS = 15
NOTHING = 1 << BITS
"""Bucket of no n-gram; its weight is 0."""
_MULTIPLIERS = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F)
"""Odd 32-bit constants, one for each place in the n-gram (those of xxHash32, Collet)."""

_SPREAD = np.uint32(0x2545F491)


def buckets(layout: Layout) -> list[np.ndarray]:
    """For each order, the bucket (0 .. 2**BITS - 1) of the n-gram that starts at each code point, int64 [m].

    Every digit counts as 0 and every white space as one space. Where an n-gram would run into the next text the bucket
    is ``NOTHING``, so that the batch around a text does not matter.
    """
    codes = np.where(layout.classes == DIGIT, np.uint32(ord("0")), layout.codes)
    codes[layout.blank] = ord(" ")
    size = len(codes)
    padded = np.concatenate((codes, np.full(max(ORDERS), ord(" "), np.uint32)))
    products = [padded * np.uint32(multiplier) for multiplier in _MULTIPLIERS]
    mixed, result = products[0][:size], []
    for order in ORDERS:
        mixed = mixed ^ products[order - 1][order - 1 : order - 1 + size]
        found = ((mixed * _SPREAD) >> np.uint32(32 - BITS)).astype(np.int64)
        found[_crossing(layout, order)] = NOTHING
        result.append(found)
    return result


def _crossing(layout: Layout, order: int) -> np.ndarray:
    """Places whose n-gram ends behind its text's line feed."""
    end = layout.text_start + layout.text_lengths
    places = end[:, None] - np.arange(1, order)
    return places[places >= layout.text_start[:, None]]


def mean_weights(layout: Layout, weights: np.ndarray, step: float) -> np.ndarray:
    """Mean weight of each text's n-grams, summed over the orders; ``weights`` is int8 [orders, 2**BITS + 1] in units of
    ``step``. Whole numbers are summed, so that the result is the same in every batch."""
    total = np.zeros(layout.texts, np.int64)
    for table, places in zip(weights, buckets(layout), strict=True):
        total += np.add.reduceat(table[places], layout.text_start, dtype=np.int64)
    return total * step / layout.text_lengths
