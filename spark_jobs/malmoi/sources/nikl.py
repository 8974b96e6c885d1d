"""NIKL Modu corpus (모두의 말뭉치) JSON: newspaper, written, spoken and messenger, one document a page.

A file is ``{"id", "metadata", "document": [{"id", "metadata", "paragraph" | "utterance": [{"form", "speaker_id"}]}]}``.
"""

import json
import os
from collections.abc import Iterator
from itertools import groupby

from malmoi.contracts.reasons import Fault
from malmoi.contracts.recipe.sections import Ingest
from malmoi.sources.fields import text_of
from malmoi.sources.records import BadRecord, Origin, RawPage, Record

MAX_FILE_FACTOR = 8
"""A corpus file holds many documents: it may be this many times as large as a record."""


def read_nikl(path: str, name: str, limits: Ingest) -> Iterator[Record]:
    """One page a document of the file. ``origin.offset`` is the document's number."""
    size = os.path.getsize(path)
    whole = Origin(name, 0, size)
    if size > (limits.max_record_mib << 20) * MAX_FILE_FACTOR:
        yield BadRecord(whole, Fault.RECORD_TOO_LARGE, f"{size} bytes", size)
        return
    try:
        with open(path, encoding="utf-8-sig") as file:
            content = json.load(file)
    except UnicodeDecodeError:
        yield BadRecord(whole, Fault.UNDECODABLE, "the file is not UTF-8", size)
        return
    except (ValueError, RecursionError) as error:
        yield BadRecord(whole, Fault.BROKEN_JSON, f"{type(error).__name__}", size)
        return
    documents = content.get("document") if isinstance(content, dict) else None
    if isinstance(documents, dict):
        documents = [documents]
    if not isinstance(documents, list):
        yield BadRecord(whole, Fault.MISSING_FIELD, "'document' is no list", size)
        return
    for number, document in enumerate(documents):
        yield _page(document, Origin(name, number, 0), content.get("metadata"))


def _page(document: object, origin: Origin, about_file: object) -> Record:
    if not isinstance(document, dict):
        return BadRecord(origin, Fault.MISSING_FIELD, "a document is no object")
    about = {**(about_file if isinstance(about_file, dict) else {}), **(document.get("metadata") or {})}
    utterances = [u for u in document.get("utterance") or [] if isinstance(u, dict)]
    paragraphs = [p for p in document.get("paragraph") or [] if isinstance(p, dict)]
    turns = _turns(utterances)
    text = "\n\n".join(f"{t['speaker']}: {t['text']}" for t in turns) if turns else _paragraphs(paragraphs)
    size = len(json.dumps(document, ensure_ascii=False).encode("utf-8", "replace"))
    return RawPage(
        Origin(origin.file, origin.offset, size),
        size,
        url=f"nikl:{text_of(document, 'id')}",
        text=text,
        title=text_of(about, "title", "topic"),
        author=text_of(about, "author"),
        published_at=text_of(about, "date", "year") or None,
        section=text_of(about, "topic", "category") if not turns else "",
        kind="dialogue" if turns else "",
        turns=tuple(turns),
    )


def _paragraphs(paragraphs: list[dict]) -> str:
    return "\n\n".join(form for form in (text_of(p, "form").strip() for p in paragraphs) if form)


def _turns(utterances: list[dict]) -> list[dict]:
    """Utterances of one speaker in a row are one turn; speakers become letters, so that no id is stored."""
    said = [
        (text_of(u, "speaker_id", "speaker") or "?", text_of(u, "form", "original_form").strip()) for u in utterances
    ]
    said = [entry for entry in said if entry[1]]
    letters: dict[str, str] = {}
    for speaker, _ in said:
        letters.setdefault(speaker, chr(ord("A") + len(letters) % 26))
    return [
        {"speaker": letters[speaker], "text": "\n".join(text for _, text in group)}
        for speaker, group in groupby(said, key=lambda entry: entry[0])
    ]
