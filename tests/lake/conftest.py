"""A small night in a lake, written the way the stages write it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa
import pytest

from malmoi.contracts.balance import Balance, Count
from malmoi.contracts.document import document_id
from malmoi.contracts.manifest import FileEntry, StageManifest
from malmoi.contracts.recipe import Recipe, recipe_from_mapping
from malmoi.contracts.tables import TABLES
from malmoi.lake.commit import Committed, attempt, commit
from malmoi.stages.parts import PartWriter
from malmoi.text.minhash import normalise, text_hash

DAY = "2026-11-01"


@dataclass(frozen=True)
class Page:
    """One document of a test night. ``reason`` drops it; ``like`` is the url of the page that it is a copy of."""

    url: str
    text: str
    reason: str | None = None
    like: "Page | None" = None
    author: str | None = None
    quality: float = 0.5

    @property
    def doc_id(self) -> str:
        return document_id(self.url, self.text)

    @property
    def site(self) -> str:
        return self.url.split("/")[2]


def pages(site: str, count: int, start: int = 0) -> list[Page]:
    """Pages with different texts, written here."""
    return [
        Page(f"https://{site}/{number}", f"{number}번째 글입니다. 오늘은 {site} 동네의 시장 이야기를 적어 봅니다.")
        for number in range(start, start + count)
    ]


@dataclass
class Night:
    """Writes stages into a lake; ``part_rows`` documents a part."""

    root: str
    batch: str = DAY
    recipe_hash: str = "0" * 64
    code_version: str = "0.1.0+test"
    part_rows: int = 2
    extra: dict[str, Any] = field(default_factory=dict)

    def write(
        self,
        table: str,
        source: str,
        rows: list[dict],
        balance: Balance | None = None,
        stage: str = "",
        only_kept: bool = False,
    ) -> Committed:
        """Commits rows, ``part_rows`` a part. ``only_kept``: of each part only the kept rows, as redact does."""
        place = attempt(self.root, table, self.batch, source)
        parts = [rows[start : start + self.part_rows] for start in range(0, len(rows), self.part_rows)]
        if only_kept:
            parts = [[row for row in part if row["keep"]] for part in parts]
        files = write_parts(place.folder, table, parts)
        size = size_of(rows)
        return commit(place, self.manifest(stage or table, source, files, balance or Balance(size, size)))

    def manifest(self, stage: str, source: str, files: list[FileEntry], balance: Balance) -> StageManifest:
        content = "".join(file.sha256 for file in files) + self.recipe_hash
        fingerprint = hashlib.sha256(content.encode()).hexdigest()
        return StageManifest(
            stage, self.batch, source, self.recipe_hash, self.code_version, fingerprint, {}, tuple(files), balance
        )

    def source(self, source: str, found: list[Page]) -> None:
        """Every table of one source, from ingest to shards."""
        base = [
            {
                "batch": self.batch, "source": source, "doc_id": page.doc_id,
                "origin": {"file": f"{source}.warc.gz", "offset": 100 * number, "length": 100},
                "kind": "page", "url": page.url, "site": page.site, "title": "제목", "text": page.text,
                "bytes": len(page.text.encode()), "raw_bytes": len(page.text.encode()), "author_key": page.author,
                "text_hash": text_hash(normalise(page.text)), "signature": b"\0" * 448,
                "signals": {"quality_score": page.quality, "chars": float(len(page.text))},
                "cluster_id": page.like.doc_id if page.like else page.doc_id,
                "cluster_size": 2 if page.like else 1,
                "keep": page.reason is None, "method": "near" if page.like else "single",
                "duplicate_of": page.like.doc_id if page.like else None,
                "reason": page.reason, "profanity_action": "keep", "pii": [], "profanity": [], "softening": [],
                "page": number, "blocks": number.to_bytes(8, "little"),
            }
            for number, page in enumerate(found)
        ]  # fmt: skip
        for table in ("documents", "annotations", "clusters"):
            self.write(table, source, base)
        known = Count(len(base), 8 * len(base))
        self.write("blocks", source, base, Balance(known, known), "ingest")
        self.write("decisions", source, base, decided(base), "decide")
        kept = [row for row in base if row["keep"]]
        for table in ("dedup_index", "clean"):
            self.write(table, source, base, Balance(size_of(kept), size_of(kept)), only_kept=True)
        self.write("shards", source, kept)


def size_of(rows: list[dict]) -> Count:
    return Count(len(rows), sum(row.get("bytes") or len((row.get("text") or "").encode()) for row in rows))


def decided(rows: list[dict]) -> Balance:
    balance = Balance()
    for row in rows:
        one = Count(1, row["bytes"])
        dropped = {row["reason"]: one} if row["reason"] else {}
        balance += Balance(one, Count() if dropped else one, dropped)
    return balance


def write_parts(folder: str, table: str, parts: list[list[dict]]) -> list[FileEntry]:
    """Part files from rows; columns that a row lacks are null."""
    schema = TABLES[table]
    files = []
    for number, rows in enumerate(parts):
        writer = PartWriter(folder, number, schema)
        columns = [pa.array([row.get(name) for row in rows], schema.field(name).type) for name in schema.names]
        writer.write(pa.Table.from_arrays(columns, schema=schema))
        if (file := writer.close()) is not None:
            files.append(FileEntry(**file))
    return files


def small_recipe(**gate: Any) -> Recipe:
    return recipe_from_mapping(
        {"name": "small", "gate": gate, "sources": {name: {"type": "warc"} for name in ("blog", "news", "web")}}
    )


@pytest.fixture
def lake_root(tmp_path, monkeypatch) -> str:
    monkeypatch.delenv("MALMOI_CATALOG", raising=False)
    return str(tmp_path / "lake")


@pytest.fixture
def night(lake_root) -> Callable[..., Night]:
    """Makes a Night in the test's lake: ``night()``, ``night(batch=...)``."""
    return lambda **changed: replace(Night(lake_root), **changed)


@pytest.fixture(scope="session")
def night_in() -> Callable[..., Night]:
    """Makes a Night in any lake: ``night_in(root, batch=...)``."""
    return Night


@pytest.fixture(scope="session")
def recipe() -> Callable[..., Recipe]:
    """Makes a small recipe with these gate limits."""
    return small_recipe


@pytest.fixture(scope="session")
def make_pages() -> Callable[..., list[Page]]:
    return pages


@pytest.fixture(scope="session")
def page() -> type[Page]:
    return Page


@pytest.fixture(scope="session")
def parts_of() -> Callable[..., list[FileEntry]]:
    return write_parts
