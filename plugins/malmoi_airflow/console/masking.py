"""Text as a page may show it: personal data masked, profanity marked.

A span is shown as what it is (`<전화번호>`), never as what it says. What the annotations do not cover (addresses) loses every
digit run and everything around an @ instead.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from malmoi.contracts.recipe.privacy import ENTITIES

MASK = "●"
_DIGITS = re.compile(r"\d(?:[\d\s().·-]*\d){4,}")
_AROUND_AT = re.compile(r"[^\s/@:<>]+@[^\s/@:<>]+")


@dataclass(frozen=True)
class Piece:
    """A run of text. ``mark`` is empty, ``pii`` or ``profanity``; ``label`` says what a marked one is."""

    text: str
    mark: str = ""
    label: str = ""


def pieces(
    text: str, pii: Iterable[Mapping[str, Any]], profanity: Iterable[Mapping[str, Any]] = (), *, unmasked: bool = False
) -> list[Piece]:
    """The text cut at its spans (``start``, ``end`` in code points). Where spans overlap, personal data goes first."""
    spans = [(span["start"], span["end"], "pii", ENTITIES.get(span["entity"], span["entity"])) for span in pii or ()]
    spans += [(span["start"], span["end"], "profanity", span["severity"]) for span in profanity or ()]
    found: list[Piece] = []
    at = 0
    for start, end, mark, label in sorted(spans, key=lambda span: (span[0], span[2] != "pii", -span[1])):
        if end <= at:
            continue
        start = max(start, at)
        if start > at:
            found.append(Piece(text[at:start]))
        hidden = mark == "pii" and not unmasked
        found.append(Piece(f"<{label}>" if hidden else text[start:end], mark, label))
        at = end
    if at < len(text):
        found.append(Piece(text[at:]))
    return found


def masked(text: str, pii: Iterable[Mapping[str, Any]]) -> str:
    """The same as plain text."""
    return "".join(piece.text for piece in pieces(text, pii))


def plain(text: str | None) -> str:
    """An address: digits of runs of five and more, and what looks like an e-mail address, become MASK."""
    hidden = _AROUND_AT.sub(MASK * 3, text or "")
    return _DIGITS.sub(lambda run: re.sub(r"\d", MASK, run[0]), hidden)


def title_of(row: Mapping[str, Any]) -> str:
    """A document's title, masked, else the beginning of its id. ``row``: ``title``, ``title_pii``, ``doc_id``. A title that no
    detector has read, because its night is not annotated yet or by an older version, is not shown."""
    spans = row["title_pii"]
    title = plain(masked(row["title"] or "", spans)) if spans is not None else ""
    return title or row["doc_id"][:12]
