"""Decide: keep, or drop with one named reason, value and threshold. A pure function of annotations and recipe.

The rules that need no other document come first (``judge``); dedup reads them too, so that the copy which stays is
always one that the other rules let pass. Order: defects of ingest, sampling, quality, lists of persons, profanity,
overlap with evaluation sets, duplicates.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from malmoi.contracts.reasons import Fault, Reason
from malmoi.contracts.recipe import Recipe
from malmoi.contracts.recipe.profanity import Profanity
from malmoi.contracts.tables import DECISIONS
from malmoi.text import profanity, quality
from malmoi.text.verdict import Verdict

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
    defects = annotations["defect"]
    if sample >= 1.0 and defects.null_count == len(defects):
        return list(_measured(annotations, recipe, source))
    rulings = [Ruling(defect, None, None, profanity.KEEP) for defect in defects.to_pylist()]
    places = [row for row, ruling in enumerate(rulings) if ruling.reason is None]
    if places:
        measured = annotations.filter(defects.is_null())
        for row, ruling in zip(places, _measured(measured, recipe, source), strict=True):
            rulings[row] = ruling
    if sample < 1.0:
        doc_ids = annotations["doc_id"].to_pylist()
        for row in places:
            if (position := _position(doc_ids[row])) >= sample:
                rulings[row] = Ruling(Reason.NOT_SAMPLED.value, position, sample, profanity.KEEP)
    return rulings


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


def _measured(annotations: pa.RecordBatch, recipe: Recipe, source: str) -> Iterator[Ruling]:
    """Rulings of documents without a defect: quality, lists of persons, profanity, overlap with evaluation sets."""
    signals = annotations["signals"]
    verdicts = quality.judge_batch(
        _Columns(signals), annotations["language"].to_pylist(), recipe.for_source("quality", source)
    )
    swearing = _profane(signals, recipe.for_source("profanity", source))
    most_persons = recipe.for_source("privacy", source).max_persons
    rows = zip(
        verdicts.rule.tolist(),
        verdicts.value.tolist(),
        verdicts.threshold.tolist(),
        _Columns(signals)["persons"].tolist(),
        _Columns(signals)["contaminated_share"].tolist(),
        annotations["kind"].to_pylist(),
        strict=True,
    )
    for row, (rule, value, threshold, persons, contaminated, kind) in enumerate(rows):
        action, profane = swearing.get(row, (profanity.KEEP, None))
        most_cut = 0.0 if kind in WHOLE_ONLY else recipe.decontamination.max_cut_share
        if rule >= 0:
            yield Ruling(quality.REASONS[rule].value, value, threshold, action)
        elif persons > most_persons:
            yield Ruling(Reason.PII_LIST.value, persons, float(most_persons), action)
        elif profane is not None:
            yield Ruling(profane.reason.value, profane.value, profane.threshold, action)
        elif contaminated > most_cut:  # more of it overlaps an evaluation set than can be cut out
            yield Ruling(Reason.CONTAMINATED.value, contaminated, most_cut, action)
        else:
            yield Ruling(None, None, None, action)


class _Columns(Mapping[str, np.ndarray]):
    """Signals as columns of float64; ``contaminated_share`` is 0 in annotations of a version that did not have it."""

    def __init__(self, signals: pa.StructArray):
        self._signals = signals

    def __getitem__(self, name: str) -> np.ndarray:
        if name != "contaminated_share":
            return self._signals.field(name).to_numpy(zero_copy_only=False)
        if self._signals.type.get_field_index(name) < 0:
            return np.zeros(len(self._signals))
        return self._signals.field(name).fill_null(0.0).to_numpy(zero_copy_only=False)

    def __iter__(self) -> Iterator[str]:
        return (field.name for field in self._signals.type)

    def __len__(self) -> int:
        return self._signals.type.num_fields


def _profane(signals: pa.StructArray, recipe: Profanity) -> dict[int, tuple[str, Verdict | None]]:
    """Row -> action and verdict, of rows with a hit; few documents have one."""
    columns = {name: _Columns(signals)[name] for name in profanity.SIGNALS_READ}
    hits = np.flatnonzero(columns["profane_sentence_share"] > 0).tolist()
    return {row: profanity.judge({name: float(columns[name][row]) for name in columns}, recipe) for row in hits}


def _position(doc_id: str) -> float:
    """A place in [0, 1) that depends on the document alone."""
    return int.from_bytes(hashlib.blake2b(doc_id.encode(), digest_size=8).digest(), "big") / 2**64
