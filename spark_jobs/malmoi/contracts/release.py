"""Reading what was published: a release's manifest, and files that are what a manifest says they are."""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from malmoi.contracts.errors import ContractError, InputError
from malmoi.contracts.files import files_of
from malmoi.contracts.manifest import ReleaseManifest, parse
from malmoi.contracts.paths import Lake


def load_release(lake: Lake, release: str) -> ReleaseManifest:
    """The release's manifest. Raises InputError where there is none, ContractError where it is damaged."""
    store, path = files_of(lake), f"{lake.release(release)}/manifest.json"
    if not store.exists(path):
        known = ", ".join(releases(lake)[-5:]) or "none yet; run corpus_nightly first"
        raise InputError(f"{path}: no such release; the lake's latest are: {known}")
    return ReleaseManifest.loads(store.read(path), path)


def releases(lake: Lake) -> list[str]:
    """Ids of all releases in the lake, sorted."""
    found = (path.split("/")[-2:] for path in files_of(lake).listing(lake.releases))
    return sorted(folder for folder, name in found if name == "manifest.json" and not folder.startswith("."))


def nights_in_force(lake: Lake) -> dict[str, str]:
    """Night -> the release in force for it, from ``releases/current.json``; empty before the first publish."""
    store, pointer = files_of(lake), f"{lake.releases}/current.json"
    return parse(store.read(pointer), pointer)["nights"] if store.exists(pointer) else {}


def release_of_day(lake: Lake, day: str) -> str:
    """The release in force for a night. Raises InputError where no release holds it."""
    nights = nights_in_force(lake)
    if day not in nights:
        raise InputError(f"{lake.releases}: no release holds {day}; run corpus_nightly for that day first")
    return nights[day]


def sha256_of(path: str | Path) -> str:
    """SHA-256 of a file, 64 hexadecimal digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_file(path: str | Path, sha256: str, remedy: str) -> None:
    """Raises ContractError naming the file when it is missing or its hash is another one."""
    if not os.path.isfile(path):
        raise ContractError(f"{path}: missing; {remedy}")
    if (found := sha256_of(path)) != sha256:
        raise ContractError(f"{path}: SHA-256 is {found[:12]}..., the manifest says {sha256[:12]}...; {remedy}")


def read_json(path: str | Path, remedy: str) -> Any:
    """The JSON in a file. Raises InputError where it is missing, ContractError where it is no JSON."""
    try:
        return parse(Path(path).read_bytes(), str(path))
    except FileNotFoundError:
        raise InputError(f"{path}: missing; {remedy}") from None


def write_atomically(path: str | Path, content: bytes | Callable[[Path], None]) -> None:
    """Writes beside and renames into place, so that a reader sees the whole file or none."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if callable(content):
            content(beside)
        else:
            beside.write_bytes(content)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def short_hash(value: Any) -> str:
    """Twelve hexadecimal digits of SHA-256 over a JSON-able value: a key for what was made with these settings."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:12]
