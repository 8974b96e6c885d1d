"""The rules: order, thresholds, exemptions, what-if on many rows."""

import dataclasses
import time

import numpy as np
import pyarrow as pa
import pytest
from tests.text.quality.reference import judge

from malmoi.contracts.reasons import Reason
from malmoi.contracts.recipe import load_recipe
from malmoi.contracts.recipe.quality import Quality
from malmoi.text.quality import REASONS, RULES, SIGNALS_READ, judge_batch, own_score
from malmoi.text.signals import measure

PROSE = "어제는 비가 와서 우산을 쓰고 시장에 다녀왔다. 감자를 사고 두부도 샀다. 집에 와서 찌개를 끓였다."


@pytest.fixture
def signals():
    return {name: values[0] for name, values in measure([PROSE]).items()} | {"quality_score": 0.9}


def test_prose_stays(signals):
    assert judge(signals, "ko", Quality()) is None


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.reason}-{rule.signal}")
def test_each_rule_gives_its_reason_value_and_threshold(signals, rule):
    quality = Quality()
    if rule.signal == "sentence_end_share":
        quality = dataclasses.replace(quality, min_sentence_end_share=0.5)
    threshold = float(getattr(quality, rule.threshold))
    changed = signals | {"eojeol": 60.0, "prose_eojeol": 20.0, "josa_eomi_share": 0.5}
    name = "sentences" if rule.signal == "sentence_share" else rule.signal
    changed[name] = threshold + 0.01 if rule.upper else threshold - 0.01
    if rule.signal == "sentence_share":
        changed[name] = 0.0
    verdict = judge(changed, "ko", quality)
    assert verdict is not None and verdict.reason is rule.reason and verdict.threshold == threshold
    assert verdict.value > threshold if rule.upper else verdict.value < threshold
    changed[name] = threshold if rule.signal != "sentence_share" else 60 * threshold
    assert judge(changed, "ko", quality) is None, "a value at the threshold stays"


def test_the_first_rule_in_order_is_the_reason(signals):
    broken = signals | {"chars": 3.0, "spam_score": 1.0, "filler": 1.0}
    assert judge(broken, "ko", Quality()).reason is Reason.TOO_SHORT
    assert judge(broken, "en", Quality()).reason is Reason.NOT_KOREAN
    assert judge(broken | {"chars": 100.0}, "ko", Quality()).reason is Reason.FILLER


def test_a_text_without_letters_leaves_at_last(signals):
    assert judge(signals, "und", Quality()).reason is Reason.NOT_KOREAN
    assert judge(signals | {"digit_share": 0.9}, "und", Quality()).reason is Reason.MANY_DIGITS


def test_enough_prose_excuses_figures_but_not_spam(signals):
    figures = signals | {"digit_share": 0.5, "symbol_share": 0.4, "eojeol": 300.0}
    assert judge(figures | {"prose_eojeol": 20.0}, "ko", Quality()).reason is Reason.MANY_DIGITS
    assert judge(figures | {"prose_eojeol": 120.0}, "ko", Quality()) is None
    assert judge(figures | {"prose_eojeol": 120.0, "spam_score": 0.9}, "ko", Quality()).reason is Reason.SPAM


def test_short_answers_wait_for_rules_about_shares(signals):
    answer = signals | {"eojeol": 5.0, "josa_eomi_share": 0.0, "single_share": 0.8}
    assert judge(answer, "ko", Quality()) is None
    assert judge(answer | {"eojeol": 12.0}, "ko", Quality()) is not None


def test_what_if_on_a_hundred_thousand_rows_takes_less_than_two_seconds(signals):
    rows = 100_000
    chance = np.random.default_rng(1)
    columns = {name: pa.array(signals[name] * chance.uniform(0.3, 3.0, rows)) for name in SIGNALS_READ}
    started = time.process_time()
    verdicts = judge_batch(columns, pa.array(["ko"] * rows), Quality())
    assert time.process_time() - started < 2
    looser = judge_batch(
        columns, ["ko"] * rows, dataclasses.replace(Quality(), max_spam_score=1.0, min_quality_score=0.0)
    )
    assert (looser.rule >= 0).sum() < (verdicts.rule >= 0).sum()
    assert {REASONS[rule] for rule in set(verdicts.rule[verdicts.rule >= 0].tolist())} <= set(Reason)


def test_own_score_is_zero_for_a_miss_and_positive_for_prose(signals):
    columns = {name: np.array([value, value]) for name, value in signals.items()}
    columns["spam_score"] = np.array([0.0, 0.9])
    score = own_score(columns, Quality())
    assert score[0] > 0.1 and score[1] == 0


def test_every_threshold_of_the_recipe_is_used_by_something():
    gates = {
        "min_hangul_share",
        "min_eojeol_for_shares",
        "min_prose_eojeol",
        "verse_josa_eomi_share",
        "min_region_value",
    }
    assert {field.name for field in dataclasses.fields(Quality)} == {rule.threshold for rule in RULES} | gates


def test_sources_of_the_nightly_recipe_keep_what_is_good_there(recipes):
    recipe = load_recipe(recipes / "nightly.toml")
    assert recipe.for_source("quality", "kin").min_chars <= 25
    assert recipe.for_source("quality", "news").min_chars > recipe.for_source("quality", "kin").min_chars
    assert (
        recipe.for_source("quality", "news").max_lone_jamo_share
        < recipe.for_source("quality", "blog").max_lone_jamo_share
    )
