"""Blocks that belong to the page and not to its text, taken out one by one: the title repeated on top, bylines, dates,
share buttons, copyright tails, tables of contents, and lists of links to other pages at the end."""

from malmoi.text.html.cues import BYLINE, CLOSING, FURNITURE
from malmoi.text.html.markdown import Block

MAX_FURNITURE_CHARS = 160
HEAD_BLOCKS = 6
"""Title, byline and date stand among the first blocks; the same words further down are part of the text."""


def trim(blocks: list[Block], title: str) -> list[Block]:
    """The blocks without the furniture. The order of the rest does not change."""
    kept = [block for block in blocks if not _is_furniture(block)]
    kept = _without_head(kept, title)
    return _without_tail(kept)


def _is_furniture(block: Block) -> bool:
    if block.kind in ("code", "row") or len(block.text) > MAX_FURNITURE_CHARS:
        return False
    return (
        bool(FURNITURE.fullmatch(block.text))
        or not any(char.isalnum() for char in block.text)
        and block.kind != "paragraph"
    )


def _without_head(blocks: list[Block], title: str) -> list[Block]:
    head = []
    plain_title = _plain(title)
    for block in blocks[:HEAD_BLOCKS]:
        if block.kind == "heading" and block.level == 1 and _plain(block.text) == plain_title:
            continue
        if block.kind in ("paragraph", "item") and len(block.text) < 60 and BYLINE.fullmatch(block.text):
            continue
        head.append(block)
    return head + blocks[HEAD_BLOCKS:]


def _without_tail(blocks: list[Block]) -> list[Block]:
    """From a closing heading on, when nothing but links follows; and a byline as the last line."""
    for index in range(len(blocks) - 1, max(-1, len(blocks) - 40), -1):
        block = blocks[index]
        if (
            len(block.text) < 40
            and block.kind != "code"
            and CLOSING.fullmatch(block.text)
            and _only_links(blocks[index + 1 :])
        ):
            blocks = blocks[:index]
            break
    while blocks and len(blocks[-1].text) < 80 and blocks[-1].kind == "paragraph" and BYLINE.fullmatch(blocks[-1].text):
        blocks = blocks[:-1]
    return blocks


def _only_links(blocks: list[Block]) -> bool:
    total = sum(len(block.text) for block in blocks)
    linked = sum(len(block.text) * block.link_share for block in blocks)
    return linked >= 0.7 * total


def _plain(text: str) -> str:
    return "".join(char for char in text if char.isalnum()).lower()
