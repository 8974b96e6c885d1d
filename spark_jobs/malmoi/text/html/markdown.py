"""A region of the outline as blocks of a small Markdown subset: headings, paragraphs, lists, tables, code, quotes."""

import re
from dataclasses import dataclass

from malmoi.text.html.outline import BLOCKS, Outline

_WHOLE = frozenset("br hr pre table math a code kbd samp".split())
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_PARAGRAPH_BREAK = re.compile(r"\x00\s*\x00[\x00\s]*")  # two line breaks in a row
_PERMALINK = frozenset(("#", "¶", "§", "🔗", "", "Permalink", "permalink", "[편집]", "편집"))


MIN_CODE_BREAKS = 2
"""A paragraph that is a <code> with so many line breaks is a program that lost its <pre>."""


@dataclass(slots=True)
class Block:
    """One block of text. ``kind``: paragraph, heading, item, code, row, caption; ``level`` is the depth of a heading or list item;
    ``quote`` the depth of quotation; ``link_share`` the part of the text that lies in links; ``node`` where it began."""

    kind: str
    text: str
    level: int = 0
    marker: str = ""
    quote: int = 0
    link_share: float = 0.0
    node: int = 0
    group: int = 0  # the list or table that an item or row belongs to


def render(outline: Outline, root: int) -> list[Block]:
    """Blocks of the region in reading order."""
    return _Renderer(outline).run(root)


def _collapsed(text: str) -> str:
    """White space collapsed, zero-width spaces (editors fill empty paragraphs with them) out."""
    return " ".join(text.replace("\u200b", "").split())


class _Renderer:
    def __init__(self, outline: Outline):
        self.outline = outline
        self.blocks: list[Block] = []
        self.buffer: list[str] = []
        self.length = 0
        self.linked = 0
        self.kind, self.level, self.marker = "paragraph", 0, ""
        self.lists: list[list] = []  # [tag, next number, node]
        self.quote = 0
        self.start = 0
        self.fresh_item = ""

    def run(self, root: int) -> list[Block]:
        outline = self.outline
        tags, end_of, dropped = outline.tags, outline.end, outline.dropped
        open_nodes: list[int] = []
        node, end = root, end_of(root)
        while node < end:
            while open_nodes and end_of(open_nodes[-1]) <= node:
                self._close(open_nodes.pop())
            if node in dropped:
                node = end_of(node)
                continue
            tag = tags[node]
            if not tag:
                self._text(node)
                node += 1
            elif tag in _WHOLE and self._whole(node, tag):
                node = end_of(node)
            else:
                if tag in BLOCKS:
                    self._open(node, tag)
                    open_nodes.append(node)
                node += 1
        while open_nodes:
            self._close(open_nodes.pop())
        self._flush()
        return self.blocks

    def _text(self, node: int) -> None:
        outline = self.outline
        length = outline.text_length(node)
        if not length and not self.buffer:
            return  # white space that begins a paragraph
        self.buffer.append(outline.texts[node])
        self.length += length
        self.linked += outline.text_link_length(node)
        if not self.start:
            self.start = node

    def _whole(self, node: int, tag: str) -> bool:
        """Elements that are taken in one piece."""
        outline = self.outline
        if tag == "br":
            self.buffer.append("\x00")
        elif tag == "hr":
            self._flush()
        elif tag == "pre":
            self._flush()
            self._code(node, outline.texts[node])
        elif tag == "table" and (rows := table_rows(outline, node)):
            self._flush()
            for row in rows:
                self.blocks.append(Block("row", row, quote=self.quote, node=node, group=node))
        elif tag == "math":
            self.buffer.append(_formula(outline, node))
        elif tag == "a" and _is_permalink(outline, node):
            pass
        elif tag in ("code", "kbd", "samp") and outline.length(node):
            source = plain_text(outline, node)
            if source.strip().count("\n") >= MIN_CODE_BREAKS and not "".join(self.buffer).strip():
                self._flush()
                self._code(node, source)
                return True
            text = _collapsed(source)
            self.buffer.append(f"`{text}`" if text and "`" not in text else text)
            self.length += len(text)
            self.linked += outline.link_length(node)
        else:
            return False
        return True

    def _open(self, node: int, tag: str) -> None:
        self._flush()
        if tag in _HEADINGS:
            self.kind, self.level = "heading", _HEADINGS[tag]
        elif tag in ("ul", "ol", "dir"):
            self.lists.append([tag, 1, node])
        elif tag == "li":
            self._item()
        elif tag == "blockquote":
            self.quote += 1
        elif tag in ("figcaption", "caption"):
            self.kind = "caption"

    def _item(self) -> None:
        if not self.lists:
            self.lists.append(["ul", 1, 0])
        current = self.lists[-1]
        self.fresh_item = f"{current[1]}. " if current[0] == "ol" else "- "
        current[1] += 1

    def _close(self, node: int) -> None:
        tag = self.outline.tags[node]
        self._flush()
        if tag in ("ul", "ol", "dir"):
            self.lists.pop()
        elif tag == "li":
            self.fresh_item = ""
        elif tag == "blockquote":
            self.quote -= 1

    def _flush(self) -> None:
        """Ends the running paragraph; two line breaks in a row also end one."""
        if self.buffer:
            share = self.linked / self.length if self.length else 0.0
            text = _collapsed("".join(self.buffer))
            for part in _PARAGRAPH_BREAK.split(text) if "\x00" in text else (text,):
                lines = [line.strip() for line in part.split("\x00")]
                text = "\n".join(line for line in lines if line)
                if text:
                    self._emit(text, share)
            self.buffer = []
            self.length = self.linked = self.start = 0
        self.kind, self.level = "paragraph", 0

    def _emit(self, text: str, share: float) -> None:
        block = Block(self.kind, text, self.level, "", self.quote, share, self.start)
        if self.kind == "heading":
            block.text = text.replace("\n", " ")
        elif self.lists:
            block.group = self.lists[0][2]
            block.level = len(self.lists)
            block.kind = "item"
            block.marker, self.fresh_item = self.fresh_item, ""
        self.blocks.append(block)

    def _code(self, node: int, source: str) -> None:
        text = code_text(source)
        if text.strip():
            self.blocks.append(Block("code", text, quote=self.quote, node=node))


def plain_text(outline: Outline, node: int) -> str:
    """Text of a subtree as it stands."""
    parts = []
    index, end = node, outline.end(node)
    while index < end:
        if index in outline.dropped:
            index = outline.end(index)
            continue
        tag = outline.tags[index]
        if tag == "br":
            parts.append("\n")
        else:
            parts.append(outline.texts[index] or (" " if tag in BLOCKS else ""))
        index += 1
    return "".join(parts)


def code_text(source: str) -> str:
    """Text of a program, lines kept, without empty lines around it."""
    return source.replace("\u00a0", " ").replace("\u200b", "").strip("\n").rstrip()


def table_rows(outline: Outline, table: int) -> list[str]:
    """Markdown rows of a table of data; empty for a table that only lays the page out."""
    rows: list[list[str]] = []
    index, end = table + 1, outline.end(table)
    while index < end:
        tag = outline.tags[index]
        if index in outline.dropped:
            index = outline.end(index)
            continue
        if tag in ("table", "pre", "ul", "ol", "h1", "h2", "h3", "blockquote"):
            return []
        if tag == "caption":
            index = outline.end(index)
            continue
        if tag == "tr":
            rows.append([])
        elif tag in ("td", "th") and rows:
            rows[-1].append(_collapsed(_cell(outline, index)).replace("|", "\\|"))
            index = outline.end(index)
            continue
        index += 1
    rows = [row for row in rows if any(row)]
    if len(rows) < 2 or max(map(len, rows)) < 2 or max(len(cell) for row in rows for cell in row) > 1_000:
        return []
    width = max(map(len, rows))
    lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in rows]
    return [lines[0], "|" + " --- |" * width, *lines[1:]]


def _cell(outline: Outline, node: int) -> str:
    parts = []
    index, end = node, outline.end(node)
    while index < end:
        if index in outline.dropped:
            index = outline.end(index)
            continue
        tag = outline.tags[index]
        if not tag:
            parts.append(outline.texts[index])
        elif tag == "br" or tag in BLOCKS:
            parts.append(" ")
        index += 1
    return "".join(parts)


def _formula(outline: Outline, node: int) -> str:
    for index in range(node + 1, outline.end(node)):
        if outline.tags[index] == "annotation":
            return f"${plain_text(outline, index).strip()}$"
    return plain_text(outline, node)


def _is_permalink(outline: Outline, node: int) -> bool:
    attributes = outline.attributes[node] or {}
    href = attributes.get("href") or ""
    if not href.startswith("#") and "#" not in href:
        return False
    return plain_text(outline, node).strip() in _PERMALINK


_QUOTE = "> "


def to_text(blocks: list[Block]) -> str:
    """The blocks as one Markdown text."""
    parts: list[str] = []
    previous: Block | None = None
    for block in blocks:
        if previous is not None:
            tight = block.kind in ("item", "row") and previous.kind == block.kind and previous.group == block.group
            parts.append("\n" if tight else "\n\n")
        parts.append(_quoted(_markdown(block), block.quote))
        previous = block
    return "".join(parts)


def _markdown(block: Block) -> str:
    if block.kind == "heading":
        return f"{'#' * block.level} {block.text}"
    if block.kind == "code":
        fence = "````" if "```" in block.text else "```"
        return f"{fence}\n{block.text}\n{fence}"
    if block.kind == "item":
        indent = "  " * (block.level - 1)
        first = block.marker or "  "
        return indent + first + block.text.replace("\n", "\n" + indent + " " * len(first))
    return block.text


def _quoted(text: str, depth: int) -> str:
    if not depth:
        return text
    mark = _QUOTE * depth
    return mark + text.replace("\n", "\n" + mark)
