"""Compiles the project's ``.pyx`` files in place: ``python spark_jobs/compile.py``.

Needs Cython, setuptools, a C compiler and Python's headers. A stamp says which sources and which Python the modules were made
from, so that a second call does nothing; a module whose source is gone is removed, for it would hide a ``.py`` of its name.
"""

import hashlib
import sys
import sysconfig
import tempfile
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

ROOT = Path(__file__).resolve().parent
PACKAGE = ROOT / "malmoi"
STAMP = PACKAGE / "compiled"
OPTIONS = ["-O3", "-Wno-unreachable-code"]


def main() -> int:
    if is_fresh():
        return 0
    from Cython.Build import cythonize
    from setuptools import Distribution, Extension

    STAMP.unlink(missing_ok=True)
    for module in PACKAGE.rglob("*" + EXTENSION_SUFFIXES[0]):
        module.unlink()
    modules = [Extension(_name(source), [str(source)], extra_compile_args=OPTIONS) for source in _sources("*.pyx")]
    with tempfile.TemporaryDirectory() as work:
        made = cythonize(modules, build_dir=work, include_path=[str(ROOT)], quiet=True)
        command = Distribution({"ext_modules": made, "package_dir": {"": str(ROOT)}}).get_command_obj("build_ext")
        command.inplace, command.build_temp, command.build_lib = True, work, work
        command.ensure_finalized()
        command.run()
    STAMP.write_text(_digest())
    return 0


def is_fresh() -> bool:
    """Whether the modules are those of the sources as they stand, and of this Python."""
    built = (source.with_suffix(EXTENSION_SUFFIXES[0]).exists() for source in _sources("*.pyx"))
    return STAMP.is_file() and STAMP.read_text() == _digest() and all(built)


def _sources(pattern: str) -> list[Path]:
    return sorted(PACKAGE.rglob(pattern))


def _name(source: Path) -> str:
    return ".".join(source.relative_to(ROOT).with_suffix("").parts)


def _digest() -> str:
    """Changes with the sources, with how they are compiled and with the Python that they are for."""
    found = hashlib.sha256(str(sysconfig.get_config_var("EXT_SUFFIX")).encode())
    for source in [*_sources("*.pyx"), *_sources("*.pxd"), Path(__file__)]:
        found.update(_name(source).encode() + source.read_bytes())
    return found.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
