"""Gate: what a night must show before it is published. Every check is a named row with value, limit and verdict.

Reconciliation rests on how the stages count: documents, annotations, clusters and decisions have a row for every record
that ingest kept; decisions splits them into kept, dropped and quarantined; clean and shards hold what decisions kept.
Bytes are of the extracted text from annotations to what enters redact, which is where the text changes.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from malmoi.contracts.balance import Balance
from malmoi.contracts.errors import GateError
from malmoi.contracts.gate import Check, at_least, at_most
from malmoi.contracts.manifest import StageManifest, serialise
from malmoi.contracts.recipe import Recipe
from malmoi.stages.reading import MAX_NAMED, Leak, Reading
from malmoi.text.pii import Span

STAGE_TABLES = ("documents", "annotations", "clusters", "decisions", "clean", "shards")
"""Tables of a night in the order of its stages."""

FindLeaks = Callable[[list[str]], Sequence[Sequence[Span]]]
"""Texts to the personal data that is still in each."""


@dataclass(frozen=True)
class GateContext:
    """All that the checks look at.

    ``sources``: those that the release would hold; ``missing``: those of the recipe that it would not.
    ``manifests``: table -> source -> manifest. ``history``: source -> balances of decide on trailing nights.
    ``schema_faults``: lines about shard files that do not have the table's schema. ``examples``: (source, reason) -> ids
    of documents dropped for it. ``find_leaks``: what reads the sample again, presidio's own recognizers by default.
    """

    batch: str
    recipe: Recipe
    sources: Sequence[str]
    missing: Sequence[str]
    manifests: Mapping[str, Mapping[str, StageManifest]]
    reading: Reading
    history: Mapping[str, Sequence[Balance]] = field(default_factory=dict)
    schema_faults: Sequence[str] = ()
    examples: Callable[[str, str], Sequence[str]] = lambda source, reason: ()
    find_leaks: FindLeaks | None = None


def check(context: GateContext) -> list[Check]:
    """Every check of the night, passed or not."""
    checks = [*_sources(context)]
    for source in context.sources:
        checks += [
            *_balances(context, source),
            *_rows(context, source),
            *_shares(context, source),
            *_drift(context, source),
        ]
    return [*checks, *_release(context)]


def require(checks: Sequence[Check]) -> None:
    """Raises GateError naming the first check that failed, what to look at, and how many more failed."""
    failed = [check for check in checks if not check.passed]
    if not failed:
        return
    first = failed[0]
    where = f", source {first.source}" if first.source else ""
    look = f"; look at {', '.join(first.documents)}" if first.documents else ""
    more = f" ({len(failed) - 1} more checks failed, see gate.json)" if len(failed) > 1 else ""
    raise GateError(
        f"gate {first.name}{where}: {first.value:g}, limit {first.limit:g}: {first.detail}{look}; nothing was published{more}"
    )


def gate_json(checks: Sequence[Check]) -> bytes:
    """The content of ``gate.json``."""
    return serialise({"passed": all(check.passed for check in checks), "checks": [check.to_json() for check in checks]})


def _sources(context: GateContext) -> Iterator[Check]:
    required = [name for name in context.missing if context.recipe.sources[name].required]
    allowed = len(context.missing) if context.recipe.gate.allow_missing_sources and not required else 0
    named = ", ".join(context.missing) or "none"
    yield at_most("missing_sources", len(context.missing), allowed, f"sources without data tonight: {named}")


def _balances(context: GateContext, source: str) -> Iterator[Check]:
    for table in STAGE_TABLES:
        manifest = context.manifests.get(table, {}).get(source)
        if manifest is None:
            yield Check(f"balance_{table}", 1, 0, False, f"{table} was never committed; run its stage", source)
            continue
        gap, entered = manifest.balance.difference, manifest.balance.entered
        yield at_most(
            f"balance_{table}",
            max(abs(gap.documents), abs(gap.bytes)),
            0,
            f"stage {manifest.stage}: of {entered.documents} documents and {entered.bytes} bytes, {gap.documents} and "
            f"{gap.bytes} are neither kept, dropped nor quarantined",
            source=source,
        )


def _rows(context: GateContext, source: str) -> Iterator[Check]:
    """What one stage hands on is what the next one takes."""
    found = [m for table in STAGE_TABLES if (m := context.manifests.get(table, {}).get(source)) is not None]
    if len(found) < len(STAGE_TABLES):
        return
    documents, annotations, clusters, decisions, clean, shards = found
    pairs = [
        ("documents", "rows", documents.rows, "kept by ingest", documents.balance.kept.documents),
        ("annotations", "rows", annotations.rows, "documents", documents.rows),
        ("clusters", "rows", clusters.rows, "annotations", annotations.rows),
        ("decisions", "rows", decisions.rows, "clusters", clusters.rows),
        ("decisions", "entered", decisions.balance.entered.documents, "annotations", annotations.rows),
        (
            "decisions",
            "bytes entered",
            decisions.balance.entered.bytes,
            "of annotations",
            annotations.balance.entered.bytes,
        ),
        ("clean", "rows", clean.rows, "kept by decide", decisions.balance.kept.documents),
        ("clean", "bytes entered", clean.balance.entered.bytes, "kept by decide", decisions.balance.kept.bytes),
        ("shards", "rows", shards.rows, "clean documents", clean.rows),
    ]
    for table, what, here, of, there in pairs:
        name = f"reconcile_{table}_{what.replace(' ', '_')}"
        yield at_most(name, abs(here - there), 0, f"{table}: {here} {what}, {there} {of}", source=source)


def _shares(context: GateContext, source: str) -> Iterator[Check]:
    gate = context.recipe.gate
    ingest, decide = (_balance(context, table, source) for table in ("documents", "decisions"))
    records, documents = ingest.entered.documents, decide.entered.documents
    faults = ingest.quarantined_total.documents + decide.quarantined_total.documents
    duplicates = {reason: n.documents for reason, n in decide.dropped.items() if reason.startswith("duplicate_")}
    worst = max(duplicates, key=lambda reason: (duplicates[reason], reason), default="")
    share = _share(sum(duplicates.values()), documents)
    yield at_most(
        "duplicate_share", share, gate.max_duplicate_share,
        f"{sum(duplicates.values())} of {documents} documents are copies", source=source,
        documents=_examples(context, source, worst, share > gate.max_duplicate_share),
    )  # fmt: skip
    yield at_most(
        "quarantine_share", _share(faults, records), gate.max_quarantine_share,
        f"{faults} of {records} records could not be processed; the quarantine table has file, offset and fault",
        source=source,
    )  # fmt: skip
    kept = _share(decide.kept.documents, documents)
    most = max(decide.dropped, key=lambda reason: (decide.dropped[reason].documents, reason), default="")
    yield at_least(
        "keep_share", kept, gate.min_keep_share,
        f"{decide.kept.documents} of {documents} documents stay; most are dropped for {most or 'no reason'}", source=source,
        documents=_examples(context, source, most, kept < gate.min_keep_share),
    )  # fmt: skip
    stays = context.reading.totals[source].bytes if source in context.reading.totals else 0
    yield at_least(
        "text_yield", _share(stays, decide.entered.bytes), gate.min_text_yield,
        f"{stays} of {decide.entered.bytes} bytes of text stay", source=source,
    )  # fmt: skip


def _drift(context: GateContext, source: str) -> Iterator[Check]:
    """Drop rates against the trailing nights. The allowed difference is the recipe's, and three standard errors of a
    share estimated on tonight's documents, sqrt(p(1-p)/n), so that a small source does not raise alarms by chance."""
    gate = context.recipe.gate
    past = [night for night in context.history.get(source, ()) if night.entered.documents]
    tonight = _balance(context, "decisions", source)
    if gate.drift_nights == 0 or len(past) < gate.min_drift_nights or not tonight.entered.documents:
        return
    for reason in sorted({*tonight.dropped, *(reason for night in past for reason in night.dropped)}):
        usual = sum(_drop_share(night, reason) for night in past) / len(past)
        now = _drop_share(tonight, reason)
        limit = gate.max_drop_rate_change + 3 * math.sqrt(usual * (1 - usual) / tonight.entered.documents)
        yield at_most(
            f"drift_{reason}", abs(now - usual), limit,
            f"{now:.1%} of tonight's documents are dropped for {reason}, {usual:.1%} on the {len(past)} nights before",
            source=source, documents=_examples(context, source, reason, abs(now - usual) > limit),
        )  # fmt: skip


def _release(context: GateContext) -> Iterator[Check]:
    """Checks on what would go out."""
    reading, faults = context.reading, context.schema_faults
    yield at_most("schema", len(faults), 0, faults[0] if faults else "every shard file has the table's schema")
    documents = sum(totals.documents for totals in reading.totals.values())
    yield at_least("documents", documents, 1, "documents in the release")
    yield at_most("repeated_ids", reading.repeated, 0, "documents whose id stands in the release more than once")
    planted = len(context.recipe.gate.canaries)
    yield at_most(
        "canaries", len(reading.canaries), 0, f"documents that hold one of {planted} planted strings",
        documents=tuple(reading.canaries),
    )  # fmt: skip
    yield _leaks(context, "leaks", reading.leaks, f"all {documents} documents, by their runs of digits")
    yield _leaks(context, "leaks_sample", _read_again(context), f"{len(reading.sample)} documents, read by presidio")


def _leaks(context: GateContext, name: str, found: Sequence[Leak], looked_at: str) -> Check:
    """Documents with personal data that the recipe does not let stay; the detail names the kinds, never a value."""
    kinds: dict[str, set[str]] = {}
    for leak in found:
        policy = context.recipe.for_source("privacy", leak.source).policy
        if policy.get(leak.entity) != "keep":
            kinds.setdefault(leak.doc_id, set()).add(leak.entity)
    named = "; ".join(f"{doc_id} {', '.join(sorted(kinds[doc_id]))}" for doc_id in sorted(kinds)[:MAX_NAMED])
    detail = f"personal data among {looked_at}: {named or 'none'}"
    return at_most(name, len(kinds), 0, detail, documents=tuple(sorted(kinds)[:MAX_NAMED]))


def _read_again(context: GateContext) -> list[Leak]:
    sample = context.reading.sample
    if not sample:
        return []
    find = context.find_leaks or _presidio()
    found = zip(sample, find([one.text for one in sample]), strict=True)
    return [Leak(one.doc_id, span.entity, one.source) for one, spans in found for span in spans]


def _presidio() -> FindLeaks:
    from malmoi.models.leak_scan import leaks

    return leaks


def _balance(context: GateContext, table: str, source: str) -> Balance:
    manifest = context.manifests.get(table, {}).get(source)
    return manifest.balance if manifest else Balance()


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _drop_share(balance: Balance, reason: str) -> float:
    count = balance.dropped.get(reason)
    return _share(count.documents if count else 0, balance.entered.documents)


def _examples(context: GateContext, source: str, reason: str, wanted: bool) -> tuple[str, ...]:
    return tuple(context.examples(source, reason)[:MAX_NAMED]) if wanted and reason else ()
