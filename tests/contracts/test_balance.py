"""What goes in comes out, in documents and in bytes."""

import pytest

from malmoi.contracts.balance import Balance, Count
from malmoi.contracts.errors import BalanceError, ContractError

ONE = Count(1, 100)
SOUND = Balance(Count(4, 400), Count(2, 200), {"too_short": ONE}, {"broken_json": ONE})


def test_a_sound_balance_passes():
    SOUND.check("decide", "web")


@pytest.mark.parametrize(
    ("balance", "said"),
    [
        (Balance(Count(5, 500), Count(2, 200), {"too_short": ONE}), "2 documents .200 bytes. are neither"),
        (Balance(Count(1, 100), Count(2, 200)), "-1 documents .-100 bytes."),
        (Balance(Count(1, 101), Count(1, 100)), "0 documents .1 bytes."),
    ],
)
def test_a_gap_names_stage_source_and_difference(balance, said):
    with pytest.raises(BalanceError, match=f"stage decide, source web.*{said}"):
        balance.check("decide", "web")


def test_balances_add_and_subtract():
    twice = SOUND + SOUND
    assert twice.entered == Count(8, 800) and twice.dropped == {"too_short": Count(2, 200)}
    assert twice - SOUND == SOUND
    assert (SOUND - SOUND) == Balance()
    assert sum([SOUND, SOUND], Balance()) == twice


def test_json_and_back():
    assert Balance.from_json(SOUND.to_json()) == SOUND
    assert list((SOUND + Balance(dropped={"a": ONE, "z": ONE})).to_json()["dropped"]) == ["a", "too_short", "z"]


@pytest.mark.parametrize("value", [{}, {"entered": 1}, {"entered": {}, "kept": {}, "dropped": {}, "quarantined": {}}])
def test_what_is_no_balance_is_refused(value):
    with pytest.raises(ContractError):
        Balance.from_json(value)
