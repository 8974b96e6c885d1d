"""Title and date where a page shows them around its text, for pages whose metadata is silent."""

import re
from datetime import datetime

from malmoi.text.html.cues import MAX_NAME_CHARS, is_metadata_line
from malmoi.text.html.dates import parse_date
from malmoi.text.html.markdown import plain_text
from malmoi.text.html.metadata import Facts, one_line
from malmoi.text.html.outline import Outline

_MODIFIED = re.compile(r"수정|변경|업데이트|갱신|updat|modif|edited", re.IGNORECASE)
_DATE_NAME = re.compile("date|time|publish|posted|regist|created", re.IGNORECASE)


def headings_of(outline: Outline, region: int) -> list[str]:
    """Heading texts, the likeliest title first: named "title", of the first level, close above the region. The site's
    own name, which links to its front page, is none."""
    found: list[tuple[int, int, str]] = []
    for node in outline.headings:
        text = one_line(plain_text(outline, node))
        if not text or len(text) > 300 or _links_home(outline, node):
            continue
        score = 3 if outline.tags[node] == "h1" else 1
        name = outline.attribute(node, "class")[:MAX_NAME_CHARS].lower()
        score += 2 * ("title" in name or "subject" in name) + (len(text) > 4)
        found.append((-score, abs(node - region), text))
    return [text for _, _, text in sorted(found)]


def _links_home(outline: Outline, node: int) -> bool:
    for inner in range(node + 1, outline.end(node)):
        if outline.tags[inner] == "a":
            href = outline.attribute(inner, "href").strip()
            path = href.split("://", 1)[-1].partition("/")[2] if "://" in href else href.lstrip("./")
            return not path and not href.startswith("#")
    return False


def date_near(facts: Facts, outline: Outline, region: int) -> datetime | None:
    """A <time>; else the date in an element named so that is closest to the text's beginning; else a line of metadata
    above the text, among its first lines, or below it."""
    for text in facts.times[:1]:
        moment = parse_date(text)
        if moment:
            return moment
    for node in sorted(_named_as_dates(outline), key=lambda node: abs(node - region))[:20]:
        text = one_line(plain_text(outline, node))
        moment = parse_date(text) if 6 <= len(text) <= 80 and not _says_modified(outline, node) else None
        if moment:
            return moment
    return _date_line(outline, region)


def _named_as_dates(outline: Outline) -> list[int]:
    for attributes in outline.named:
        if attributes.is_date < 0:
            attributes.is_date = bool(_DATE_NAME.search((attributes.get("class") or "")[:MAX_NAME_CHARS]))
    return outline.nodes_with([attributes for attributes in outline.named if attributes.is_date])


def _says_modified(outline: Outline, node: int) -> bool:
    """Whether the text in or right before an element calls its date one of a change."""
    before = next((outline.text(i) for i in range(node - 1, max(-1, node - 6), -1) if outline.text_length(i)), "")
    return bool(_MODIFIED.search(before[-20:]) or _MODIFIED.search(plain_text(outline, node)[:20]))


def _date_line(outline: Outline, region: int) -> datetime | None:
    end = outline.end(region)
    for start, stop in ((region - 200, region + 60), (end, end + 60)):
        for node in outline.texts_between(start, stop, 6, 80):
            text = one_line(outline.text(node))
            moment = parse_date(text) if is_metadata_line(text) else None
            if moment:
                return moment
    return None
