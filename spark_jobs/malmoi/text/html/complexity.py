"""Pages that would take the native parser quadratic time or memory are refused before it sees them.

HTML's own rules are quadratic in three ways: each start tag may look through all open elements, each block inside
unclosed formatting elements (<font>, <b>) gets copies of all of them, and each attribute is held against all earlier
ones of its tag. Browsers cap the depth at 512; a page beyond these limits is an attack or a broken generator's. The
estimate costs two looks for "<" on ordinary pages.
"""

import re

from malmoi.text.html.markup import long_tags, nesting, tag_counts

MAX_DEPTH = 3_000
MAX_COPIES = 2_000_000
MAX_TAGS = 400_000
MAX_ATTRIBUTES = 5_000

_LOOK_CLOSER_TAGS = 8_000
_LOOK_CLOSER_UNCLOSED = 1_000
_LOOK_AT_ATTRIBUTES_BYTES = 100_000
_QUOTED = re.compile(rb""""[^"]*+"|'[^']*+'""")


class TooComplex(Exception):
    """The page would cost too much to parse."""


def check(html: bytes) -> None:
    """A page in UTF-8. Raises TooComplex."""
    if len(html) > _LOOK_AT_ATTRIBUTES_BYTES:
        _check_attributes(html)
    _check_nesting(html)


def _check_attributes(html: bytes) -> None:
    for tag in long_tags(html, 2 * MAX_ATTRIBUTES):
        names = _QUOTED.sub(b" ", tag)
        count = max(len(names.split()), names.count(b"="))
        if count > MAX_ATTRIBUTES:
            raise TooComplex(f"about {count} attributes in one tag; at most {MAX_ATTRIBUTES} are read")


def _check_nesting(html: bytes) -> None:
    tags, closing = tag_counts(html)
    if tags <= _LOOK_CLOSER_UNCLOSED:
        return
    if tags <= _LOOK_CLOSER_TAGS and tags - 2 * closing <= _LOOK_CLOSER_UNCLOSED:
        return
    if tags > MAX_TAGS:
        raise TooComplex(f"{tags} tags; at most {MAX_TAGS} are read")
    deepest, most_formatting, blocks = nesting(html)
    if deepest > MAX_DEPTH:
        raise TooComplex(f"nested about {deepest} deep; at most {MAX_DEPTH} is read")
    if most_formatting * blocks > MAX_COPIES:
        raise TooComplex(f"{most_formatting} unclosed formatting elements around {blocks} blocks")
