"""What is installed is what the lock files say, and what Spark and Airflow need."""

import base64
import hashlib
import re
import sys
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

import pytest

from malmoi_airflow.local.java import LOWEST, find_java, java_version


def locked(path: Path) -> dict[str, str]:
    """Package -> version of a lock file."""
    return dict(re.findall(r"(?m)^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\\n]+)", path.read_text()))


def test_python_is_3_11():
    assert sys.version_info[:2] == (3, 11)


def test_there_is_a_java_for_spark():
    home = find_java()
    assert home is not None and java_version(home) >= LOWEST


@pytest.mark.parametrize("name", ["runtime.lock", "dev.lock", "torch.lock"])
def test_installed_versions_are_the_locked_ones(root: Path, name: str):
    wanted = locked(root / "requirements" / name)
    assert wanted
    found = {package: version(package).split("+")[0] for package in wanted}
    assert found == {package: pinned.split("+")[0] for package, pinned in wanted.items()}


@pytest.mark.parametrize("name", ["runtime.lock", "dev.lock", "torch.lock"])
def test_lock_files_hold_hashes_and_no_address(root: Path, name: str):
    text = (root / "requirements" / name).read_text()
    assert text.count("--hash=sha256:") >= len(locked(root / "requirements" / name))
    assert not re.search(r"https?://|file://|--(extra-)?index|--find-links", text)


def test_pyspark_client_is_absent():
    """It owns the same files as pyspark, and would win or lose by the order of installation."""
    with pytest.raises(PackageNotFoundError):
        distribution("pyspark-client")


def test_pyspark_files_are_those_of_its_record():
    """No other package has written over them."""
    changed = []
    checked = 0
    for file in distribution("pyspark").files:
        if file.suffix == ".py" and file.hash is not None:
            checked += 1
            digest = hashlib.new(file.hash.mode, Path(file.locate()).read_bytes()).digest()
            if base64.urlsafe_b64encode(digest).decode().rstrip("=") != file.hash.value:
                changed.append(str(file))
    assert checked > 500
    assert not changed


def test_fasttext_can_train():
    """fasttext-predict installs a package of the same name that cannot."""
    with pytest.raises(PackageNotFoundError):
        distribution("fasttext-predict")
    import fasttext

    assert callable(fasttext.train_supervised)
