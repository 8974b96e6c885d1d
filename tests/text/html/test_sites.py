"""Every site rule against a page written for it. A page is ``pages/NAME.html`` with ``pages/NAME.json``: what is found
(title, kind, date, ...), what the text ``has`` and what it ``lacks``."""

import json
from pathlib import Path

import pytest

from malmoi.text.html import extract, load_rules

PAGES = sorted(Path(__file__).parent.joinpath("pages").glob("*.html"))


@pytest.fixture(scope="module")
def rules(recipes):
    return load_rules(recipes / "sites.toml")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_page(path, rules):
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    page = extract(path.read_text("utf-8"), expected["url"], rules)
    for text in expected["has"]:
        assert text in page.text
    for text in expected["lacks"]:
        assert text not in page.text
    for name in ("title", "kind", "author", "section", "license"):
        if name in expected:
            assert getattr(page, name) == expected[name]
    if "published_at" in expected:
        assert page.published_at.isoformat() == expected["published_at"]
    assert [[turn["speaker"], turn["text"]] for turn in page.turns] == expected.get("turns", [])
    for name, value in expected.get("qa", {}).items():
        assert page.qa[name] == value
    assert page.defect is None
    assert page.language == "ko"


def test_every_rule_has_a_page(rules):
    used = set()
    for path in PAGES:
        url = json.loads(path.with_suffix(".json").read_text("utf-8"))["url"]
        used.add(rules.find(url, path.read_bytes()).name)
    assert used == {rule.name for rule in rules.rules}


def test_a_rule_that_finds_nothing_leaves_the_page_to_generic_extraction(rules):
    text = "이 글은 규칙이 아는 어떤 상자에도 들어 있지 않지만 그래도 읽을 수 있어야 한다. 그래서 일반 추출이 맡는다."
    html = f"<html><body><div class='new-editor'><p>{text}</p></div></body></html>"
    assert extract(html, "https://blog.naver.com/a/1", rules).text == text
