"""The rebuild's own work: choosing nights, saying what would change, and putting everything back."""

import json
from pathlib import Path

import pytest

from malmoi.contracts.errors import ContractError
from malmoi_airflow import rebuild

NIGHTS = {"2026-11-01": "a", "2026-11-02": "b", "2026-11-03": "c"}


@pytest.fixture
def lake(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("MALMOI_LAKE", str(tmp_path))
    (tmp_path / "releases").mkdir()
    (tmp_path / "releases" / "current.json").write_text(json.dumps({"nights": NIGHTS}))
    for night in (*NIGHTS, "2026-11-04"):
        write(tmp_path, "annotations", night, "web")
    return tmp_path


def write(root: Path, table: str, night: str, source: str, content: str = "{}") -> Path:
    path = root / "manifests" / table / f"batch={night}" / f"source={source}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


def plan(**params) -> dict:
    return rebuild.choose_nights({"recipe": "nightly", "first_day": None, "last_day": None} | params)


def test_published_nights_in_the_range(lake):
    assert plan()["nights"] == list(NIGHTS) and plan()["later"] == []
    found = plan(first_day="2026-11-02", last_day="2026-11-02")
    assert found["nights"] == ["2026-11-02"] and found["later"] == ["2026-11-03"]
    assert found["sources"] == {"2026-11-02": ["web"]}
    assert found["folder"].startswith("rebuilds/2026-11-02-2026-11-02-")


def test_another_recipe_or_another_release_is_another_rebuild(lake):
    first = plan()["folder"]
    assert plan()["folder"] == first
    (lake / "releases" / "current.json").write_text(json.dumps({"nights": NIGHTS | {"2026-11-02": "other"}}))
    assert plan()["folder"] != first


def test_no_night_and_a_source_that_the_recipe_does_not_know(lake):
    with pytest.raises(ContractError, match="no published night from 2026-12-01 to the last"):
        plan(first_day="2026-12-01")
    write(lake, "annotations", "2026-11-02", "cafe")
    with pytest.raises(ContractError, match="2026-11-02 holds source cafe, which nightly.toml does not know"):
        plan()


def row(night: str, **changed) -> dict:
    return {
        "night": night, "source": "web", "documents": 10, "kept_before": 4, "kept_after": 5,
        "entered": {"too_short": 2}, "left": {"spam": 1},
        "samples": {"entered": {"too_short": [["d1", "https://a.example/1|2"]]}, "left": {"spam": [["d2", None]]}},
        "rejected_removed": False, "annotated_otherwise": False,
    } | changed  # fmt: skip


def test_the_briefing_counts_samples_and_warns(lake):
    found = plan(last_day="2026-11-02")
    rows = [row("2026-11-01", rejected_removed=True), row("2026-11-02", annotated_otherwise=True)]
    (lake / found["folder"]).mkdir(parents=True)
    (lake / found["folder"] / rebuild.PREVIEW).write_text(json.dumps(rows))
    said = rebuild.briefing(found)
    assert "4 documents would come in and 2 would go out" in said
    assert "| 2026-11-02 | web | 10 | 4 | 5 | 2 | 1 |" in said
    assert "| web | too_short | 4 | `d1` https://a.example/1%7C2" in said and "| web | spam | 2 | `d2` " in said
    assert "out of 2026-11-01: there nothing can come in" in said
    assert "annotations of 2026-11-02 were made by another version" in said
    assert "1 later nights (2026-11-03 to 2026-11-03) keep what they decided" in said


def test_manifests_are_kept_once_and_put_back_once(lake, monkeypatch):
    path = write(lake, "decisions", "2026-11-01", "web", '{"batch": "2026-11-01"}')
    found = plan(last_day="2026-11-01")
    kept = lake / found["folder"] / rebuild.BEFORE
    rebuild.keep_manifests(found)
    path.write_text('{"batch": "changed"}')
    rebuild.keep_manifests(found)
    assert {"batch": "2026-11-01", "table": "decisions"} in json.loads(kept.read_text())
    ran = []
    monkeypatch.setattr(rebuild.process, "run", ran.append)
    rebuild.put_back(found)
    assert ran == [["-m", "malmoi.cli", "put-back", "--lake", str(lake), "--manifests", str(kept)]]
    rebuild.put_back(found)
    rebuild.put_back(None)
    assert len(ran) == 1 and not kept.exists()


def test_the_command_of_preview_and_rebuild(lake):
    found = plan()
    operator = rebuild.RebuildOperator(task_id="preview", night=found, preview=True)
    arguments = operator._arguments()
    assert arguments[0] == "dedup,decide,redact,shard" and "--annotated" in arguments
    assert arguments[arguments.index("--batch") + 1] == ",".join(NIGHTS)
    assert arguments[-2:] == ["--preview", str(lake / found["folder"] / rebuild.PREVIEW)]
    assert "--preview" not in rebuild.RebuildOperator(task_id="rebuild", night=found)._arguments()
