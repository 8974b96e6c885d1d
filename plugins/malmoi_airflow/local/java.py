"""Finds a Java that Spark runs on. Standard library only: `make setup` uses it before anything is installed."""

import glob
import os
import re
import shutil
import subprocess
from pathlib import Path

LOWEST = 17
"""Spark 4.3 needs Java 17 or newer."""


def find_java() -> Path | None:
    """The home of a Java of at least version 17: JAVA_HOME, then PATH, then the usual folders; None without one."""
    for home in _candidates():
        version = java_version(home)
        if version is not None and version >= LOWEST:
            return home
    return None


def java_version(home: Path) -> int | None:
    """The feature version of the Java in ``home``, such as 17, or None when there is none or it does not run."""
    try:
        said = subprocess.run(
            [str(home / "bin" / "java"), "-version"], capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r'version "(?:1\.)?(\d+)', said.stderr + said.stdout)
    return int(found[1]) if found else None


def _candidates() -> list:
    homes = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    on_path = shutil.which("java")
    if on_path:
        homes.append(Path(on_path).resolve().parents[1])
    usual = ("/usr/lib/jvm/*", "/opt/java/*", "/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home")
    homes += [Path(home) for pattern in usual for home in sorted(glob.glob(pattern))]
    return homes
