"""The funnel of a night as it lies in a lake."""

from malmoi.contracts.funnel import STAGES, Funnel, funnel_of
from malmoi.contracts.paths import Lake
from malmoi.lake import history


def funnel(lake: Lake, batch: str, sources: tuple[str, ...] | None = None) -> Funnel:
    """Reads a night's manifests. A stage that has not run yet leaves its part of the funnel at zero."""
    return funnel_of(batch, {table: history.manifests(lake, table, batch) for table in STAGES}, sources)
