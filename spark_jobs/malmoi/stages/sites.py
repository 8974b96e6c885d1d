"""A site's pages seen together, within ingest: a window of a unit's documents is held until its blocks are counted.

A window is a run of records of one unit, so what it drops depends on the landing files alone, not on workers or the
order of units. A whole night at once would need a second pass over every text, or a shuffle of all blocks; a crawl
keeps the pages of a site close together, so a window sees most of what a night would.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from malmoi.contracts.document import document_id
from malmoi.text.repeats import without_repeats

MAX_DOCUMENTS = 2_000
MAX_CHARS = 16 << 20
"""A window ends at whichever comes first: it bounds a worker's memory to some 100 MB."""


def without_shared_blocks(items: Iterable[Any], green: int, yellow: int) -> Iterator[Any]:
    """The same items in the same order (``stages.ingest.Ingested``), with the blocks that a site's pages share taken out
    of their documents. ``green`` 0 changes nothing."""
    if not green:
        yield from items
        return
    window: list[Any] = []
    documents = chars = 0
    for item in items:
        window.append(item)
        if item.document is not None:
            documents, chars = documents + 1, chars + len(item.document["text"])
        if documents >= MAX_DOCUMENTS or chars >= MAX_CHARS:
            yield from _settled(window, green, yellow)
            window, documents, chars = [], 0, 0
    yield from _settled(window, green, yellow)


def _settled(window: list[Any], green: int, yellow: int) -> list[Any]:
    sites: dict[str, list[int]] = defaultdict(list)
    for index, item in enumerate(window):
        if item.document is not None and _is_plain(item.document):
            sites[item.document["site"]].append(index)
    for places in sites.values():
        texts = [window[index].document["text"] for index in places]
        fixed = [window[index].is_bounded for index in places]
        for index, before, after in zip(places, texts, without_repeats(texts, fixed, green, yellow), strict=True):
            if after is not before:
                row = window[index].document
                changed = {**row, "text": after, "doc_id": document_id(row["url"], after)}
                window[index] = replace(window[index], document=changed)
    return window


def _is_plain(row: dict) -> bool:
    """A page of a site whose text no other column repeats."""
    return bool(row["site"] and row["text"]) and row["qa"] is None and not row["turns"] and row["defect"] is None
