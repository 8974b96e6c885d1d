"""What is seen in a page's bytes, against the same said in regular expressions."""

import random
import re

from malmoi.text.html.markup import holds, long_tags, nesting, tag_counts

LONG_TAG = re.compile(rb"""<[a-zA-Z](?:[^>"']++|"[^"]*+"|'[^']*+')*+""")
TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})")
FORMATTING = {
    b"a",
    b"b",
    b"big",
    b"code",
    b"em",
    b"font",
    b"i",
    b"nobr",
    b"s",
    b"small",
    b"strike",
    b"strong",
    b"tt",
    b"u",
}
CLOSES_ITSELF = set(
    b"p li dt dd td th tr tbody thead tfoot option optgroup rt rp br hr img input meta link area base col embed source track wbr param".split()
)
PIECES = [b"<", b">", b'"', b"'", b"a", b"/", b"=", b" ", b"A", b"[", b"<p", b"</P", b"<FONT", b"<b1", b"<div", b"</font", b"<h1>", "글".encode()]  # fmt: skip


def pages(number):
    generator = random.Random(1)
    return [b"".join(generator.choices(PIECES, k=generator.randrange(40))) for _ in range(number)]


def nested(page):
    depth = formatting = deepest = most = blocks = 0
    for slash, name in TAG.findall(page):
        step = -1 if slash else 1
        if name.lower() in FORMATTING:
            formatting = max(0, formatting + step)
            most = max(most, formatting)
        elif not slash:
            blocks += 1
        if name.lower() not in CLOSES_ITSELF:
            depth = max(0, depth + step)
            deepest = max(deepest, depth)
    return deepest, most, blocks


def test_property_tags_are_counted():
    for page in pages(20_000):
        assert tag_counts(page) == (page.count(b"<"), page.count(b"</"))


def test_property_long_tags_end_where_a_browser_ends_them():
    for number, page in enumerate(pages(20_000)):
        longest = number % 6
        assert long_tags(page, longest) == [tag for tag in LONG_TAG.findall(page) if len(tag) > longest], page


def test_property_nesting_is_estimated_from_the_tags():
    for page in pages(20_000):
        assert nesting(page) == nested(page), page


def test_a_page_of_nothing():
    assert (tag_counts(b""), long_tags(b"", 0), nesting(b"")) == ((0, 0), [], (0, 0, 0))


def test_a_tag_of_many_attributes_in_korean():
    tag = b"<p " + b" ".join(f"data-{n}='가>나'".encode() for n in range(9)) + b">"
    assert long_tags("앞 ".encode() + tag + "뒤".encode(), 60) == [tag[:-1]]


def test_property_marks_are_found():
    for page in pages(20_000):
        for mark in (b"<p", b"<p<", "글".encode(), b"</P'"):
            assert holds(page, mark) == (mark in page), (page, mark)
