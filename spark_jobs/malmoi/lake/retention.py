"""Retention: raw pages, dropped documents and superseded data go when their time is over.

What a release in force needs is never touched: its documents were kept, and vacuum keeps its shards.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from malmoi.contracts.disk import disk_errors
from malmoi.contracts.files import files_of
from malmoi.contracts.manifest import StageManifest
from malmoi.contracts.paths import Lake, part_of
from malmoi.contracts.recipe.sections import Retention
from malmoi.contracts.stages import sources_of
from malmoi.lake import history
from malmoi.lake.read import files
from malmoi.lake.rows import replace_parts
from malmoi.lake.vacuum import Vacuumed, vacuum

REJECTED_MARK = "rejected-removed"
ALIGNED = ("documents", "annotations", "clusters", "decisions")
"""Tables that lie row by row beside each other; decisions comes last, because it says which rows go."""

_DATE = re.compile(r"date=(\d{4}-\d\d-\d\d)")


@dataclass
class Removed:
    """What retention removed, or would remove in a dry run."""

    landing: list[str] = field(default_factory=list)
    rejected: dict[str, int] = field(default_factory=dict)
    superseded: Vacuumed = field(default_factory=Vacuumed)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def maintain(root: str | Lake, landing: str | None, limits: Retention, now: datetime, dry_run: bool = False) -> Removed:
    """Everything that retention asks for, in the order raw, rejected, superseded. ``now`` is in UTC."""
    lake = root if isinstance(root, Lake) else Lake(root)
    found = Removed()
    if landing:
        found.landing = expire_landing(landing, now.date(), limits.raw_days, dry_run)
    found.rejected = expire_rejected(lake, now.date(), limits.rejected_days, dry_run)
    found.superseded = vacuum(lake, now, limits.superseded_days, dry_run=dry_run)
    return found


def expire_landing(landing: str, today: date, raw_days: int, dry_run: bool = False) -> list[str]:
    """Removes ``date=DAY`` folders of the landing folder that are older. Returns their files, relative to it."""
    limit, gone = (today - timedelta(days=raw_days)).isoformat(), []
    for path in sorted(Path(landing).rglob("*")):
        dated = _DATE.search(path.relative_to(landing).as_posix())
        if path.is_file() and dated and dated[1] < limit:
            gone.append(path.relative_to(landing).as_posix())
            if not dry_run:
                with disk_errors(path):
                    path.unlink()
    return gone


def expire_rejected(root: str | Lake, today: date, rejected_days: int, dry_run: bool = False) -> dict[str, int]:
    """Takes dropped documents out of nights that are older: their text, spans, signatures and addresses go; the counts of
    the night stay. Returns night -> documents removed. Repeated after a kill it goes on where it was."""
    lake = root if isinstance(root, Lake) else Lake(root)
    limit = (today - timedelta(days=rejected_days)).isoformat()
    removed: dict[str, int] = {}
    for batch, source in history.partitions(lake, "decisions"):
        if batch >= limit:
            continue
        masks = _masks(lake, batch, source)
        count = sum(len(keep) - sum(keep) for keep in masks.values())
        if count:
            removed[batch] = removed.get(batch, 0) + count
            if not dry_run:
                _remove_rows(lake, batch, source, masks)
    return removed


def _masks(lake: Lake, batch: str, source: str) -> dict[int, list[bool]]:
    """Part -> which of its rows are kept, for parts that have rows to lose. From the table, not from the manifest: a
    killed rewrite may have written the manifest already."""
    found = {}
    for file in files(lake, "decisions", batch, source):
        with files_of(lake).open(file.path) as stream:
            found[file.part] = pq.read_table(stream, columns=["keep"])["keep"].to_pylist()
    return {part: keep for part, keep in found.items() if not all(keep)}


def _remove_rows(lake: Lake, batch: str, source: str, masks: Mapping[int, list[bool]]) -> None:
    for table in ALIGNED:
        if source not in sources_of(lake, table, batch):
            continue
        manifest = history.read_manifest(lake, table, batch, source)
        parts = {}
        if not manifest.fingerprint.endswith(REJECTED_MARK):
            parts = {part: rows.filter(pa.array(masks[part])) for part, rows in _parts(lake, manifest, masks)}
        replace_parts(lake, table, batch, source, parts, manifest.balance, REJECTED_MARK)


def _parts(lake: Lake, manifest: StageManifest, wanted: Mapping[int, list[bool]]):
    for file in manifest.files:
        if part_of(file.path) in wanted:
            with files_of(lake).open(lake.join(file.path)) as stream:
                yield part_of(file.path), pq.read_table(stream)
