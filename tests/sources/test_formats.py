"""HTML files and zips, feeds, MediaWiki dumps, the NIKL corpus and WET, each with a small file written here."""

import bz2
import gzip
import json
import zipfile

import pytest

from malmoi.contracts.reasons import Fault
from malmoi.contracts.recipe.sections import Ingest, Source
from malmoi.sources import BadRecord, RawPage, SkippedRecord, read
from malmoi.sources.wikitext import to_markdown

LIMITS = Ingest(max_record_mib=1)


def found_in(tmp_path, name: str, content: bytes, kind: str):
    path = tmp_path / name
    path.write_bytes(content)
    return list(read(str(path), Source(type=kind), LIMITS, name))


def test_html_file(tmp_path):
    saved = "<!-- saved from url=(0024)https://example.kr/page1 --><p>글</p>".encode()
    (found,) = found_in(tmp_path, "페이지.html", saved, "html")
    assert (found.html, found.url, found.raw_bytes) == (saved, "https://example.kr/page1", len(saved))
    (found,) = found_in(tmp_path, "페이지.html", "<p>글</p>".encode(), "html")
    assert found.url == "file:%ED%8E%98%EC%9D%B4%EC%A7%80.html"


def test_other_files_of_the_folder_are_skipped(tmp_path):
    assert isinstance(found_in(tmp_path, "a.css", b"p {}", "html")[0], SkippedRecord)


def test_zip(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("blog/1.html", "<p>하나</p>")
        archive.writestr("blog/style.css", "p {}")
        archive.writestr("blog/2.htm", "<p>둘</p>")
        archive.writestr("bomb.html", b"a" * 20_000_000)
    found = list(read(str(path), Source(type="html"), LIMITS, "a.zip"))
    assert [type(r) for r in found] == [RawPage, SkippedRecord, RawPage, BadRecord]
    assert found[0].origin.file == "a.zip!blog/1.html"
    assert found[3].fault == Fault.RECORD_TOO_LARGE


def test_broken_zip(tmp_path):
    (found,) = found_in(tmp_path, "a.zip", b"PK\x03\x04 broken", "html")
    assert found.fault == Fault.TRUNCATED_FILE


RSS = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>달래 일기</title><item><title>첫눈</title><link>https://example.kr/1</link><dc:creator>달래</dc:creator><category>겨울</category>
<pubDate>Fri, 02 Jan 2026 09:00:00 +0900</pubDate><description>짧은 소개</description><content:encoded><![CDATA[<p>올해 첫눈은 밤사이에 내렸다.</p>]]></content:encoded></item>
<item><title>둘째</title><guid>https://example.kr/2</guid><description>&lt;p&gt;소개뿐인 글&lt;/p&gt;</description></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>첫눈</title><link rel="self" href="https://example.kr/feed"/><link href="https://example.kr/1"/>
<author><name>달래</name></author><published>2026-01-02T00:00:00Z</published><content type="html">&lt;p&gt;올해 첫눈&lt;/p&gt;</content></entry></feed>"""


def test_rss(tmp_path):
    first, second = found_in(tmp_path, "a.xml", RSS.encode(), "feed")
    assert (first.url, first.title, first.author, first.section) == ("https://example.kr/1", "첫눈", "달래", "겨울")
    assert (first.html, first.published_at) == (
        "<p>올해 첫눈은 밤사이에 내렸다.</p>",
        "Fri, 02 Jan 2026 09:00:00 +0900",
    )
    assert (second.url, second.html) == ("https://example.kr/2", "<p>소개뿐인 글</p>")


def test_atom(tmp_path):
    (found,) = found_in(tmp_path, "a.xml.gz", gzip.compress(ATOM.encode()), "feed")
    assert (found.url, found.html, found.author, found.published_at) == (
        "https://example.kr/1",
        "<p>올해 첫눈</p>",
        "달래",
        "2026-01-02T00:00:00Z",
    )


def test_broken_xml_keeps_what_came_before(tmp_path):
    found = found_in(
        tmp_path, "a.xml", RSS.replace("<item><title>둘째</title>", "<item><title>둘째</item>").encode(), "feed"
    )
    assert [type(r) for r in found] == [RawPage, BadRecord]
    assert found[1].fault == Fault.BROKEN_RECORD


def test_entities_that_multiply_are_refused(tmp_path):
    bomb = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY a{n} "{"&a" * 1}{n - 1 if n else ""};{"&a" + str(n - 1) + ";" if n else "&a;"}">' for n in range(30)
    )
    found = found_in(
        tmp_path, "a.xml", (bomb + "]><rss><channel><item><title>&a29;</title></item></channel></rss>").encode(), "feed"
    )
    assert [type(r) for r in found] == [BadRecord]


WIKI = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/"><siteinfo><base>https://ko.wikipedia.org/wiki/대문</base></siteinfo>
<page><title>남한 산성</title><ns>0</ns><revision><timestamp>2026-01-02T03:04:05Z</timestamp><text>'''남한산성'''은 성이다.</text></revision></page>
<page><title>토론:남한산성</title><ns>1</ns><revision><text>토론</text></revision></page>
<page><title>남한산</title><ns>0</ns><redirect title="남한 산성"/><revision><text>#넘겨주기 [[남한 산성]]</text></revision></page></mediawiki>"""


@pytest.mark.parametrize(("name", "pack"), [("dump.xml", bytes), ("dump.xml.bz2", bz2.compress)])
def test_mediawiki(tmp_path, name, pack):
    found = found_in(tmp_path, name, pack(WIKI.encode()), "mediawiki")
    assert [type(r) for r in found] == [RawPage, SkippedRecord, SkippedRecord]
    page = found[0]
    assert (page.title, page.text, page.kind) == ("남한 산성", "남한산성은 성이다.", "encyclopedia")
    assert page.url == "https://ko.wikipedia.org/wiki/%EB%82%A8%ED%95%9C_%EC%82%B0%EC%84%B1"


def test_wikitext():
    text = to_markdown(
        """{{다른 뜻|산}}'''산성'''(山城, {{llang|en|fort}})은 [[산]]에 쌓은 [[성곽|성]]이다.<ref>어느 책</ref>
[[파일:성.jpg|섬네일|성벽]]

== 종류 ==
* 테뫼식
** 작은 것
# 포곡식
{| class="wikitable"
! 이름 !! 높이
|-
| 남한산성 || 480m
|}

== 같이 보기 ==
* [[읍성]]

== 각주 ==
{{각주}}
[[분류:산성]]"""
    )
    assert text == (
        "산성(山城, )은 산에 쌓은 성이다.\n\n## 종류\n\n- 테뫼식\n  - 작은 것\n1. 포곡식\n\n"
        "| 이름 | 높이 |\n| --- | --- |\n| 남한산성 | 480m |"
    )


NIKL = {
    "id": "NWRW0000000001",
    "metadata": {"title": "신문"},
    "document": [
        {"id": "NWRW1", "metadata": {"title": "산성 장터", "author": "나산성 기자", "date": "20260102", "topic": "사회"},
         "paragraph": [{"id": "1", "form": "장터가 열렸다."}, {"id": "2", "form": "사람이 많았다."}]},
        {"id": "SDRW1", "metadata": {"topic": "음식"}, "utterance": [
            {"speaker_id": "SD01", "form": "뭐 먹을까?"}, {"speaker_id": "SD02", "form": "국수."}, {"speaker_id": "SD02", "form": "칼국수."}, {"speaker_id": "SD01", "form": "좋아."}]},
        "broken",
    ],
}  # fmt: skip


def test_nikl(tmp_path):
    article, talk, broken = found_in(tmp_path, "a.json", json.dumps(NIKL, ensure_ascii=False).encode(), "nikl")
    assert (article.url, article.title, article.text, article.section) == (
        "nikl:NWRW1",
        "산성 장터",
        "장터가 열렸다.\n\n사람이 많았다.",
        "사회",
    )
    assert (talk.kind, talk.text) == ("dialogue", "A: 뭐 먹을까?\n\nB: 국수.\n칼국수.\n\nA: 좋아.")
    assert talk.turns == (
        {"speaker": "A", "text": "뭐 먹을까?"},
        {"speaker": "B", "text": "국수.\n칼국수."},
        {"speaker": "A", "text": "좋아."},
    )
    assert broken.fault == Fault.MISSING_FIELD


@pytest.mark.parametrize(
    ("content", "fault"),
    [(b"{", Fault.BROKEN_JSON), (b"{}", Fault.MISSING_FIELD), (b'{"a": "\xb0\xa1"}', Fault.UNDECODABLE)],
)
def test_broken_nikl(tmp_path, content, fault):
    (found,) = found_in(tmp_path, "a.json", content, "nikl")
    assert (found.fault, found.raw_bytes) == (fault, len(content))


def test_wet(tmp_path):
    text = "올해 첫눈은 밤사이에 내렸다.\n아침에 보니 장독대가 하얗다.".encode()
    head = f"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: https://example.kr/1\r\nWARC-Date: 2026-01-02T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:1>\r\nContent-Type: text/plain\r\nContent-Length: {len(text)}\r\n\r\n"
    (found,) = found_in(tmp_path, "a.warc.wet.gz", gzip.compress(head.encode() + text + b"\r\n\r\n"), "wet")
    assert (found.url, found.text) == ("https://example.kr/1", text.decode())
