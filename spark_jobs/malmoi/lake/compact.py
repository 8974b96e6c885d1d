"""Compaction: the many small parts of an old night become few. Rows and their order stay; releases and shards are not touched.

A part has one number in every table that lies side by side, so all of them are joined alike. ``decisions`` comes last: as
long as it has its old parts, what to join can be worked out again, and a killed compaction goes on where it was.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.parquet as pq

from malmoi.contracts.files import files_of
from malmoi.contracts.manifest import StageManifest
from malmoi.contracts.paths import Lake, part_of
from malmoi.contracts.release import nights_in_force
from malmoi.contracts.stages import sources_of
from malmoi.contracts.tables import TABLES
from malmoi.lake import history
from malmoi.lake.read import files
from malmoi.lake.rows import replace_parts

MARK = "compacted"
MAX_ROWS = 20_000
"""Rows of a joined part; a unit of work stays small enough for one task, and one part for memory."""
JOINED = ("documents", "blocks", "annotations", "clusters", "clean", "dedup_index", "decisions")


def compact(lake: Lake, today: date, min_age_days: int) -> dict[tuple[str, str], tuple[int, int]]:
    """Joins parts of published nights that are at least that old. Returns (night, source) -> parts before and after.

    A night is joined once: a run of its stages afterwards makes its own parts again.
    """
    limit = (today - timedelta(days=min_age_days)).isoformat()
    done = {}
    for batch in sorted(night for night in nights_in_force(lake) if night < limit):
        for source in sources_of(lake, "decisions", batch):
            groups = _groups(lake, batch, source)
            if any(len(group) > 1 for group in groups):
                for table in JOINED:
                    _join(lake, table, batch, source, groups)
                done[batch, source] = (sum(map(len, groups)), len(groups))
    return done


def _groups(lake: Lake, batch: str, source: str) -> list[list[int]]:
    """Numbers of parts that become one, in order. From the table, not from the manifest: a killed rewrite may have written
    the manifest already."""
    groups: list[list[int]] = []
    held = 0
    for file in files(lake, "decisions", batch, source):
        held += file.rows
        if not groups or held > MAX_ROWS:
            groups.append([])
            held = file.rows
        groups[-1].append(file.part)
    return groups


def _join(lake: Lake, table: str, batch: str, source: str, groups: Sequence[Sequence[int]]) -> None:
    if source not in sources_of(lake, table, batch):
        return
    manifest = history.read_manifest(lake, table, batch, source)
    parts = dict(_joined(lake, table, manifest, groups)) if not manifest.fingerprint.endswith(f"+{MARK}") else {}
    replace_parts(lake, table, batch, source, parts, manifest.balance, MARK)


def _joined(
    lake: Lake, table: str, manifest: StageManifest, groups: Sequence[Sequence[int]]
) -> Iterator[tuple[int, pa.Table]]:
    paths = {part_of(file.path): lake.join(file.path) for file in manifest.files}
    for first, *others in (group for group in groups if len(group) > 1):
        present = [paths[part] for part in (first, *others) if part in paths]
        rows = [TABLES[table].empty_table(), *(_read(lake, path) for path in present)]
        yield first, pa.concat_tables(rows, promote_options="permissive")
        yield from ((part, TABLES[table].empty_table()) for part in others)


def _read(lake: Lake, path: str) -> pa.Table:
    with files_of(lake).open(path) as stream:
        return pq.read_table(stream)
