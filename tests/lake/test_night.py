"""Gate and publish on what a lake holds."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from malmoi.contracts.errors import ContractError, GateError
from malmoi.lake import releases
from malmoi.lake.commit import committed
from malmoi.lake.night import NightLake
from malmoi.text.pii import Span

DAY = "2026-11-01"


def no_leaks(texts):
    return [[] for _ in texts]


def test_a_sound_night_is_published_whole(night, recipe, make_pages, lake_root):
    night().source("web", make_pages("a.example", 5))
    night().source("news", make_pages("b.example", 3))
    held = NightLake(lake_root, DAY, recipe(), ["web", "news"])
    checks = held.check(no_leaks)
    assert [check.name for check in checks if not check.passed] == []
    published = held.publish(checks, {"fasttext": "a" * 64})
    assert published.new
    manifest = published.manifest
    assert manifest.release.startswith(DAY + "-") and manifest.parent is None
    assert manifest.sources["web"]["documents"] == 5 and manifest.sources["news"]["documents"] == 3
    assert manifest.sources["web"]["chars"] == sum(len(page.text) for page in make_pages("a.example", 5))
    assert releases.current(lake_root) == manifest
    assert releases.verify(lake_root, manifest.release) == []
    folder = Path(lake_root) / "releases" / manifest.release
    assert sorted(path.name for path in folder.iterdir()) == ["gate.json", "manifest.json", "stages.json"]
    assert json.loads((folder / "gate.json").read_text())["passed"] is True


def test_the_same_night_again_publishes_nothing_twice(night, recipe, make_pages, lake_root):
    night().source("web", make_pages("a.example", 5))
    first = NightLake(lake_root, DAY, recipe(), ["web"])
    manifest = first.publish(first.check(no_leaks), {}).manifest
    path = Path(lake_root) / "releases" / manifest.release / "manifest.json"
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    night().source("web", make_pages("a.example", 5))
    again = NightLake(lake_root, DAY, recipe(), ["web"])
    published = again.publish(again.check(no_leaks), {})
    assert not published.new and published.manifest == manifest
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert releases.list_releases(lake_root) == [manifest.release]


def test_a_failed_gate_publishes_nothing_and_names_the_document(night, recipe, make_pages, lake_root):
    found = make_pages("a.example", 5)
    night().source("web", found)
    held = NightLake(lake_root, DAY, recipe(), ["web"])
    phone = Span(0, 1, "phone", 1.0)
    checks = held.check(lambda texts: [[phone] if "3번째" in text else [] for text in texts])
    with pytest.raises(GateError, match=f"leaks_sample.*{found[3].doc_id} phone.*nothing was published"):
        held.publish(checks, {})
    assert releases.list_releases(lake_root) == [] and releases.current(lake_root) is None


@pytest.mark.parametrize(
    ("planted", "entity"),
    [("연락은 010-8273-6451로", "phone"), ("번호 910203-2965123", "rrn"), ("문의 bada.kim@naver.com", "email")],
)
def test_a_value_left_in_a_clean_document_fails_the_gate_and_is_not_repeated(
    planted, entity, night, recipe, make_pages, lake_root
):
    pages = make_pages("a.example", 5)
    pages[2] = replace(pages[2], text=f"{pages[2].text}\n{planted}")
    night().source("web", pages)
    held = NightLake(lake_root, DAY, recipe(), ["web"])
    checks = held.check()
    assert {one.name for one in checks if not one.passed} == {"leaks", "leaks_sample"}
    with pytest.raises(GateError) as caught:
        held.publish(checks, {})
    value = planted.split()[-1].removesuffix("로")
    said = str(caught.value) + "".join(str(one.to_json()) for one in checks)
    assert f"{pages[2].doc_id} {entity}" in said and value not in said and value[-4:] not in said


def test_a_source_that_is_missing_stops_the_release_unless_the_recipe_allows_it(night, recipe, make_pages, lake_root):
    night().source("web", make_pages("a.example", 5))
    strict = NightLake(lake_root, DAY, recipe(), ["web"], missing=["blog"])
    with pytest.raises(GateError, match="missing_sources.*blog"):
        strict.publish(strict.check(no_leaks), {})
    lenient = NightLake(lake_root, DAY, recipe(allow_missing_sources=True), ["web"], missing=["blog"])
    assert lenient.publish(lenient.check(no_leaks), {}).new


def test_a_stage_that_lost_documents_is_named(night, recipe, make_pages, lake_root):
    found = make_pages("a.example", 5)
    night().source("web", found)
    night().write("clean", "web", [{"batch": DAY, "source": "web", "doc_id": found[0].doc_id, "text": "한 편"}])
    held = NightLake(lake_root, DAY, recipe(), ["web"])
    failed = {check.name: check for check in held.check(no_leaks) if not check.passed}
    assert failed["reconcile_clean_rows"].value == 4 and failed["reconcile_shards_rows"].value == 4


@pytest.mark.parametrize("step", ["check", "publish"])
def test_a_flipped_bit_in_a_shard_stops_gate_and_publish(step, night, recipe, make_pages, lake_root):
    night().source("web", make_pages("a.example", 5))
    checks = NightLake(lake_root, DAY, recipe(), ["web"]).check(no_leaks)
    path = Path(lake_root, committed(lake_root, "shards", DAY, "web").files[0].path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    held = NightLake(lake_root, DAY, recipe(), ["web"])
    with pytest.raises(ContractError, match=f"{path.name}: checksum differs.*shard stage again with --force"):
        held.check(no_leaks) if step == "check" else held.publish(checks, {})
    assert releases.list_releases(lake_root) == []


def test_a_dry_run_is_never_published(night, recipe, make_pages, lake_root):
    night(batch=f"{DAY}~dry").source("web", make_pages("a.example", 2))
    held = NightLake(lake_root, f"{DAY}~dry", recipe(), ["web"])
    with pytest.raises(ContractError, match="dry run"):
        held.publish(held.check(no_leaks), {})
