"""Blocks that belong to the page and not to its text, taken out one by one: the title repeated on top, bylines, dates,
share buttons, copyright tails, tables of contents, and lists of links to other pages at the end."""

import re
from collections.abc import Callable

from malmoi.text.html import cues
from malmoi.text.html.markdown import Block

MAX_LINE_CHARS = 200
EDGE_BLOCKS = 8
"""Title, byline, date and neighbours stand among the first or last blocks; the same words in between are text."""
TAIL_BLOCKS = 60
MAX_BLOCKS_ABOVE_TITLE = 12
MAX_CHARS_ABOVE_TITLE = 200

_NOT_ALNUM = re.compile(r"[\W_]+")


def trim(blocks: list[Block], title: str) -> list[Block]:
    """The blocks without the furniture. The order of the rest does not change."""
    has_notice = cues.may_hold_notice("\n".join([block.text for block in blocks]))
    kept = _without_related(_without(_without_contents(blocks), _is_button_or_notice if has_notice else _is_button))
    plain_title = _plain(title)
    kept = kept[_title_end(kept, plain_title) :]
    head = [block for block in kept[:EDGE_BLOCKS] if not _repeats_title(block, plain_title)]
    rest = kept[EDGE_BLOCKS:]
    cut = max(0, len(rest) - EDGE_BLOCKS)
    return _without(head, _is_edge) + rest[:cut] + _without(rest[cut:], _is_edge)


def _without(blocks: list[Block], is_unwanted: Callable[[Block, str], bool]) -> list[Block]:
    """Takes unwanted lines out of paragraphs and list items, and the blocks of which nothing is left."""
    kept = []
    for block in blocks:
        if block.kind != "paragraph" and block.kind != "item":
            kept.append(block)
            continue
        lines = block.text.split("\n")
        wanted = [line for line in lines if len(line) > MAX_LINE_CHARS or not is_unwanted(block, line)]
        if len(wanted) == len(lines):
            kept.append(block)
        elif wanted:
            kept.append(block.with_text("\n".join(wanted)))
    return kept


def _title_end(blocks: list[Block], plain_title: str) -> int:
    """Where the text begins when the page's title stands on top of it after a few short lines; else 0."""
    above = 0
    for index, block in enumerate(blocks[:MAX_BLOCKS_ABOVE_TITLE]):
        if block.kind == "heading" and _repeats_title(block, plain_title):
            return index + 1
        above += len(block.text)
        if above > MAX_CHARS_ABOVE_TITLE or block.text[-1] in ".!?":  # a sentence is text
            break
    return 0


def _is_button(block: Block, line: str) -> bool:
    """Buttons and share boxes, wherever they stand. Plain list items stay."""
    if block.kind == "item" and block.link_share < 0.9:
        return False
    if line.startswith('{"') and line.endswith("}"):
        return True  # data of a script that was left in the page
    return cues.BUTTON.fullmatch(line) is not None


def _is_button_or_notice(block: Block, line: str) -> bool:
    if _is_button(block, line):
        return True
    return (block.kind != "item" or block.link_share >= 0.9) and cues.NOTICE.fullmatch(line) is not None


def _is_edge(block: Block, line: str) -> bool:
    """Dates, counts, bylines and neighbouring pages: furniture at the edges, text in between."""
    if cues.is_metadata_line(line) or cues.NEIGHBOURS.fullmatch(line) or cues.BYLINE.fullmatch(line):
        return True
    return block.link_share > 0.5 and bool(cues.NEIGHBOUR_TITLE.match(line))


def _repeats_title(block: Block, plain_title: str) -> bool:
    if not plain_title or block.kind not in ("heading", "paragraph") or len(block.text) > 2 * len(plain_title) + 40:
        return False
    return _plain(block.text) == plain_title


def _without_contents(blocks: list[Block]) -> list[Block]:
    """Takes out the page's own list of its headings: "On this page" and the links that follow."""
    kept: list[Block] = []
    in_contents = False
    for block in blocks:
        if block.kind in ("heading", "paragraph") and cues.CONTENTS.fullmatch(block.text):
            in_contents = True
        elif not (in_contents and block.link_share >= 0.9):
            in_contents = False
            kept.append(block)
    return kept


def _without_related(blocks: list[Block]) -> list[Block]:
    """Cuts at the last closing heading when nothing but links follows it."""
    for index in range(len(blocks) - 1, max(-1, len(blocks) - TAIL_BLOCKS), -1):
        block = blocks[index]
        short = block.kind in ("heading", "paragraph") and len(block.text) < 40
        if short and cues.CLOSING.fullmatch(block.text) and _only_links(blocks[index + 1 :]):
            return blocks[:index]
    return blocks


def _only_links(blocks: list[Block]) -> bool:
    total = sum(len(block.text) for block in blocks)
    linked = sum(len(block.text) * block.link_share for block in blocks)
    return linked >= 0.7 * total


def _plain(text: str) -> str:
    return _NOT_ALNUM.sub("", text).lower()
