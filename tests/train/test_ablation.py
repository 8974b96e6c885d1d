"""What an ablation says about its own figures: a difference is one only where it is larger than the noise."""

import importlib
import sys

import pytest


@pytest.fixture
def report(root, monkeypatch):
    monkeypatch.syspath_prepend(str(root / "benchmarks"))
    yield importlib.import_module("ablation_report")
    sys.modules.pop("ablation_report", None)


def scores(raw: list[float], release: list[float], accuracy: float = 0.5) -> list[dict]:
    """Final rows of one curated text, a value for each seed."""
    return [
        {
            "set": name, "seed": seed, "tokens": 1_000, "bits_per_byte": {"news": value}, "choices": {"all": accuracy},
            "questions": {"all": 200}, "chance": 0.37,
        }
        for name, values in (("raw", raw), ("release", release))
        for seed, value in enumerate(values)
    ]  # fmt: skip


def bits(row: dict) -> float:
    return row["bits_per_byte"]["news"]


def test_a_steady_difference_is_one(report):
    gap, half = report.difference(scores([2.0, 2.1, 2.2], [1.9, 2.0, 2.12]), bits)
    assert gap == pytest.approx(-0.28 / 3)
    # standard deviation of -0.1, -0.1, -0.08 is 0.011547; Student's t with 2 degrees is 4.303
    assert half == pytest.approx(4.303 * 0.011547 / 3**0.5, rel=1e-3)
    assert report.verdict(gap, half, lower_is_better=True) == "release better"
    assert report.verdict(gap, half, lower_is_better=False) == "release worse"


def test_what_noise_can_explain_is_none(report):
    gap, half = report.difference(scores([2.0, 2.1, 2.2], [1.9, 2.2, 2.1]), bits)
    assert abs(gap) < half and report.verdict(gap, half, True) == "no difference beyond noise"
    assert report.difference(scores([2.0], [1.0]), bits) == (-1.0, None)
    assert report.verdict(-1.0, None, True) == "no difference beyond noise"  # one seed shows no noise


def test_few_questions_are_noise_too(report):
    _, half = report.with_questions(scores([1, 1, 1], [1, 1, 1]), "all")
    assert half == pytest.approx(1.96 * (2 * 0.25 / 200) ** 0.5)


def test_the_page_and_the_plot_hold_what_was_measured(report, tmp_path):
    sets = {name: {"documents": 10, "bytes": 2_000_000, "tokens": 500} for name in ("raw", "release")}
    results = {
        "input": None, "model": {"layers": 1, "width": 8, "vocabulary": 300}, "seconds": 1, "sets": sets,
        "dropped": {"not_korean": 500_000, "spam": 20_000},
        "overlap": {"raw": 0.0, "release": 0.0}, "curated": {"news": {"documents": 3, "bytes": 5}},
        "scores": scores([2.0, 2.1, 2.2], [1.9, 2.0, 2.12]),
    }  # fmt: skip
    page = report.page(results)
    assert "| news | 3 | 2.100 | 2.007 | -0.093 ± 0.029 | release better |" in page
    assert "a demonstration, no evidence" in page and "| raw | 10 | 2.0 | 500 | 2.00 | 0.00% |" in page
    assert "lacks: not_korean 25.0%, spam 1.0%." in page
    report.plot(results, tmp_path / "ablation.png")
    assert (tmp_path / "ablation.png").stat().st_size < 200_000
