"""The console's FastAPI app: Airflow's login on every route, one look for every page, one line for every error."""

import logging
from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from fastapi.templating import Jinja2Templates
from starlette.exceptions import HTTPException

from malmoi.contracts.errors import ContractError, InputError, MalmoiError
from malmoi_airflow.console import charts, documents, nights, runs, takedown, training, whatif
from malmoi_airflow.console.access import may_see
from malmoi_airflow.console.view import context_of

log = logging.getLogger("malmoi.console")
HERE = Path(__file__).parent
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'self'; base-uri 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
"""Inline styles are what Plotly sets; a script runs from this host only, and none that stands in a page."""


def create_app() -> FastAPI:
    """The app that the plugin mounts at ``/malmoi``."""
    app = FastAPI(
        title="Malmoi console", dependencies=[Depends(may_see)], docs_url=None, redoc_url=None, openapi_url=None
    )
    app.middleware("http")(_with_headers)
    for error in (MalmoiError, HTTPException, RequestValidationError, Exception):
        app.add_exception_handler(error, _error_page)
    app.add_api_route("/", _home, methods=["GET"], response_class=RedirectResponse)
    app.add_api_route("/static/{name}", _static, methods=["GET"])
    for module in (nights, documents, whatif, takedown, training, runs):
        app.include_router(module.router)
    return app


def _home() -> RedirectResponse:
    return RedirectResponse("nights", status_code=302)


def _static(name: str) -> FileResponse:
    """The stylesheet, the small script, and Plotly's own script from its package."""
    path = charts.script() if name == "plotly.js" else HERE / "static" / name
    if Path(name).name != name or not path.is_file():
        raise HTTPException(404)
    return FileResponse(path, headers={"Cache-Control": "private, max-age=3600"})


async def _with_headers(request: Request, call_next: Any) -> Response:
    response = await call_next(request)
    for name, value in HEADERS.items():
        if name != "Cache-Control" or "Cache-Control" not in response.headers:
            response.headers[name] = value
    return response


async def _error_page(request: Request, error: Exception) -> HTMLResponse:
    """One line that says what is wrong; the trace of an unexpected error goes to the API server's log only."""
    status, message = _told(error)
    if status == 500:
        log.error("%s: %s", request.url.path, type(error).__name__, exc_info=error)
    templates = Jinja2Templates(HERE / "templates")
    context = context_of(request) | {"status": status, "message": message}
    return templates.TemplateResponse(request, "error.html", context, status_code=status)


def _told(error: Exception) -> tuple[int, str]:
    match error:
        case HTTPException():
            return error.status_code, str(error.detail)
        case RequestValidationError():
            return 422, f"{error.errors()[0]['loc'][-1]}: {error.errors()[0]['msg']}"
        case InputError():
            return 404, str(error)
        case ContractError():
            return 409, str(error)
        case MalmoiError():
            return 503, str(error)
    return 500, "The page could not be made; the API server's log says why."
