"""Full and read-only disks, catalogs that cannot be reached: one clear line, and nothing published is touched."""

import multiprocessing
import os
import subprocess
from pathlib import Path

import pytest

from malmoi.contracts.errors import ContractError, InfrastructureError
from malmoi.contracts.files import FolderFiles
from malmoi.lake import catalog, read, releases
from malmoi.lake.commit import attempt
from malmoi.lake.night import NightLake

DAY = "2026-11-01"
NOBODY = 65_534


def no_leaks(texts):
    return [[] for _ in texts]


@pytest.fixture
def small_disk(tmp_path) -> str:
    """A file system of 3 MiB."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)], capture_output=True)
    if mounted.returncode:
        pytest.skip("no right to mount a small file system here")
    yield str(place)
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place: str) -> None:
    with open(os.path.join(place, "ballast"), "wb", buffering=0) as stream:
        try:
            while stream.write(b"\0" * 4096):
                pass
        except OSError:
            return


class TestFullDisk:
    def test_commit_and_publish_say_so_and_go_on_when_there_is_room(self, small_disk, night_in, recipe, make_pages):
        root = f"{small_disk}/lake"
        night_in(root).source("web", make_pages("a.example", 3))
        first = NightLake(root, DAY, recipe(), ["web"])
        published = first.publish(first.check(no_leaks), {}).manifest
        fill(small_disk)
        with pytest.raises(InfrastructureError, match=r"disk full, 0 MiB free"):
            night_in(root).source("web", make_pages("a.example", 5))
        changed = NightLake(root, DAY, recipe(min_keep_share=0.1), ["web"])
        with pytest.raises(InfrastructureError, match="disk full"):
            changed.publish(changed.check(no_leaks), {})
        assert releases.current(root) == published and releases.verify(root, published.release) == []
        os.unlink(f"{small_disk}/ballast")
        night_in(root).source("web", make_pages("a.example", 5))
        again = NightLake(root, DAY, recipe(), ["web"])
        assert again.publish(again.check(no_leaks), {}).manifest.documents == 5

    def test_no_half_written_file_stays(self, small_disk):
        fill(small_disk)
        with pytest.raises(InfrastructureError, match="disk full.*free some space"):
            FolderFiles().write(f"{small_disk}/x.json", b"x" * 10_000)
        assert [path.name for path in Path(small_disk).iterdir()] == ["ballast"]


def as_nobody(work) -> int:
    """Runs in a forked process without rights; its exit code. Rights are dropped by user id, or by mode where we have
    none to drop."""

    def run():
        if os.getuid() == 0:
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        try:
            work()
        except (InfrastructureError, ContractError) as error:
            os._exit(7 if "cannot be written to" in str(error) and "\n" not in str(error) else 8)
        os._exit(0)

    process = multiprocessing.get_context("fork").Process(target=run)
    process.start()
    process.join(300)
    return process.exitcode


class TestReadOnly:
    @pytest.fixture
    def locked_lake(self, night, recipe, make_pages, lake_root, tmp_path):
        night().source("web", make_pages("a.example", 3))
        held = NightLake(lake_root, DAY, recipe(), ["web"])
        held.publish(held.check(no_leaks), {})
        for place in [tmp_path, *tmp_path.parents]:
            if place.stat().st_uid == os.getuid() and "pytest" in str(place):
                place.chmod(0o755)
        paths = [Path(lake_root), *Path(lake_root).rglob("*")]
        for path in paths:
            path.chmod(0o555 if path.is_dir() else 0o444)
        yield lake_root
        for path in paths:
            path.chmod(0o755 if path.is_dir() else 0o644)

    def test_reading_works(self, locked_lake):
        def work():
            manifest = releases.current(locked_lake)
            assert releases.verify(locked_lake, manifest.release) == []
            assert len(read.files(locked_lake, "shards")) == 2

        assert as_nobody(work) == 0

    def test_an_attempt_is_refused(self, locked_lake):
        assert as_nobody(lambda: attempt(locked_lake, "clean", DAY, "web")) == 7

    def test_publishing_is_refused(self, locked_lake, recipe):
        def work():
            held = NightLake(locked_lake, DAY, recipe(min_keep_share=0.1), ["web"])
            held.publish(held.check(no_leaks), {})

        assert as_nobody(work) == 7


class TestCatalog:
    def test_an_object_store_needs_a_database(self, monkeypatch):
        monkeypatch.delenv("MALMOI_CATALOG", raising=False)
        with pytest.raises(ContractError, match="set MALMOI_CATALOG"):
            catalog.open_lake("s3://corpus/lake")

    def test_a_database_that_does_not_answer(self, lake_root, monkeypatch):
        monkeypatch.setenv("MALMOI_CATALOG", "postgresql+psycopg2://nobody@127.0.0.1:9/none")
        with pytest.raises(InfrastructureError, match="check the database that MALMOI_CATALOG names") as caught:
            catalog.open_lake(lake_root).find("clean")
        assert "\n" not in str(caught.value)

    def test_a_catalog_of_another_lake_is_refused(self, night, lake_root, tmp_path, monkeypatch):
        night().write("clean", "web", [{"batch": DAY, "source": "web", "doc_id": "0" * 32}])
        monkeypatch.setenv("MALMOI_CATALOG", f"sqlite:///{lake_root}/catalog.sqlite")
        with pytest.raises(ContractError, match="belongs to another lake"):
            catalog.open_lake(tmp_path / "other").find("clean")

    def test_a_damaged_catalog_file(self, lake_root):
        Path(lake_root).mkdir()
        Path(lake_root, "catalog.sqlite").write_bytes(b"no database " * 100)
        with pytest.raises(InfrastructureError, match="not a database") as caught:
            catalog.open_lake(lake_root).find("clean")
        assert "\n" not in str(caught.value)
