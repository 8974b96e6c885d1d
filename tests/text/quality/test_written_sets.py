"""Written junk leaves, written good text stays. All documents were written for this test.

``tuned`` documents were at hand while rules were written, ``held`` ones while the model's training text was written,
``fresh`` ones came after both. They are no part of the training text.
"""

import json
from pathlib import Path

import numpy as np
import pytest
from tests.text.quality.reference import judge

from malmoi.contracts.recipe.quality import Quality
from malmoi.models import language_id, quality_model
from malmoi.text.quality import REASONS, judge_batch
from malmoi.text.signals import measure


def _documents(name: str) -> list[dict]:
    return [json.loads(line) for line in (Path(__file__).parent / name).read_text("utf-8").splitlines()]


def _judged(documents: list[dict]):
    texts = [document["text"] for document in documents]
    signals = measure(texts)
    signals["quality_score"] = quality_model.score(texts, signals, quality_model.default())
    languages = [language for language, _ in language_id.detect(texts)]
    return signals, languages, judge_batch(signals, languages, Quality())


@pytest.fixture(scope="module")
def junk():
    documents = _documents("junk.jsonl")
    return documents, *_judged(documents)


@pytest.fixture(scope="module")
def good():
    documents = _documents("good.jsonl")
    return documents, *_judged(documents)


def _which(documents: list[dict], rows: np.ndarray) -> list[str]:
    return [f"{documents[row]['set']}/{documents[row]['kind']}: {documents[row]['text'][:40]}" for row in rows]


def test_sets_are_wide(junk, good):
    for documents in (junk[0], good[0]):
        assert len({document["kind"] for document in documents}) >= 30
        assert len({document["text"] for document in documents}) == len(documents)


def test_junk_leaves(junk):
    documents, _, _, verdicts = junk
    kept = np.flatnonzero(verdicts.rule < 0)
    assert len(kept) <= 0.05 * len(documents), _which(documents, kept)


@pytest.mark.parametrize("part", ["held", "fresh"])
def test_junk_leaves_that_no_rule_was_written_for(junk, part):
    documents, _, _, verdicts = junk
    rows = [row for row, document in enumerate(documents) if document["set"] == part]
    assert (verdicts.rule[rows] >= 0).mean() >= 0.88


def test_good_text_stays(good):
    documents, _, _, verdicts = good
    dropped = np.flatnonzero(verdicts.rule >= 0)
    assert len(dropped) <= 0.03 * len(documents), _which(documents, dropped)


def test_every_drop_has_reason_value_and_threshold(junk):
    _, _, _, verdicts = junk
    dropped = verdicts.rule >= 0
    assert np.isfinite(verdicts.value[dropped]).all() and np.isfinite(verdicts.threshold[dropped]).all()
    assert np.isnan(verdicts.value[~dropped]).all()


def test_one_document_and_a_batch_agree(junk, good):
    for documents, signals, languages, verdicts in (junk, good):
        for row in range(len(documents)):
            verdict = judge({name: values[row] for name, values in signals.items()}, languages[row], Quality())
            number = int(verdicts.rule[row])
            if verdict is None:
                assert number == -1
            else:
                assert verdict.reason is REASONS[number]
                assert (verdict.value, verdict.threshold) == (verdicts.value[row], verdicts.threshold[row])


def test_batches_do_not_change_a_document(good):
    documents, signals, _, _ = good
    texts = [document["text"] for document in documents]
    for row in range(0, len(texts), 17):
        alone = measure([texts[row]])
        assert {name: values[0] for name, values in alone.items()} == {name: signals[name][row] for name in alone}
        assert quality_model.score([texts[row]], alone, quality_model.default())[0] == signals["quality_score"][row]
