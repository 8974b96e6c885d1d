"""The passages' Markdown subset as HTML, in the dialects that site editors write."""

import re
from html import escape

_FENCE = re.compile(r"^```(\w*)\n(.*?)\n```$", re.DOTALL)
_INLINE = (
    (re.compile(r"`([^`]+)`"), r"<code>\1</code>"),
    (re.compile(r"\*\*([^*]+)\*\*"), r"<strong>\1</strong>"),
)


def blocks(text: str) -> list[str]:
    """The text's blocks: what stands between empty lines, a fenced code block being one."""
    parts = re.split(r"(^```.*?^```$)", text.strip(), flags=re.DOTALL | re.MULTILINE)
    found: list[str] = []
    for part in parts:
        found.extend([part] if part.startswith("```") else [b.strip() for b in part.split("\n\n") if b.strip()])
    return found


def inline(text: str) -> str:
    html = escape(text, quote=False)
    for pattern, replacement in _INLINE:
        html = pattern.sub(replacement, html)
    return html


def render(text: str, paragraph: str = "<p>{}</p>") -> str:
    """HTML of the whole text; ``paragraph`` is how this site's editor wraps one."""
    return "\n".join(_block(block, paragraph) for block in blocks(text))


def _block(block: str, paragraph: str) -> str:
    lines = block.split("\n")
    if fence := _FENCE.match(block):
        return f'<pre><code class="language-{fence[1] or "text"}">{escape(fence[2], quote=False)}</code></pre>'
    if block.startswith("#"):
        level = len(block) - len(block.lstrip("#"))
        return f"<h{level + 1}>{inline(block[level:].strip())}</h{level + 1}>"
    if all(line.startswith("- ") for line in lines):
        return "<ul>" + "".join(f"<li>{inline(line[2:])}</li>" for line in lines) + "</ul>"
    if all(re.match(r"\d+\. ", line) for line in lines):
        return "<ol>" + "".join(f"<li>{inline(line.split('. ', 1)[1])}</li>" for line in lines) + "</ol>"
    if all(line.startswith("> ") for line in lines):
        return f"<blockquote><p>{'<br>'.join(inline(line[2:]) for line in lines)}</p></blockquote>"
    if all(line.startswith("|") for line in lines):
        return _table(lines)
    return paragraph.format("<br>\n".join(inline(line) for line in lines))


def _table(lines: list[str]) -> str:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    rows = [row for row in rows if not all(set(cell) <= set("-: ") for cell in row)]
    head = "".join(f"<th>{inline(cell)}</th>" for cell in rows[0])
    body = "".join("<tr>" + "".join(f"<td>{inline(c)}</td>" for c in row) + "</tr>" for row in rows[1:])
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
