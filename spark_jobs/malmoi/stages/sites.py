"""A site's pages seen together, within ingest: a window of a unit's documents is held until its blocks are counted.

A window is a run of records of one unit, and counts come from it and from the nights before (``lake.lookup.pages``), so what
it drops depends on the landing files and on published nights alone, not on workers or the order of units. A whole night at
once would need a second pass over every text, or a shuffle of all blocks; a crawl keeps the pages of a site close together, so
a window sees most of what a night would, and what it misses tonight is known tomorrow.

Blocks and addresses leave a page as keyed hashes, so the table of blocks tells nothing about a page to whom lacks the key.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import Any, Protocol

import numpy as np

from malmoi.text.repeats import blocks_of, countable, without_repeats

MAX_DOCUMENTS = 2_000
MAX_CHARS = 16 << 20
"""A window ends at whichever comes first: it bounds a worker's memory to some 100 MB."""

KEY_BYTES = 8
KEY_TYPE = "<i8"


class Earlier(Protocol):
    """What earlier nights know of blocks."""

    def pages_of(self, keys: np.ndarray) -> dict[int, frozenset[int]]:
        """Block -> the pages that had it, for those of these blocks (int64, ascending) that any had."""


class Sites:
    """The pass over ingest's items. ``green`` and ``yellow`` as in ``text.repeats``; green 0 changes nothing. ``secret``
    keys the hashes."""

    def __init__(self, green: int, yellow: int, secret: bytes, earlier: Earlier | None = None):
        self._green, self._yellow, self._earlier = green, yellow, earlier
        self._secret = blake2b(secret).digest()

    def without_shared_blocks(self, items: Iterable[Any]) -> Iterator[Any]:
        """The same items in the same order (``stages.ingest.Ingested``), with the blocks that a site's pages share taken
        out of their documents, and with each document's page and blocks as this night will remember them."""
        if not self._green:
            yield from items
            return
        window: list[Any] = []
        documents = chars = 0
        for item in items:
            window.append(item)
            if item.document is not None:
                documents, chars = documents + 1, chars + len(item.document["text"])
            if documents >= MAX_DOCUMENTS or chars >= MAX_CHARS:
                yield from self._settled(window)
                window, documents, chars = [], 0, 0
        yield from self._settled(window)

    def _settled(self, window: list[Any]) -> list[Any]:
        sites: dict[str, list[int]] = defaultdict(list)
        for index, item in enumerate(window):
            if item.document is not None and _is_plain(item.document):
                sites[item.document["site"]].append(index)
        split = {index: blocks_of(window[index].document["text"]) for places in sites.values() for index in places}
        keys = {index: self._keys(window[index].document["site"], split[index]) for index in split}
        earlier = self._pages_of(keys.values())
        for places in sites.values():
            items = [window[index] for index in places]
            pages = [self._hash(item.document["url"]) for item in items]
            texts = [item.document["text"] for item in items]
            cleaned = without_repeats(
                texts,
                [split[index] for index in places],
                [item.is_bounded for item in items],
                self._green,
                self._yellow,
                _elsewhere([keys[index] for index in places], frozenset(pages), earlier),
            )
            for index, page, before, after in zip(places, pages, texts, cleaned, strict=True):
                known = np.array(sorted(keys[index].values()), KEY_TYPE).tobytes()
                # The id stays that of the page as it was read: what its site shares is not known alike every night.
                document = window[index].document if after is before else {**window[index].document, "text": after}
                window[index] = replace(window[index], document=document, page=page, blocks=known)
        return window

    def _keys(self, site: str, blocks: Sequence[str]) -> dict[str, int]:
        """Block -> hash of site and block, as ``_hash`` makes it of the two."""
        begun = blake2b(f"{site}\n".encode(), digest_size=KEY_BYTES, key=self._secret)
        counted, digests = countable(blocks), []
        for block in counted:
            state = begun.copy()
            state.update(block.encode())
            digests.append(state.digest())
        return dict(zip(counted, np.frombuffer(b"".join(digests), KEY_TYPE).tolist(), strict=True))

    def _hash(self, value: str) -> int:
        digest = blake2b(value.encode(), digest_size=KEY_BYTES, key=self._secret).digest()
        return int.from_bytes(digest, "little", signed=True)

    def _pages_of(self, keys: Iterable[dict[str, int]]) -> dict[int, frozenset[int]]:
        if self._earlier is None:
            return {}
        return self._earlier.pages_of(np.unique(np.array([key for found in keys for key in found.values()], KEY_TYPE)))


def _elsewhere(
    keys: Sequence[dict[str, int]], tonight: frozenset[int], earlier: dict[int, frozenset[int]]
) -> dict[str, int]:
    """Block -> pages of earlier nights that have it and are not read again in this window."""
    found = {block: key for blocks in keys for block, key in blocks.items() if key in earlier}
    return {block: len(earlier[key] - tonight) for block, key in found.items()}


def _is_plain(row: dict) -> bool:
    """A page of a site whose text no other column repeats."""
    return bool(row["site"] and row["text"]) and row["qa"] is None and not row["turns"] and row["defect"] is None
