"""Which segments a night is held against, and making those that are missing.

Nights before tonight of the same ten days have a segment each, full tens of the same month one, full months of the same year
one, earlier years one: some thirty however old the corpus is. Tens are merged from nights, months from tens and years from
months, once; what a merge replaced goes with the next maintenance. Which segments there are changes what a search costs,
never what it finds.
"""

import hashlib
import json
import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from malmoi.contracts.disk import disk_errors
from malmoi.contracts.manifest import StageManifest, content_hash
from malmoi.contracts.paths import Lake
from malmoi.contracts.stages import REMEMBERED, earlier
from malmoi.lake import history
from malmoi.lake.lock import locked

KEPT_SECONDS = 86_400
"""A segment that was asked for within that time may be in use and is left alone by maintenance."""

_LEVELS = (4, 7, 9)
"""Characters of a night's name that make a year, a month, and ten days of it."""


@dataclass(frozen=True, order=True)
class Part:
    """What one source of one night left: the files of a table and the hash of their content."""

    night: str
    source: str
    digest: str
    paths: tuple[str, ...]

    @classmethod
    def of(cls, lake: Lake, manifest: StageManifest) -> "Part":
        paths = tuple(lake.join(file.path) for file in manifest.files)
        return cls(manifest.batch, manifest.source, content_hash(manifest.files), paths)


@dataclass(frozen=True)
class Lookup:
    """A kind of segment. ``shape``: what else than the files a segment depends on. ``build`` makes that of a night: folder,
    night, parts, what goes into ``meta.json``; ``merge`` one from several: their folders, folder, meta."""

    table: str
    shape: list[Any]
    build: Callable[[Path, str, Sequence[Part], dict[str, Any]], None]
    merge: Callable[[Sequence[Path], Path, dict[str, Any]], None]


def parts_before(lake: Lake, table: str, batch: str) -> list[Part]:
    """What every published night before a batch left in a table."""
    wanted = sorted(earlier(lake, table, batch))
    return [Part.of(lake, history.read_manifest(lake, table, *partition)) for partition in wanted]


def prepare(lake: Lake, parts: Iterable[Part], batch: str, lookup: Lookup) -> list[str]:
    """Folders of the segments that hold these parts, oldest first; those that are missing are made.

    Raises ContractError for a table that was made with other recipe values.
    """
    nodes = _nodes(sorted(parts), batch)
    with locked(lake, "lookup"), disk_errors(lake.lookup):
        return [str(_ensure(lake, *node, lookup)) for node in nodes]


def remove_stale(lake: Lake, unused_seconds: float = 0.0) -> list[str]:
    """Removes what a killed merge left, and segments of index files that are no longer in force or that a larger segment
    holds, unless they were asked for in the last ``unused_seconds``. Returns their names."""
    if not os.path.isdir(lake.lookup):
        return []
    with locked(lake, "lookup"):
        return [name for table in REMEMBERED for name in _remove_stale(lake, table, unused_seconds)]


def _remove_stale(lake: Lake, table: str, unused_seconds: float) -> list[str]:
    shelf = Path(lake.lookup, table)
    recorded = (history.read_manifest(lake, table, *partition) for partition in history.partitions(lake, table))
    present = {(one.batch, one.source, content_hash(one.files)) for one in recorded}
    folders = sorted(shelf.iterdir()) if shelf.is_dir() else []
    killed = [folder for folder in folders if folder.name.startswith(".")]  # a living writer would hold the lock
    held = {folder: _held(folder) for folder in folders if folder not in killed}
    gone = killed + [
        folder
        for folder, parts in held.items()
        if time.time() - folder.stat().st_mtime >= unused_seconds
        and (not parts or not parts <= present or any(parts < other for other in held.values()))
    ]
    for folder in gone:
        shutil.rmtree(folder)
    return [folder.name for folder in gone]


def _held(folder: Path) -> frozenset[tuple[str, str, str]]:
    meta = folder / "meta.json"
    if not meta.is_file():
        return frozenset()
    return frozenset(tuple(part) for part in json.loads(meta.read_text("utf-8"))["parts"])


def _nodes(parts: Sequence[Part], batch: str) -> list[tuple[str, list[Part]]]:
    """Name of a year, month, ten days or night -> its parts, for segments that together hold all of them."""

    def name(part: Part) -> str:
        return next((part.night[:level] for level in _LEVELS if part.night[:level] < batch[:level]), part.night)

    return [(key, list(found)) for key, found in groupby(parts, key=name)]


def _ensure(lake: Lake, name: str, parts: Sequence[Part], lookup: Lookup) -> Path:
    folder = Path(lake.lookup, lookup.table, f"{name}-{_digest(parts, lookup)}")
    if (folder / "meta.json").is_file():
        os.utime(folder)
        return folder
    unfinished = folder.with_name(f".{uuid.uuid4().hex}")
    meta: dict[str, Any] = {"parts": [(part.night, part.source, part.digest) for part in parts]}
    children = _children(name, parts)
    try:
        if children:
            lookup.merge([_ensure(lake, *child, lookup) for child in children], unfinished, meta)
        else:
            lookup.build(unfinished, parts[0].night, parts, meta)
        os.replace(unfinished, folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return folder


def _children(name: str, parts: Sequence[Part]) -> list[tuple[str, list[Part]]]:
    """The months of a year, the tens of a month, their nights; none where there is one night."""
    for length in (*(level for level in _LEVELS if level > len(name)), None):
        found = [(key, list(group)) for key, group in groupby(parts, key=lambda part: part.night[:length])]
        if len(found) > 1:  # a level with one child would hold that child's very content
            return found
    return []


def _digest(parts: Sequence[Part], lookup: Lookup) -> str:
    content = json.dumps([lookup.shape, [(part.night, part.source, part.digest) for part in parts]])
    return hashlib.sha256(content.encode()).hexdigest()[:16]
