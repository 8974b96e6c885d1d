"""Keep or drop: which rule speaks first, what is a fault, who is sampled, which copies leave."""

from collections.abc import Iterable

import pyarrow as pa
import pytest

from malmoi.contracts.document import document_id
from malmoi.contracts.reasons import Fault, Reason
from malmoi.contracts.recipe import Recipe, recipe_from_mapping
from malmoi.contracts.signals import SIGNALS
from malmoi.contracts.tables import ANNOTATIONS, CLUSTERS, DECISIONS
from malmoi.stages.decide import COLUMNS, decide, is_fault, judge

GOOD = dict.fromkeys(SIGNALS, 0.0) | {
    "chars": 600.0, "eojeol": 150.0, "lines": 10.0, "hangul_share": 0.9, "mean_eojeol_length": 3.2,
    "josa_eomi_share": 0.7, "prose_eojeol": 105.0, "sentences": 12.0, "sentence_end_share": 0.8, "variety": 0.95,
    "quality_score": 0.9, "longest_run": 9.0,
}  # fmt: skip

SHORT = {"chars": 3.0}
PROFANE = {"profane_sentence_share": 0.9, "profanity_density": 0.5}
LIST = {"persons": 11.0}


def recipe(**sections) -> Recipe:
    return recipe_from_mapping({"sources": {"web": {"type": "warc"}, "kin": {"type": "kin"}}, **sections})


def row(number: int = 0, defect: str | None = None, language: str = "ko", size: int = 1800, **signals: float) -> dict:
    return {
        "batch": "2026-11-01", "source": "web", "doc_id": document_id("https://example.kr/", str(number)),
        "origin": {"file": "a.warc.gz", "offset": number, "length": 9}, "defect": defect, "bytes": size,
        "language": language, "signals": None if defect else GOOD | signals,
    }  # fmt: skip


def annotations(rows: Iterable[dict]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(list(rows), schema=ANNOTATIONS).select(COLUMNS)


def ruled(one: dict, sample: float = 1.0, source: str = "web", **sections):
    return judge(annotations([one]), recipe(**sections), source, sample)[0]


def test_a_good_document_stays():
    assert ruled(row()) == (None, None, None, "keep")


@pytest.mark.parametrize(
    ("document", "reason", "value", "threshold"),
    [
        (row(defect="empty_text"), Reason.EMPTY_TEXT, None, None),
        (row(defect="engine_crashed"), Fault.ENGINE_CRASHED, None, None),
        (row(language="en", **SHORT, **PROFANE), Reason.NOT_KOREAN, 0.9, 0.3),
        (row(**SHORT), Reason.TOO_SHORT, 3.0, 20.0),
        (row(**SHORT, **PROFANE, **LIST), Reason.TOO_SHORT, 3.0, 20.0),
        (row(**PROFANE, **LIST), Reason.PII_LIST, 11.0, 10.0),
        (row(persons=10.0), None, None, None),
        (row(**PROFANE), Reason.PROFANE, 0.5, 0.06),
        (row(**PROFANE, group_slurs=3.0), Reason.GROUP_HATE, 3.0, 2.0),
    ],
)
def test_the_first_rule_that_is_missed_is_the_reason(document, reason, value, threshold):
    assert ruled(document)[:3] == (reason, value, threshold)


@pytest.mark.parametrize("signals", [{}, SHORT, PROFANE, LIST])
def test_sampling_comes_before_the_rules_and_after_defects(signals):
    none = ruled(row(**signals), sample=1e-12)
    assert none.reason == Reason.NOT_SAMPLED and none.value >= none.threshold == 1e-12
    assert ruled(row(defect="empty_text"), sample=1e-12).reason == Reason.EMPTY_TEXT


def test_the_sample_is_the_same_documents_every_time_and_grows_with_its_share():
    rows = annotations(row(number) for number in range(2_000))
    kept = {
        share: {n for n, ruling in enumerate(judge(rows, recipe(), "web", share)) if ruling.reason is None}
        for share in (0.1, 0.3, 1.0)
    }
    assert kept[0.1] < kept[0.3] < kept[1.0] and len(kept[1.0]) == 2_000
    assert 150 < len(kept[0.1]) < 250 and 530 < len(kept[0.3]) < 670
    tail = judge(rows.slice(1_000), recipe(quality={"min_chars": 1}), "kin", 0.3)
    assert {n + 1_000 for n, ruling in enumerate(tail) if ruling.reason is None} == {n for n in kept[0.3] if n >= 1_000}


@pytest.mark.parametrize(
    ("signals", "action"),
    [
        ({}, "keep"),
        ({"profane_sentence_share": 0.05, "profanity_density": 0.01}, "soften"),
        ({"profane_sentence_share": 0.05, "profanity_density": 0.03}, "drop_sentences"),
        (PROFANE, "drop"),
        (SHORT | {"profane_sentence_share": 0.05, "profanity_density": 0.01}, "soften"),
    ],
)
def test_the_action_is_told_with_the_ruling(signals, action):
    assert ruled(row(**signals)).profanity_action == action


def test_each_source_has_its_own_thresholds():
    own = {"quality": {"source": {"kin": {"min_chars": 601}}}, "privacy": {"source": {"kin": {"max_persons": 1}}}}
    assert ruled(row(), source="web", **own).reason is None
    assert ruled(row(), source="kin", **own) == (Reason.TOO_SHORT, 600.0, 601.0, "keep")
    assert ruled(row(chars=700.0, persons=2.0), source="kin", **own)[:3] == (Reason.PII_LIST, 2.0, 1.0)


def test_faults_are_no_drops():
    assert [is_fault(fault.value) for fault in Fault] == [True] * len(Fault)
    assert not any(is_fault(reason.value) for reason in Reason) and not is_fault(None)


def cluster(
    of: dict, keep: bool, method: str, similarity: float, size: int = 2, duplicate_of: str | None = None
) -> dict:
    return {name: of[name] for name in ("batch", "source", "doc_id", "origin")} | {
        "cluster_id": duplicate_of or of["doc_id"], "cluster_size": size, "keep": keep, "method": method,
        "duplicate_of": duplicate_of, "duplicate_batch": of["batch"] if duplicate_of else None, "similarity": similarity,
    }  # fmt: skip


def test_copies_leave_by_how_they_were_found_and_a_rule_speaks_before_a_copy():
    rows = [row(n, size=100 + n) for n in range(5)] + [row(5, **SHORT), row(6, defect="too_slow")]
    stays = rows[0]["doc_id"]
    clusters = [cluster(rows[0], True, "near", 1.0, 4)]
    clusters += [cluster(rows[n], False, how, like, 4, stays) for n, how, like in
                 ((1, "near", 0.8), (2, "exact", 1.0), (3, "page", 1.0))]  # fmt: skip
    clusters += [cluster(rows[4], True, "single", 1.0, 1)]
    clusters += [cluster(rows[5], False, "near", 0.9, 4, stays), cluster(rows[6], True, "single", 1.0, 1)]
    batch = annotations(rows)
    found = decide(judge(batch, recipe(), "web"), batch, pa.RecordBatch.from_pylist(clusters, schema=CLUSTERS))
    assert found.schema == DECISIONS and found.num_rows == len(rows)
    assert found["reason"].to_pylist() == [
        None, "duplicate_near", "duplicate_exact", "duplicate_page", None, "too_short", "too_slow",
    ]  # fmt: skip
    assert found["keep"].to_pylist() == [True, False, False, False, True, False, False]
    assert found["value"].to_pylist() == [None, 0.8, 1.0, 1.0, None, 3.0, None]
    assert found["threshold"].to_pylist() == [None, None, None, None, None, 20.0, None]
    assert found["cluster_size"].to_pylist() == [4, 4, 4, 4, 1, 4, 1]
    assert found["bytes"].to_pylist() == [one["bytes"] for one in rows]
    assert found["origin"].to_pylist() == [one["origin"] for one in rows]


def test_every_reason_of_a_drop_is_on_the_list():
    known = {one.value for one in Reason} | {one.value for one in Fault}
    assert {f"duplicate_{method}" for method in ("page", "exact", "near")} <= known
