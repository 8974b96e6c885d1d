"""Pages over nights: all of them, one night's funnel and gate, its quarantine."""

import csv
import io
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from malmoi.contracts.funnel import Funnel, SourceFunnel
from malmoi_airflow.console import charts
from malmoi_airflow.console.store import Store
from malmoi_airflow.console.view import page, store

router = APIRouter()
MOST_NIGHTS = 60
QUARANTINE_ROWS = 500
DUPLICATES = "duplicate_"


@router.get("/nights", response_class=HTMLResponse)
def nights(request: Request) -> HTMLResponse:
    """Every night: documents, drop rates, duplicates, release."""
    found = store()
    releases = found.releases()
    rows = [_night_row(found, batch, releases.get(batch)) for batch in found.nights()[:MOST_NIGHTS]]
    published = [row for row in reversed(rows) if row["release"]]
    return page(request, "nights.html", rows=rows, figures=_figures(published) if published else {})


@router.get("/nights/{batch}", response_class=HTMLResponse)
def night(request: Request, batch: str) -> HTMLResponse:
    """One night: the funnel by source, the gate's checks, the release."""
    found = store()
    funnel = found.funnel(batch)
    release = found.releases().get(batch)
    return page(
        request,
        "night.html",
        batch=batch,
        funnel=funnel,
        columns=[*funnel.sources, funnel.total],
        checks=sorted(found.checks(batch), key=lambda check: check.passed),
        release=found.release(release) if release else None,
    )


@router.get("/nights/{batch}/quarantine", response_class=HTMLResponse)
def quarantine(request: Request, batch: str) -> HTMLResponse:
    """What could not be read: file, offset, fault."""
    with store().rows(batch, "quarantine") as rows:
        total = rows.first("SELECT count(*) AS records FROM quarantine")
        listed = rows.all(_QUARANTINED + f" LIMIT {QUARANTINE_ROWS}")
    return page(request, "quarantine.html", batch=batch, rows=listed, total=total["records"] if total else 0)


@router.get("/nights/{batch}/quarantine.csv")
def quarantine_csv(batch: str) -> Response:
    """The whole quarantine of a night as CSV."""
    with store().rows(batch, "quarantine") as rows:
        listed = rows.all(_QUARANTINED)
    out = io.StringIO()
    writer = csv.DictWriter(out, ["source", "stage", "fault", "file", "offset", "length", "detail"])
    writer.writeheader()
    writer.writerows(listed)
    headers = {"Content-Disposition": f'attachment; filename="quarantine-{batch}.csv"'}
    return Response(out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


_QUARANTINED = (
    'SELECT source, stage, fault, file, "offset", length, detail FROM quarantine ORDER BY source, fault, file, "offset"'
)


def _night_row(found: Store, batch: str, release: str | None) -> dict[str, Any]:
    funnel = found.funnel(batch)
    total = funnel.total
    checks = found.checks(batch)
    return {
        "batch": batch,
        "release": release,
        "total": total,
        "pending": funnel.pending,
        "failed": [check.name for check in checks if not check.passed],
        "checked": bool(checks),
        "kept": _share(total.released.documents, total.read.documents),
        "duplicates": _share(_duplicates(total), total.read.documents),
        "funnel": funnel,
    }


def _duplicates(one: SourceFunnel) -> int:
    return sum(count.documents for reason, count in one.dropped.items() if reason.startswith(DUPLICATES))


def _figures(rows: list[dict[str, Any]]) -> dict[str, str]:
    """Documents and drop rates over nights, and the last night's mix, of published nights in order."""
    batches = [row["batch"] for row in rows]
    funnels: list[Funnel] = [row["funnel"] for row in rows]
    sources = sorted({one.source for funnel in funnels for one in funnel.sources})
    documents = {
        name: [next((one.released.documents for one in f.sources if one.source == name), 0) for f in funnels]
        for name in sources
    }
    reasons = sorted({reason for funnel in funnels for reason in funnel.total.dropped})
    rates = {reason: [_rate(funnel.total, reason) for funnel in funnels] for reason in reasons}
    most = sorted(rates, key=lambda reason: -max(rates[reason]))[:8]
    mix = {
        name: [
            _share(sum(one.released.bytes for one in f.sources if one.source == name), f.total.released.bytes)
            for f in funnels
        ]
        for name in sources
    }
    return {
        "documents_over_nights": charts.bars(batches, documents),
        "drop_rates": charts.bars(batches, {reason: rates[reason] for reason in most}, percent=True),
        "mix": charts.bars(batches, mix, percent=True),
    }


def _rate(total: SourceFunnel, reason: str) -> float:
    return _share(total.dropped[reason].documents if reason in total.dropped else 0, total.entered.documents)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
