"""The page *What if*: other thresholds on the annotations of a night, a draft of them, and the rebuild that uses it."""

import json
import time
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from malmoi.contracts.errors import InputError
from malmoi.contracts.recipe.uses import USES
from malmoi_airflow import config, drafts
from malmoi_airflow.console import engine, start
from malmoi_airflow.console.access import Editor
from malmoi_airflow.console.recipes import load, names_of, recipe_of
from malmoi_airflow.console.store import Rows, Store
from malmoi_airflow.console.thresholds import Changes, changes, thresholds
from malmoi_airflow.console.view import page, root_of, store

router = APIRouter()
SECONDS = 20.0
_TITLES = """
    SELECT d.source, d.doc_id, d.title, a.title_pii, d.site
    FROM documents d LEFT JOIN annotations a ON a.source = d.source AND a.doc_id = d.doc_id AND a.origin = d.origin
    WHERE list_contains($1, d.doc_id)
"""


@router.get("/whatif")
def newest(request: Request) -> RedirectResponse:
    """To the newest night, with what was asked for."""
    nights = store().nights()
    if not nights:
        raise InputError("no night has run yet")
    target = f"{root_of(request)}/nights/{quote(nights[0], safe='')}/whatif"
    return RedirectResponse(f"{target}?{query}" if (query := request.url.query) else target, status_code=302)


@router.get("/nights/{batch}/whatif", response_class=HTMLResponse)
def what_if(request: Request, batch: str, editor: Editor, recipe: str = "", source: str = "") -> HTMLResponse:
    """The values of a recipe; with changed ones, what would enter and leave."""
    found = store()
    known = sorted(found.manifests(batch)["decisions"])
    names = names_of(found.lake)
    recipe = recipe or recipe_of(list(found.manifests(batch)["decisions"].values()), names)
    loaded = load(recipe, names)
    if source and source not in loaded.sources:
        raise InputError(f"the recipe {recipe} has no source {source[:60]}")
    shown = thresholds(loaded, source)
    asked = {name: value for name, value in request.query_params.items() if "." in name}
    changed = changes(shown, asked, source)
    began = time.monotonic()
    result = _ask(found, batch, loaded.path, changed, [source] if source else []) if changed or asked else None
    return page(
        request,
        "whatif.html",
        batch=batch,
        recipes=names,
        recipe=recipe,
        sources=[name for name in known if name in loaded.sources],
        source=source,
        shown=shown,
        asked=asked,
        changed=changed,
        result=result,
        titles=_titles(found, batch, result) if result else {},
        seconds=time.monotonic() - began,
        editor=editor,
    )


@router.post("/nights/{batch}/whatif", dependencies=[Depends(start.may_rebuild)])
def save_draft(
    request: Request,
    batch: str,
    user: GetUserDep,
    name: Annotated[str, Form()],
    recipe: Annotated[str, Form()],
    changed: Annotated[str, Form(max_length=20_000)],
) -> RedirectResponse:
    """Saves the changed values as a draft and shows it."""
    found = store()
    names = names_of(found.lake)
    load(recipe, names)
    values = _changes(changed)
    draft = drafts.save(found.lake, name.strip(), config.recipe_path(recipe), values, user.get_name())
    target = f"{root_of(request)}/nights/{quote(batch, safe='')}/whatif?{urlencode({'recipe': draft})}"
    return RedirectResponse(target, status_code=303)


@router.post("/rebuild", dependencies=[Depends(start.may_rebuild)])
def rebuild(
    request: Request,
    user: GetUserDep,
    recipe: Annotated[str, Form()],
    first_day: Annotated[str, Form()] = "",
    last_day: Annotated[str, Form()] = "",
) -> RedirectResponse:
    """Starts ``corpus_rebuild`` with a recipe or draft; its preview waits for a person's approval."""
    load(recipe, names_of(store().lake))
    run = start.start(
        start.REBUILD, {"recipe": recipe, "first_day": first_day or None, "last_day": last_day or None}, user
    )
    return RedirectResponse(f"{root_of(request)}/started/{start.REBUILD}/{quote(run, safe='')}", status_code=303)


@router.get("/started/{dag_id}/{run_id}", response_class=HTMLResponse)
def started(request: Request, dag_id: str, run_id: str) -> HTMLResponse:
    """A run that a page has started: its state, and where Airflow shows it."""
    if dag_id not in (start.REBUILD, start.TAKEDOWN):
        raise InputError(f"the console starts no {dag_id[:60]}")
    return page(request, "started.html", dag_id=dag_id, run_id=run_id, state=start.state(dag_id, run_id))


def _changes(text: str) -> Changes:
    """The changes that the page put into its form. Raises InputError for anything else."""
    try:
        values = json.loads(text)
    except ValueError:
        values = None
    if not isinstance(values, dict) or not values or set(values) - set(USES["decide"]):
        raise InputError(f"the changes are not those of the page; sections are {', '.join(USES['decide'])}")
    return values


def _ask(found: Store, batch: str, path: str, changed: dict, sources: list[str]) -> dict[str, Any]:
    question = {"lake": found.lake.root, "batch": batch, "recipe": path, "changes": changed, "sources": sources}
    return engine.ask(["-m", "malmoi.whatif"], question, SECONDS)


def _titles(found: Store, batch: str, result: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """(source, document) -> title and site of every sample."""
    sides = [side for change in result.values() for side in change["samples"].values()]
    wanted = sorted({one["doc_id"] for side in sides for shown in side.values() for one in shown})
    with found.rows(batch, "documents", "annotations") as rows:
        return _by_document(rows, wanted)


def _by_document(rows: Rows, wanted: list[str]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["source"], row["doc_id"]): row for row in rows.all(_TITLES, wanted)} if wanted else {}
