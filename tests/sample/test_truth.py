"""Holding a run against the truth: right runs pass, every kind of wrong run is named, no value is shown."""

import pytest

from malmoi.sample import hold, render
from malmoi.sample.records import Truth
from malmoi.sample.truth import Decided, Published

DAY = "2026-11-01"
SECRET = "010-0123-4567"


def row(name: str, plant: str, expect: str, **fields) -> Truth:
    return Truth(f"https://a.example/{name}", "web", fields.pop("batch", DAY), plant, expect, **fields)


def published(name: str, text: str = "강가에 앉아 물소리를 들었다", batch: str = DAY) -> Published:
    return Published(f"https://a.example/{name}", "web", batch, "제목", text)


def dropped(name: str, reason: str, batch: str = DAY) -> Decided:
    return Decided(f"https://a.example/{name}", "0" * 32, "web", batch, False, reason)


KEEP = row("keep", "page", "keep", must_stay=("앉아 물소리를",), must_not_have=("무단전재",))
PRIVATE = row("private", "personal-data", "keep", must_vanish=(SECRET,), must_stay=("전화를 주세요",))
SPAM = row("spam", "spam-ad", "drop", reasons=("spam",))
CUT = row("cut", "truncated-member", "quarantine", reasons=("truncated_file",), file="source=web/a.warc.gz", offset=7)
COPIES = [row(name, "copy/exact", "kept_once", reasons=("duplicate_exact",), group="g") for name in ("c1", "c2")]
TRUTH = [KEEP, PRIVATE, SPAM, CUT, *COPIES]

GOOD = [published("keep"), published("private", "여기로 전화를 주세요 <전화번호>"), published("c1")]
DROPS = [dropped("spam", "spam"), dropped("c2", "duplicate_exact")]
FAULTS = [{"source": "web", "batch": DAY, "fault": "truncated_file", "file": "x/source=web/a.warc.gz", "offset": 7}]


def test_a_right_run():
    report = hold(TRUTH, GOOD, DROPS, FAULTS)
    assert report.failures == [] and report.exit_code == 0 and report.not_run == 0
    assert sum(c.caught for c in report.counts.values()) == len(TRUTH)
    assert "nothing planted survives" in render(report)


WRONG = {
    "value left": ([*GOOD[:1], published("private", f"전화를 주세요 {SECRET}"), GOOD[2]], DROPS, FAULTS, "survivor"),
    "value in another page": ([*GOOD, published("other", f"번호는 {SECRET}")], DROPS, FAULTS, "survivor"),
    "spam published": ([*GOOD, published("spam")], DROPS[1:], FAULTS, "survivor"),
    "both copies": ([*GOOD, published("c2")], DROPS[:1], FAULTS, "survivor"),
    "boilerplate left": ([published("keep", "앉아 물소리를 무단전재"), *GOOD[1:]], DROPS, FAULTS, "survivor"),
    "phrase lost": ([published("keep", "앉아"), *GOOD[1:]], DROPS, FAULTS, "touched"),
    "good page dropped": (GOOD[1:], [*DROPS, dropped("keep", "too_short")], FAULTS, "touched"),
    "all copies dropped": (GOOD[:2], [*DROPS, dropped("c1", "duplicate_near")], FAULTS, "touched"),
    "record vanished": (GOOD, DROPS, [], "missed"),
    "spam not accounted for": (GOOD, DROPS[1:], FAULTS, "missed"),
    "other reason": (GOOD, [dropped("spam", "too_long"), DROPS[1]], FAULTS, "reason"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_run(name):
    *run, outcome = WRONG[name]
    report = hold(TRUTH, *run)
    assert outcome in {failure.outcome for failure in report.failures}
    assert report.exit_code == (1 if outcome == "survivor" else 0)
    assert SECRET not in render(report) and SECRET not in str(report)


def test_nights_and_sources_that_did_not_run_are_not_judged():
    later = row("late", "page", "keep", batch="2026-11-02", must_stay=("없다",))
    report = hold([*TRUTH, later], GOOD, DROPS, FAULTS)
    assert report.not_run == 1 and report.failures == []


def test_a_second_night_alone_may_hold_no_copy_of_the_first():
    copies = [COPIES[0], row("c3", "copy/exact", "kept_once", batch="2026-11-02", group="g")]
    report = hold(copies, [], [dropped("c3", "duplicate_exact", "2026-11-02")], [])
    assert report.failures == [] and report.not_run == 1


def test_pages_outside_the_sample_fraction_are_not_judged():
    report = hold([KEEP], [], [dropped("keep", "not_sampled")], [])
    assert report.not_run == 1 and report.failures == []


def test_tracking_parameters_do_not_hide_a_page():
    report = hold([SPAM], [published("spam?utm_source=a")], [], [])
    assert report.exit_code == 1
