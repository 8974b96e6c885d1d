"""Identity of a document: what counts as the same address and the same text."""

import re
import unicodedata

import pytest

from malmoi.contracts.document import canonical_url, document_id, site_of


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://Blog.Example.KR/글/1", "https://blog.example.kr/글/1"),
        ("HTTPS://example.kr", "https://example.kr/"),
        ("https://example.kr/a#댓글", "https://example.kr/a"),
        ("http://example.kr:80/a", "http://example.kr/a"),
        ("https://example.kr:443/a", "https://example.kr/a"),
        ("https://example.kr:80/a", "https://example.kr:80/a"),
        ("http://example.kr:8080/a", "http://example.kr:8080/a"),
        ("https://example.kr/a?b=2&a=1", "https://example.kr/a?a=1&b=2"),
        ("https://example.kr/a?a=1&a=0", "https://example.kr/a?a=0&a=1"),
        ("https://example.kr/a?utm_source=x&no=3&fbclid=y&NaPm=z", "https://example.kr/a?no=3"),
        ("https://example.kr/a?utm_source=x", "https://example.kr/a"),
        ("https://example.kr/a?reference=1&n_add=2", "https://example.kr/a?n_add=2&reference=1"),
        ("https://example.kr/a?empty=", "https://example.kr/a?empty="),
        ("https://user:word@example.kr/a", "https://example.kr/a"),
        ("  https://example.kr/a \n", "https://example.kr/a"),
        ("https://example.kr/A?Q=x", "https://example.kr/A?Q=x"),
        ("nikl:NWRW1900000001.1", "nikl:NWRW1900000001.1"),
        ("문서 3", "문서 3"),
        ("http://[broken", "http://[broken"),
        ("http://example.kr:port/a", "http://example.kr:port/a"),
        ("", ""),
    ],
)
def test_canonical_url(url, canonical):
    assert canonical_url(url) == canonical
    assert canonical_url(canonical) == canonical


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.Example.kr/a", "example.kr"),
        ("https://m.example.kr:8080/a", "m.example.kr"),
        ("https://wwwhite.example.kr/", "wwwhite.example.kr"),
        ("https://www.www.kr/", "www.kr"),
        ("https://한글.kr/a", "한글.kr"),
        ("example.kr/a", ""),
        ("nikl:NWRW1900000001.1", ""),
        ("http://[broken", ""),
        ("", ""),
    ],
)
def test_site_of(url, site):
    assert site_of(url) == site


URL, TEXT = "https://example.kr/a?x=1", "새벽에 눈이 내렸다."


@pytest.mark.parametrize(
    ("url", "text", "same"),
    [
        (URL, TEXT, True),
        ("HTTPS://EXAMPLE.kr:443/a?utm_medium=m&x=1#top", TEXT, True),
        (URL, unicodedata.normalize("NFD", TEXT), True),
        (URL, TEXT + " ", False),
        (URL, "새벽에 비가 내렸다.", False),
        ("https://example.kr/a?x=2", TEXT, False),
        ("http://example.kr/a?x=1", TEXT, False),
        ("", TEXT, False),
    ],
)
def test_document_id(url, text, same):
    found = document_id(url, text)
    assert re.fullmatch(r"[0-9a-f]{32}", found)
    assert (found == document_id(URL, TEXT)) is same


def test_a_lone_surrogate_has_an_id_too():
    assert document_id(URL, "\ud800") != document_id(URL, "")
