"""Which Java counts."""

from pathlib import Path

import pytest

from malmoi_airflow.local import java


def fake(home: Path, banner: str, code: int = 0) -> Path:
    """A Java that prints what a real one of that version prints, and no more."""
    (home / "bin").mkdir(parents=True)
    program = home / "bin" / "java"
    program.write_text(f"#!/bin/sh\necho '{banner}' >&2\nexit {code}\n")
    program.chmod(0o755)
    return home


@pytest.mark.parametrize(
    ("banner", "version"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('openjdk version "21" 2023-09-19', 21),
        ('java version "1.8.0_392"', 8),
        ("no version here", None),
    ],
)
def test_version(tmp_path: Path, banner: str, version: int | None):
    assert java.java_version(fake(tmp_path / "jdk", banner)) == version


def test_a_java_that_does_not_run_is_none(tmp_path: Path):
    assert java.java_version(fake(tmp_path / "jdk", 'openjdk version "17"', code=1)) is None
    assert java.java_version(tmp_path / "absent") is None


def test_java_home_comes_first_when_it_is_new_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    new = fake(tmp_path / "new", 'openjdk version "21.0.1"')
    monkeypatch.setenv("JAVA_HOME", str(new))
    assert java.find_java() == new


def test_an_old_java_home_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("JAVA_HOME", str(fake(tmp_path / "old", 'java version "1.8.0_392"')))
    new = fake(tmp_path / "new", 'openjdk version "17.0.1"')
    monkeypatch.setenv("PATH", str(new / "bin"))
    monkeypatch.setattr(java.glob, "glob", lambda pattern: [])
    assert java.find_java() == new
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    assert java.find_java() is None
