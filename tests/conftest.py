"""Shared by all tests: where the project lies."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def recipes(root: Path) -> Path:
    return root / "spark_jobs" / "recipes"
