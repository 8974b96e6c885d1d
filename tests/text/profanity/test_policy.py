"""From signals to an action."""

import dataclasses

import pytest

from malmoi.contracts.reasons import Reason
from malmoi.contracts.recipe.profanity import Profanity
from malmoi.text.profanity import judge

CLEAN = {"eojeol": 100.0, "profanity_density": 0.0, "profane_sentence_share": 0.0, "group_slurs": 0.0, "toxicity": 0.0}


@pytest.mark.parametrize(
    ("signals", "action", "reason"),
    [
        ({}, "keep", None),
        ({"profanity_density": 0.01, "profane_sentence_share": 0.1}, "soften", None),
        ({"profanity_density": 0.03, "profane_sentence_share": 0.2}, "drop_sentences", None),
        ({"profanity_density": 0.08, "profane_sentence_share": 0.2}, "drop", Reason.PROFANE),
        ({"profanity_density": 0.01, "profane_sentence_share": 0.5}, "drop", Reason.PROFANE),
        ({"eojeol": 5.0, "profanity_density": 0.2, "profane_sentence_share": 1.0}, "soften", None),
        ({"eojeol": 1.0, "profanity_density": 1.0, "profane_sentence_share": 1.0}, "drop", Reason.PROFANE),
        ({"group_slurs": 1.0, "profane_sentence_share": 0.1}, "soften", None),
        ({"group_slurs": 1.0, "profane_sentence_share": 1.0}, "drop", Reason.GROUP_HATE),
        ({"group_slurs": 3.0, "profane_sentence_share": 0.1}, "drop", Reason.GROUP_HATE),
        ({"toxicity": 0.95, "profane_sentence_share": 1.0}, "drop", Reason.PROFANE),
    ],
)
def test_actions(signals, action, reason):
    done, verdict = judge(CLEAN | signals, Profanity())
    assert done == action
    assert (verdict.reason if verdict else None) == reason
    assert verdict is None or verdict.value > verdict.threshold


def test_the_policy_may_keep_or_drop_everything():
    found = CLEAN | {"profanity_density": 0.01, "profane_sentence_share": 0.1}
    assert judge(found, dataclasses.replace(Profanity(), policy="keep")) == ("keep", None)
    assert judge(found, dataclasses.replace(Profanity(), policy="drop"))[0] == "drop"
