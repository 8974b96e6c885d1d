"""The page as flat arrays."""

from malmoi.text.html.outline import Outline
from malmoi.text.html.parsing import parse

PAGE = "<body>\n <ul>\n <li>장터 소식</li>\n </ul>\n <table>\n <tr>\n <td>값</td>\n </tr>\n </table>\n <p>글 <u>밑줄</u> <x-more>더</x-more></p>\n</body>"


def test_a_page_is_numbered_alike_whatever_was_read_before():
    first = Outline(parse(PAGE).body)
    Outline(parse("<x-less>다른 <x-more>쪽</x-more></x-less><svg><a>그림</a></svg>").body)
    again = Outline(parse(PAGE).body)
    assert (first.tags, _texts(first), _ends(first)) == (again.tags, _texts(again), _ends(again))
    assert [tag for tag in first.tags if tag] == ["body", "ul", "li", "table", "tbody", "tr", "td", "p", "u", "x-more"]


def test_white_space_before_a_block_is_none():
    tags = Outline(parse(PAGE).body).tags
    assert tags[:3] == ["body", "ul", "li"] and tags[tags.index("tbody") + 1] == "tr"


def _ends(outline):
    return [outline.end(node) for node in range(len(outline))]


def _texts(outline):
    return [outline.text(node) for node in range(len(outline))]


def test_white_space_of_any_kind_has_no_length():
    spaces = [chr(code) for code in range(0x3001) if chr(code).isspace() and code not in (0x0A, 0x0D)]
    words = ["가", "힣", "a", "ㄱ", "日", "é", "\u200b", "😀", "\u2060"]
    for text in [*spaces, *(a + b for a in spaces for b in spaces), *words, *(a + b for a in spaces for b in words)]:
        outline = Outline(parse(f"<p>{text}<b>굵게</b></p>").body)
        assert outline.text(2) == text
        assert outline.text_length(2) == (0 if text.isspace() else len(text)), ascii(text)
