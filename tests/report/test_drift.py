"""Shares by reason, night by night, and what moved."""

import json
from pathlib import Path

import pytest

from malmoi.cli import main
from malmoi.contracts.balance import Balance, Count
from malmoi.contracts.manifest import StageManifest
from malmoi.contracts.paths import Lake
from malmoi.report.drift import drift, render

ONE = Count(1, 10)


def balance(kept: int, **dropped: int) -> Balance:
    counts = {reason: Count(number, 10 * number) for reason, number in dropped.items()}
    entered = kept + sum(dropped.values())
    return Balance(Count(entered, 10 * entered), Count(kept, 10 * kept), counts)


@pytest.fixture
def lake(tmp_path) -> Lake:
    nights = {
        "2026-11-01": balance(8, spam=2),
        "2026-11-02": balance(6, spam=2, too_short=2),
        "2026-11-03": balance(2, spam=8),
        "2026-11-04": balance(1, spam=9),  # never published
    }
    lake = Lake(str(tmp_path))
    for night, found in nights.items():
        manifest = StageManifest("decide", night, "web", "0" * 64, "1", "f" * 64, balance=found)
        path = Path(lake.manifest("decisions", night, "web"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(manifest.dumps())
    Path(lake.releases).mkdir()
    Path(lake.releases, "current.json").write_text(json.dumps({"nights": dict.fromkeys(list(nights)[:3], "r")}))
    return lake


def test_shares_of_published_nights_and_what_moved(lake):
    report = drift(lake, 8, 0.25)
    assert report.nights == ("2026-11-01", "2026-11-02", "2026-11-03")
    rows = {row.reason: row for row in report.rows}
    assert rows["kept"].shares == (0.8, 0.6, 0.2) and rows["spam"].shares == (0.2, 0.2, 0.8)
    assert rows["too_short"].shares == (0.0, 0.2, 0.0)
    assert rows["spam"].change == pytest.approx(0.6) and rows["kept"].change == pytest.approx(-0.5)
    assert [row.reason for row in report.moved] == ["kept", "spam"]
    assert "MOVED web spam: +60.00% against the nights before" in render(report)


def test_only_the_newest_nights_count(lake):
    report = drift(lake, 1, 0.25)
    assert report.nights == ("2026-11-03",) and report.moved == []
    assert {row.change for row in report.rows} == {None}


def test_the_command(lake, recipes, capsys):
    assert main(["drift", "--lake", lake.root, "--recipe", str(recipes / "nightly.toml"), "--nights", "2"]) == 0
    assert "2026-11-02" in capsys.readouterr().out
    assert main(["drift", "--lake", lake.root, "--recipe", str(recipes / "nightly.toml"), "--nights", "0"]) != 0
    assert main(["drift", "--lake", f"{lake.root}/none", "--recipe", str(recipes / "nightly.toml")]) == 0
    assert "no night is published yet" in capsys.readouterr().out
