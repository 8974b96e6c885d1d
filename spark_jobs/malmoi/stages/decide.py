"""Decide: keep, or drop with one named reason, value and threshold. A pure function of annotations and recipe.

The rules that need no other document come first (``judge``); dedup reads them too, so that the copy which stays is
always one that the other rules let pass. Order: defects of ingest, sampling, quality, lists of persons, profanity,
overlap with evaluation sets, duplicates.
"""

import hashlib
from typing import NamedTuple

import pyarrow as pa

from malmoi.contracts.reasons import Fault, Reason
from malmoi.contracts.recipe import Recipe
from malmoi.contracts.tables import DECISIONS
from malmoi.text import profanity, quality

COLUMNS = ["batch", "source", "doc_id", "origin", "kind", "defect", "bytes", "language", "signals"]
"""Columns of an annotation that the rules read."""

WHOLE_ONLY = ("qa", "thread", "dialogue")
"""Kinds whose text also stands in parts beside it: of these nothing is cut, an overlap drops them."""

_FAULTS = {fault.value for fault in Fault}


class Ruling(NamedTuple):
    """What the rules say of one document by itself. ``reason`` is a Reason or Fault value, None to keep."""

    reason: str | None
    value: float | None
    threshold: float | None
    profanity_action: str


def judge(annotations: pa.RecordBatch, recipe: Recipe, source: str, sample: float = 1.0) -> list[Ruling]:
    """A ruling for every row of annotations (COLUMNS); ``sample`` keeps that share by hash of the document id."""
    thresholds = recipe.for_source("quality", source)
    swearing = recipe.for_source("profanity", source)
    most_persons = recipe.for_source("privacy", source).max_persons
    most_cut = recipe.decontamination.max_cut_share
    rows = zip(
        annotations["doc_id"].to_pylist(),
        annotations["defect"].to_pylist(),
        annotations["language"].to_pylist(),
        annotations["signals"].to_pylist(),
        strict=True,
    )
    rulings = [
        _ruling(doc_id, defect, language, signals, thresholds, swearing, most_persons, sample)
        for doc_id, defect, language, signals in rows
    ]
    return [
        _uncontaminated(ruling, kind, signals, most_cut)
        for ruling, kind, signals in zip(
            rulings, annotations["kind"].to_pylist(), annotations["signals"].to_pylist(), strict=True
        )
    ]


def decide(rulings: list[Ruling], annotations: pa.RecordBatch, clusters: pa.RecordBatch) -> pa.RecordBatch:
    """Rulings and clusters (schema CLUSTERS, same rows) to decisions."""
    reasons, values, thresholds, actions = [], [], [], []
    for ruling, stays, method, similarity in zip(
        rulings,
        clusters["keep"].to_pylist(),
        clusters["method"].to_pylist(),
        clusters["similarity"].to_pylist(),
        strict=True,
    ):
        duplicate = ruling.reason is None and not stays
        reasons.append(f"duplicate_{method}" if duplicate else ruling.reason)
        values.append(similarity if duplicate else ruling.value)
        thresholds.append(None if duplicate else ruling.threshold)
        actions.append(ruling.profanity_action)
    columns = {name: annotations[name] for name in ("batch", "source", "doc_id", "origin", "bytes")}
    columns |= {name: clusters[name] for name in ("cluster_id", "cluster_size", "duplicate_of")}
    columns["keep"] = pa.array([reason is None for reason in reasons], pa.bool_())
    columns["reason"] = pa.array(reasons, pa.string())
    columns["value"] = pa.array(values, pa.float64())
    columns["threshold"] = pa.array(thresholds, pa.float64())
    columns["profanity_action"] = pa.array(actions, pa.string())
    return pa.RecordBatch.from_arrays([columns[name] for name in DECISIONS.names], schema=DECISIONS)


def is_fault(reason: str | None) -> bool:
    """Whether a reason says that the record could not be processed: quarantined, not dropped."""
    return reason in _FAULTS


def _ruling(doc_id, defect, language, signals, thresholds, swearing, most_persons, sample) -> Ruling:
    if defect is not None:
        return Ruling(defect, None, None, "keep")
    if sample < 1.0 and _position(doc_id) >= sample:
        return Ruling(Reason.NOT_SAMPLED.value, _position(doc_id), sample, "keep")
    action, profane = profanity.judge(signals, swearing)
    verdict = quality.judge(signals, language, thresholds)
    if verdict is None and signals["persons"] > most_persons:
        return Ruling(Reason.PII_LIST.value, signals["persons"], float(most_persons), action)
    verdict = verdict or profane
    if verdict is None:
        return Ruling(None, None, None, action)
    return Ruling(verdict.reason.value, verdict.value, verdict.threshold, action)


def _uncontaminated(ruling: Ruling, kind: str, signals: dict | None, most_cut: float) -> Ruling:
    """The ruling, or a drop where the document overlaps an evaluation set more than can be cut out of it."""
    share = (signals or {}).get("contaminated_share") or 0.0  # annotations of an older version have none
    limit = 0.0 if kind in WHOLE_ONLY else most_cut
    if ruling.reason is not None or share <= limit:
        return ruling
    return Ruling(Reason.CONTAMINATED.value, share, limit, ruling.profanity_action)


def _position(doc_id: str) -> float:
    """A place in [0, 1) that depends on the document alone."""
    return int.from_bytes(hashlib.blake2b(doc_id.encode(), digest_size=8).digest(), "big") / 2**64
