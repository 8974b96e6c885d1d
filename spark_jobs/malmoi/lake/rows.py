"""Rewriting parts of a partition: a takedown and retention take rows out of what is committed.

Only the parts given are written; the others stay the files that they are. Parts of the aligned tables keep their
numbers, so what lies side by side still does, as long as the same rows go from each of them.
"""

from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa

from malmoi.contracts.balance import Balance
from malmoi.contracts.files import files_of
from malmoi.contracts.manifest import FileEntry, StageManifest
from malmoi.contracts.paths import Lake, part_of
from malmoi.contracts.tables import TABLES
from malmoi.lake.attempt import attempt
from malmoi.lake.catalog import open_lake
from malmoi.lake.commit import content_hash, on_step, record, set_files
from malmoi.lake.history import read_manifest
from malmoi.lake.lock import locked
from malmoi.stages.parts import PartWriter


def replace_parts(
    lake: Lake, table: str, batch: str, source: str, parts: Mapping[int, pa.Table], balance: Balance, mark: str
) -> StageManifest:
    """Puts new rows in place of parts; a part without rows goes.

    ``mark`` is appended to the fingerprint: the stage no longer counts as done with its old inputs. A partition that
    bears the mark already is finished, not changed again, so a killed rewrite can be repeated.
    """
    with locked(lake, table):
        manifest = read_manifest(lake, table, batch, source)
        if not manifest.fingerprint.endswith(f"+{mark}"):
            manifest = _rewritten(lake, table, manifest, parts)
            manifest = replace(manifest, balance=balance, fingerprint=f"{manifest.fingerprint}+{mark}")
            balance.check(manifest.stage, source)
            record(lake, table, manifest)
            on_step("rewritten")
        properties = {"malmoi.stage": "rewrite", "malmoi.batch": batch, "malmoi.source": source, "malmoi.mark": mark}
        paths = [lake.join(file.path) for file in manifest.files]
        set_files(open_lake(lake), table, batch, [source], paths, properties)
    return manifest


def in_form(rows: pa.Table, table: str) -> pa.Table:
    """Rows with every column of the table as it is now: what an older version wrote gets nulls."""
    together = pa.concat_tables([TABLES[table].empty_table(), rows], promote_options="permissive")
    return together.select(TABLES[table].names).cast(TABLES[table])


def _rewritten(lake: Lake, table: str, manifest: StageManifest, parts: Mapping[int, pa.Table]) -> StageManifest:
    place = attempt(lake, table, manifest.batch, manifest.source)
    fresh = []
    for number, rows in sorted(parts.items()):
        writer = PartWriter(place.folder, number, TABLES[table])
        writer.write(in_form(rows, table))
        if (written := writer.close()) is not None:
            fresh.append(FileEntry(**written))
    kept = [file for file in manifest.files if part_of(file.path) not in parts]
    folder = f"{lake.partition(table, manifest.batch, manifest.source)}/{content_hash([*kept, *fresh])}"
    store = files_of(lake)
    for number, file in enumerate(fresh):
        target = f"{folder}/{file.path}"
        store.move(place.path(file.path), target)
        fresh[number] = replace(file, path=lake.relative(target))
    store.remove_tree(place.folder)
    return manifest.with_files(sorted([*kept, *fresh], key=lambda file: part_of(file.path)))
