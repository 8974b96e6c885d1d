"""Which rows are suspects after a worker died, and which are set aside. No JVM: only the notes."""

import json
from pathlib import Path

import pytest

from malmoi.spark.crumbs import Crumbs, rows_started

ROWS, GROUP = 10, 4


class Died(BaseException):
    """The worker is gone; nothing of its memory stays."""


def attempt(folder: str, killers: set[int]) -> list[int]:
    """One try of a unit, as a stage's job goes through it; returns the rows that were worked on."""
    crumbs, worked = Crumbs(folder, 3), []
    for start in range(0, ROWS, GROUP):
        end = min(start + GROUP, ROWS)
        alone = crumbs.suspects(start, end)
        for first, last in [(row, row + 1) for row in range(start, end)] if alone else [(start, end)]:
            if alone and first in crumbs.skipped:
                continue
            crumbs.at(first, last)
            if killers & set(range(first, last)):
                raise Died
            worked += range(first, last)
    crumbs.done()
    return worked


def until_done(folder: str, killers: set[int]) -> tuple[list[int], int]:
    for tries in range(1, 20):
        try:
            return attempt(folder, killers), tries
        except Died:
            continue
    raise AssertionError("the unit never ends")


@pytest.mark.parametrize(
    ("killers", "tries"),
    [
        (set(), 1),
        ({5}, 3),  # in its group, alone, set aside
        ({0}, 3),
        ({9}, 3),  # the last group is a short one
        ({4, 5}, 4),
        ({0, 9}, 5),
    ],
)
def test_only_the_killers_are_set_aside(tmp_path, killers, tries):
    assert until_done(str(tmp_path), killers) == ([row for row in range(ROWS) if row not in killers], tries)


def test_a_worker_that_was_killed_for_another_reason_costs_no_row(tmp_path):
    first = Crumbs(str(tmp_path), 3)
    first.at(4, 8)
    again = Crumbs(str(tmp_path), 3)
    assert again.suspects(0, 8) and not again.suspects(0, 4) and not again.suspects(8, 10)
    assert again.skipped == frozenset()
    assert attempt(str(tmp_path), set()) == list(range(ROWS))


def test_a_row_that_was_alone_only_by_size_gets_a_second_try(tmp_path):
    Crumbs(str(tmp_path), 0).at(0, 1)
    second = Crumbs(str(tmp_path), 0)
    assert second.suspects(0, 1) and second.skipped == frozenset()
    second.at(0, 1)
    assert Crumbs(str(tmp_path), 0).skipped == {0}


def test_units_know_nothing_of_each_other(tmp_path):
    Crumbs(str(tmp_path), 0).at(0, 4)
    assert not Crumbs(str(tmp_path), 1).suspects(0, ROWS)


def test_the_notes_outlive_the_worker_and_go_when_the_unit_is_done(tmp_path):
    crumbs = Crumbs(str(tmp_path), 2)
    crumbs.at(1_000, 2_000)
    crumbs.at(20, 30)
    assert (tmp_path / "unit-00002.at").read_text().split() == ["0" * 18 + "20", "0" * 18 + "30"]
    assert rows_started(str(tmp_path)) == 20
    Crumbs(str(tmp_path), 2).done()
    assert rows_started(str(tmp_path)) == 0 and not Path(tmp_path, "unit-00002.at").exists()
    assert set(json.loads((tmp_path / "unit-00002.strikes").read_text())) == {str(row) for row in range(20, 30)}


@pytest.mark.parametrize("left", ["", "12", "a b"])
def test_a_note_that_was_cut_off_names_nobody(tmp_path, left):
    (tmp_path / "unit-00000.at").write_text(left)
    assert not Crumbs(str(tmp_path), 0).suspects(0, 1_000_000)
    assert rows_started(str(tmp_path)) in (0, 12)
