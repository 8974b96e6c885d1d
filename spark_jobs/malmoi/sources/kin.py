"""KiN threads as JSON Lines: ``{"url", "title", "question", "answers": [{"text", "adopted", "expert", "votes"}],
"asker", "published_at"}``."""

from collections.abc import Iterator

from malmoi.contracts.reasons import Fault
from malmoi.contracts.recipe.sections import Ingest
from malmoi.sources.fields import count_of, flag_of, moment_of, text_of
from malmoi.sources.lines import json_lines
from malmoi.sources.records import BadRecord, Origin, RawPage, Record


def read_kin(path: str, name: str, limits: Ingest) -> Iterator[Record]:
    """One thread a line."""
    for found in json_lines(path, name, limits.max_record_mib << 20):
        yield found if isinstance(found, BadRecord) else _thread(found[1], found[0])


def _thread(record: dict, origin: Origin) -> RawPage | BadRecord:
    title, question = text_of(record, "title"), text_of(record, "question", "body", "content")
    if not title and not question:
        return BadRecord(origin, Fault.MISSING_FIELD, "neither 'title' nor 'question' holds text", origin.length)
    answers = record.get("answers", [])
    if not isinstance(answers, list):
        return BadRecord(origin, Fault.MISSING_FIELD, "'answers' is no list", origin.length)
    return RawPage(
        origin,
        origin.length,
        url=text_of(record, "url", "link"),
        title=title,
        author=text_of(record, "asker", "author"),
        published_at=text_of(record, "published_at", "date", "created_at") or None,
        fetched_at=moment_of(record, "fetched_at", "crawled_at"),
        license=text_of(record, "license"),
        section=text_of(record, "section", "category", "directory"),
        kind="qa",
        thread={"question": question, "answers": [_answer(item) for item in answers if isinstance(item, dict)]},
    )


def _answer(item: dict) -> dict:
    return {
        "text": text_of(item, "text", "answer", "content", "body"),
        "adopted": flag_of(item, "adopted", "selected", "accepted", "is_adopted"),
        "expert": flag_of(item, "expert", "is_expert"),
        "votes": count_of(item, "votes", "likes", "score", "recommend"),
    }
