"""Where everything lies in a lake.

```
data/TABLE/batch=B/source=S/HASH/part-00000000.parquet data files; HASH is over their content
attempts/TABLE/B/S/UNIQUE/                            what a stage is writing, or left behind when it was killed
warehouse/                                            Iceberg's own metadata
manifests/TABLE/batch=B/source=S.json                 the stage manifest behind a partition's data
releases/ID/manifest.json                             one immutable release; releases/current.json says which count
landing/ tokens/ models/ quarantine/ locks/ receipts/ lookup/ drafts/
```

A lake is a folder or an object store prefix (``s3://bucket/prefix``); names are joined with ``/``. Locks, breadcrumbs and the
lookup are no objects: for a lake on an object store they lie in the folder that ``MALMOI_SCRATCH`` names, which tasks and Spark
workers on several machines must share, else in the machine's folder for temporary files.
"""

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass

from malmoi.contracts.errors import ContractError

LAKE_VARIABLE = "MALMOI_LAKE"
SCRATCH_VARIABLE = "MALMOI_SCRATCH"
_PART = re.compile(r"part-(\d+)")
_NAME = re.compile(r"[0-9A-Za-z가-힣][0-9A-Za-z가-힣._~+-]*")


@dataclass(frozen=True)
class Lake:
    """Paths under one root. ``root`` is absolute, or the URL of an object store prefix, without a slash at its end."""

    root: str

    def __post_init__(self) -> None:
        root = os.fspath(self.root)
        root = root if "://" in root else os.path.abspath(root)
        object.__setattr__(self, "root", root.rstrip("/"))

    @classmethod
    def from_environment(cls) -> "Lake":
        """The lake that ``MALMOI_LAKE`` names. Raises ContractError when it is not set."""
        root = os.environ.get(LAKE_VARIABLE)
        if not root:
            raise ContractError(f"{LAKE_VARIABLE} is not set: it names the folder of the corpus lake")
        return cls(root)

    @property
    def is_object_store(self) -> bool:
        return "://" in self.root

    def join(self, *parts: str) -> str:
        return "/".join((self.root, *parts))

    @property
    def scratch(self) -> str:
        """A folder for what can be lost: the lake itself, or one beside an object store."""
        if not self.is_object_store:
            return self.root
        beside = os.environ.get(SCRATCH_VARIABLE) or f"{tempfile.gettempdir()}/malmoi-{os.getuid()}"
        return f"{beside}/{hashlib.sha256(self.root.encode()).hexdigest()[:16]}"

    @property
    def landing(self) -> str:
        return self.join("landing")

    @property
    def attempts(self) -> str:
        return self.join("attempts")

    @property
    def warehouse(self) -> str:
        return self.join("warehouse")

    @property
    def catalog(self) -> str:
        """The SQLite file of the default catalog."""
        return self.join("catalog.sqlite")

    @property
    def manifests(self) -> str:
        return self.join("manifests")

    @property
    def releases(self) -> str:
        return self.join("releases")

    @property
    def quarantine(self) -> str:
        return self.join("quarantine")

    @property
    def tokens(self) -> str:
        return self.join("tokens")

    @property
    def models(self) -> str:
        return self.join("models")

    @property
    def lookup(self) -> str:
        """What ingest and dedup make of earlier nights' tables to search them; can be removed at any time."""
        return f"{self.scratch}/lookup"

    @property
    def locks(self) -> str:
        return f"{self.scratch}/locks"

    @property
    def receipts(self) -> str:
        return self.join("receipts")

    @property
    def drafts(self) -> str:
        """Recipes that the console saved, to be tried on past nights."""
        return self.join("drafts")

    def data(self, table: str) -> str:
        return self.join("data", table)

    def partition(self, table: str, batch: str, source: str) -> str:
        """Folder of one partition's data files."""
        return self.join("data", table, f"batch={checked_name(batch)}", f"source={checked_name(source)}")

    def manifest(self, table: str, batch: str, source: str) -> str:
        return self.join("manifests", table, f"batch={checked_name(batch)}", f"source={checked_name(source)}.json")

    def gate(self, batch: str) -> str:
        """What the last gate of a night said."""
        return self.join("manifests", "gate", f"batch={checked_name(batch)}.json")

    def release(self, release: str) -> str:
        return self.join("releases", checked_name(release))

    def relative(self, path: str) -> str:
        """A path of this lake without its root. Raises ContractError for a path that lies elsewhere."""
        plain = path.removeprefix("file://")
        if not plain.startswith(self.root + "/"):
            raise ContractError(f"{path}: not in the lake {self.root}")
        return plain[len(self.root) + 1 :]


def checked_name(name: str) -> str:
    """A batch, source or release name that is safe as one part of a path. Raises ContractError for any other."""
    if not _NAME.fullmatch(name):
        raise ContractError(
            f"{name!r} is no usable name: letters, digits and ._~+- only, starting with a letter or digit"
        )
    return name


def part_of(path: str) -> int:
    """The part that a data file is: ``.../part-00012.parquet`` is 12; 0 for a name without a number."""
    found = _PART.search(path.rsplit("/", 1)[-1])
    return int(found[1]) if found else 0
