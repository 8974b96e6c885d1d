"""Question pages in HTML: the thread as a site rule or schema.org's QAPage tells it, paired as KiN threads are."""

import re

from selectolax.lexbor import LexborHTMLParser

from malmoi.text import kin
from malmoi.text.charset import clean
from malmoi.text.html import metadata
from malmoi.text.html.fragments import all_nodes, first_node, first_text, markdown_of
from malmoi.text.html.metadata import Facts
from malmoi.text.html.parsing import parse
from malmoi.text.html.rules import SiteRule

_NUMBER = re.compile(r"\d[\d,]*")
_ADOPTED_MARK = re.compile(
    r"^\s*(?:질문자\s?채택|채택(?:된)?\s?답변|지식\s?i?(?:iN|인)\s?채택)\s*$", re.MULTILINE | re.IGNORECASE
)

Thread = tuple[str, list[kin.Answer]]


def thread_of(tree: LexborHTMLParser, rule: SiteRule | None, facts: Facts) -> Thread | None:
    """The question's text and its answers in the order of the page; None for a page that is no question."""
    if rule is not None and rule.answer and (found := _by_rule(tree, rule)):
        return found
    return _by_data(facts)


def _by_rule(tree: LexborHTMLParser, rule: SiteRule) -> Thread | None:
    question = first_node(tree, rule.question)
    answers = []
    for node in all_nodes(tree, rule.answer):
        text_node = first_node(node, rule.answer_text) or node
        text = clean(markdown_of(text_node))
        votes = _NUMBER.search(first_text(node, rule.votes))
        answers.append(
            kin.Answer(
                _ADOPTED_MARK.sub("", text),
                adopted=any(node.css_first(selector) is not None for selector in rule.adopted)
                or bool(_ADOPTED_MARK.search(text)),
                expert=any(node.css_first(selector) is not None for selector in rule.expert),
                votes=int(votes.group().replace(",", "")) if votes else 0,
            )
        )
    if question is None and not answers:
        return None
    return (clean(markdown_of(question)) if question is not None else ""), answers


def _by_data(facts: Facts) -> Thread | None:
    question = next((node for node in facts.data if "Question" in metadata.types_of(node)), None)
    if question is None or not any("QAPage" in metadata.types_of(node) for node in facts.data):
        return None
    answers = [_answer(item, adopted=True) for item in _items(question.get("acceptedAnswer"))]
    answers += [_answer(item, adopted=False) for item in _items(question.get("suggestedAnswer"))]
    return _plain(question.get("text") or ""), answers


def _answer(item: dict, *, adopted: bool) -> kin.Answer:
    votes = item.get("upvoteCount")
    return kin.Answer(
        _plain(item.get("text") or ""), adopted, False, votes if isinstance(votes, int) and votes > 0 else 0
    )


def _items(value: object) -> list[dict]:
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)]


def _plain(text: object) -> str:
    """JSON-LD may hold markup in its texts."""
    if not isinstance(text, str):
        return ""
    if "<" not in text:
        return clean(text).strip()
    body = parse(text).body
    return clean(markdown_of(body)) if body is not None else ""
