"""Attempt to table: what is verified, what a kill leaves, who may write at once."""

import multiprocessing
import os
import signal
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from malmoi.contracts.balance import Balance, Count
from malmoi.contracts.errors import BalanceError, ContractError
from malmoi.contracts.tables import TABLES
from malmoi.lake import commit as lake_commit
from malmoi.lake import read
from malmoi.lake.catalog import open_lake
from malmoi.lake.commit import attempt, commit, commit_all, committed

DAY = "2026-11-01"
STEPS = ("verified", "moved", "committed", "recorded")


def rows(count: int, start: int = 0, batch: str = DAY, source: str = "web") -> list[dict]:
    return [
        {"batch": batch, "source": source, "doc_id": f"{number:032x}", "text": f"글 {number}"}
        for number in range(start, start + count)
    ]


def data_files(root) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in Path(root, "data").rglob("*.parquet")}


def attempt_of(night, parts_of, rows_, source="web", table="clean"):
    place = attempt(night.root, table, night.batch, source)
    files = parts_of(place.folder, table, [rows_[i : i + 2] for i in range(0, len(rows_), 2)])
    count = Count(len(rows_), 10 * len(rows_))
    return place, night.manifest("redact", source, files, Balance(count, count))


class TestContent:
    def test_rows_come_back_in_part_order(self, night, lake_root):
        night(part_rows=3).write("clean", "web", rows(40))
        files = read.files(lake_root, "clean", DAY, "web")
        assert [file.part for file in files] == list(range(14)) and sum(file.rows for file in files) == 40
        ids = [doc_id for file in files for doc_id in pq.read_table(file.path)["doc_id"].to_pylist()]
        assert ids == [row["doc_id"] for row in rows(40)]

    def test_the_same_content_again_is_the_same_file_and_no_new_snapshot(self, night, lake_root):
        first = night().write("clean", "web", rows(4))
        before = data_files(lake_root)
        again = night().write("clean", "web", rows(4))
        assert first.changed and not again.changed and again.manifest == first.manifest
        assert data_files(lake_root) == before
        assert len(open_lake(lake_root).table("clean").snapshots()) == 1
        assert not list(Path(lake_root, "attempts").rglob("*.parquet"))

    def test_a_partition_is_replaced_in_one_snapshot_and_others_stay(self, night, lake_root):
        night().write("clean", "web", rows(4))
        night().write("clean", "news", rows(2, source="news"))
        night().write("clean", "web", rows(3))
        table = open_lake(lake_root).table("clean")
        assert len(table.snapshots()) == 3
        assert sum(file.rows for file in read.files(lake_root, "clean", DAY, "web")) == 3
        assert sum(file.rows for file in read.files(lake_root, "clean", DAY, "news")) == 2
        properties = table.current_snapshot().summary.additional_properties
        assert properties["malmoi.batch"] == DAY and properties["malmoi.rows"] == "3"

    def test_no_rows_leave_an_empty_partition_that_counts_as_done(self, night, lake_root):
        night().write("clean", "web", rows(4))
        night().write("clean", "web", [])
        assert read.files(lake_root, "clean") == []
        assert committed(lake_root, "clean", DAY, "web").files == ()

    def test_several_sources_become_visible_together(self, night, lake_root, parts_of):
        done = [attempt_of(night(), parts_of, rows(3, source=name), name) for name in ("web", "news")]
        commit_all(done)
        assert len(open_lake(lake_root).table("clean").snapshots()) == 1
        assert {file.source for file in read.files(lake_root, "clean")} == {"web", "news"}
        assert committed(lake_root, "clean", DAY, "news").rows == 3

    def test_metadata_holds_no_text(self, night, lake_root):
        secret = [{"batch": DAY, "source": "web", "doc_id": "0" * 32, "text": "숨길 글", "author_key": "author-key"}]
        night().write("documents", "web", secret)
        for path in Path(lake_root, "warehouse").rglob("*"):
            if path.is_file():
                assert not any(word.encode() in path.read_bytes() for word in ("숨길", "author-key")), path


class TestRefused:
    @pytest.fixture
    def ready(self, night, parts_of):
        return attempt_of(night(), parts_of, rows(4))

    def refused(self, ready, match, manifest=None, error=ContractError):
        place, sound = ready
        with pytest.raises(error, match=match):
            commit(place, manifest or sound)
        assert read.files(place.lake, "clean") == [] and committed(place.lake, "clean", DAY, "web") is None

    def test_a_flipped_bit(self, ready):
        path = Path(ready[0].path("part-00000001.parquet"))
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
        self.refused(ready, "part-00000001.parquet: content differs from the checksum")

    def test_a_file_that_is_not_there(self, ready):
        os.unlink(ready[0].path("part-00000000.parquet"))
        self.refused(ready, "part-00000000.parquet: missing")

    def test_another_number_of_rows(self, ready):
        files = tuple(replace(file, rows=9) for file in ready[1].files)
        self.refused(ready, "2 rows, its worker reported 9", replace(ready[1], files=files))

    def test_counts_that_do_not_add_up(self, ready):
        gap = replace(ready[1], balance=Balance(Count(4, 40), Count(3, 30)))
        self.refused(ready, "stage redact, source web: 4 documents .* 1 documents .10 bytes.", gap, BalanceError)

    def test_a_manifest_of_another_partition(self, ready):
        self.refused(ready, "manifest is of 2026-11-02/web", replace(ready[1], batch="2026-11-02"))

    def test_the_same_file_twice(self, ready):
        self.refused(ready, "repeat", replace(ready[1], files=(*ready[1].files, ready[1].files[0])))

    @pytest.mark.parametrize("column", ["batch", "source"])
    def test_rows_of_another_partition(self, night, parts_of, column):
        mixed = [*rows(3), {**rows(1)[0], column: "2026-11-09"}]
        self.refused(attempt_of(night(), parts_of, mixed), f"column {column} must be")

    @pytest.mark.parametrize("column", ["batch", "source"])
    def test_rows_without_a_partition(self, night, parts_of, column):
        self.refused(
            attempt_of(night(), parts_of, [*rows(3), {**rows(1)[0], column: None}]), f"column {column} must be"
        )

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (lambda table: table.drop_columns(["title"]), "column title is missing"),
            (lambda table: table.append_column("extra", table["title"]), "column extra is not in the table"),
            (
                lambda table: table.set_column(14, "cluster_size", table["cluster_size"].cast(pa.int64())),
                "cluster_size is int64",
            ),
        ],
    )
    def test_another_schema(self, ready, change, said):
        place, manifest = ready
        path = Path(place.path("part-00000000.parquet"))
        pq.write_table(change(pq.read_table(path)), path)
        from malmoi.contracts.release import sha256_of

        first = replace(manifest.files[0], bytes=path.stat().st_size, sha256=sha256_of(path))
        self.refused(ready, said, replace(manifest, files=(first, *manifest.files[1:])))

    def test_a_table_that_is_none(self, lake_root):
        with pytest.raises(ContractError, match="no table 'pages'"):
            attempt(lake_root, "pages", DAY, "web")

    def test_a_manifest_from_a_newer_version(self, night, lake_root):
        night().write("clean", "web", rows(2))
        path = Path(lake_root, "manifests", "clean", f"batch={DAY}", "source=web.json")
        path.write_text(path.read_text().replace('"format": 1', '"format": 2'))
        with pytest.raises(ContractError, match="newer version: update Malmoi"):
            committed(lake_root, "clean", DAY, "web")

    def test_a_damaged_manifest_only_means_that_the_stage_runs_again(self, night, lake_root):
        night().write("clean", "web", rows(2))
        path = Path(lake_root, "manifests", "clean", f"batch={DAY}", "source=web.json")
        path.write_bytes(path.read_bytes()[:50])
        assert committed(lake_root, "clean", DAY, "web") is None
        assert not night().write("clean", "web", rows(2)).changed
        assert committed(lake_root, "clean", DAY, "web").rows == 2


class Killed(BaseException):
    pass


class TestKilled:
    @pytest.mark.parametrize("step", STEPS)
    def test_after_any_step_a_rerun_ends_in_the_same_state(
        self, night, lake_root, tmp_path, monkeypatch, night_in, step
    ):
        night().write("clean", "web", rows(2))
        night_in(str(tmp_path / "calm")).write("clean", "web", rows(5))

        def kill(reached):
            if reached == step:
                raise Killed

        with monkeypatch.context() as patch:
            patch.setattr(lake_commit, "on_step", kill)
            with pytest.raises(Killed):
                night().write("clean", "web", rows(5))
        held = sum(file.rows for file in read.files(lake_root, "clean"))
        assert held == (2 if step in ("verified", "moved") else 5)
        night().write("clean", "web", rows(5))
        calm = {path: content for path, content in data_files(tmp_path / "calm").items()}
        named = {str(Path(file.path).relative_to(lake_root)) for file in read.files(lake_root, "clean")}
        assert {path: content for path, content in data_files(lake_root).items() if path in named} == calm
        assert (
            committed(lake_root, "clean", DAY, "web").dumps()
            == committed(tmp_path / "calm", "clean", DAY, "web").dumps()
        )

    @pytest.mark.parametrize("step", STEPS)
    def test_sigkill_at_a_step(self, night, lake_root, step):
        for end, exitcode in ((step, -signal.SIGKILL), ("", 0)):
            writer = start_writer(night(), "web", 5, end)
            writer.join(300)
            assert writer.exitcode == exitcode
        assert committed(lake_root, "clean", DAY, "web").rows == 5
        assert set(data_files(lake_root)) == {file.path for file in committed(lake_root, "clean", DAY, "web").files}


def start_writer(night, source: str, count: int, step: str = "", repeats: int = 1):
    """A forked process that commits ``count`` rows, then one more, and so on; it kills itself at a step."""

    def kill(reached):
        if reached == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def write():
        lake_commit.on_step = kill
        for turn in range(repeats):
            night.write("clean", source, rows(count + turn, source=source))

    writer = multiprocessing.get_context("fork").Process(target=write)
    writer.start()
    return writer


class TestTogether:
    def test_processes_that_commit_at_once_all_succeed(self, night, lake_root):
        """As mapped tasks do: different sources, one of them twice, on a lake that does not exist yet."""
        sources = ["web", "news", "blog", "kin", "web"]
        writers = [start_writer(night(), source, 4, repeats=3) for source in sources]
        for writer in writers:
            writer.join(500)
        assert [writer.exitcode for writer in writers] == [0] * len(writers)
        found = read.files(lake_root, "clean")
        assert {file.source for file in found} == set(sources)
        for source in set(sources):
            assert sum(file.rows for file in found if file.source == source) == 6
            assert committed(lake_root, "clean", DAY, source).rows == 6

    def test_the_catalog_alone_keeps_writers_apart(self, night, lake_root, monkeypatch):
        """Without locks, as on an object store: a commit whose base moved is made again on the table as it then is."""
        night().write("clean", "web", rows(2))
        plain, moved = lake_commit._replace, []

        def beaten(table, wanted, paths, properties):
            if not moved:
                moved.append(True)
                with monkeypatch.context() as patch:
                    patch.setattr(lake_commit, "_replace", plain)
                    patch.setattr("malmoi.lake.lock.fcntl.flock", lambda *_: None)
                    night().write("clean", "news", rows(3, source="news"))
            return plain(table, wanted, paths, properties)

        monkeypatch.setattr(lake_commit, "_replace", beaten)
        night().write("clean", "web", rows(5))
        assert {file.source: file.rows for file in read.files(lake_root, "clean") if file.part == 0} == {
            "news": 2,
            "web": 2,
        }
        assert sum(file.rows for file in read.files(lake_root, "clean")) == 8


def test_every_table_takes_a_file_of_its_schema(night, lake_root):
    for table in TABLES:
        if table != "tombstones":
            night().write(table, "web", rows(2))
            assert sum(file.rows for file in read.files(lake_root, table)) == 2
