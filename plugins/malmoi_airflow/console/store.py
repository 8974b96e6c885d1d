"""What the console reads: manifests of a lake, and rows of its data files through DuckDB.

Light on purpose: the API server loads it. Manifests say which files count, DuckDB reads only the columns and row groups
that a page needs, so no page loads a night. A lake on an object store has no console yet: its pages say so.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from malmoi.contracts.errors import InputError
from malmoi.contracts.funnel import STAGES, Funnel, funnel_of
from malmoi.contracts.gate import Check
from malmoi.contracts.manifest import ReleaseManifest, StageManifest
from malmoi.contracts.paths import Lake
from malmoi.contracts.release import load_release, nights_in_force
from malmoi.contracts.stages import recorded, sources_of
from malmoi.contracts.tables import TABLES
from malmoi.contracts.tokens import TokensManifest
from malmoi.contracts.views import add_view, path_list

MEMORY = "512MiB"
"""What one page's query may take of the API server's memory; DuckDB spills or refuses beyond it."""
THREADS = 2

Manifests = Mapping[str, Mapping[str, StageManifest]]


@dataclass(frozen=True)
class Store:
    """Read access to a lake that is a folder."""

    lake: Lake

    def nights(self) -> list[str]:
        """Batches that have documents, newest first; dry runs among them."""
        folders = Path(self.lake.manifests, "documents").glob("batch=*")
        return sorted((folder.name.removeprefix("batch=") for folder in folders), reverse=True)

    def manifests(self, batch: str) -> Manifests:
        """Table -> source -> what was committed of a night. Raises InputError for a night that does not exist."""
        if batch not in self.nights():
            raise InputError(f"no night {batch} in this lake")
        found: dict[str, dict[str, StageManifest]] = {}
        for table in TABLES:
            read = {source: recorded(self.lake, table, batch, source) for source in sources_of(self.lake, table, batch)}
            found[table] = {source: manifest for source, manifest in read.items() if manifest is not None}
        return found

    def funnel(self, batch: str) -> Funnel:
        manifests = self.manifests(batch)
        return funnel_of(batch, {table: manifests[table] for table in STAGES})

    def checks(self, batch: str) -> list[Check]:
        """What the night's last gate said; empty before it."""
        path = Path(self.lake.gate(batch))
        return [Check.from_json(check) for check in json.loads(path.read_bytes())["checks"]] if path.is_file() else []

    def releases(self) -> dict[str, str]:
        """Night -> the release in force for it."""
        return nights_in_force(self.lake)

    def release(self, release: str) -> ReleaseManifest:
        """Raises InputError where there is none."""
        return load_release(self.lake, release)

    def tokens(self, release: str) -> dict[str, int]:
        """Source -> tokens of the release, for training; empty before it is packed."""
        packed = self.packed(release)
        return {source: entry["train"]["tokens"] for source, entry in packed.sources.items()} if packed else {}

    def packed(self, release: str) -> TokensManifest | None:
        """What the newest packing of a release left; None before the first."""
        found = sorted(Path(self.lake.tokens, release).glob("*/tokens.json"), key=lambda path: path.stat().st_mtime)
        return TokensManifest.load(str(found[-1])) if found else None

    def tokens_of(self, batch: str, source: str, doc_id: str) -> dict[str, Any] | None:
        """Where a document's tokens lie: ``{"file", "offset", "length"}``, counted in tokens; None before packing."""
        import duckdb

        release = self.releases().get(batch)
        packed = self.packed(release) if release else None
        wanted = [file for file in packed.files if file.source == source and file.batch == batch] if packed else []
        if not wanted:
            return None
        paths = {self.lake.join(f"{file.prefix}.lineage.parquet"): f"{file.prefix}.bin" for file in wanted}
        asked = 'SELECT filename, "offset", tokens FROM read_parquet($1, filename = true) WHERE doc_id = $2'
        with duckdb.connect(":memory:", config={"memory_limit": MEMORY, "threads": THREADS}) as connection:
            found = connection.execute(asked, [list(paths), doc_id]).fetchone()
        return {"file": paths[found[0]], "offset": found[1], "length": found[2]} if found else None

    @contextmanager
    def rows(self, batch: str, *tables: str) -> Iterator["Rows"]:
        """Queries over these tables of a night; a view costs a look into each of its files."""
        import duckdb

        manifests = self.manifests(batch)
        connection = duckdb.connect(
            ":memory:", config={"memory_limit": MEMORY, "threads": THREADS, "autoinstall_known_extensions": False}
        )
        try:
            readable: list[str] = []
            for table in TABLES:
                paths = [self.lake.join(file.path) for one in manifests[table].values() for file in one.files]
                readable += paths
                if table in tables:
                    add_view(connection, table, paths)
            connection.execute(f"SET allowed_paths = {path_list(readable)}")
            connection.execute("SET enable_external_access = false")
            yield Rows(connection)
        finally:
            connection.close()


@dataclass(frozen=True)
class Rows:
    """A DuckDB connection whose views are one night's tables."""

    connection: Any

    def all(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """The rows of a query, as dicts; ``values`` are bound, never pasted in."""
        done = self.connection.execute(sql, list(values))
        names = [column[0] for column in done.description]
        return [dict(zip(names, row, strict=True)) for row in done.fetchall()]

    def first(self, sql: str, *values: Any) -> dict[str, Any] | None:
        found = self.all(f"{sql} LIMIT 1", *values)
        return found[0] if found else None
