"""Reading what was published: a release's manifest, and files that are what a manifest says they are."""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from malmoi.contracts.errors import ContractError, InputError
from malmoi.contracts.files import files_of
from malmoi.contracts.manifest import FORMAT, ReleaseManifest, parse
from malmoi.contracts.paths import Lake


def load_release(lake: Lake, release: str) -> ReleaseManifest:
    """The release's manifest. Raises InputError where there is none, ContractError where it is damaged."""
    store, path = files_of(lake), f"{lake.release(release)}/manifest.json"
    if not store.exists(path):
        known = ", ".join(releases(lake)[-5:]) or "none yet; run corpus_nightly first"
        raise InputError(f"{path}: no such release; the lake's latest are: {known}")
    return ReleaseManifest.loads(store.read(path), path)


def releases(lake: Lake) -> list[str]:
    """Ids of all releases, in force or not, in name order (that is, by night)."""
    found = (path.split("/")[-2:] for path in files_of(lake).listing(lake.releases))
    return sorted(folder for folder, name in found if name == "manifest.json" and not folder.startswith("."))


def nights_in_force(lake: Lake) -> dict[str, str]:
    """Night -> the release in force for it, from ``releases/current.json``; empty before the first publish.

    Raises ContractError for a damaged file or one from a newer version.
    """
    store, path = files_of(lake), pointer_path(lake)
    content = parse(store.read(path), path) if store.exists(path) else {"nights": {}}
    if not isinstance(content, dict) or not isinstance(content.get("nights"), dict):
        raise ContractError(f"{path}: damaged; `malmoi rollback` or a new publish cannot tell what is in force")
    if content.get("format", 0) > FORMAT:
        raise ContractError(f"{path}: format {content['format']} is from a newer version of Malmoi: update it")
    return content["nights"]


def pointer_path(lake: Lake) -> str:
    """The file that says which releases are in force."""
    return f"{lake.releases}/current.json"


def published_nights(lake: Lake, first: str | None, last: str | None) -> list[str]:
    """Nights in force from the first to the last, both within; without one, from the beginning or to the end. Raises
    ContractError where there is none."""
    published = sorted(nights_in_force(lake))
    nights = [night for night in published if (first or "") <= night and (not last or night <= last)]
    if not nights:
        raise ContractError(
            f"no published night from {first or 'the first'} to {last or 'the last'}; "
            f"the lake has {', '.join(published[-5:]) or 'none yet'}"
        )
    return nights


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
