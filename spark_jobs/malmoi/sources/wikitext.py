"""Wikitext to the Markdown subset, through mwparserfromhell."""

import re

_FILE = re.compile(r"^\s*(?:파일|그림|File|Image|분류|Category|미디어|Media)\s*:", re.IGNORECASE)
_LANGUAGE = re.compile(r"^\s*[a-z]{2,3}(?:-[a-z]+)?\s*:")
_DROPPED = frozenset(
    "ref references gallery math score timeline imagemap nowiki syntaxhighlight source templatestyles".split()
)
_KEPT_AS_CODE = frozenset(("syntaxhighlight", "source", "pre"))
_TAIL = re.compile(r"^(?:같이\s?보기|외부\s?링크|각주|참고\s?(?:문헌|자료)|출처|주석|관련\s?항목)$")
_BLANK = re.compile(r"\n{3,}")
_SPACES = re.compile(r"(?<=\S)[ \t\u00a0]+")
_EMPTY_PARENS = re.compile(r"\s?\(\s*[,;·:]*\s*\)")
MAX_CHARS = 2_000_000


def to_markdown(wikitext: str) -> str:
    """Headings, paragraphs, lists and tables of an article. Templates, references, files and the sections that only
    list links are left out."""
    import mwparserfromhell

    code = mwparserfromhell.parse(wikitext[:MAX_CHARS], skip_style_tags=False)
    text = _join(code.nodes)
    text = _EMPTY_PARENS.sub("", _SPACES.sub(" ", text))
    lines = [line.rstrip() if line.lstrip().startswith(("- ", "1. ")) else line.strip() for line in text.split("\n")]
    return _BLANK.sub("\n\n", "\n".join(_without_tail(lines))).strip()


def _join(nodes) -> str:
    parts: list[str] = []
    marks = ""
    for node in nodes:
        piece = _render(node)
        if type(node).__name__ == "Tag" and node.wiki_markup in ("*", "#", ":", ";"):
            marks += node.wiki_markup
            continue
        if marks:
            parts.append(_list_mark(marks))
            marks = ""
            piece = piece.lstrip(" ")
        parts.append(piece)
    return "".join(parts)


def _list_mark(marks: str) -> str:
    depth = "  " * (len(marks) - 1)
    return f"{depth}- " if marks[-1] == "*" else f"{depth}1. " if marks[-1] == "#" else ""


def _render(node) -> str:
    kind = type(node).__name__
    if kind == "Text":
        return str(node.value)
    if kind == "Heading":
        return f"\n{'#' * node.level} {_join(node.title.nodes).strip()}\n"
    if kind == "Wikilink":
        return _link(node)
    if kind == "ExternalLink":
        return _join(node.title.nodes) if node.title else ("" if node.brackets else str(node.url))
    if kind == "HTMLEntity":
        return node.normalize() or ""
    return _tag(node) if kind == "Tag" else ""


def _link(node) -> str:
    target = str(node.title)
    if _FILE.match(target) or _LANGUAGE.match(target):
        return ""
    return _join(node.text.nodes) if node.text is not None else target.lstrip(":")


def _tag(node) -> str:
    name = str(node.tag).strip().lower()
    if name == "table":
        return _table(node)
    if name in _KEPT_AS_CODE:
        return f"\n\n```\n{str(node.contents).strip()}\n```\n\n"
    if name in _DROPPED or node.contents is None:
        return "\n" if name == "br" else ""
    return _join(node.contents.nodes)


def _rows(nodes) -> list[list[str]]:
    """Cells by row; those before the first row mark are a row too."""
    rows: list[list[str]] = [[]]
    for node in nodes:
        name = str(node.tag).strip() if type(node).__name__ == "Tag" else ""
        if name == "tr":
            rows += _rows(node.contents.nodes)
        elif name in ("td", "th"):
            rows[-1].append(" ".join(_join(node.contents.nodes).split()).replace("|", "\\|"))
    return rows


def _table(node) -> str:
    rows = [row for row in _rows(node.contents.nodes) if any(row)]
    width = max(map(len, rows), default=0)
    if len(rows) < 2 or width < 2:
        return "\n" + "\n".join(" ".join(row) for row in rows) + "\n"
    lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in rows]
    return "\n\n" + "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]]) + "\n\n"


def _without_tail(lines: list[str]) -> list[str]:
    """Without the sections at the end that hold links and references only."""
    for index, line in enumerate(lines):
        if line.startswith("#") and _TAIL.match(line.lstrip("# ").strip()):
            level = len(line) - len(line.lstrip("#"))
            end = next((i for i in range(index + 1, len(lines)) if _is_heading(lines[i], level)), len(lines))
            return lines[:index] + _without_tail(lines[end:])
    return lines


def _is_heading(line: str, level: int) -> bool:
    return line.startswith("#") and len(line) - len(line.lstrip("#")) <= level
