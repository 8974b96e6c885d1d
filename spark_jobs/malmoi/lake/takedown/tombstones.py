"""Tombstones: keyed hashes of what was taken down, so that it never comes back."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg.expressions import AlwaysTrue

from malmoi.contracts.document import canonical_url
from malmoi.contracts.paths import Lake, checked_name
from malmoi.contracts.tables import TOMBSTONES
from malmoi.lake.catalog import open_lake
from malmoi.lake.commit import replace_files
from malmoi.lake.files import files_of
from malmoi.lake.lock import locked
from malmoi.lake.read import files
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

    @classmethod
    def load(cls, root: str | Lake) -> "Tombstones":
        lake = root if isinstance(root, Lake) else Lake(root)
        store = files_of(lake)
        keys: list[tuple[str, str]] = []
        for file in files(lake, "tombstones"):
            with store.open(file.path) as stream:
                rows = pq.read_table(stream, columns=["kind", "key"])
            keys += zip(rows["kind"].to_pylist(), rows["key"].to_pylist(), strict=True)
        return cls(keys)

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


def append(lake: Lake, receipt: str, keys: Iterable[tuple[str, str]], created_at: datetime) -> int:
    """Adds a receipt's tombstones as one file; again with the same receipt changes nothing. Returns how many."""
    path = f"{lake.data('tombstones')}/{checked_name(receipt)}.parquet"
    rows = [{"kind": kind, "key": key, "receipt": receipt, "created_at": created_at} for kind, key in sorted(set(keys))]
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(rows, TOMBSTONES), sink, compression="zstd")
    with locked(lake, "tombstones"):
        files_of(lake).write(path, sink.getvalue().to_pybytes())
        present = {file.path for file in files(lake, "tombstones")}
        replace_files(open_lake(lake), "tombstones", AlwaysTrue(), present | {path}, {"malmoi.receipt": receipt})
    return len(rows)
