"""Manifests: what a stage or a release is made of, as JSON that is the same for the same content.

No time, no absolute path, sorted keys. ``schemas/*.json`` describe both for other readers, and are what is checked here.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from malmoi.contracts.balance import Balance
from malmoi.contracts.errors import ContractError

FORMAT = 1
"""Version of both manifests. A reader refuses a newer one."""

_SCHEMAS = Path(__file__).with_name("schemas")


class DamagedManifest(ContractError):
    """A manifest that is no JSON or does not hold what its schema asks for."""


@dataclass(frozen=True)
class FileEntry:
    """One data file. ``path`` is relative to the attempt while a stage runs, to the lake's root once committed."""

    path: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class StageManifest:
    """What one stage made of one source of one batch.

    ``fingerprint`` stands for everything that the output depends on (inputs, recipe, code); a stage whose committed
    manifest has the same one needs not run again. ``inputs``: name of an input -> its hash.
    """

    stage: str
    batch: str
    source: str
    recipe_hash: str
    code_version: str
    fingerprint: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    files: tuple[FileEntry, ...] = ()
    balance: Balance = Balance()
    format: int = FORMAT

    def with_files(self, files: list[FileEntry] | tuple[FileEntry, ...]) -> "StageManifest":
        return replace(self, files=tuple(files))

    @property
    def rows(self) -> int:
        return sum(file.rows for file in self.files)

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "inputs": dict(self.inputs), "balance": self.balance.to_json()}

    def dumps(self) -> bytes:
        return serialise(self.to_json())

    @classmethod
    def from_json(cls, value: Any, where: str = "stage manifest") -> "StageManifest":
        """Raises ContractError: newer format, or not what the schema asks for."""
        check_against_schema(value, "stage_manifest", where)
        return cls(
            **{
                **value,
                "files": tuple(FileEntry(**file) for file in value["files"]),
                "balance": Balance.from_json(value["balance"]),
            }
        )

    @classmethod
    def loads(cls, content: bytes, where: str = "stage manifest") -> "StageManifest":
        return cls.from_json(parse(content, where), where)


@dataclass(frozen=True)
class ShardEntry:
    """One shard of a release; ``path`` is relative to the lake's root."""

    path: str
    source: str
    batch: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class ReleaseManifest:
    """An immutable release.

    ``batches``: the nights it holds, whole. ``parent``: the release that was in force for the newest night before the
    first of these. ``supersedes``: releases that held these nights until now. ``sources``: per source documents, chars,
    bytes of text and the sampling weight. ``dropped`` and ``quarantined``: source -> reason -> counts, over all stages.
    """

    release: str
    batches: tuple[str, ...]
    parent: str | None
    recipe: Mapping[str, str]
    code_version: str
    sources: Mapping[str, Mapping[str, Any]]
    shards: tuple[ShardEntry, ...]
    dropped: Mapping[str, Mapping[str, Mapping[str, int]]] = field(default_factory=dict)
    quarantined: Mapping[str, Mapping[str, Mapping[str, int]]] = field(default_factory=dict)
    models: Mapping[str, str] = field(default_factory=dict)
    supersedes: tuple[str, ...] = ()
    format: int = FORMAT

    @property
    def documents(self) -> int:
        return sum(shard.rows for shard in self.shards)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def dumps(self) -> bytes:
        return serialise(self.to_json())

    @classmethod
    def from_json(cls, value: Any, where: str = "release manifest") -> "ReleaseManifest":
        """Raises ContractError: newer format, or not what the schema asks for."""
        check_against_schema(value, "release_manifest", where)
        return cls(
            **{
                **value,
                "batches": tuple(value["batches"]),
                "supersedes": tuple(value["supersedes"]),
                "shards": tuple(ShardEntry(**shard) for shard in value["shards"]),
            }
        )

    @classmethod
    def loads(cls, content: bytes, where: str = "release manifest") -> "ReleaseManifest":
        return cls.from_json(parse(content, where), where)


def content_hash(files: Iterable[FileEntry]) -> str:
    """16 hexadecimal digits over names and checksums of a partition's files."""
    lines = sorted(f"{file.path.rsplit('/', 1)[-1]} {file.sha256}\n" for file in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:16]


def serialise(value: Any) -> bytes:
    """JSON with sorted keys, two spaces, UTF-8 and a line feed at the end: the same bytes for the same value."""
    return (json.dumps(value, sort_keys=True, ensure_ascii=False, indent=2) + "\n").encode()


def parse(content: bytes, where: str) -> Any:
    """Raises DamagedManifest for what is no JSON."""
    try:
        return json.loads(content)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise DamagedManifest(
            f"{where}: not JSON ({error}); the file is damaged, restore it or run the stage again"
        ) from None


def check_against_schema(value: Any, schema: str, where: str) -> None:
    """Raises ContractError for a newer format, DamagedManifest with the first place where the value breaks the schema."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    version = value.get("format") if isinstance(value, dict) else None
    if isinstance(version, int) and version > FORMAT:
        raise ContractError(
            f"{where}: a manifest of format {version}, this Malmoi knows formats up to {FORMAT}; "
            "it comes from a newer version: update Malmoi to read it"
        )
    error = best_match(Draft202012Validator(_schema(schema)).iter_errors(value))
    if error is not None:
        raise DamagedManifest(f"{where}: {error.json_path}: {error.message[:200]}")


@cache
def _schema(name: str) -> dict[str, Any]:
    return json.loads((_SCHEMAS / f"{name}.json").read_text("utf-8"))
