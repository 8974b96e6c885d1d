"""Breadcrumbs: how a document that kills or hangs its worker is found and set aside.

A worker notes in a small file which rows it is working on. When Spark starts the unit again, the note shows where the
last try died: those rows are then taken one at a time, and a single row that a worker has died on is skipped and
quarantined. A worker that was killed for another reason costs nothing but the single steps, since its rows pass then.

Known limit: the notes lie in the attempt directory; workers on several machines need it on a shared file system.
"""

import json
import os
from pathlib import Path


class Crumbs:
    """The notes of one unit in one attempt. Rows are counted from 0 in the unit's own order."""

    def __init__(self, folder: str, place: int):
        self._path = Path(folder) / f"unit-{place:05d}.at"
        self._strikes_path = Path(folder) / f"unit-{place:05d}.strikes"
        self._path.parent.mkdir(parents=True, exist_ok=True)
        died_at = self._read()
        self.strikes: dict[int, int] = self._load_strikes()
        if died_at is not None:
            self._strike(*died_at)
        self._file = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o644)

    def at(self, start: int, end: int) -> None:
        """The worker begins with rows ``[start, end)``."""
        os.pwrite(self._file, f"{start:020d} {end:020d}".encode(), 0)

    def done(self) -> None:
        """Nothing of the unit is left to fail."""
        os.close(self._file)
        self._path.unlink(missing_ok=True)

    @property
    def skipped(self) -> frozenset[int]:
        """Rows that a worker died on when they were alone."""
        return frozenset(row for row, count in self.strikes.items() if count > 1)

    def suspects(self, start: int, end: int) -> bool:
        """Whether a worker died somewhere in these rows, so that they are taken one at a time."""
        return any(start <= row < end for row in self.strikes)

    def _read(self) -> tuple[int, int] | None:
        try:
            start, end = map(int, self._path.read_text().split())
        except (FileNotFoundError, ValueError):
            return None
        return start, end

    def _load_strikes(self) -> dict[int, int]:
        try:
            return {int(row): count for row, count in json.loads(self._strikes_path.read_text()).items()}
        except FileNotFoundError:
            return {}

    def _strike(self, start: int, end: int) -> None:
        """One row alone: a second strike decides. A group: each of its rows is a suspect."""
        for row in range(start, end):
            known = self.strikes.get(row, 0)
            self.strikes[row] = known + 1 if end - start == 1 and known else max(known, 1)
        fresh = self._strikes_path.with_suffix(".new")
        fresh.write_text(json.dumps(self.strikes))
        os.replace(fresh, self._strikes_path)


def rows_started(folder: str) -> int:
    """Rows that the workers of an attempt have begun, for progress."""
    total = 0
    for path in Path(folder).glob("unit-*.at"):
        try:
            total += int(path.read_text().split()[0])
        except (OSError, ValueError, IndexError):
            continue
    return total
