"""Threads: a post and its comments as turns. Names become letters in the order of appearance: no nickname is stored.

Comments are found by the site's rule, else by what the page says of itself (JSON-LD, microdata), else by the names that
boards and blogs give their elements: a box for a comment's text has two words in its class, such as "comment-content",
"cmt_txt" or "reply_body".
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from malmoi.text.charset import clean
from malmoi.text.html.cues import MAX_NAME_CHARS
from malmoi.text.html.elements import Attributes
from malmoi.text.html.fragments import all_nodes, first_node, first_text
from malmoi.text.html.markdown import plain_text, render, to_text
from malmoi.text.html.metadata import Facts, name_in, one_line
from malmoi.text.html.outline import Outline
from malmoi.text.html.parsing import parse
from malmoi.text.html.rules import SiteRule

MAX_COMMENTS = 1_000
MIN_QUOTED_CHARS = 10
MAX_LEVELS_TO_NAME = 4
MAX_NAME_LENGTH = 60

_NOT_SAID = re.compile(
    r"(?:(?:해당|이|본)\s)?(?:삭제된|비밀|비공개|차단된|숨겨진|블라인드)\s?(?:댓글|답글|처리)[^\n]{0,20}|해당 댓글은 [^\n]{0,10}삭제[^\n]{0,10}"
    r"|(?:작성자|관리자)에 의해 삭제[^\n]{0,20}|(?:첫\s?(?:번째\s)?)?댓글을?\s?(?:입력|작성|남겨|달아|등록)[^\n]{0,20}"
    r"|(?:등록된 )?댓글이 없습니다\.?|로그인[^\n]{0,10}댓글[^\n]{0,20}|[^\n]{0,6}답글\s?\d*개?(?:\s?(?:보기|쓰기|달기))?"
)
_MARKS = ("comment", "cmt", "reply")
_TEXTS = ("content", "text", "txt", "body", "memo", "message")
_NAMES = ("author", "nick", "writer", "user", "name", "member")
_DATES = ("date", "time")
_OTHERS = ("meta", "action", "btn", "button")
_BODY, _NAME, _DATE, _OTHER, _QUOTE = 1, 2, 4, 8, 16

_QUOTED_BOXES = "[class*='quote'],[class*='Quote'],blockquote"

Said = tuple[str, str]
"""Name and text."""


def turns_of(
    tree: LexborHTMLParser, rule: SiteRule | None, facts: Facts, page: Outline, author: str, post: str
) -> list[dict]:
    """``{"speaker", "text"}`` of the post and of every comment; empty where there are no comments. ``page`` is the outline
    of the whole page."""
    dropped, page.dropped = page.dropped, set()  # comments are what surrounds a text, and are left out of it
    found = list(_said(tree, rule, facts, page))
    page.dropped = dropped
    if not found:
        return []
    letters: dict[str, str] = {author or "\x00": "A"}
    turns = [{"speaker": "A", "text": post}]
    said: set[str] = set(_lines(post))
    for name, text in found:
        text = _without_quotes(clean(text).strip(), said)
        if not text or _NOT_SAID.fullmatch(text):
            continue
        speaker = letters.setdefault(name or f"\x00{len(letters)}", _letter(len(letters)))
        said.update(_lines(text))
        turns.append({"speaker": speaker, "text": text})
        if len(turns) > MAX_COMMENTS:
            break
    return turns if len(turns) > 1 else []


def _said(tree: LexborHTMLParser, rule: SiteRule | None, facts: Facts, page: Outline) -> Iterable[Said]:
    if rule is not None and rule.comment:
        return _by_rule(tree, rule)
    if rule is not None and rule.content:
        return ()  # the site is known, and its pages hold no comments
    return list(_by_data(facts)) or list(_by_items(page)) or _by_names(page)


def _by_rule(tree: LexborHTMLParser, rule: SiteRule) -> Iterator[Said]:
    for node in all_nodes(tree, rule.comment):
        body = first_node(node, rule.comment_text)
        if body is not None:
            yield first_text(node, rule.comment_author), _text(body)


def _by_data(facts: Facts) -> Iterator[Said]:
    """JSON-LD: comments of the article, and comments on those."""
    queue: list[Any] = [facts.article().get("comment")]
    while queue:
        found = queue.pop(0)
        for item in found if isinstance(found, list) else [found]:
            if isinstance(item, dict) and isinstance(item.get("text"), str):
                body = parse(item["text"]).body if "<" in item["text"] else None
                yield name_in(item.get("author")), item["text"] if body is None else _text(body)
                if item.get("comment") and len(queue) < MAX_COMMENTS:
                    queue.append(item["comment"])


def _by_items(page: Outline) -> Iterator[Said]:
    """Microdata."""
    items = {node: page.attribute(node, "itemprop") for node in page.having("itemprop")}
    for comment in [node for node, name in items.items() if name == "comment"]:
        inside = {items[node]: node for node in reversed(items) if comment < node < page.end(comment)}
        text, name = inside.get("text") or inside.get("commentText"), inside.get("author") or inside.get("creator")
        if text:
            yield one_line(plain_text(page, name)) if name else "", _text_beside(page, text, {})


def _by_names(page: Outline) -> list[Said]:
    """Boxes named as a comment's text: the innermost ones, each with the name beside it. A single one must have a date
    as well, else it may be a notice."""
    roles = _roles(page)
    bodies = [node for node, role in roles.items() if role & _BODY]
    said: list[Said] = []
    dated = False
    for number, body in enumerate(bodies):
        if number + 1 < len(bodies) and bodies[number + 1] < page.end(body):
            continue  # a box around others
        box, name = _named(page, body, roles)
        if name:
            said.append((name, _text_beside(page, body, roles)))
            dated = dated or any(roles.get(node, 0) & _DATE for node in range(box, page.end(box)))
    return said if len(said) > 1 or dated else []


def _roles(page: Outline) -> dict[int, int]:
    """Nodes whose names mean something in a thread, in document order; none where no node is named as a comment's text."""
    for attributes in page.named:
        if attributes.role < 0:
            attributes.role = _role(attributes)
    if not any([attributes.role & _BODY for attributes in page.named]):
        return {}
    named = page.nodes_with([attributes for attributes in page.named if attributes.role])
    found = {node: marked.role for node in named if (marked := page.attributes[node]) is not None}
    for node, tag in enumerate(page.tags):
        if tag == "time" or tag == "blockquote":
            found[node] = found.get(node, 0) | (_DATE if tag == "time" else _QUOTE)
    return dict(sorted(found.items()))


def _role(attributes: Attributes) -> int:
    lower = (attributes.get("class") or attributes.get("itemprop") or "")[:MAX_NAME_CHARS].lower()
    role = _NAME if "fn" in lower.split() else 0  # hCard, as WordPress has it
    for words, meaning in ((_NAMES, _NAME), (_DATES, _DATE), (_OTHERS, _OTHER), (("quote",), _QUOTE)):
        if any(word in lower for word in words):
            role |= meaning
    if not role and any(mark in lower for mark in _MARKS) and any(text in lower for text in _TEXTS):
        return _BODY
    return role


def _named(page: Outline, body: int, roles: dict[int, int]) -> tuple[int, str]:
    """The smallest box around a comment's text that holds a name, and the name; "" where there is none: then it is no
    comment."""
    box = body
    for _ in range(MAX_LEVELS_TO_NAME + 1):
        for node in range(box, page.end(box)):
            if roles.get(node, 0) & _NAME:
                name = one_line(plain_text(page, node))
                if 0 < len(name) <= MAX_NAME_LENGTH:
                    return box, name
        box = page.parent(box)
        if box <= 0:
            break
    return body, ""


def _text_beside(page: Outline, body: int, roles: dict[int, int]) -> str:
    """Without names, dates and buttons that stand in the same box, and without quoted comments."""
    dropped = page.dropped
    page.dropped = {node for node in range(body + 1, page.end(body)) if node in roles}
    try:
        return to_text(render(page, body)).strip()
    finally:
        page.dropped = dropped


def _text(body: LexborNode) -> str:
    """Without boxes that quote another comment."""
    excluded = frozenset(node.mem_id for node in body.css(_QUOTED_BOXES) if node.mem_id != body.mem_id)
    return to_text(render(Outline(body, excluded), 0)).strip()


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
