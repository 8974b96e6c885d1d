"""The table of tombstones: read by the driver of ingest, added to by a takedown."""

from collections.abc import Iterable
from datetime import datetime

import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg.expressions import AlwaysTrue

from malmoi.contracts.files import files_of
from malmoi.contracts.paths import Lake, checked_name
from malmoi.contracts.tables import TOMBSTONES
from malmoi.lake.catalog import open_lake
from malmoi.lake.commit import replace_files
from malmoi.lake.lock import locked
from malmoi.lake.read import files
from malmoi.lake.takedown.tombstones import Tombstones


def load(root: str | Lake) -> Tombstones:
    """All tombstones of a lake; none where nothing was ever taken down."""
    lake = root if isinstance(root, Lake) else Lake(root)
    store = files_of(lake)
    keys: list[tuple[str, str]] = []
    for file in files(lake, "tombstones"):
        with store.open(file.path) as stream:
            rows = pq.read_table(stream, columns=["kind", "key"])
        keys += zip(rows["kind"].to_pylist(), rows["key"].to_pylist(), strict=True)
    return Tombstones(keys)


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
