"""Pages over documents: a filtered list, one document with why it is in or out, and its cluster."""

import difflib
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from malmoi.contracts.document import canonical_url
from malmoi.contracts.errors import InputError
from malmoi.contracts.manifest import StageManifest
from malmoi.contracts.paths import Lake
from malmoi.contracts.signals import SIGNALS
from malmoi_airflow import config
from malmoi_airflow.console import engine
from malmoi_airflow.console.access import Editor, log_unmasking
from malmoi_airflow.console.limits import limits
from malmoi_airflow.console.masking import masked, pieces, plain
from malmoi_airflow.console.recipes import load, names_of, recipe_of
from malmoi_airflow.console.store import Rows, Store
from malmoi_airflow.console.view import page, root_of, store

router = APIRouter()
PAGE_ROWS = 50
MOST_QUERY_CHARS = 500
SNIPPET_CHARS = 160
CLUSTER_MEMBERS = 20
ORIGINAL_SECONDS = 20.0

_TABLES = ("documents", "annotations", "decisions", "clusters", "clean")
_SAME = "d.source = x.source AND d.doc_id = x.doc_id AND d.origin = x.origin"
_TITLE_SPANS = "LEFT JOIN annotations a ON a.source = d.source AND a.doc_id = d.doc_id AND a.origin = d.origin"
_LIST = f"""
    SELECT x.source, x.doc_id, x.keep, x.reason, x.value, x.threshold, x.cluster_size, d.title, a.title_pii, d.url, d.site
    FROM decisions x JOIN documents d ON {_SAME} {_TITLE_SPANS}
    WHERE ($1 = '' OR x.source = $1)
      AND ($2 = '' OR x.reason = $2 OR ($2 = 'kept' AND x.keep))
      AND ($3 = '' OR d.site = $3)
      AND ($4 = '' OR x.doc_id = $4 OR d.url = $5 OR d.site = $4 OR contains(d.text, $4) OR contains(d.title, $4))
    ORDER BY x.source, x.doc_id, x.origin.file, x.origin."offset"
    LIMIT {PAGE_ROWS + 1} OFFSET $6
"""


@router.get("/search")
def search(
    request: Request, batch: str = "", q: Annotated[str, Query(max_length=MOST_QUERY_CHARS)] = ""
) -> RedirectResponse:
    """To the list of one night's documents; the newest night where none is given."""
    nights = store().nights()
    if not nights:
        raise InputError("no night has run yet")
    target = f"{root_of(request)}/nights/{quote(batch or nights[0], safe='')}/documents?{urlencode({'q': q})}"
    return RedirectResponse(target, status_code=302)


@router.get("/nights/{batch}/documents", response_class=HTMLResponse)
def documents(
    request: Request,
    batch: str,
    source: str = "",
    reason: str = "",
    host: str = "",
    q: Annotated[str, Query(max_length=MOST_QUERY_CHARS)] = "",
    start: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> HTMLResponse:
    """Documents of a night by source, reason (or ``kept``), host, or what they hold."""
    with store().rows(batch, "documents", "annotations", "decisions") as rows:
        found = rows.all(_LIST, source, reason, host, q.strip(), canonical_url(q.strip()), start)
        choices = {
            "source": [row["source"] for row in rows.all("SELECT DISTINCT source FROM decisions ORDER BY source")],
            "reason": [
                row["reason"]
                for row in rows.all("SELECT DISTINCT reason FROM decisions WHERE reason IS NOT NULL ORDER BY reason")
            ],
        }
    return page(
        request,
        "documents.html",
        batch=batch,
        rows=found[:PAGE_ROWS],
        more=len(found) > PAGE_ROWS,
        start=start,
        step=PAGE_ROWS,
        choices=choices,
        chosen={"source": source, "reason": reason, "host": host, "q": q},
    )


@router.get("/nights/{batch}/documents/{source}/{doc_id}", response_class=HTMLResponse)
def document(
    request: Request, batch: str, source: str, doc_id: str, user: GetUserDep, editor: Editor, unmask: bool = False
) -> HTMLResponse:
    """One document: text with its spans, metadata, signals, decision, cluster, lineage. Masked, unless an editor asks."""
    shown = unmask and editor
    found = store()
    with found.rows(batch, *_TABLES) as rows:
        one = _one(rows, source, doc_id)
        cluster = _members(rows, one["cluster_id"]) if one["cluster_size"] and one["cluster_size"] > 1 else []
        manifests = found.manifests(batch)
        shards = _lineage(rows, manifests["shards"].get(source), found.lake, doc_id)
    tokens = found.tokens_of(batch, source, doc_id) if shards else None
    if shown:
        log_unmasking(user, batch, doc_id)
    return page(
        request,
        "document.html",
        batch=batch,
        one=one,
        text=pieces(one["text"] or "", one["pii"], one["profanity"], unmasked=shown),
        signals=_signals(found, one, manifests["decisions"].get(source)),
        cluster=cluster,
        shard=shards,
        tokens=tokens,
        editor=editor,
        unmasked=shown,
    )


@router.get("/nights/{batch}/clusters/{cluster_id}", response_class=HTMLResponse)
def cluster(request: Request, batch: str, cluster_id: str) -> HTMLResponse:
    """A cluster: who stays, who does not, and in which lines they differ."""
    with store().rows(batch, *_TABLES) as rows:
        members = _members(rows, cluster_id)
        if not members:
            raise InputError(f"no cluster {cluster_id} in {batch}")
        texts = {member["doc_id"]: _masked_lines(rows, member) for member in members[:CLUSTER_MEMBERS]}
    kept = next((member["doc_id"] for member in members if member["keep"]), members[0]["doc_id"])
    base = texts.get(kept) or texts[members[0]["doc_id"]]
    differences = {doc_id: _difference(base, lines) for doc_id, lines in texts.items() if doc_id != kept}
    return page(
        request,
        "cluster.html",
        batch=batch,
        cluster_id=cluster_id,
        members=members,
        kept=kept,
        differences=differences,
    )


@router.get("/nights/{batch}/documents/{source}/{doc_id}/original", response_class=HTMLResponse)
def original(request: Request, batch: str, source: str, doc_id: str) -> HTMLResponse:
    """The blocks of the page that a document was read from, kept or cut and why, beside its text. Always masked."""
    found = store()
    with found.rows(batch, *_TABLES) as rows:
        one = _one(rows, source, doc_id)
    manifest = found.manifests(batch)["documents"][source]
    text = one["text"] or ""
    question = {
        "landing": config.landing_root(),
        "recipe": str(config.recipe_path(recipe_of([manifest], names_of(found.lake)))),
        "source": source,
        "url": one["url"] or "",
        **{name: one["origin"][name] for name in ("file", "offset", "length")},
        "known": [(span["entity"], text[span["start"] : span["end"]]) for span in one["pii"] or ()],
    }
    blocks = engine.ask(["-m", "malmoi.original"], question, ORIGINAL_SECONDS)["blocks"]
    shown = pieces(text, one["pii"], one["profanity"])
    return page(request, "original.html", batch=batch, one=one, text=shown, blocks=blocks)


_ONE = """
    SELECT d.*, a.language, a.language_score, a.signals, a.pii, a.title_pii, a.profanity,
           x.keep, x.reason, x.value, x.threshold, x.profanity_action, x.cluster_id, x.cluster_size, x.duplicate_of,
           c.method, c.similarity, c.duplicate_batch, k.text AS clean_text
    FROM documents d
    LEFT JOIN annotations a ON a.source = d.source AND a.doc_id = d.doc_id AND a.origin = d.origin
    LEFT JOIN decisions x ON x.source = d.source AND x.doc_id = d.doc_id AND x.origin = d.origin
    LEFT JOIN clusters c ON c.source = d.source AND c.doc_id = d.doc_id AND c.origin = d.origin
    LEFT JOIN clean k ON k.source = d.source AND k.doc_id = d.doc_id AND x.keep
    WHERE d.source = $1 AND d.doc_id = $2
    ORDER BY x.keep DESC NULLS LAST, d.origin.file, d.origin."offset"
"""


def _one(rows: Rows, source: str, doc_id: str) -> dict[str, Any]:
    found = rows.first(_ONE, source, doc_id)
    if found is None:
        raise InputError(f"no document {doc_id[:64]} of source {source[:64]} in this night")
    return found


def _members(rows: Rows, cluster_id: str) -> list[dict[str, Any]]:
    return rows.all(
        f"""
        SELECT x.source, x.doc_id, x.keep, x.method, x.similarity, x.cluster_size, d.title, a.title_pii, d.url, d.site
        FROM clusters x JOIN documents d ON {_SAME} {_TITLE_SPANS}
        WHERE x.cluster_id = $1 ORDER BY x.keep DESC, x.similarity DESC, x.doc_id LIMIT 200
        """,
        cluster_id,
    )


def _lineage(rows: Rows, shards: StageManifest | None, lake: Lake, doc_id: str) -> dict[str, Any] | None:
    """The shard that holds the document, and its row there, counted from 0."""
    for file in shards.files if shards else ():
        found = rows.first(
            "SELECT file_row_number AS row FROM read_parquet($1, file_row_number = true) WHERE doc_id = $2",
            lake.join(file.path),
            doc_id,
        )
        if found:
            return {"path": file.path, "row": found["row"]}
    return None


def _signals(found: Store, one: dict[str, Any], decided: StageManifest | None) -> list[tuple[str, Any, str, str]]:
    """Name, value, thresholds and meaning of every signal."""
    if not one["signals"]:
        return []
    held: dict[str, list[str]] = {}
    if decided is not None:
        names = names_of(found.lake)
        held = limits(load(recipe_of([decided], names), names), one["source"])
    return [(name, one["signals"][name], ", ".join(held.get(name, ())), SIGNALS[name]) for name in SIGNALS]


def _masked_lines(rows: Rows, member: dict[str, Any]) -> list[str]:
    found = _one(rows, member["source"], member["doc_id"])
    return masked(found["text"] or "", found["pii"]).splitlines()


def _difference(base: list[str], other: list[str]) -> list[tuple[str, str]]:
    """Lines as (sign, line), sign ``+``, ``-`` or a space; equal runs are cut to their edges."""
    lines = difflib.unified_diff(base, other, lineterm="", n=1)
    return [(line[0], plain(line[1:])) for line in lines if not line.startswith(("---", "+++", "@@"))][:200]
