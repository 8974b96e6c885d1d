"""The funnel as plain tables, for a terminal or a task log."""

from io import StringIO

from rich import box
from rich.console import Console
from rich.table import Table

from malmoi.contracts.balance import Count
from malmoi.contracts.funnel import Funnel, SourceFunnel
from malmoi.contracts.gate import Check
from malmoi.contracts.reasons import Fault, Reason
from malmoi.contracts.recipe.privacy import ENTITIES
from malmoi.report.privacy import PrivacyReport


def render(funnel: Funnel, checks: list[Check], privacy: PrivacyReport | None = None, width: int = 110) -> str:
    """The funnel by source, the gate's rows that are not plainly passed, or one line saying all did, and what was found of
    personal data."""
    out = StringIO()
    console = Console(file=out, width=width, no_color=True, force_terminal=False, legacy_windows=False)
    console.print(_funnel_table(funnel))
    for source, tables in funnel.pending.items():
        console.print(f"WARNING {source}: not finished tonight, {tables[0]} is missing")
    if checks:
        console.print(_gate_table(checks))
    if privacy and privacy.counts:
        console.print(_privacy_table(privacy))
        for entity in privacy.entities:
            for context in privacy.contexts.get(entity, ()):
                console.print(f"{entity}: {context}", markup=False, highlight=False, soft_wrap=True)
    return out.getvalue().rstrip("\n")


def _funnel_table(funnel: Funnel) -> Table:
    columns: list[SourceFunnel] = [*funnel.sources, funnel.total]
    table = Table(title=f"Night {funnel.batch}", box=box.SIMPLE_HEAD, title_justify="left")
    table.add_column("documents (MB of text)")
    for column in columns:
        table.add_column(column.source, justify="right")
    table.add_row("records in", *(_count(column.entered) for column in columns))
    table.add_row("documents read", *(_count(column.read) for column in columns))
    for name in sorted({name for column in columns for name in column.quarantined}):
        table.add_row(f"quarantine: {name}", *(_count(column.quarantined.get(name)) for column in columns))
    for name in in_order({name for column in columns for name in column.dropped}):
        table.add_row(f"dropped: {name}", *(_count(column.dropped.get(name)) for column in columns))
    table.add_row("in the release", *(_count(column.released) for column in columns))
    table.add_row("balance", *("holds" if column.holds else "DOES NOT HOLD" for column in columns))
    return table


def _gate_table(checks: list[Check]) -> Table:
    failed = [check for check in checks if not check.passed]
    table = Table(
        title=f"Gate: {len(checks) - len(failed)} of {len(checks)} checks passed",
        box=box.SIMPLE_HEAD,
        title_justify="left",
    )
    for name in ("check", "source", "value", "limit", "verdict", "detail"):
        table.add_column(name)
    for check in failed or checks:
        verdict = "passed" if check.passed else "FAILED"
        table.add_row(check.name, check.source or "all", f"{check.value:g}", f"{check.limit:g}", verdict, check.detail)
    return table


def _privacy_table(privacy: PrivacyReport) -> Table:
    table = Table(title="Personal data in what stays", box=box.SIMPLE_HEAD, title_justify="left")
    table.add_column("found (in documents)")
    for source in privacy.counts:
        table.add_column(source, justify="right")
    for entity in privacy.entities:
        found = [counts.get(entity) for counts in privacy.counts.values()]
        cells = [f"{one.spans:,} ({one.documents:,})" if one else "-" for one in found]
        table.add_row(f"{entity} {ENTITIES[entity]}", *cells)
    return table


def in_order(names: set[str]) -> list[str]:
    """Names of reasons and faults in the order of their lists."""
    order = {member.value: place for place, member in enumerate([*Reason, *Fault])}
    return sorted(names, key=lambda name: order.get(name, len(order)))


def _count(count: Count | None) -> str:
    if count is None or count.documents == 0:
        return "-"
    return f"{count.documents:,} ({count.bytes / 1e6:,.1f})"
