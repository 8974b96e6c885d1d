"""Puts what a run shall read where the nightly DAG looks for it: ``landing/source=NAME/date=DAY/``.

Files are linked, not copied. Links of an earlier call for the same day are removed first, so a day holds what the last
call gave; files that a fetch put there stay.
"""

import contextlib
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from malmoi.contracts.errors import InfrastructureError, InputError
from malmoi_airflow import config
from malmoi_airflow.local.home import Home

SAMPLE_DAY = "2026-11-01"
PLAIN_SOURCE = "web"
"""The source that takes an input without ``source=NAME`` folders."""

SUFFIXES = (".warc", ".warc.gz", ".jsonl", ".jsonl.gz", ".jsonl.zst", ".html", ".htm")

_LAYOUT = re.compile(r"source=([^/]+)/date=(\d{4}-\d\d-\d\d)/.+")


@dataclass(frozen=True)
class Landed:
    """What was put in place. ``truth`` is the sample's truth file, None for other inputs."""

    day: str
    files: int
    bytes: int
    what: str
    truth: Path | None


def prepare(home: Home, given: Path | None, day: str | None) -> Landed:
    """Links an input, or the embedded sample where none is given. Raises InputError with one line."""
    if day is not None:
        day = checked_day(day)
    if given is None:
        return _prepare_sample(home, day or SAMPLE_DAY)
    if not given.exists():
        raise InputError(f"INPUT {given}: no such file or folder; give WARC, JSON Lines or HTML files")
    return _prepare_input(home, given.resolve(), day)


def checked_day(day: str) -> str:
    """``day`` when it is a calendar day written YYYY-MM-DD. Raises InputError."""
    with contextlib.suppress(ValueError):
        if re.fullmatch(r"\d{4}-\d\d-\d\d", day) and date.fromisoformat(day):
            return day
    raise InputError(f"DAY {day!r} is no date: write YYYY-MM-DD, for example {SAMPLE_DAY}")


def today() -> str:
    """The day it is in Korea."""
    return datetime.now(ZoneInfo(config.TIMEZONE)).date().isoformat()


def own_files(home: Home) -> bool:
    """Whether files that were not put there by ``prepare`` lie in the landing folder."""
    return any(file.is_file() and not file.is_symlink() for file in home.landing.glob("source=*/date=*/*"))


def write_sample(home: Home) -> None:
    """Writes the embedded sample; the same bytes every time."""
    made = subprocess.run(
        [sys.executable, "-m", "malmoi.sample", str(home.sample)],
        env={**os.environ, "PYTHONPATH": str(config.SPARK_JOBS)},
        capture_output=True,
        text=True,
    )
    if made.returncode:
        said = made.stderr.strip().splitlines() or ["it said nothing"]
        raise InfrastructureError(f"the embedded sample could not be written to {home.sample}: {said[-1]}")


def _prepare_sample(home: Home, day: str) -> Landed:
    write_sample(home)
    found = _by_layout(home.sample)
    if day not in found:
        raise InputError(f"DAY {day}: the embedded sample has {', '.join(sorted(found))}; give INPUT= for another day")
    return _link(home, day, found[day], "the embedded sample", home.sample / "truth.jsonl")


def _prepare_input(home: Home, given: Path, day: str | None) -> Landed:
    found = _by_layout(given) if given.is_dir() else {}
    if not found:
        day = day or today()
        return _link(home, day, _plain(given, day), str(given), None)
    if day is None and len(found) > 1:
        raise InputError(f"INPUT {given} holds the days {', '.join(sorted(found))}: choose one with DAY=")
    day = day or next(iter(found))
    if day not in found:
        raise InputError(f"INPUT {given} has no files for DAY {day}; it holds {', '.join(sorted(found))}")
    return _link(home, day, found[day], str(given), None)


def _by_layout(folder: Path) -> dict[str, dict[str, Path]]:
    """Day -> path in the landing folder -> file, for files that lie as ``source=NAME/date=DAY/...``."""
    days: dict[str, dict[str, Path]] = {}
    for file in sorted(folder.glob("source=*/date=*/**/*")):
        place = file.relative_to(folder).as_posix()
        if file.is_file() and (match := _LAYOUT.fullmatch(place)):
            days.setdefault(match[2], {})[place] = file
    return days


def _plain(given: Path, day: str) -> dict[str, Path]:
    """Files in any layout, as one source. A file in a sub-folder is named after both."""
    root = given if given.is_dir() else given.parent
    candidates = sorted(given.rglob("*")) if given.is_dir() else [given]
    files = [file for file in candidates if file.is_file() and file.name.lower().endswith(SUFFIXES)]
    if not files:
        raise InputError(f"INPUT {given}: nothing to read there; Malmoi reads {' '.join(SUFFIXES)}")
    return {
        f"source={PLAIN_SOURCE}/date={day}/{file.relative_to(root).as_posix().replace('/', '__')}": file
        for file in files
    }


def _link(home: Home, day: str, files: dict[str, Path], what: str, truth: Path | None) -> Landed:
    for link in (home.landing / place for place in files):
        if link.exists() and not link.is_symlink():
            raise InputError(f"{link} is a file of your own: move it away, or take another DAY=")
    for old in home.landing.glob(f"source=*/date={day}/*"):
        if old.is_symlink():
            old.unlink()
    for place, file in files.items():
        link = home.landing / place
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(file.resolve())
    size = sum(file.stat().st_size for file in files.values())
    return Landed(day, len(files), size, what, truth)
