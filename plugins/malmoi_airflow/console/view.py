"""What every page has: words, the user's language, formatting, and the way to render a template."""

import json
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from malmoi.contracts.errors import ContractError
from malmoi.contracts.paths import Lake
from malmoi_airflow.config import lake_root
from malmoi_airflow.console.masking import plain, title_of
from malmoi_airflow.console.store import Store
from malmoi_airflow.console.words import Language, Words, chosen

COOKIE = "malmoi_language"
MOUNT = "/malmoi"
"""Where the plugin mounts the app, below whatever path Airflow itself has."""
_templates = Jinja2Templates(Path(__file__).parent / "templates")
_templates.env.filters["count"] = lambda value: f"{value:,}"
_templates.env.filters["share"] = lambda value: f"{value:.1%}"
_templates.env.filters["number"] = lambda value: "" if value is None else f"{value:,.{4 if abs(value) < 1000 else 12}g}"
_templates.env.filters["minutes"] = lambda value: "" if value is None else f"{value // 60:.0f}:{value % 60:02.0f}"
_templates.env.filters["megabytes"] = lambda value: f"{value / 1e6:,.1f} MB"
_templates.env.filters["plain"] = plain
_templates.env.filters["title_of"] = title_of
_templates.env.filters["json"] = lambda value: json.dumps(value, ensure_ascii=False)


def store() -> Store:
    """The lake of the environment. Raises ContractError for one on an object store, whose pages are not built."""
    lake = Lake(lake_root())
    if lake.is_object_store:
        raise ContractError("the console reads a lake that is a folder; use `malmoi sql` for one on an object store")
    return Store(lake)


def language_of(request: Request) -> Language:
    return chosen(request.query_params.get("lang"), request.cookies.get(COOKIE), request.headers.get("accept-language"))


def root_of(request: Request) -> str:
    """The path that the console is mounted at: Starlette's ``url_for`` looks for names in the app above it."""
    return request.scope.get("root_path", "").rstrip("/")


def context_of(request: Request) -> dict[str, Any]:
    language = language_of(request)
    words = Words(language)
    root = root_of(request)
    return {"w": words, "language": language, "root": root, "airflow": root.removesuffix(MOUNT)}


def page(request: Request, template: str, **values: Any) -> HTMLResponse:
    """A template with the words of the request's language; remembers a language that was asked for."""
    context = context_of(request)
    response = _templates.TemplateResponse(request, template, context | values)
    if request.query_params.get("lang") == context["language"]:
        response.set_cookie(COOKIE, context["language"], max_age=31_536_000, samesite="lax", httponly=True)
    return response
