"""Hold what a run did against what was planted. Reports name addresses and kinds, never a planted value."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from malmoi.contracts.document import canonical_url
from malmoi.sample.records import Truth


class Published(NamedTuple):
    """One document of the release. ``parts``: its question, answer and turns, as one string."""

    url: str
    source: str
    batch: str
    title: str
    text: str
    parts: str = ""


class Decided(NamedTuple):
    """One decision, with the address of its document."""

    url: str
    doc_id: str
    source: str
    batch: str
    keep: bool
    reason: str | None


class Failure(NamedTuple):
    """One thing that is not as planned. ``number`` says which phrase of the truth row, where it is about one."""

    outcome: str  # survivor, touched, missed, reason
    plant: str
    url: str
    batch: str
    what: str
    number: int = -1


@dataclass
class Counts:
    """Rows of one kind. Every row that was judged is in one of the last three."""

    planted: int = 0
    caught: int = 0
    touched: int = 0
    missed: int = 0


@dataclass
class TruthReport:
    """``survivors``: planted things that are in the release. ``not_run``: rows whose night, source or page did not run."""

    counts: dict[str, Counts] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    not_run: int = 0

    @property
    def survivors(self) -> list[Failure]:
        return [failure for failure in self.failures if failure.outcome == "survivor"]

    @property
    def exit_code(self) -> int:
        """1 where something planted survives into the release."""
        return 1 if self.survivors else 0


class _Run:
    """What a run did, looked up by address and night."""

    def __init__(
        self, published: Iterable[Published], decisions: Iterable[Decided], quarantine: Iterable[Mapping]
    ) -> None:
        self.texts: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.reasons: dict[tuple[str, str], list[str | None]] = defaultdict(list)
        self.ran: set[tuple[str, str]] = set()
        for row in map(Published._make, published):
            self.texts[canonical_url(row.url), row.batch].append(_flat(f"{row.title}\n{row.text}\n{row.parts}"))
            self.ran.add((row.source, row.batch))
        for ruling in map(Decided._make, decisions):
            self.ran.add((ruling.source, ruling.batch))
            if not ruling.keep:
                self.reasons[canonical_url(ruling.url), ruling.batch].append(ruling.reason)
        self.quarantined = list(quarantine)
        self.ran.update((row["source"], row["batch"]) for row in self.quarantined)
        self.everything = "\n".join(text for texts in self.texts.values() for text in texts)

    def faults(self, row: Truth) -> list[str]:
        """Faults of the record; of its file where the reader could not say where it broke."""
        return [
            entry["fault"]
            for entry in self.quarantined
            if str(entry["file"]).endswith(row.file) and entry["offset"] in (None, row.offset)
        ]


def hold(
    rows: Iterable[Truth], published: Iterable[Published], decisions: Iterable[Decided], quarantine: Iterable[Mapping]
) -> TruthReport:
    """Judge every truth row whose source and night ran.

    ``published`` and ``decisions`` are rows of ``Published`` and ``Decided`` (or equal tuples), ``quarantine`` mappings
    with the columns of the quarantine table.
    """
    run, report = _Run(published, decisions, quarantine), TruthReport()
    groups: dict[str, list[Truth]] = defaultdict(list)
    judged: list[Truth] = []
    rows = list(rows)
    for row in rows:
        groups[row.group].append(row)
        if (row.source, row.batch) in run.ran and "not_sampled" not in run.reasons[canonical_url(row.url), row.batch]:
            judged.append(row)
    for row in judged:
        failures = [*_placed(row, run, groups), *_worded(row, run)]
        counts = report.counts.setdefault(row.plant, Counts())
        counts.planted += 1
        outcomes = {failure.outcome for failure in failures}
        if outcomes & {"survivor", "missed"}:
            counts.missed += 1
        elif "touched" in outcomes:
            counts.touched += 1
        else:
            counts.caught += 1
        report.failures.extend(failures)
    report.not_run = len(rows) - len(judged)
    return report


def _placed(row: Truth, run: _Run, groups: dict[str, list[Truth]]) -> list[Failure]:
    """Is the record where it must be: in the release, among the drops, in quarantine?"""
    key = (canonical_url(row.url), row.batch)
    inside, reasons = len(run.texts.get(key, ())), run.reasons.get(key, [])
    if row.expect == "either":
        return []
    if row.expect == "keep":
        why = ", ".join(str(reason) for reason in reasons) or "not found"
        return [] if inside else [_failure("touched", row, f"not in the release: {why}")]
    if row.expect == "kept_once":
        return _once(row, run, groups[row.group])
    if inside:
        return [_failure("survivor", row, f"{row.plant} is in the release")]
    found = [*reasons, *run.faults(row)]
    if not found and "not_html" in row.reasons:
        return []  # ingest counts such records, but no table names them
    if not found:
        return [_failure("missed", row, "neither dropped nor in quarantine")]
    if not set(found) & set(row.reasons):
        return [_failure("reason", row, f"dropped as {found[0]}, planned {', '.join(row.reasons)}")]
    return []


def _once(row: Truth, run: _Run, group: list[Truth]) -> list[Failure]:
    """A member of a group of copies: one of them is in the release, no matter which."""
    keys = {(canonical_url(member.url), member.batch) for member in group}
    inside = sum(len(run.texts.get(key, ())) for key in keys)
    if inside > 1:
        return [_failure("survivor", row, f"{inside} copies are in the release")]
    elsewhere = any((member.source, member.batch) not in run.ran for member in group)
    if inside == 0 and not elsewhere:
        return [_failure("touched", row, "no copy is in the release")]
    return []


def _worded(row: Truth, run: _Run) -> list[Failure]:
    """Is the text as it must be: nothing planted left, nothing innocent lost?"""
    failures = [
        _failure("survivor", row, "planted value in the release", number)
        for number, value in enumerate(row.must_vanish)
        if _flat(value) in run.everything
    ]
    for text in run.texts.get((canonical_url(row.url), row.batch), ()):
        for number, phrase in enumerate(row.must_not_have):
            if _flat(phrase) in text:
                failures.append(_failure("survivor", row, "text that had to go", number))
        for number, phrase in enumerate(row.must_stay):
            if _flat(phrase) not in text:
                failures.append(_failure("touched", row, "phrase lost or changed", number))
    return failures


def _failure(outcome: str, row: Truth, what: str, number: int = -1) -> Failure:
    return Failure(outcome, row.plant, row.url, row.batch, what, number)


def _flat(text: str) -> str:
    return " ".join(text.split())


def render(report: TruthReport, most: int = 20) -> str:
    """The report as a table for a terminal, with the first ``most`` failures."""
    width = max([len(plant) for plant in report.counts] + [len("planted kind")])
    lines = [f"{'planted kind':<{width}}  planted  caught  wrongly touched  missed"]
    for plant, c in sorted(report.counts.items()):
        lines.append(f"{plant:<{width}}  {c.planted:>7}  {c.caught:>6}  {c.touched:>15}  {c.missed:>6}")
    total = [
        sum(getattr(c, name) for c in report.counts.values()) for name in ("planted", "caught", "touched", "missed")
    ]
    lines.append(f"{'total':<{width}}  {total[0]:>7}  {total[1]:>6}  {total[2]:>15}  {total[3]:>6}")
    if report.not_run:
        lines.append(f"{report.not_run} planted records belong to nights, sources or pages that did not run")
    order = {"survivor": 0, "missed": 1, "touched": 2, "reason": 3}
    failures = sorted(report.failures, key=lambda f: (order[f.outcome], f.plant, f.url, f.batch, f.number))
    for failure in failures[:most]:
        number = f" (phrase {failure.number})" if failure.number >= 0 else ""
        lines.append(f"  {failure.outcome}: {failure.what}{number}: {failure.plant}, {failure.batch}, {failure.url}")
    if len(failures) > most:
        lines.append(f"  and {len(failures) - most} more")
    by_outcome = Counter(failure.outcome for failure in failures)
    survivors = by_outcome["survivor"]
    verdict = "nothing planted survives" if not survivors else f"{survivors} planted things survive into the release"
    lines.append(verdict)
    return "\n".join(lines)
