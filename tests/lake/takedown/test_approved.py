"""What a person approved is what goes, and nothing else."""

import sys
from datetime import UTC, datetime, timedelta

import pytest

from malmoi.contracts.errors import ContractError
from malmoi.lake import read
from malmoi.lake.takedown.execute import execute as carry_out
from malmoi.lake.takedown.execute import execute_approved, receipts, unfinished
from malmoi.lake.takedown.plan import plan
from malmoi.lake.takedown.request import Request

DAY, SECOND = "2026-11-01", "2026-11-02"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ASKED = [Request("host", "a.example")]


@pytest.fixture(autouse=True)
def secret(monkeypatch):
    monkeypatch.setenv("MALMOI_SECRET", "a key of the tests, long enough")


@pytest.fixture
def filled(night, make_pages, lake_root):
    night().source("web", [*make_pages("a.example", 2), *make_pages("b.example", 2)])


def killed(*_: object) -> None:
    raise KeyboardInterrupt


def documents(root) -> int:
    return sum(file.rows for file in read.files(root, "documents"))


def test_the_plan_of_the_dry_run_is_carried_out_once(filled, recipe, lake_root):
    seen = plan(lake_root, ASKED, NOW)
    receipt = execute_approved(lake_root, ASKED, NOW, seen.digest, recipe())
    assert len(receipt["documents"]) == 2 and documents(lake_root) == 2
    assert execute_approved(lake_root, ASKED, NOW, seen.digest, recipe()) == receipt
    assert len(receipts(lake_root)) == 1


def test_other_hits_than_were_approved_are_refused(filled, night, make_pages, recipe, lake_root):
    seen = plan(lake_root, ASKED, NOW)
    night(batch=SECOND).source("web", make_pages("a.example", 3, start=10))
    with pytest.raises(ContractError, match=r"would be removed now \(5 documents\)"):
        execute_approved(lake_root, ASKED, NOW, seen.digest, recipe())
    assert documents(lake_root) == 7 and receipts(lake_root) == [] and unfinished(lake_root) == []
    assert plan(lake_root, ASKED, NOW + timedelta(seconds=1)).digest != seen.digest


def test_a_killed_removal_goes_on_with_the_approved_plan(filled, recipe, lake_root, monkeypatch):
    seen = plan(lake_root, ASKED, NOW)
    with monkeypatch.context() as killing:
        killing.setattr(sys.modules["malmoi.lake.takedown.execute"], "_publish", killed)
        with pytest.raises(KeyboardInterrupt):
            carry_out(lake_root, seen, recipe())
    assert documents(lake_root) == 2 and len(unfinished(lake_root)) == 1
    with pytest.raises(ContractError, match="approve that"):
        execute_approved(lake_root, ASKED, NOW, "0" * 16, recipe())
    execute_approved(lake_root, ASKED, NOW, seen.digest, recipe())
    assert unfinished(lake_root) == [] and len(receipts(lake_root)) == 1
