"""RE2 over UTF-8: the same expressions as Python's ``re`` would take, ten to twenty times as fast where little is found.

RE2 is linear whatever the expression, and its automaton, built as it goes, is kept as long as the process lives.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import re2

_MEMORY = 64 << 20
"""Bytes at most for the automaton of one expression; what Arrow's own functions give is too little for the large ones."""


@lru_cache(maxsize=256)
def scanner(expression: str) -> Any:
    """The expression over bytes, without groups."""
    options = re2.Options()
    options.max_mem, options.never_capture = _MEMORY, True
    return re2.compile(expression.encode(), options)


def encoded(text: str) -> bytes:
    """UTF-8 with a mark for each lone surrogate: code points keep their number."""
    return text.encode("utf-8", "replace")


def places(expression: str, raw: bytes) -> Iterator[tuple[int, int]]:
    """Where the expression matches in an encoded text, ``[start, end)`` in code points."""
    at = start = 0
    for match in scanner(expression).finditer(raw):
        first, last = match.span()
        start += len(raw[at:first].decode())
        end = start + len(raw[first:last].decode())
        yield start, end
        at, start = last, end
