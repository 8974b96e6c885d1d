"""The DAG of models: what it learns from, and what a person reads before a model is put into use."""

import json

import pytest

from malmoi.contracts.errors import ContractError
from malmoi_airflow import quality

FORM = {
    "recipe": "nightly",
    "sources": ["news"],
    "reference": "",
    "first_day": None,
    "last_day": None,
    "documents": 100,
}


@pytest.fixture
def lake(tmp_path, monkeypatch):
    monkeypatch.setenv("MALMOI_LAKE", str(tmp_path))
    (tmp_path / "releases").mkdir()
    nights = {"2026-11-01": "a", "2026-11-02": "b", "2026-11-03": "c"}
    (tmp_path / "releases" / "current.json").write_text(json.dumps({"nights": nights}))
    return tmp_path


def test_published_nights_in_the_range(lake):
    assert quality.choose_documents(FORM)["nights"] == ["2026-11-01", "2026-11-02", "2026-11-03"]
    assert quality.choose_documents(FORM | {"first_day": "2026-11-03"})["nights"] == ["2026-11-03"]
    assert quality.choose_documents(FORM | {"sources": [], "reference": "/texts"})["reference"] == "/texts"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"sources": []}, "nothing is trusted"),
        ({"sources": ["카페"]}, "카페"),
        ({"first_day": "2026-12-01"}, "no published night from 2026-12-01"),
    ],
)
def test_what_cannot_be_learned_from(lake, changed, message):
    with pytest.raises(ContractError, match=message):
        quality.choose_documents(FORM | changed)


def test_briefing_says_when_the_new_model_is_worse():
    figures = {"auc": 0.9, "reference_below": 0.01, "rejected_below": 0.9, "kept_below": 0.02}
    report = {
        "threshold": 0.28, "held_out": {"reference": 20, "rejected": 30}, "kept": 100, "in_use": "default",
        "figures": {"new": figures, "in_use": figures},
    }  # fmt: skip
    model = {"id": "0123456789ab", "documents": {"reference": 80, "rejected": 120}}
    said = quality.briefing(model, report)
    assert "| rejected below, of 30 | 90.0% | 90.0% |" in said and "worse" not in said
    report["figures"] = {"new": figures | {"auc": 0.8}, "in_use": figures}
    assert "worse than the one in use" in quality.briefing(model, report)
