"""The command line of `make run` and `make ui`: bad input ends before anything is started."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from malmoi.contracts.endings import CONTRACT_EXIT, ERROR_PREFIX
from malmoi.contracts.errors import RecipeError
from malmoi_airflow import config
from malmoi_airflow.local.__main__ import _checked_recipe


def local(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "malmoi_airflow.local", *arguments],
        env={
            **os.environ,
            "MALMOI_HOME": str(tmp_path / "home"),
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        },
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--input", "no-such-folder"], "INPUT no-such-folder: no such file or folder"),
        (["--day", "2026-13-01"], "DAY '2026-13-01' is no date"),
        (["--recipe", "nightlly"], "RECIPE 'nightlly': no such recipe; there are"),
    ],
)
def test_bad_input_is_one_line(tmp_path: Path, arguments: list[str], said: str):
    done = local(tmp_path, "run", *arguments)
    assert done.returncode == CONTRACT_EXIT
    assert done.stderr.startswith(f"{ERROR_PREFIX}{said}")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "home" / "airflow" / "airflow.db").exists()


def test_a_recipe_with_a_typing_error_starts_nothing(tmp_path: Path, recipes, monkeypatch):
    folder = tmp_path / "recipes"
    shutil.copytree(recipes, folder)
    (folder / "typo.toml").write_text('extends = "demo.toml"\nname = "typo"\n[quality]\nmin_charss = 3\n')
    monkeypatch.setattr(config, "RECIPES", folder)
    with pytest.raises(RecipeError, match="typo.toml: quality: unknown key 'min_charss'; allowed are"):
        _checked_recipe("typo")
