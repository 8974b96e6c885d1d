# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
"""A region of the outline as blocks of a small Markdown subset: headings, paragraphs, lists, tables, code, quotes."""

import re

from malmoi.text.html.elements cimport HAS_HREF, IS_BLOCK, IS_BREAK, IS_PRE, IS_SKIPPED, IS_TEXT, IS_WHOLE
from malmoi.text.html.outline cimport Item, Outline

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_PARAGRAPH_BREAK = re.compile(r"\x00\s*\x00[\x00\s]*")  # two line breaks in a row
_NOT_OF_DATA = frozenset("table pre ul ol h1 h2 h3 blockquote".split())
"""A table with one of these inside lays the page out."""
_PERMALINK = frozenset(("#", "¶", "§", "🔗", "", "Permalink", "permalink", "[편집]", "편집"))


MIN_CODE_BREAKS = 2
"""A paragraph that is a <code> with so many line breaks is a program that lost its <pre>."""


cdef class Block:
    """One block of text. ``kind``: paragraph, heading, item, code, row, caption; ``level`` is the depth of a heading or list item;
    ``quote`` the depth of quotation; ``link_share`` the part of the text that lies in links; ``node`` where it began; ``group``
    the list or table that an item or row belongs to."""

    cdef readonly str kind, text, marker
    cdef readonly int level, quote, node, group
    cdef readonly double link_share

    def __init__(
        self, str kind, str text, int level=0, str marker="", int quote=0, double link_share=0.0, int node=0, int group=0
    ):
        self.kind, self.text, self.level, self.marker = kind, text, level, marker
        self.quote, self.link_share, self.node, self.group = quote, link_share, node, group

    def with_text(self, str text):
        """The same block with another text."""
        return Block(self.kind, text, self.level, self.marker, self.quote, self.link_share, self.node, self.group)


def render(Outline outline, int root):
    """Blocks of the region in reading order."""
    return _Renderer(outline).run(root)


cdef str _collapsed(str text):
    """White space collapsed, zero-width spaces (editors fill empty paragraphs with them) out."""
    return " ".join((text.replace("\u200b", "") if "\u200b" in text else text).split())


cdef class _Renderer:
    cdef Outline outline
    cdef list blocks, buffer
    cdef list lists  # [tag, next number, node]
    cdef int length, linked, level, quote, start
    cdef str kind, fresh_item

    def __init__(self, Outline outline):
        self.outline = outline
        self.blocks, self.buffer, self.lists = [], [], []
        self.length = self.linked = self.level = self.quote = self.start = 0
        self.kind, self.fresh_item = "paragraph", ""

    cdef list run(self, int root):
        cdef Outline outline = self.outline
        cdef Item *items = outline.items
        cdef set dropped = outline.dropped
        cdef list open_nodes = []
        cdef int node = root, end = items[root].end, until = end
        cdef int kind
        while node < end:
            while node >= until:
                self._close(open_nodes.pop())
                until = items[<int>open_nodes[len(open_nodes) - 1]].end if open_nodes else end
            if node in dropped:
                node = items[node].end
                continue
            kind = items[node].kind
            if kind & (IS_TEXT | IS_SKIPPED):
                self._text(node)
                node += 1
            elif kind & IS_WHOLE and self._whole(node, outline.tags[node]):
                node = items[node].end
            else:
                if kind & IS_BLOCK:
                    self._open(node, outline.tags[node])
                    open_nodes.append(node)
                    until = items[node].end
                node += 1
        while open_nodes:
            self._close(open_nodes.pop())
        self._flush()
        return self.blocks

    cdef int _text(self, int node) except -1:
        cdef int length = self.outline.items[node].length
        if not length and not self.buffer:
            return 0  # white space that begins a paragraph
        self.buffer.append(self.outline.text(node))
        self.length += length
        self.linked += self.outline.items[node].linked
        if not self.start:
            self.start = node
        return 0

    cdef bint _whole(self, int node, str tag) except -1:
        """Elements that are taken in one piece."""
        cdef Outline outline = self.outline
        if tag == "br":
            self.buffer.append("\x00")
        elif tag == "hr":
            self._flush()
        elif tag == "pre":
            self._flush()
            self._code(node, outline.text(node))
        elif tag == "table":
            rows = table_rows(outline, node)
            if not rows:
                return False
            self._flush()
            for row in rows:
                self.blocks.append(Block("row", row, 0, "", self.quote, 0.0, node, node))
        elif tag == "math":
            self.buffer.append(_formula(outline, node))
        elif tag == "a":
            return _is_permalink(outline, node)
        elif outline.length(node):  # code, kbd, samp
            self._inline_code(node)
        else:
            return False
        return True

    cdef int _inline_code(self, int node) except -1:
        cdef str source = plain_text(self.outline, node), text
        if source.strip().count("\n") >= MIN_CODE_BREAKS and not "".join(self.buffer).strip():
            self._flush()
            return self._code(node, source)
        text = _collapsed(source)
        self.buffer.append(f"`{text}`" if text and "`" not in text else text)
        self.length += len(text)
        self.linked += self.outline.link_length(node)
        return 0

    cdef int _open(self, int node, str tag) except -1:
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
        return 0

    cdef int _item(self) except -1:
        cdef list current
        if not self.lists:
            self.lists.append(["ul", 1, 0])
        current = self.lists[len(self.lists) - 1]
        self.fresh_item = f"{current[1]}. " if current[0] == "ol" else "- "
        current[1] += 1
        return 0

    cdef int _close(self, int node) except -1:
        cdef str tag = self.outline.tags[node]
        self._flush()
        if tag in ("ul", "ol", "dir"):
            self.lists.pop()
        elif tag == "li":
            self.fresh_item = ""
        elif tag == "blockquote":
            self.quote -= 1
        return 0

    cdef int _flush(self) except -1:
        """Ends the running paragraph; two line breaks in a row also end one."""
        cdef double share
        cdef str text, part
        if self.buffer:
            share = <double>self.linked / self.length if self.length else 0.0
            text = _collapsed(<str>self.buffer[0] if len(self.buffer) == 1 else "".join(self.buffer))
            for part in _PARAGRAPH_BREAK.split(text) if "\x00" in text else (text,):
                if "\x00" in part:
                    lines = [line.strip() for line in part.split("\x00")]
                    part = "\n".join([line for line in lines if line])
                else:
                    part = part.strip()
                if part:
                    self._emit(part, share)
            self.buffer = []
            self.length = self.linked = self.start = 0
        self.kind, self.level = "paragraph", 0
        return 0

    cdef int _emit(self, str text, double share) except -1:
        cdef Block block = Block(self.kind, text, self.level, "", self.quote, share, self.start)
        if self.kind == "heading":
            block.text = text.replace("\n", " ")
        elif self.lists:
            block.group = self.lists[0][2]
            block.level = len(self.lists)
            block.kind = "item"
            block.marker, self.fresh_item = self.fresh_item, ""
        self.blocks.append(block)
        return 0

    cdef int _code(self, int node, str source) except -1:
        cdef str text = code_text(source)
        if text.strip():
            self.blocks.append(Block("code", text, 0, "", self.quote, 0.0, node))
        return 0


cpdef str plain_text(Outline outline, int node):
    """Text of a subtree as it stands."""
    cdef list parts = []
    cdef int index = node, end = outline.items[node].end
    cdef set dropped = outline.dropped
    while index < end:
        if index in dropped:
            index = outline.items[index].end
            continue
        if outline.items[index].kind & IS_BREAK:
            parts.append("\n")
        elif outline.items[index].kind & (IS_TEXT | IS_PRE):
            parts.append(outline.text(index) or (" " if outline.items[index].kind & IS_PRE else ""))
        elif outline.items[index].kind & IS_BLOCK:
            parts.append(" ")
        index += 1
    return "".join(parts)


cdef str code_text(str source):
    """Text of a program, lines kept, without empty lines around it."""
    return source.replace("\u00a0", " ").replace("\u200b", "").strip("\n").rstrip()


cdef list table_rows(Outline outline, int table):
    """Markdown rows of a table of data; empty for a table that only lays the page out."""
    cdef list rows = []
    cdef int index = table + 1, end = outline.items[table].end
    cdef str tag
    while index < end:
        tag = outline.tags[index]
        if tag == "" and index not in outline.dropped:
            index += 1
            continue
        if tag == "caption" or index in outline.dropped:
            index = outline.items[index].end
            continue
        if tag in _NOT_OF_DATA:
            return []
        if tag == "tr":
            rows.append([])
        elif tag in ("td", "th") and rows:
            rows[len(rows) - 1].append(_collapsed(_cell(outline, index)).replace("|", "\\|"))
            index = outline.items[index].end
            continue
        index += 1
    rows = [row for row in rows if any(row)]
    if len(rows) < 2 or max(map(len, rows)) < 2 or max(len(cell) for row in rows for cell in row) > 1_000:
        return []
    width = max(map(len, rows))
    lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in rows]
    return [lines[0], "|" + " --- |" * width, *lines[1:]]


cdef str _cell(Outline outline, int node):
    cdef list parts = []
    cdef int index = node, end = outline.items[node].end
    while index < end:
        if index in outline.dropped:
            index = outline.items[index].end
            continue
        if outline.items[index].kind & IS_TEXT:
            parts.append(outline.text(index))
        elif outline.items[index].kind & (IS_BREAK | IS_BLOCK):
            parts.append(" ")
        index += 1
    return "".join(parts)


cdef str _formula(Outline outline, int node):
    cdef int index
    for index in range(node + 1, outline.items[node].end):
        if outline.tags[index] == "annotation":
            return f"${plain_text(outline, index).strip()}$"
    return plain_text(outline, node)


cdef bint _is_permalink(Outline outline, int node) except -1:
    if not outline.items[node].has & HAS_HREF or "#" not in (outline.attributes[node]["href"] or ""):
        return False
    return plain_text(outline, node).strip() in _PERMALINK


_QUOTE = "> "


def to_text(list blocks not None):
    """The blocks as one Markdown text."""
    cdef list parts = []
    cdef Block previous = None
    cdef Block block
    for block in blocks:
        if previous is not None:
            tight = block.kind in ("item", "row") and previous.kind == block.kind and previous.group == block.group
            parts.append("\n" if tight else "\n\n")
        parts.append(_quoted(_markdown(block), block.quote))
        previous = block
    return "".join(parts)


cdef str _markdown(Block block):
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


cdef str _quoted(str text, int depth):
    if not depth:
        return text
    mark = _QUOTE * depth
    return mark + text.replace("\n", "\n" + mark)
