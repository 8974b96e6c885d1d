"""Blocks that the pages of one site share: footers, menus and notices that no single page gives away.

Counts lines over many documents as "Beyond Line-Level Filtering" (arXiv 2510.24139) does, with its Korean thresholds:
green on at most 3 documents, yellow on 4 to 50, red above. Here a line is a block of the page, a corpus is a site, and
what a writer may have written is spared: yellow blocks go at the beginning and the end of a page only, headings never
without what they head; a page whose markup says where its text ends is only counted; and one of which most would go
stays whole, because it is a copy, which is for dedup to judge.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

MAX_LOSS = 0.5
"""A document keeps everything where more than this share of its characters would go."""
MIN_CHARS = 12
"""A shorter sentence ("안녕하세요?") is a writer's habit."""

_FENCE = re.compile(r"(?:> )*`{3,}")
_SENTENCE_END = re.compile(r"[.?!…~][\"'”’)]*$|[다요죠까]$")
_HEADING = re.compile(r"(?:> )*#{1,6} ")
_TABLE_OR_QUOTE = re.compile(r"[|>]")
_MARKS = frozenset("#`>|")
"""What headings, code, tables and quotes begin with."""


def without_repeats(
    texts: Sequence[str],
    split: Sequence[Sequence[str]],
    fixed: Sequence[bool],
    green: int,
    yellow: int,
    elsewhere: Mapping[str, int],
) -> list[str]:
    """The texts of one site's pages without the blocks they share, in the same order; a text that does not change is
    the same object. ``split`` has the ``blocks_of`` each text. A block counts once for each different text that has it, and
    for each of the other pages of the site that ``elsewhere`` counts. ``fixed`` texts are counted and stay.

    ``green`` and ``yellow`` are the most documents that a block of that colour may be on.
    """
    counts = Counter(elsewhere)
    for blocks in dict(zip(texts, split, strict=True)).values():
        counts.update(set(blocks))
    return [
        text if stays else _filtered(text, blocks, counts, green, yellow)
        for text, stays, blocks in zip(texts, fixed, split, strict=True)
    ]


def countable(blocks: Sequence[str]) -> list[str]:
    """The different blocks that may be repeated, in order: headings, and all that is not spared."""
    return [block for block in dict.fromkeys(blocks) if not _is_spared(block) or _HEADING.match(block)]


def blocks_of(text: str) -> list[str]:
    """The blocks of a Markdown text; code between fences is one, whatever empty lines it has."""
    found: list[str] = []
    fence = ""
    for part in text.split("\n\n"):
        if fence:
            found[-1] += "\n\n" + part
        else:
            found.append(part)
            opening = _FENCE.match(part)
            fence = opening.group() if opening else ""
            part = part[len(fence) :]
        if fence and part.endswith(fence):
            fence = ""
    return found


def _filtered(text: str, blocks: Sequence[str], counts: Counter[str], green: int, yellow: int) -> str:
    if not any(counts[block] > green for block in blocks):
        return text
    spared = [_is_spared(block) for block in blocks]
    repeated = [counts[block] > green and not free for block, free in zip(blocks, spared, strict=True)]
    gone = {index for index, block in enumerate(blocks) if repeated[index] and counts[block] > yellow}
    for way in (range(len(blocks)), range(len(blocks) - 1, -1, -1)):
        for index in way:
            if not repeated[index] and not (_HEADING.match(blocks[index]) and counts[blocks[index]] > green):
                break
            gone.add(index)
    gone = {index for index in gone if not _HEADING.match(blocks[index]) or _heads_nothing(blocks, gone, index)}
    lost = sum(len(blocks[index]) for index in gone)
    if not gone or lost > MAX_LOSS * len(text):
        return text
    return "\n\n".join(block for index, block in enumerate(blocks) if index not in gone)


def _is_spared(block: str) -> bool:
    """Headings, code, tables, quotes and short sentences are the text's own, however often they come."""
    if block[:1] in _MARKS and (_HEADING.match(block) or _FENCE.match(block) or _TABLE_OR_QUOTE.match(block)):
        return True
    return len(block) < MIN_CHARS and bool(_SENTENCE_END.search(block))


def _heads_nothing(blocks: Sequence[str], gone: set[int], index: int) -> bool:
    """Whether everything up to the next heading that stays is gone."""
    for following in range(index + 1, len(blocks)):
        if following not in gone:
            return bool(_HEADING.match(blocks[following])) and following > index + 1
    return True
