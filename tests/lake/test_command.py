"""The lake's commands from a shell."""

import pytest

from malmoi.cli import main
from malmoi.lake import releases
from malmoi.lake.night import NightLake
from malmoi.lake.query import query

DAY = "2026-11-01"


@pytest.fixture
def published(night, recipe, make_pages, lake_root, monkeypatch, recipes):
    monkeypatch.setenv("MALMOI_SECRET", "a key of the tests, long enough")
    monkeypatch.setenv("MALMOI_LAKE", lake_root)
    night().source("web", make_pages("a.example", 4))
    held = NightLake(lake_root, DAY, recipe(), ["web"])
    return held.publish(held.check(lambda texts: [[] for _ in texts]), {}).manifest


def test_takedown_lists_first_and_removes_when_told(published, lake_root, recipes, make_pages, capsys):
    page = make_pages("a.example", 4)[1]
    asked = ["takedown", "--url", page.url, "--recipe", str(recipes / "nightly.toml")]
    assert main(asked) == 0
    said = capsys.readouterr().out
    assert "1 documents, 1 of them in the corpus" in said and page.doc_id in said and "nothing was changed" in said
    assert query(lake_root, "SELECT count(*) AS n FROM documents").to_pylist() == [{"n": 4}]
    assert main([*asked, "--execute"]) == 0
    assert f"takes the place of {published.release}" in capsys.readouterr().out
    assert query(lake_root, "SELECT count(*) AS n FROM documents").to_pylist() == [{"n": 3}]
    assert main(asked) != 0
    assert "no document of the lake meets it" in capsys.readouterr().err
    assert main([*asked[:1], *asked[3:], "--resume"]) == 0


def test_rollback_withdraw_and_maintain(published, lake_root, recipes, capsys):
    assert main(["maintain", "--recipe", str(recipes / "nightly.toml")]) == 0
    assert "would remove: 0 superseded releases" in capsys.readouterr().out
    assert main(["rollback", published.release]) == 0
    assert "withdrawn" in capsys.readouterr().out and releases.current(lake_root) is None
    assert main(["withdraw", DAY]) != 0
    assert "holds no night" in capsys.readouterr().err


def test_a_takedown_of_nothing_and_an_unreadable_passage(published, recipes, capsys, tmp_path):
    recipe = ["--recipe", str(recipes / "nightly.toml")]
    assert main(["takedown", *recipe]) != 0
    assert "name at least one" in capsys.readouterr().err
    assert main(["takedown", *recipe, "--text", str(tmp_path / "none.txt")]) != 0
    assert "cannot be read" in capsys.readouterr().err
