"""Releases: whole or not at all, whatever happens, and every wrong byte named."""

import json
import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from malmoi.contracts.errors import ContractError, InfrastructureError
from malmoi.lake import commit as lake_commit
from malmoi.lake import releases
from malmoi.lake.catalog import open_lake
from malmoi.lake.lock import locked
from malmoi.lake.night import NightLake

FIRST, SECOND = "2026-11-01", "2026-11-02"
STEPS = ("reports written", "folder written", "tagged", "renamed", "pointed")


def publish(root, batch, recipe):
    held = NightLake(root, batch, recipe, ["web"])
    return held.publish(held.check(lambda texts: [[] for _ in texts]), {"fasttext": "a" * 64})


@pytest.fixture
def filled(night, make_pages, lake_root) -> str:
    night().source("web", make_pages("a.example", 5))
    return lake_root


def killed_publish(root, recipe, step) -> int:
    """Publishes in a forked process that kills itself at a step; returns its exit code."""

    def kill(reached):
        if reached == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def work():
        releases.on_step = kill
        publish(root, FIRST, recipe)

    writer = multiprocessing.get_context("fork").Process(target=work)
    writer.start()
    writer.join(300)
    return writer.exitcode


@pytest.mark.parametrize("step", STEPS)
def test_sigkill_at_any_step_of_publish(filled, recipe, step):
    assert killed_publish(filled, recipe(), step) == -signal.SIGKILL
    seen = releases.current(filled)
    assert (seen is not None) == (step == "pointed")
    published = publish(filled, FIRST, recipe())
    assert releases.current(filled) == published.manifest
    assert releases.list_releases(filled) == [published.manifest.release]
    assert releases.verify(filled, published.manifest.release) == []
    assert [path.name for path in Path(filled, "releases").iterdir() if path.name.startswith(".tmp")] == []
    assert f"release-{published.manifest.release}" in open_lake(filled).table("shards").refs()


def test_a_reader_never_sees_half_a_release(filled, recipe, night, make_pages):
    """Polls while another process publishes and replaces the night again and again."""

    def work():
        for count in (5, 6, 7, 5):
            night().source("web", make_pages("a.example", count))
            publish(filled, FIRST, recipe())

    writer = multiprocessing.get_context("fork").Process(target=work)
    writer.start()
    seen = set()
    while writer.is_alive():
        manifest = releases.current(filled)
        if manifest is not None:
            assert releases.verify(filled, manifest.release) == []
            assert Path(filled, "releases", manifest.release, "gate.json").is_file()
            seen.add(manifest.documents)
    assert writer.exitcode == 0 and seen <= {5, 6, 7} and seen
    assert releases.current(filled).documents == 5


def test_manifests_do_not_depend_on_the_lake_or_its_history(night_in, recipe, make_pages, tmp_path):
    found = []
    for name in ("one", "two"):
        root = str(tmp_path / name)
        night_in(root).source("web", make_pages("a.example", 5))
        if name == "two":
            night_in(root).source("web", make_pages("a.example", 3))
            night_in(root).source("web", make_pages("a.example", 5))
        manifest = publish(root, FIRST, recipe()).manifest
        found.append(Path(root, "releases", manifest.release, "manifest.json").read_bytes())
    assert found[0] == found[1]


def test_parents_and_supersession_follow_the_nights(night, recipe, make_pages, lake_root):
    night(batch=SECOND).source("web", make_pages("b.example", 3))
    second = publish(lake_root, SECOND, recipe()).manifest
    assert second.parent is None
    night().source("web", make_pages("a.example", 3))
    first = publish(lake_root, FIRST, recipe()).manifest  # back-filled: nothing lies before it
    assert first.parent is None and first.supersedes == ()
    assert releases.current(lake_root) == second
    night(batch=SECOND).source("web", make_pages("b.example", 4))
    again = publish(lake_root, SECOND, recipe()).manifest
    assert again.parent == first.release and again.supersedes == (second.release,)
    assert [manifest.release for manifest in releases.in_force(lake_root)] == [first.release, again.release]
    night(batch=SECOND).source("web", make_pages("b.example", 3))
    back = publish(lake_root, SECOND, recipe())
    assert back.new and back.manifest == second and releases.current(lake_root) == second


def test_another_recipe_is_another_release(filled, recipe):
    first = publish(filled, FIRST, recipe()).manifest
    second = publish(filled, FIRST, recipe(min_keep_share=0.1)).manifest
    assert first.release != second.release and first.shards == second.shards
    assert second.supersedes == (first.release,)


class TestDamage:
    @pytest.fixture
    def published(self, filled, recipe):
        return publish(filled, FIRST, recipe()).manifest

    def test_one_flipped_bit_is_named(self, filled, published):
        path = Path(filled, published.shards[1].path)
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 4
        path.write_bytes(content)
        problems = releases.verify(filled, published.release)
        assert len(problems) == 1 and problems[0].startswith(f"{path}: checksum differs")

    def test_the_stage_run_again_repairs_it(self, filled, published, night, make_pages):
        path = Path(filled, published.shards[1].path)
        path.write_bytes(path.read_bytes()[:-1] + b"?")
        assert releases.verify(filled, published.release) != []
        night().source("web", make_pages("a.example", 5))
        assert releases.verify(filled, published.release) == []

    def test_missing_and_shortened_shards(self, filled, published):
        os.unlink(Path(filled, published.shards[0].path))
        Path(filled, published.shards[1].path).write_bytes(b"")
        problems = releases.verify(filled, published.release)
        assert [problem.rsplit(": ", 1)[1].split(",")[0] for problem in problems] == ["missing", "0 bytes"]

    def test_a_changed_manifest(self, filled, published):
        path = Path(filled, "releases", published.release, "manifest.json")
        path.write_text(path.read_text().replace('"weight": 1.0', '"weight": 9.0'))
        assert "content does not give the id" in releases.verify(filled, published.release)[0]

    def test_a_manifest_or_pointer_from_a_newer_version(self, filled, published):
        for path in (
            Path(filled, "releases", published.release, "manifest.json"),
            Path(filled, "releases", "current.json"),
        ):
            content = path.read_text()
            path.write_text(json.dumps({**json.loads(content), "format": 2}))
            with pytest.raises(ContractError, match="newer version"):
                releases.current(filled)
            path.write_text(content)
        assert releases.current(filled) == published

    def test_a_release_that_is_not_there(self, filled, published):
        with pytest.raises(ContractError, match=f"no release 'x'.*{published.release}"):
            releases.load(filled, "x")


def test_shards_that_changed_after_the_gate_are_not_published(filled, recipe, night, make_pages):
    held = NightLake(filled, FIRST, recipe(), ["web"])
    checks = held.check(lambda texts: [[] for _ in texts])
    night().source("web", make_pages("a.example", 6))
    with pytest.raises(ContractError, match="changed since the gate"):
        held.publish(checks, {})
    assert releases.list_releases(filled) == []


def test_two_runs_of_the_same_day_at_once(lake_root, night, recipe, make_pages):
    """Each writes every stage and publishes; whichever is last wins whole, and a refusal says what to do."""

    def work(count):
        night().source("web", make_pages("a.example", count))
        try:
            publish(lake_root, FIRST, recipe())
        except (ContractError, InfrastructureError) as error:
            os._exit(7 if "again" in str(error) or "gate" in str(error) else 1)

    runs = [multiprocessing.get_context("fork").Process(target=work, args=(count,)) for count in (4, 6)]
    for run in runs:
        run.start()
    for run in runs:
        run.join(500)
    assert {run.exitcode for run in runs} <= {0, 7}
    for release in releases.list_releases(lake_root):
        manifest = releases.load(lake_root, release)
        assert manifest.documents in (4, 6) and releases.verify(lake_root, release) == []


def test_a_lock_that_is_held_names_its_holder(filled):
    def wait():
        from malmoi.contracts.paths import Lake

        try:
            with locked(Lake(filled), "releases", wait_seconds=0.1):
                os._exit(1)
        except InfrastructureError as error:
            os._exit(0 if f"process {os.getppid()} has held this lock" in str(error) else 2)

    with locked(releases.Lake(filled), "releases"):
        waiting = multiprocessing.get_context("fork").Process(target=wait)
        waiting.start()
        waiting.join(60)
    assert waiting.exitcode == 0


def test_steps_are_hooks_that_do_nothing_by_themselves():
    assert releases.on_step("pointed") is None and lake_commit.on_step("moved") is None
