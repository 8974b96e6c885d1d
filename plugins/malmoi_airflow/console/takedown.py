"""The page *Takedown*: a request, what it would hit, the start of ``corpus_takedown``, and the receipts of those before."""

import json
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from malmoi.contracts.errors import InputError
from malmoi.contracts.paths import Lake
from malmoi_airflow import config
from malmoi_airflow.console import engine, start
from malmoi_airflow.console.access import Editor
from malmoi_airflow.console.view import page, root_of, store
from malmoi_airflow.takedown import FIELDS, command, refuse_empty

router = APIRouter()
SECONDS = 60.0
"""A dry run reads the documents of every night; on a corpus where that takes longer, the DAG does it."""
MOST_RECEIPTS = 200
MOST_CHARS = 20_000

Text = Annotated[str, Form(max_length=MOST_CHARS)]


def _request(
    urls: Text = "",
    hosts: Text = "",
    authors: Text = "",
    documents: Text = "",
    passage: Text = "",
    recipe: Annotated[str, Form()] = "nightly",
) -> dict[str, Any]:
    """The form as the DAG takes it. Raises InputError for a recipe that is not there."""
    if recipe not in config.recipe_names():
        raise InputError(f"no recipe {recipe[:60]}; there are {', '.join(config.recipe_names())}")
    lists = {"urls": urls, "hosts": hosts, "authors": authors, "documents": documents}
    split = {name: [line.strip() for line in text.splitlines() if line.strip()] for name, text in lists.items()}
    return {**split, "passage": passage.strip() or None, "recipe": recipe}


Asked = Annotated[dict[str, Any], Depends(_request)]


@router.get("/takedown", response_class=HTMLResponse)
def takedown(request: Request, editor: Editor) -> HTMLResponse:
    """The form, and every receipt."""
    return _page(request, editor, asked=None, found=None)


@router.post("/takedown", response_class=HTMLResponse, dependencies=[Depends(start.may_take_down)])
def find(request: Request, asked: Asked) -> HTMLResponse:
    """The dry run: what a request would hit. Writes nothing."""
    with command(asked) as arguments:
        found = engine.ask(arguments, seconds=SECONDS)
    return _page(request, True, asked=asked, found=found)


@router.post("/takedown/start", dependencies=[Depends(start.may_take_down)])
def begin(request: Request, asked: Asked, user: GetUserDep) -> RedirectResponse:
    """Starts ``corpus_takedown`` with the request; it lists the hits again and waits for a person's approval."""
    refuse_empty(asked)
    run = start.start(start.TAKEDOWN, asked, user)
    return RedirectResponse(f"{root_of(request)}/started/{start.TAKEDOWN}/{quote(run, safe='')}", status_code=303)


def _page(request: Request, editor: bool, asked: dict[str, Any] | None, found: dict[str, Any] | None) -> HTMLResponse:
    lake = store().lake
    return page(
        request,
        "takedown.html",
        editor=editor,
        fields=FIELDS,
        asked=asked,
        found=found,
        recipes=config.recipe_names(),
        receipts=_receipts(lake),
        interrupted=sorted(path.name.removesuffix(".plan.json") for path in Path(lake.receipts).glob("*.plan.json")),
    )


def _receipts(lake: Lake) -> list[dict[str, Any]]:
    """Newest first. A receipt holds ids and keyed hashes, no address and no text."""
    paths = [path for path in Path(lake.receipts).glob("*.json") if not path.name.endswith(".plan.json")]
    return [json.loads(path.read_bytes()) for path in sorted(paths, reverse=True)[:MOST_RECEIPTS]]
