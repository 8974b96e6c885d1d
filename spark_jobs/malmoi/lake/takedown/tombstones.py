"""Tombstones: keyed hashes of what was taken down, so that it never comes back.

Workers import this module; the table that keeps the hashes is ``registry.py``.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from malmoi.contracts.document import canonical_url
from malmoi.lake.takedown.request import keyed, takedown_key
from malmoi.text.minhash import normalise, text_hash

MIN_TEXT_CHARS = 50
"""Shorter texts leave no tombstone of their own: others write the same few words."""


class Tombstones:
    """What must not come back. Empty where nothing was ever taken down, and then free of cost.

    Loaded by the driver and handed to workers: it carries the key that it needs.
    """

    def __init__(self, keys: Iterable[tuple[str, str]]):
        self._keys = frozenset(keys)
        self._kinds = sorted({kind for kind, _ in self._keys})
        self._key = takedown_key() if self._keys else b""

    def __len__(self) -> int:
        return len(self._keys)

    def match(self, document: Mapping[str, Any]) -> str | None:
        """The kind of tombstone that a document (``doc_id, url, site, author_key, text``) meets, or None."""
        return next((kind for kind in self._kinds if self._meets(kind, document)), None)

    def _meets(self, kind: str, document: Mapping[str, Any]) -> bool:
        return any((kind, keyed(kind, value, self._key)) in self._keys for value in _values(kind, document) if value)


def _values(kind: str, document: Mapping[str, Any]) -> Iterable[str]:
    if kind == "url":
        return [canonical_url(document["url"] or "")]
    if kind == "host":
        return hosts(document["site"] or "")
    if kind == "text":
        plain = normalise(document["text"] or "")
        return [text_hash(plain)] if len(plain) >= MIN_TEXT_CHARS else []
    return [document["author_key" if kind == "author" else "doc_id"] or ""]


def hosts(site: str) -> list[str]:
    """The host and every domain above it that has at least two labels."""
    labels = site.split(".")
    return [".".join(labels[start:]) for start in range(max(1, len(labels) - 1))]
