"""Documents of the lake that teach the quality model: what is trusted, and what the rules rejected.

Reference documents are those of the named sources that stayed, and a folder of trusted text. Rejected ones are those that a
rule on quality dropped in any source, except by the model's own score: a model must not learn from itself. Copies, lists of
persons and profanity say nothing about writing and are left out. Nothing is written: texts stay where they are.
"""

import hashlib
import heapq
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet as pq

from malmoi.contracts.errors import ContractError
from malmoi.contracts.files import Files, files_of
from malmoi.contracts.paths import Lake, part_of
from malmoi.contracts.reasons import Reason
from malmoi.contracts.stages import needed, sources_of
from malmoi.text.quality import RULES
from malmoi.train.folder import texts_of
from malmoi.train.quality_documents import Example

MAX_CHARS = 2_000
"""Code points of a document that are read: enough to know its kind, and memory stays bounded."""
HELD_OUT = 5
"""One document of so many, by the hash of its text, is never trained on; evaluation reads those."""
_NO_REFERENCE_REASONS = frozenset(
    {Reason.LOW_QUALITY, Reason.NOT_KOREAN, Reason.TOO_SHORT, Reason.TOO_LONG, Reason.MOJIBAKE}
)
REJECTING = frozenset({str(rule.reason) for rule in RULES} - {str(reason) for reason in _NO_REFERENCE_REASONS})
"""Reasons whose documents are examples of bad text."""


class Plan(NamedTuple):
    """Which documents: those of ``nights``; ``sources`` and ``reference`` (a folder, or empty) are trusted; at most
    ``documents`` of each side."""

    nights: tuple[str, ...]
    sources: tuple[str, ...]
    reference: str
    documents: int


class Seen(NamedTuple):
    """A document of the lake and what was decided; ``reason`` is empty where it stayed."""

    source: str
    site: str
    reason: str
    text: str


def examples_of(lake: Lake, plan: Plan, held_out: bool) -> list[Example]:
    """The documents to train on, or with ``held_out`` those to evaluate on. The group of a document is its site, of a
    rejected one its reason besides. The same lake and plan give the same list. Raises ContractError for a side without
    documents."""
    good = [Example(seen.text, True, seen.site) for seen in _some(lake, plan, _trusted(plan), held_out)]
    if plan.reference:
        rows = texts_of(Path(plan.reference))
        texts = [text[:MAX_CHARS] for _, text in rows if _is_held_out(text[:MAX_CHARS]) == held_out]
        good += [Example(text, True, f"reference:{_mark(text) % 1000}") for text in _first(texts, plan.documents)]
    bad = [
        Example(seen.text, False, f"{seen.reason}:{seen.site}") for seen in _some(lake, plan, _is_rejected, held_out)
    ]
    for side, found in (("reference", good), ("rejected", bad)):
        if not found:
            part = "held-out" if held_out else "training"
            raise ContractError(
                f"no {side} documents for the {part} part in {', '.join(plan.nights)}: choose more nights"
            )
    return good + bad


def kept(lake: Lake, plan: Plan) -> list[Seen]:
    """A sample of all documents that stayed, whatever their source: what another model would do to the corpus."""
    return _some(lake, plan, lambda seen: not seen.reason, None)


def _trusted(plan: Plan) -> Callable[[Seen], bool]:
    return lambda seen: not seen.reason and seen.source in plan.sources


def _is_rejected(seen: Seen) -> bool:
    return seen.reason in REJECTING


def _some(lake: Lake, plan: Plan, wanted: Callable[[Seen], bool], held_out: bool | None) -> list[Seen]:
    """At most ``plan.documents`` documents, the smallest by hash, each text once."""
    found = (
        (_mark(seen.text), seen)
        for seen in _seen(lake, plan.nights)
        if wanted(seen) and (held_out is None or _is_held_out(seen.text) == held_out)
    )
    chosen = dict(heapq.nsmallest(plan.documents, found))
    return list(chosen.values())


def _seen(lake: Lake, nights: Sequence[str]) -> Iterator[Seen]:
    for night in nights:
        for source in sources_of(lake, "decisions", night):
            texts = {part_of(file.path): file.path for file in needed(lake, "documents", night, source).files}
            for file in needed(lake, "decisions", night, source).files:
                yield from _of_part(files_of(lake), lake.join(texts[part_of(file.path)]), lake.join(file.path), source)


def _of_part(store: Files, documents: str, decisions: str, source: str) -> Iterator[Seen]:
    """Part i of both tables has the same documents in the same order (docs/design.md, Units)."""
    with store.open(documents) as stream:
        texts = pq.read_table(stream, columns=["doc_id", "site", "text"])
    with store.open(decisions) as stream:
        rulings = pq.read_table(stream, columns=["doc_id", "keep", "reason"])
    if texts["doc_id"] != rulings["doc_id"]:
        raise ContractError(f"{decisions}: not the documents of {documents}; run decide again for this night")
    for text, ruling in zip(texts.to_pylist(), rulings.to_pylist(), strict=True):
        if text["text"]:
            reason = "" if ruling["keep"] else ruling["reason"]
            yield Seen(source, text["site"] or "", reason, text["text"][:MAX_CHARS])


def _first(texts: list[str], most: int) -> list[str]:
    return sorted(dict.fromkeys(texts), key=_mark)[:most]


def _is_held_out(text: str) -> bool:
    return _mark(text) % HELD_OUT == 0


def _mark(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
