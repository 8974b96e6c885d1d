"""Sets up everything that `make run` and `make test` need. Run by the Makefile with any Python 3.11.

Finds Java and a compiler, or installs them with apt-get where that is possible; makes ``.venv`` from the lock files.
A second call does nothing but look: the stamp in ``.venv`` says which lock files it was made from.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "setup-stamp"
BOOTSTRAP = PROJECT / ".malmoi" / "bootstrap"
REQUIREMENTS = PROJECT / "requirements"
LOCKS = [REQUIREMENTS / "runtime.lock", REQUIREMENTS / "dev.lock"]
TORCH_LOCK = REQUIREMENTS / "torch.lock"
_CERTIFICATES = {"UV_SYSTEM_CERTS": "true", "UV_NATIVE_TLS": "true"}
"""uv trusts what the machine trusts, as pip does: a company's proxy has a certificate of its own. The second is the older name."""
COMPILE = PROJECT / "spark_jobs" / "compile.py"
JAVA_PACKAGES = ["openjdk-17-jre-headless", "openjdk-21-jre-headless", "default-jre-headless"]

sys.path.insert(0, str(PROJECT / "plugins"))
from malmoi_airflow.local.java import find_java  # noqa: E402


def main() -> int:
    began = time.monotonic()
    try:
        _system_packages()
        if not (STAMP.is_file() and PYTHON.exists() and STAMP.read_text() == _stamp()):
            _environment()
        elif _is_compiled():
            return 0
        _native()
    except SetupError as error:
        print(f"setup: error: {error}", file=sys.stderr)
        return 1
    STAMP.write_text(_stamp())
    _say(f"done in {time.monotonic() - began:.0f} s")
    return 0


class SetupError(Exception):
    """One line: what is missing, and how to get it."""


def _system_packages() -> None:
    """Java always; compiler and headers only where fastText or our own modules have to be built. Raises SetupError."""
    compiles = not VENV.exists() or not _is_compiled()
    wanted: list[list[str]] = []
    if find_java() is None:
        wanted.append(JAVA_PACKAGES)
    if compiles and shutil.which("c++") is None and shutil.which("g++") is None:
        wanted.append(["g++"])
    if compiles and not (Path(sysconfig.get_path("include")) / "Python.h").exists():
        wanted.append(["python3.11-dev"])
    if not wanted:
        return
    names = ", ".join(choices[0] for choices in wanted)
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise SetupError(
            f"needed and not found: {names}; install it (Debian: sudo apt-get install {names.replace(',', '')})"
        )
    _say(f"installing {names} with apt-get")
    _run(["apt-get", "update", "-qq"])
    chosen = [next((name for name in choices if _in_apt(name)), choices[0]) for choices in wanted]
    _run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *chosen], DEBIAN_FRONTEND="noninteractive")
    if find_java() is None:
        raise SetupError(f"{chosen[0]} was installed, but no Java 17 or newer is found; set JAVA_HOME to one")


def _in_apt(name: str) -> bool:
    return bool(subprocess.run(["apt-cache", "show", name], capture_output=True).stdout)


def _environment() -> None:
    """Makes ``.venv`` from the lock files, with the project in it. Raises SetupError."""
    uv = _uv()
    if not PYTHON.exists():
        _say(f"making {VENV.name} with Python {sys.version.split()[0]}")
        _run([*uv, "venv", "--quiet", "--seed", "--clear", str(VENV), "--python", sys.executable])
    _say("installing the locked packages (about two minutes)")
    files = [argument for lock in LOCKS for argument in ("-r", str(lock))]
    locked = ["--no-deps", "--require-hashes", *files]
    try:
        _run([*uv, "pip", "install", "--quiet", "--python", str(PYTHON), *locked])
    except SetupError:
        # pip's own configuration may know an index that uv does not.
        _say("uv could not install them; trying pip")
        _run([str(PYTHON), "-m", "pip", "install", "--quiet", *locked])
    _install_torch()
    _say("installing the project")
    _run([*uv, "pip", "install", "--quiet", "--offline", "--python", str(PYTHON), "--no-deps", "--no-build-isolation",
          "-e", str(PROJECT)])  # fmt: skip
    _compile()
    _archive()


def _archive() -> None:
    """Spark's classes in an archive, so that a session starts in two thirds of the time; it starts without one too."""
    _say("archiving the classes of Spark")
    code = "import sys; from malmoi_airflow.local import java, jvm; sys.exit(not jvm.make_archive(java.find_java()))"
    if subprocess.run([str(PYTHON), "-c", code], env=os.environ | {"PYTHONPATH": str(PROJECT / "plugins")}).returncode:
        _say("this Java makes no archive: Spark starts without it")


def _is_compiled() -> bool:
    """Whether the modules in Cython are those of their sources as they stand."""
    code = "import compile, sys; sys.exit(not compile.is_fresh())"
    return subprocess.run([sys.executable, "-c", code], cwd=COMPILE.parent).returncode == 0


def _native() -> None:
    """Our own modules, in place. Raises SetupError."""
    _say("compiling the modules in Cython")
    _run([str(PYTHON), str(COMPILE)])


def _compile() -> None:
    """Bytecode for what was installed. Where PYTHONDONTWRITEBYTECODE is set nothing else would ever write it, and each of
    a night's two dozen processes would compile all that it imports. Packages hold templates and files of other Python
    versions that do not compile, so the exit code says nothing."""
    _say("compiling the packages")
    packages = subprocess.check_output([str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"])
    subprocess.run(
        [str(PYTHON), "-m", "compileall", "-q", "-q", "-j", "0", "-x", r"[/\\]tests?[/\\]", packages.decode().strip()],
        capture_output=True,
    )


def _install_torch() -> None:
    """The CPU build where pip is configured to find one, else the public build with whatever it needs."""
    version = TORCH_LOCK.read_text().split("==")[1].split()[0]
    _say(f"installing torch {version}")
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet"]
    locked = ["--no-deps", "--require-hashes", "-r", str(TORCH_LOCK)]
    for attempt in ([*pip, "--no-index", *locked], [*pip, *locked], [*pip, f"torch=={version}"]):
        done = subprocess.run(attempt, capture_output=True).returncode == 0
        if done and subprocess.run([str(PYTHON), "-c", "import torch"], capture_output=True).returncode == 0:
            return
    raise SetupError(f"torch {version} could not be installed: check the network, then run `make setup` again")


def _uv() -> list[str]:
    """A working uv: the one on PATH, or one of our own."""
    own = [str(BOOTSTRAP / "bin" / "python"), "-m", "uv"]
    for candidate in ([str(shutil.which("uv"))], own):
        if (
            Path(candidate[0]).exists()
            and subprocess.run([*candidate, "--version"], capture_output=True).returncode == 0
        ):
            return candidate
    _say("installing uv")
    if subprocess.run([sys.executable, "-m", "venv", "--clear", str(BOOTSTRAP)], capture_output=True).returncode:
        raise SetupError("Python's venv module is incomplete; install it (Debian: apt-get install python3.11-venv)")
    _run([own[0], "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv"])
    return own


def _stamp() -> str:
    """Changes when the lock files, the project's metadata, its place or this script change."""
    digest = hashlib.sha256(str(PROJECT).encode())
    for path in (*LOCKS, TORCH_LOCK, PROJECT / "pyproject.toml", Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _run(command: list[str], **variables: str) -> None:
    """Runs a command; its output is shown only when it fails. Raises SetupError."""
    done = subprocess.run(
        command,
        env={**_CERTIFICATES, **os.environ, **variables},
        cwd=PROJECT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode:
        print(done.stdout, file=sys.stderr)
        raise SetupError(f"`{' '.join(command[:4])} ...` ended with code {done.returncode}; its output is above")


def _say(line: str) -> None:
    print(f"setup: {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
