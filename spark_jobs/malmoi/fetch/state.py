"""What earlier runs know of an address: its validators and when it was fetched. One SQLite file beside the landing folder's
sources, written after each page, so that a killed run goes on where it was."""

import sqlite3
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from malmoi.contracts.document import canonical_url
from malmoi.fetch.outcomes import Outcome

_SCHEMA = """
create table if not exists pages (
    source text not null, url text not null, etag text not null, last_modified text not null,
    day text not null, outcome text not null, primary key (source, url)
) without rowid;
create table if not exists calls (day text primary key, count integer not null);
"""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a conditional request needs; empty texts where the server gave none."""

    etag: str = ""
    last_modified: str = ""

    def headers(self) -> dict[str, str]:
        found = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in found.items() if value}


class State:
    """Not for several processes at once: the run holds a lock on the folder."""

    def __init__(self, path: Path):
        path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.execute("pragma journal_mode = wal")
        self._database.execute("pragma synchronous = normal")
        self._database.executescript(_SCHEMA)

    def close(self) -> None:
        self._database.close()

    def due(self, source: str, url: str, day: str, refetch_days: int) -> Validators | None:
        """What to ask with; None for a page that need not be asked for: it was fetched on this day, or has no validators and
        is younger than ``refetch_days``."""
        found = self._find(source, url)
        if found is None:
            return Validators()
        known, last = found
        age = (date.fromisoformat(day) - date.fromisoformat(last)).days
        if age == 0 or not known.headers() and 0 < age < refetch_days:
            return None
        return known

    def validators(self, source: str, url: str) -> Validators | None:
        """What is known of an address, whenever it was fetched."""
        found = self._find(source, url)
        return found[0] if found else None

    def _find(self, source: str, url: str) -> tuple[Validators, str] | None:
        row = self._database.execute(
            "select etag, last_modified, day from pages where source = ? and url = ?", (source, canonical_url(url))
        ).fetchone()
        return (Validators(row[0], row[1]), row[2]) if row else None

    def note(self, source: str, url: str, day: str, outcome: Outcome, validators: Validators) -> None:
        self._database.execute(
            "insert or replace into pages values (?, ?, ?, ?, ?, ?)",
            (source, canonical_url(url), validators.etag, validators.last_modified, day, str(outcome)),
        )

    def take_call(self, day: str, limit: int) -> bool:
        """Counts one call to the Search API; False, and nothing counted, where the day's are used up."""
        row = self._database.execute("select count from calls where day = ?", (day,)).fetchone()
        used = row[0] if row else 0
        if used >= limit:
            return False
        self._database.execute("insert or replace into calls values (?, ?)", (day, used + 1))
        return True
