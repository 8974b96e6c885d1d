"""Pages over nights: all of them, one night's funnel and gate, its quarantine."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, Response

from malmoi.contracts.errors import InputError
from malmoi.contracts.funnel import Funnel, SourceFunnel
from malmoi.contracts.gate import Check
from malmoi_airflow.console import charts
from malmoi_airflow.console.mix import mixes
from malmoi_airflow.console.recipes import load, names_of
from malmoi_airflow.console.runs import durations
from malmoi_airflow.console.store import Store
from malmoi_airflow.console.view import language_of, page, store
from malmoi_airflow.console.words import Words

router = APIRouter()
MOST_NIGHTS = 60
QUARANTINE_ROWS = 500
DUPLICATES = "duplicate_"
DRIFT = "drift_"


@router.get("/nights", response_class=HTMLResponse)
def nights(request: Request) -> HTMLResponse:
    """Every night: documents, drop rates, duplicates, drift, duration, release; the newest one's mix."""
    found = store()
    releases = found.releases()
    batches = found.nights()[:MOST_NIGHTS]
    seconds = durations(batches)
    rows = [_night_row(found, batch, releases.get(batch)) | {"seconds": seconds.get(batch)} for batch in batches]
    published = [row for row in reversed(rows) if row["release"]]
    figures = _figures(published) | {"mix": _mix(request, found, published[-1])} if published else {}
    return page(request, "nights.html", rows=rows, figures=figures)


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
        tokens=found.tokens(release) if release else {},
    )


@router.get("/nights/{batch}/report")
def report(batch: str) -> FileResponse:
    """The page that was published with the night's release."""
    found = store()
    release = found.releases().get(batch)
    path = Path(found.lake.release(release), "report.html") if release else None
    if path is None or not path.is_file():
        raise InputError(f"no release holds {batch[:40]}: nothing was published for it yet")
    return FileResponse(path, media_type="text/html; charset=utf-8")


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
        "failed": [check.name for check in checks if not check.passed and not check.name.startswith(DRIFT)],
        "drifted": _drifted(checks),
        "checked": bool(checks),
        "kept": _share(total.released.documents, total.read.documents),
        "duplicates": _share(_duplicates(total), total.read.documents),
        "funnel": funnel,
    }


def _drifted(checks: Sequence[Check]) -> list[Check] | None:
    """The reasons whose drop rate left its trailing mean; None where there were too few nights to judge."""
    judged = [check for check in checks if check.name.startswith(DRIFT)]
    return [check for check in judged if not check.passed] if judged else None


def _duplicates(one: SourceFunnel) -> int:
    return sum(count.documents for reason, count in one.dropped.items() if reason.startswith(DUPLICATES))


def _figures(rows: list[dict[str, Any]]) -> dict[str, str]:
    """Documents and drop rates over nights, of published nights in order."""
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
    return {
        "documents_over_nights": charts.bars(batches, documents),
        "drop_rates": charts.bars(batches, {reason: rates[reason] for reason in most}, percent=True),
    }


def _mix(request: Request, found: Store, newest: dict[str, Any]) -> str:
    """The newest release's mix beside that of training and HyperCLOVA's."""
    names, release = names_of(found.lake), found.release(newest["release"])
    recipe = load(release.recipe["name"], names) if release.recipe.get("name") in names else None
    shares = mixes(release, recipe)
    words = Words(language_of(request))
    columns = ("released", "weighted", "hyperclova")
    series = {words(f"kind_{kind}"): [share[column] for column in columns] for kind, share in shares.items()}
    return charts.bars([words(f"mix_{column}") for column in columns], series, percent=True)


def _rate(total: SourceFunnel, reason: str) -> float:
    return _share(total.dropped[reason].documents if reason in total.dropped else 0, total.entered.documents)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
