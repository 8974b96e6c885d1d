"""Modules in Cython are compiled in place, again only when something changed, and leave nothing behind."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = """
def syllables(str text):
    return sum([0xAC00 <= ord(letter) <= 0xD7A3 for letter in text])
"""


@pytest.fixture
def project(tmp_path: Path, root: Path) -> Path:
    """A project with one module, not yet compiled."""
    (tmp_path / "malmoi").mkdir()
    (tmp_path / "malmoi" / "__init__.py").touch()
    (tmp_path / "malmoi" / "letters.pyx").write_text(SOURCE)
    shutil.copy(root / "spark_jobs" / "compile.py", tmp_path)
    return tmp_path


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, *arguments], cwd=project, capture_output=True, text=True)


def is_fresh(project: Path) -> bool:
    return run(project, "-c", "import compile, sys; sys.exit(not compile.is_fresh())").returncode == 0


def count(project: Path) -> str:
    return run(project, "-c", "from malmoi.letters import syllables; print(syllables('말모이 3호'))").stdout.strip()


def test_a_changed_source_is_compiled_and_one_that_is_gone_leaves_no_module(project):
    assert not is_fresh(project)
    assert run(project, "compile.py").returncode == 0 and count(project) == "4" and is_fresh(project)
    (module,) = (project / "malmoi").glob("letters.*.so")
    made = module.stat().st_mtime_ns
    assert run(project, "compile.py").returncode == 0 and module.stat().st_mtime_ns == made
    (project / "malmoi" / "letters.pyx").write_text(SOURCE.replace("0xD7A3", "0xBAFF"))
    assert not is_fresh(project)
    assert run(project, "compile.py").returncode == 0 and count(project) == "2"
    assert sorted(path.name for path in project.iterdir() if path.name != "__pycache__") == ["compile.py", "malmoi"]
    (project / "malmoi" / "letters.pyx").unlink()
    assert run(project, "compile.py").returncode == 0 and not list((project / "malmoi").glob("*.so"))


def test_a_source_that_does_not_compile_is_no_success(project):
    (project / "malmoi" / "letters.pyx").write_text("cdef int count(str text) return 1")
    failed = run(project, "compile.py")
    assert failed.returncode and "letters.pyx:1" in failed.stdout + failed.stderr and not is_fresh(project)


def test_malmoi_says_what_to_do_before_it_is_compiled(root, tmp_path):
    shutil.copytree(
        root / "spark_jobs" / "malmoi" / "text", tmp_path / "malmoi" / "text", ignore=shutil.ignore_patterns("*.so")
    )
    (tmp_path / "malmoi" / "__init__.py").touch()
    failed = run(tmp_path, "-c", "import malmoi.text.charset")
    assert failed.stderr.strip().endswith("run `make setup`, or python spark_jobs/compile.py")
