"""What a lake holds, file by file, and a reader that looks at its releases all the time."""

import hashlib
import threading
from collections import Counter
from pathlib import Path

from malmoi.contracts.errors import MalmoiError
from malmoi.lake import releases
from malmoi.lake.catalog import open_lake

RELEASE_FILES = ("gate.json", "manifest.json", "report.html", "stages.json")
POLL_SECONDS = 0.05


def inventory(lake: Path) -> dict[str, str]:
    """Path -> SHA-256 of every file of a lake. Locks are left out; of the catalog and of Iceberg's metadata, whose names
    are random, only how many files there are counts."""
    found: dict[str, str] = {}
    metadata: Counter[str] = Counter()
    for path in sorted(path for path in lake.rglob("*") if path.is_file()):
        name = path.relative_to(lake).as_posix()
        if name.startswith(("warehouse/", "catalog")):
            metadata[f"{name.rpartition('/')[0]}/*{path.suffix}"] += 1
        elif not name.startswith("locks/"):
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found | {name: str(count) for name, count in metadata.items()}


def differences(calm: dict[str, str], found: dict[str, str]) -> list[str]:
    """One line for each file that is left over, is missing, or has another content."""
    return [
        *(f"left over: {name}" for name in sorted(found.keys() - calm.keys())),
        *(f"missing: {name}" for name in sorted(calm.keys() - found.keys())),
        *(f"differs: {name}" for name in sorted(calm.keys() & found.keys()) if calm[name] != found[name]),
    ]


class Reader(threading.Thread):
    """Reads whatever is in force, every byte, again and again. ``polls`` that found a release; ``problems`` it saw."""

    def __init__(self, lake: Path):
        super().__init__(daemon=True)
        self.polls = 0
        self.problems: list[str] = []
        self._lake = str(lake)
        self._tagged: set[str] = set()
        self._stop_asked = threading.Event()

    def run(self) -> None:
        while not self._stop_asked.wait(POLL_SECONDS):
            try:
                self._look()
            except (MalmoiError, OSError, ValueError) as error:
                self.problems.append(f"reader: {type(error).__name__}: {error}")

    def stop(self) -> None:
        self._stop_asked.set()
        self.join()

    def _look(self) -> None:
        for release in releases.read_pointer(self._lake).nights.values():
            self.problems += releases.verify(self._lake, release)
            folder = Path(self._lake, "releases", release)
            self.problems += [f"{folder}: no {name}" for name in RELEASE_FILES if not (folder / name).is_file()]
            if release not in self._tagged:
                self._tagged.add(release)
                if releases.TAG + release not in open_lake(self._lake).table("shards").refs():
                    self.problems.append(f"{release}: in force without its tag")
            self.polls += 1
