"""What became of every block of a page: kept, kept in part or cut, and why. For a person who looks at one document.

The page is rendered whole and each block is held against the blocks that ``extract`` takes, so that both say the same.
"""

from typing import NamedTuple

from malmoi.text.charset import clean
from malmoi.text.html import cues, metadata
from malmoi.text.html.markdown import Block, render, to_text
from malmoi.text.html.outline import Outline
from malmoi.text.html.page import content_of
from malmoi.text.html.parsing import as_utf8, parse
from malmoi.text.html.rules import SiteRules

KEPT, PARTLY, CUT = "kept", "partly", "cut"
MAX_BLOCKS = 2_000


class Explained(NamedTuple):
    """One block in page order. ``fate``: KEPT, PARTLY or CUT. ``why`` is empty where it is kept, else nav, footer, aside,
    comments, hidden or surroundings (dropped as what stands around a text), outside (not in the region that holds the
    text), site_rule (not in what the site's rule names), or furniture (bylines, dates, buttons within the text)."""

    text: str
    fate: str
    why: str


def explain(html: str | bytes, url: str, rules: SiteRules) -> list[Explained]:
    """Up to MAX_BLOCKS blocks of the page (``html`` as ``extract`` takes it). Raises TooComplex for a page that would cost too much to parse."""
    raw = as_utf8(html)
    tree = parse(raw)
    found = content_of(tree, rules.find(url, raw), metadata.gather(tree), raw)
    body = tree.body  # a site rule's outline begins at the content that it names
    whole = found.outline if body is None or found.outline.tags[0] == body.tag else Outline(body)
    is_whole = whole is found.outline
    dropped, whole.dropped = whole.dropped, set()
    inside, kept = ({_key(block, is_whole) for block in blocks} for blocks in (found.rendered, found.blocks))
    lines = {line for _, text in kept for line in text.split("\n")}
    explained = []
    for block in render(whole, 0)[:MAX_BLOCKS]:
        key, text = _key(block, is_whole), clean(to_text([block])).strip()
        if key in kept:
            explained.append(Explained(text, KEPT, ""))
        elif key in inside:
            partly = not lines.isdisjoint(block.text.split("\n"))
            explained.append(Explained(text, PARTLY if partly else CUT, "furniture"))
        else:
            explained.append(Explained(text, CUT, _outside(found.outline, dropped, block) if is_whole else "site_rule"))
    return explained


def _key(block: Block, is_whole: bool) -> tuple[int, str]:
    """What tells a block: its place and text, or its text alone where the two outlines count their nodes differently."""
    return (block.node if is_whole else 0, block.text)


def _outside(outline: Outline, dropped: set[int], block: Block) -> str:
    """Why a block is not in the region: what its surroundings were dropped as, else that it lies outside."""
    for root in sorted(dropped):
        if root <= block.node < outline.end(root):
            return _dropped(outline.tags[root], outline.attributes[root] or {})
    return "outside"


def _dropped(tag: str, attributes: dict[str, str | None]) -> str:
    if cues.says_comment(attributes):
        return "comments"
    if "hidden" in attributes or cues.hidden_by_style(attributes.get("style") or ""):
        return "hidden"
    return tag if tag in ("nav", "footer", "aside") else "surroundings"
