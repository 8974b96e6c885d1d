"""What the tasks of the takedown DAG do. The lake is read and changed by `malmoi takedown`, in a process of its own."""

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from malmoi.contracts.errors import ContractError
from malmoi_airflow import config, process

log = logging.getLogger("malmoi.takedown")

FIELDS = {"urls": "--url", "hosts": "--host", "authors": "--author", "documents": "--document"}
"""Field of the form -> option of the command."""


def find_hits(params: dict[str, Any]) -> dict[str, Any]:
    """The dry run: ``{"plan", "time", "documents", "kept", "promotions", "nights", "hits"}``; nothing is written.

    Raises ContractError for an empty form, and for a request that no document meets.
    """
    with command(params) as arguments:
        found = process.result(process.run(arguments, logged=False))
    log.info(
        "%d documents, %d of them in the corpus; %d near copies would step in",
        *map(found.get, ("documents", "kept", "promotions")),
    )
    return found


def briefing(found: dict[str, Any]) -> str:
    """What a person approves, as Markdown."""
    lines = [
        f"### Remove {found['documents']:,} documents?",
        "",
        f"{found['kept']:,} of them are in the corpus, in the nights {', '.join(found['nights']) or 'none'}; "
        f"{found['promotions']:,} near copies would step in.",
        "",
        "| night | source | document | in the corpus | found by | address |",
        "|---|---|---|---|---|---|",
    ]
    for hit in found["hits"]:
        kept = "yes" if hit["kept"] else "no"
        url = hit["url"].replace("|", "%7C")
        lines.append(f"| {hit['batch']} | {hit['source']} | `{hit['doc_id']}` | {kept} | {hit['why']} | {url} |")
    if found["documents"] > len(found["hits"]):
        lines.append(f"\n... and {found['documents'] - len(found['hits']):,} more; `malmoi takedown` lists them too.")
    return "\n".join(lines)


def remove(params: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """Carries out exactly the plan that was approved; returns the receipt, which names no address.

    Raises ContractError when the requests name other documents by now.
    """
    with command(params) as arguments:
        receipt = process.result(process.run([*arguments, "--approved", found["time"], found["plan"]]))
    for old, new in receipt["releases"].items():
        log.info("release %s takes the place of %s", new, old)
    return receipt


def refuse_empty(params: dict[str, Any]) -> None:
    """Raises ContractError for a form that names nothing."""
    if not params.get("passage") and not any(params.get(name) for name in FIELDS):
        raise ContractError("the form is empty: name an address, a host, an author key, a document id or a passage")


@contextmanager
def command(params: dict[str, Any]) -> Iterator[list[str]]:
    """The command with its requests, a dry run. A passage goes through a file: a command line can be read by others.

    Raises ContractError for an empty form.
    """
    refuse_empty(params)
    arguments = ["-m", "malmoi.cli", "takedown", "--lake", config.lake_root()]
    arguments += ["--recipe", str(config.recipe_path(params["recipe"]))]
    for name, option in FIELDS.items():
        for value in params.get(name) or ():
            arguments.append(f"{option}={value}")
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", prefix="malmoi-passage-") as file:
        if params.get("passage"):
            file.write(params["passage"])
            file.flush()
            arguments.append(f"--text={file.name}")
        yield arguments
