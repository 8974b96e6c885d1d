"""Passages: slots, pools, phrases; and their Markdown as HTML."""

from itertools import combinations
from random import Random

import pytest

from malmoi.sample.library import FOLDER, fill, passages, phrases, table
from malmoi.sample.markup import render
from malmoi.sample.plans import FORMS

POOLS = [(form, pool["id"]) for form in FORMS for pool in table(form).get("pool", [])]


def test_no_file_is_too_large():
    assert all(path.stat().st_size < 300_000 for path in FOLDER.glob("*.toml"))


def test_there_are_enough_texts():
    texts = [p.text for form in FORMS for p in passages(form, 1)]
    assert len(texts) >= 240
    assert sum(len(text) >= 300 for text in texts) >= 200
    assert max(map(len, texts)) >= 1_000


@pytest.mark.parametrize("form", FORMS)
def test_no_slot_stays_open(form):
    for passage in passages(form, 1):
        assert "{{" not in passage.title + passage.text and "<<" not in passage.text
        assert passage.title and len(phrases(passage.text)) == 2


def test_a_named_slot_is_the_same_throughout_a_document():
    filled = fill("{{town}} {{town}} {{3..3}} {{가|가}}", Random(1), {})
    first, second, *rest = filled.split()
    assert first == second and rest == ["3", "가"]


@pytest.mark.parametrize(("form", "pool_id"), POOLS)
def test_two_documents_of_a_pool_share_one_paragraph_at_most(form, pool_id):
    pool = next(p for p in table(form)["pool"] if p["id"] == pool_id)
    prime = len(pool["roles"][0])
    assert all(len(role) == prime for role in pool["roles"])
    found = [p for p in passages(form, 1) if p.key.startswith(f"{pool_id}-")]
    assert len(found) == prime**2
    starts = [{paragraph[:8] for paragraph in p.text.split("\n\n")} for p in found]
    for a, b in combinations(starts, 2):
        assert len(a & b) <= 2  # one shared, and two that begin alike after a town's name


def test_phrases_are_whole_words_outside_code():
    text = "첫 줄에는 길게 이어지는 우리말 문장이 하나 있습니다.\n\n```python\nprint('코드 안의 문장은 고르지 않아야 합니다')\n```\n\n둘째 줄에도 비슷하게 이어지는 다른 문장이 있습니다."
    first, second = phrases(text)
    assert first in text.split("\n\n")[0] and second in text.split("\n\n")[-1]
    for phrase in (first, second):
        at = text.index(phrase)
        assert not text[at - 1 : at].isalnum() and not text[at + len(phrase)].isalnum()


def test_markup_keeps_the_form():
    html = render(
        "## 제목\n\n문단 **굵게** `a<b`\n둘째 줄\n\n- 하나\n- 둘\n\n1. 첫째\n2. 둘째\n\n> 인용\n\n| 가 | 나 |\n|---|---|\n| 1 | 2 |\n\n```python\nif a < b:\n\n    pass\n```"
    )
    for piece in (
        "<h3>제목</h3>",
        "<p>문단 <strong>굵게</strong> <code>a&lt;b</code><br>\n둘째 줄</p>",
        "<ul><li>하나</li><li>둘</li></ul>",
        "<ol><li>첫째</li><li>둘째</li></ol>",
        "<blockquote><p>인용</p></blockquote>",
        "<th>가</th>",
        "<tr><td>1</td><td>2</td></tr>",
        'class="language-python">if a &lt; b:\n\n    pass</code>',
    ):
        assert piece in html
