"""``python -m malmoi.original``: the blocks of the page that a document was read from, for the console.

One JSON object on standard input: ``{"landing", "recipe", "source", "url", "file", "offset", "length", "known"}``;
``known`` are pairs of an entity and a text that the document's annotations hold as such. The answer is a result line:
``{"blocks": [{"text", "fate", "why"}]}`` (``text.html.explain``), personal data written as what it is; ``blocks`` is empty
where the record is no HTML.
"""

import json
import sys
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from malmoi.contracts.endings import RESULT_PREFIX, ending
from malmoi.contracts.errors import InputError
from malmoi.contracts.recipe import load_recipe
from malmoi.contracts.recipe.privacy import ENTITIES
from malmoi.models import presidio
from malmoi.sources import Origin, RawPage
from malmoi.sources.one import read_one
from malmoi.stages.ingest import site_rules
from malmoi.text.charset import clean, decode
from malmoi.text.html import TooComplex
from malmoi.text.html.explain import Explained, explain

MIN_KNOWN_CHARS = 2
"""A shorter text that was found as personal data says nothing where it stands elsewhere."""


def blocks_of(question: dict[str, Any]) -> list[Explained]:
    """The page's blocks, with personal data masked. Raises InputError where the record is gone or cannot be parsed."""
    recipe = load_recipe(question["recipe"])
    origin = Origin(question["file"], question["offset"], question["length"])
    record = read_one(question["landing"], recipe.sources[question["source"]], recipe.ingest, origin)
    if not isinstance(record, RawPage):
        raise InputError(f"{origin.file}: no page at {origin.offset} any more")
    if record.html is None:
        return []
    html = clean(record.html) if isinstance(record.html, str) else decode(record.html, record.charset).utf8
    try:
        blocks = explain(html, record.url or question["url"], site_rules(recipe))
    except TooComplex as error:
        raise InputError(f"{origin.file} @ {origin.offset}: {error}") from None
    return masked(blocks, [(entity, text) for entity, text in question["known"]])


def masked(blocks: Sequence[Explained], known: Sequence[tuple[str, str]]) -> list[Explained]:
    """The blocks with the names of entities for what the detector finds over the whole page, and for texts that are
    ``known`` as personal data."""
    starts = list(accumulate((len(block.text) + 1 for block in blocks), initial=0))
    texts = [block.text for block in blocks]
    (spans,) = presidio.find(["\n".join(texts)])
    for span in sorted(spans, reverse=True):
        row = bisect_right(starts, span.start) - 1
        for at in range(row, len(texts)):  # a span over two blocks hides its part of each
            start, end = max(span.start - starts[at], 0), span.end - starts[at]
            if end <= 0:
                break
            texts[at] = f"{texts[at][:start]}<{ENTITIES[span.entity]}>{texts[at][end:]}"
    for entity, text in sorted(known, key=lambda pair: -len(pair[1])):
        if len(text) >= MIN_KNOWN_CHARS:
            texts = [one.replace(text, f"<{ENTITIES.get(entity, entity)}>") for one in texts]
    return [block._replace(text=text) for block, text in zip(blocks, texts, strict=True)]


def main() -> int:
    question = json.load(sys.stdin)
    with ending() as end:
        answer = {"blocks": [block._asdict() for block in blocks_of(question)]}
        print(f"{RESULT_PREFIX}{json.dumps(answer, ensure_ascii=False)}", flush=True)
    return end.code


if __name__ == "__main__":
    sys.exit(main())
