"""Preview of a rebuild: what another recipe would make of past nights, from their annotations alone.

Dedup and decide run as they would, into attempt folders that are never committed; a later night sees the index that the
nights before it would get. Then every document's decision is held against the one in force.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from malmoi.contracts.files import files_of
from malmoi.contracts.manifest import FileEntry, content_hash
from malmoi.contracts.stages import fingerprint
from malmoi.lake.commit import Attempt, attempt
from malmoi.lake.lookup.levels import Part
from malmoi.lake.retention import REJECTED_MARK
from malmoi.spark.crumbs import Crumbs
from malmoi.spark.jobs import decide, dedup
from malmoi.spark.jobs.common import aligned_units
from malmoi.spark.night import Night
from malmoi.spark.units import Unit, run_units
from malmoi.stages.parts import aligned_batches

MAX_SAMPLES = 5
"""Documents that stand for each reason of a part, and of a night."""
_TABLES = ("clusters", "decisions", "dedup_index")


def preview(nights: Sequence[Night]) -> list[dict]:
    """For every source of every night, oldest night first, what would change (see ``_summary``). Changes no table."""
    attempts: list[Attempt] = []
    fresh: dict[str, list[Part]] = {}
    try:
        found = []
        for night in nights:
            places = {
                (table, source): attempt(night.lake, table, night.batch, source)
                for table in _TABLES
                for source in night.sources
            }
            attempts += places.values()
            units = _decided(night, places, fresh)
            found += [_summary(night, source, _compared(night, source, units)) for source in night.sources]
        return found
    finally:
        for place in attempts:
            files_of(place.lake).remove_tree(place.folder)


def _decided(night: Night, places: dict[tuple[str, str], Attempt], fresh: dict[str, list[Part]]) -> list[Unit]:
    """Runs dedup and decide; returns units that name each part's old and new decisions. Adds the night to ``fresh``."""
    earlier = [part for part in dedup.earlier_parts(night) if part.night not in fresh]
    earlier += [part for parts in fresh.values() for part in parts]
    units = [
        replace(unit, inputs=unit.inputs | {"folder": places["clusters", source].folder})
        for source in night.sources
        for unit in aligned_units(night, source, "annotations")
    ]
    crumbs = places["clusters", night.sources[0]].crumbs
    clusters = dedup.clusters(night, units, earlier, crumbs) if units else []
    folders = {source: {table: places[table, source].folder for table in _TABLES[1:]} for source in night.sources}
    units = [
        replace(
            unit,
            inputs=unit.inputs
            | {"clusters": _path(places["clusters", unit.source], result), "folders": folders[unit.source]},
        )
        for unit, result in zip(units, clusters, strict=True)
    ]
    crumbs = places["decisions", night.sources[0]].crumbs
    made = run_units(night.spark, "decide", units, decide.work(night.recipe_of("decide"), night.sample), crumbs)
    fresh[night.batch] = [_index(night, source, places, units, made) for source in night.sources]
    return [
        replace(unit, inputs={"after": _path(places["decisions", unit.source], result["decisions"]), "crumbs": crumbs})
        for unit, result in zip(units, made, strict=True)
    ]


def _path(place: Attempt, result: dict) -> str:
    """The one file that a unit wrote."""
    (file,) = result["files"]
    return place.path(file["path"])


def _index(night: Night, source: str, places: dict, units: list[Unit], made: list[dict]) -> Part:
    results = (result for unit, result in zip(units, made, strict=True) if unit.source == source)
    files = [FileEntry(**file) for result in results for file in result["dedup_index"]["files"] if file]
    paths = tuple(places["dedup_index", source].path(file.path) for file in files)
    return Part(night.batch, source, content_hash(files), paths)


def _compared(night: Night, source: str, units: list[Unit]) -> list[dict]:
    after = {unit.part: unit.inputs for unit in units if unit.source == source}
    beside = [
        replace(unit, inputs=unit.inputs | after[unit.part])
        for unit in aligned_units(night, source, "decisions", "documents")
    ]
    if not beside:
        return []
    return run_units(night.spark, "compare", beside, _compare, f"{beside[0].inputs['crumbs']}.compare.{source}")


def _compare(unit: Unit, crumbs: Crumbs) -> Iterator[dict | None]:
    counts: dict[str, Counter] = {"entered": Counter(), "left": Counter(), "totals": Counter()}
    samples: dict[str, dict[str, list]] = {"entered": {}, "left": {}}
    for before, after, documents in aligned_batches(
        (unit.inputs["decisions"], ["doc_id", "keep", "reason"]),
        (unit.inputs["after"], ["keep", "reason"]),
        (unit.inputs["documents"], ["url"]),
    ):
        rows = (batch.to_pylist() for batch in (before, after, documents))
        for old, new, document in zip(*rows, strict=True):
            counts["totals"].update(documents=1, kept_before=old["keep"], kept_after=new["keep"])
            if old["keep"] == new["keep"]:
                continue
            side, reason = ("entered", old["reason"]) if new["keep"] else ("left", new["reason"])
            counts[side][reason] += 1
            shown = samples[side].setdefault(reason, [])
            if len(shown) < MAX_SAMPLES:
                shown.append([old["doc_id"], document["url"]])
        yield None
    yield {"counts": counts, "samples": samples}


def _summary(night: Night, source: str, parts: list[dict]) -> dict:
    """``entered``: reason of old -> documents that would come in; ``left``: new reason -> documents that would go out;
    ``samples``: the same with a few ``[doc_id, url]``. ``rejected_removed``: retention took what was dropped out of the
    night, so it cannot come in. ``annotated_otherwise``: another version or other values made the annotations."""
    totals: dict[str, Counter] = {"entered": Counter(), "left": Counter(), "totals": Counter()}
    samples: dict[str, dict[str, list]] = {"entered": {}, "left": {}}
    for part in parts:
        for side, counter in totals.items():
            counter.update(part["counts"][side])
        for side, by_reason in part["samples"].items():
            for reason, shown in by_reason.items():
                held = samples[side].setdefault(reason, [])
                held += shown[: MAX_SAMPLES - len(held)]
    annotations = night.manifest("annotations", source)
    made_with = fingerprint(night, "annotate", source, annotations.inputs)
    return {
        "night": night.batch,
        "source": source,
        **{name: totals["totals"][name] for name in ("documents", "kept_before", "kept_after")},
        "entered": dict(sorted(totals["entered"].items())),
        "left": dict(sorted(totals["left"].items())),
        "samples": samples,
        "rejected_removed": REJECTED_MARK in annotations.fingerprint,
        "annotated_otherwise": not annotations.fingerprint.startswith(made_with),
    }
