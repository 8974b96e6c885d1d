"""Drift over nights: what share of each source's documents left for each reason, night by night, from manifests alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from io import StringIO
from statistics import fmean

from rich import box
from rich.console import Console
from rich.table import Table

from malmoi.contracts.balance import Balance
from malmoi.contracts.endings import MOVED_PREFIX
from malmoi.contracts.paths import Lake
from malmoi.contracts.release import nights_in_force
from malmoi.lake import history
from malmoi.report.terminal import in_order

KEPT = "kept"
"""The row of documents that stayed."""


@dataclass(frozen=True)
class Drift:
    """One reason of one source. ``shares``: of the documents that entered decide, one for each night of the report, None
    where the source had none. ``change``: the newest share less the mean of those before it, None without both."""

    source: str
    reason: str
    shares: tuple[float | None, ...]

    @property
    def change(self) -> float | None:
        *before, last = self.shares
        known = [share for share in before if share is not None]
        return last - fmean(known) if known and last is not None else None


@dataclass(frozen=True)
class DriftReport:
    """``nights``: published nights, oldest first. ``moved``: rows whose change is above the limit."""

    nights: tuple[str, ...]
    rows: tuple[Drift, ...]
    limit: float

    @property
    def moved(self) -> list[Drift]:
        return [row for row in self.rows if row.change is not None and abs(row.change) > self.limit]


def drift(lake: Lake, nights: int, limit: float) -> DriftReport:
    """The last ``nights`` published nights. ``limit``: change of a share above which a row counts as moved."""
    recent = tuple(sorted(nights_in_force(lake))[-nights:])
    held = [history.manifests(lake, "decisions", night) for night in recent]
    sources = sorted({source for manifests in held for source in manifests})
    rows: list[Drift] = []
    for source in sources:
        rows += _rows(source, [manifests[source].balance if source in manifests else Balance() for manifests in held])
    return DriftReport(recent, tuple(rows), limit)


def render(report: DriftReport, width: int = 140) -> str:
    """One table a source, and a line for each row that moved."""
    out = StringIO()
    console = Console(file=out, width=width, no_color=True, force_terminal=False, legacy_windows=False)
    for source in dict.fromkeys(row.source for row in report.rows):
        table = Table(title=f"Source {source}: share of documents", box=box.SIMPLE_HEAD, title_justify="left")
        for name in ("reason", *report.nights, "change"):
            table.add_column(name, justify="left" if name == "reason" else "right")
        for row in (row for row in report.rows if row.source == source):
            change = "-" if row.change is None else f"{row.change:+.2%}"
            table.add_row(row.reason, *("-" if share is None else f"{share:.2%}" for share in row.shares), change)
        console.print(table)
    for row in report.moved:
        console.print(f"{MOVED_PREFIX}{row.source} {row.reason}: {row.change:+.2%} against the nights before")
    return out.getvalue().rstrip("\n")


def _rows(source: str, nights: Sequence[Balance]) -> list[Drift]:
    reasons = in_order({reason for night in nights for reason in (*night.dropped, *night.quarantined)})
    rows = [Drift(source, KEPT, _shares(nights, lambda night: night.kept.documents))]
    rows += [Drift(source, reason, _shares(nights, partial(_left, reason=reason))) for reason in reasons]
    return rows


def _left(night: Balance, reason: str) -> int:
    return sum(side[reason].documents for side in (night.dropped, night.quarantined) if reason in side)


def _shares(nights: Sequence[Balance], count: Callable[[Balance], int]) -> tuple[float | None, ...]:
    return tuple(count(night) / night.entered.documents if night.entered.documents else None for night in nights)
