"""Pages that would take the native parser quadratic time or memory are refused before it sees them.

HTML's own rules are quadratic in three ways: each start tag may look through all open elements, each block inside
unclosed formatting elements (<font>, <b>) gets copies of all of them, and each attribute is held against all earlier
ones of its tag. Browsers cap the depth at 512; a page beyond these limits is an attack or a broken generator's. The
estimate costs two looks for "<" on ordinary pages.
"""

import re

import numpy as np

MAX_DEPTH = 3_000
MAX_COPIES = 2_000_000
MAX_TAGS = 400_000
MAX_ATTRIBUTES = 5_000

_LOOK_CLOSER_TAGS = 8_000
_LOOK_CLOSER_UNCLOSED = 1_000
_LOOK_AT_ATTRIBUTES_BYTES = 100_000
_LONG_TAG = re.compile(rb"""<[a-zA-Z](?:[^>"']++|"[^"]*+"|'[^']*+')*+""")
_QUOTED = re.compile(rb""""[^"]*+"|'[^']*+'""")
_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})")
_CLOSES_ITSELF = frozenset(
    "p li dt dd td th tr tbody thead tfoot option optgroup rt rp br hr img input meta link area base col embed source "
    "track wbr param".split()
)
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())


class TooComplex(Exception):
    """The page would cost too much to parse."""


def check(html: bytes) -> None:
    """A page in UTF-8. Raises TooComplex."""
    if len(html) > _LOOK_AT_ATTRIBUTES_BYTES:
        _check_attributes(html)
    _check_nesting(html)


def _check_attributes(html: bytes) -> None:
    for tag in _LONG_TAG.finditer(html):
        if tag.end() - tag.start() > 2 * MAX_ATTRIBUTES:
            names = _QUOTED.sub(b" ", tag.group())
            count = max(len(names.split()), names.count(b"="))
            if count > MAX_ATTRIBUTES:
                raise TooComplex(f"about {count} attributes in one tag; at most {MAX_ATTRIBUTES} are read")


def _check_nesting(html: bytes) -> None:
    letters = np.frombuffer(html, np.uint8)
    opens = letters == ord("<")
    tags = int(np.count_nonzero(opens))
    if tags <= _LOOK_CLOSER_UNCLOSED:
        return
    closing = int(np.count_nonzero(opens[:-1] & (letters[1:] == ord("/"))))
    if tags <= _LOOK_CLOSER_TAGS and tags - 2 * closing <= _LOOK_CLOSER_UNCLOSED:
        return
    if tags > MAX_TAGS:
        raise TooComplex(f"{tags} tags; at most {MAX_TAGS} are read")
    depth = formatting = deepest = most_formatting = blocks = 0
    for slash, name in _TAG.findall(html):
        name = name.decode().lower()
        if name in _FORMATTING:
            formatting = max(0, formatting - 1) if slash else formatting + 1
            most_formatting = max(most_formatting, formatting)
        elif not slash:
            blocks += 1
        if name not in _CLOSES_ITSELF:
            depth = max(0, depth - 1) if slash else depth + 1
            deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        raise TooComplex(f"nested about {deepest} deep; at most {MAX_DEPTH} is read")
    if most_formatting * blocks > MAX_COPIES:
        raise TooComplex(f"{most_formatting} unclosed formatting elements around {blocks} blocks")
