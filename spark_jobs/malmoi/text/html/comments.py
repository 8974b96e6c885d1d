"""Threads: a post and its comments as turns. Names become letters in the order of appearance: no nickname is stored."""

from selectolax.lexbor import LexborHTMLParser

from malmoi.text.charset import clean
from malmoi.text.html.fragments import all_nodes, first_node, first_text, markdown_of
from malmoi.text.html.rules import SiteRule

MAX_COMMENTS = 1_000
MIN_QUOTED_CHARS = 10
_REMOVED = frozenset(
    ("삭제된 댓글입니다.", "해당 댓글은 삭제되었습니다.", "비밀 댓글입니다.", "삭제된 댓글입니다", "비공개 댓글입니다.")
)


def turns_of(tree: LexborHTMLParser, rule: SiteRule, author: str, post: str) -> list[dict]:
    """``{"speaker", "text"}`` of the post and of every comment; empty where there are no comments."""
    letters: dict[str, str] = {author or "\x00": "A"}
    turns = [{"speaker": "A", "text": post}]
    said: set[str] = set(_lines(post))
    for node in all_nodes(tree, rule.comment)[:MAX_COMMENTS]:
        body = first_node(node, rule.comment_text)
        text = clean(markdown_of(body)).strip() if body is not None else ""
        text = _without_quotes(text, said)
        if not text or text in _REMOVED:
            continue
        name = first_text(node, rule.comment_author) or f"\x00{len(letters)}"
        speaker = letters.setdefault(name, _letter(len(letters)))
        said.update(_lines(text))
        turns.append({"speaker": speaker, "text": text})
    return turns if len(turns) > 1 else []


def _letter(number: int) -> str:
    return chr(ord("A") + number) if number < 26 else f"A{number - 25}"


def _lines(text: str) -> list[str]:
    return [line.strip("> ").strip() for line in text.split("\n")]


def _without_quotes(text: str, said: set[str]) -> str:
    """Without the lines that repeat what was said before in the thread."""
    kept = [
        line
        for line in text.split("\n")
        if len(line.strip("> ").strip()) < MIN_QUOTED_CHARS or line.strip("> ").strip() not in said
    ]
    return "\n".join(kept).strip()
