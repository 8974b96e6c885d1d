"""Feeds, sitemaps, lists of addresses and the rules of hosts, without a network."""

from datetime import UTC, datetime

import pytest

from malmoi.contracts.errors import InputError
from malmoi.contracts.optout import header_signals
from malmoi.fetch.hosts import seconds_asked
from malmoi.fetch.lists import Entry, feed_entries, fresh, is_page, listed, readable, sitemap_entries
from malmoi.fetch.outcomes import Outcome
from malmoi.fetch.private import is_private
from malmoi.fetch.state import State, Validators
from malmoi.fetch.tdm import is_path_reserved, reserved_paths

BASE = "https://news.example.kr/rss/all.xml"


@pytest.mark.parametrize(
    ("body", "url", "day"),
    [
        ("<rss><channel><item><link> /1 </link><pubDate>Mon, 02 Nov 2026 09:00:00 +0900</pubDate></item></channel></rss>",
         "https://news.example.kr/1", "2026-11-02"),
        ("<rss><channel><item><guid>https://e.kr/2</guid></item></channel></rss>", "https://e.kr/2", None),
        ("<rss><channel><item><guid isPermaLink='false'>tag:2</guid></item></channel></rss>", None, None),
        ("<feed xmlns='http://www.w3.org/2005/Atom'><entry><link rel='self' href='/s'/><link href='/3'/>"
         "<updated>2026-11-01T23:30:00Z</updated></entry></feed>", "https://news.example.kr/3", "2026-11-01"),
        ("<rdf:RDF xmlns:rdf='r' xmlns='http://purl.org/rss/1.0/' xmlns:dc='d'><item><link>/4</link>"
         "<dc:date>2026-11-01</dc:date></item></rdf:RDF>", "https://news.example.kr/4", "2026-10-31"),
        ("\n<?xml version='1.0'?><rss><channel><item><link>/5</link></item><item><link>/6", "https://news.example.kr/5", None),
    ],
)  # fmt: skip
def test_feeds(body, url, day):
    entries = feed_entries(body.encode(), BASE)
    assert [entry.url for entry in entries][:1] == ([url] if url else [])
    if day:
        assert entries[0].date.date().isoformat() == day


@pytest.mark.parametrize("body", [b"", b"not xml at all", b"\x00\x01"])
def test_what_is_no_xml(body):
    for read in (feed_entries, sitemap_entries):
        with pytest.raises(ValueError):
            read(body, BASE)


def test_an_entity_is_neither_grown_nor_fetched():
    grown = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
    bomb = f"<!DOCTYPE r [<!ENTITY a0 'x'>{grown}<!ENTITY f SYSTEM 'file:///etc/hostname'>]>"
    body = f"{bomb}<rss><channel><item><link>https://e.kr/&a11;&f;</link></item></channel></rss>"
    try:
        entries = feed_entries(body.encode(), BASE)
    except ValueError:
        return
    assert all(len(entry.url) < 100 for entry in entries)


def test_what_is_fresh():
    moments = {"old": datetime(2026, 10, 31, 14, 59, tzinfo=UTC), "new": datetime(2026, 10, 31, 15, 0, tzinfo=UTC)}
    entries = [Entry(f"https://e.kr/{name}", moment) for name, moment in moments.items()]
    entries += [
        Entry("https://e.kr/undated"),
        Entry("mailto:someone"),
        Entry("https:///path"),
        Entry("https://e.kr:99999/"),
    ]
    assert [entry.url for entry in fresh(entries, "2026-11-02", 1)] == ["https://e.kr/new", "https://e.kr/undated"]


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://blog.naver.com/farm/223", "https://blog.naver.com/PostView.naver?blogId=farm&logNo=223"),
        ("https://m.blog.naver.com/farm/223", "https://blog.naver.com/PostView.naver?blogId=farm&logNo=223"),
        (
            "https://blog.naver.com/farm?Redirect=Log&logNo=223",
            "https://blog.naver.com/PostView.naver?blogId=farm&logNo=223",
        ),
        ("https://blog.naver.com/farm", "https://blog.naver.com/farm"),
        ("https://blog.naver.com/farm/category", "https://blog.naver.com/farm/category"),
        ("https://blog.example.kr/farm/223", "https://blog.example.kr/farm/223"),
    ],
)
def test_where_the_text_lies(url, found):
    assert readable(url) == found
    assert readable(found) == found


def test_a_list_of_addresses(tmp_path):
    path = tmp_path / "list.txt"
    path.write_text("# ours\nhttps://e.kr/1#part\n\n  https://e.kr/2 # noted\n", "utf-8")
    assert [entry.url for entry in listed(path)] == ["https://e.kr/1#part", "https://e.kr/2"]
    path.write_text("https://e.kr/1\nfile:///etc/passwd\n", "utf-8")
    with pytest.raises(InputError, match="list.txt:2"):
        listed(path)


@pytest.mark.parametrize(
    ("robots", "tdm", "signals"),
    [
        ("", "", set()), ("noindex, noarchive", "0", set()), ("noai", "", {"noai"}), ("NoAI,NoImageAI", "", {"noai", "noimageai"}),
        ("otherbot: noai", "", {"noai"}), ("noaim", "", set()), ("", " 1 ", {"tdm"}), ("max-image-preview:large", "", set()),
    ],
)  # fmt: skip
def test_opt_out_signals(robots, tdm, signals):
    assert header_signals(robots, tdm) == signals


@pytest.mark.parametrize(
    ("rules", "path", "reserved"),
    [
        ('[{"location": "/", "tdm-reservation": 1}]', "/a/b", True),
        ('[{"location": "/", "tdm-reservation": 0}]', "/a/b", False),
        ('[{"location": "/open", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": 1}]', "/open/1", False),
        ('[{"location": "/open", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": 1}]', "/other", True),
        ('[{"location": "*.html$", "tdm-reservation": "1"}]', "/a.html", True),
        ('[{"location": "*.html$", "tdm-reservation": "1"}]', "/a.html?x", False),
        ('[{"location": "/a.b", "tdm-reservation": 1}]', "/aXb", False),
        ('{"location": "/"}', "/", False), ("<html>", "/", False), ("[1, {}]", "/", False), ("[" * 100_000, "/", False),
    ],
)  # fmt: skip
def test_reserved_paths(rules, path, reserved):
    assert is_path_reserved(reserved_paths(rules.encode()), path) is reserved


def test_a_pattern_of_stars_costs_nothing():
    import time

    rules = reserved_paths(b'[{"location": "/' + b"*a" * 5_000 + b'$", "tdm-reservation": 1}]')
    began = time.process_time()
    is_path_reserved(rules, "/" + "a" * 2_000 + "b")
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("value", "seconds"),
    [(b"120", 120), (b" 0 ", 0), (b"Mon, 02 Nov 2026 00:01:00 GMT", 60), (b"Sun, 01 Nov 2026 00:00:00 GMT", 0),
     (b"", None), (b"soon", None), (b"-5", None), (b"\xff", None)],
)  # fmt: skip
def test_retry_after(value, seconds):
    assert seconds_asked(value, datetime(2026, 11, 2, tzinfo=UTC)) == seconds


@pytest.mark.parametrize("host", ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "::1", "[fd00::1]", "localhost",
                                  "db.internal", "0.0.0.0"])  # fmt: skip
def test_private_hosts(host):
    assert is_private(host)


@pytest.mark.parametrize("host", ["8.8.8.8", "news.example.kr", "localhost.example.kr", "2606:4700::1111"])
def test_public_hosts(host):
    assert not is_private(host)


def test_pages_are_due_when_they_may_have_changed(tmp_path):
    state = State(tmp_path / "state.sqlite")
    assert state.due("web", "https://e.kr/1", "2026-11-02", 30) == Validators()
    state.note("web", "https://e.kr/1?utm_source=x", "2026-11-02", Outcome.STORED, Validators('"a"', ""))
    state.note("web", "https://e.kr/2", "2026-11-02", Outcome.STORED, Validators())
    assert state.due("web", "https://e.kr/1", "2026-11-02", 30) is None
    assert state.due("web", "https://e.kr/1", "2026-11-03", 30).headers() == {"If-None-Match": '"a"'}
    assert state.due("news", "https://e.kr/1", "2026-11-02", 30) == Validators()
    assert state.due("web", "https://e.kr/2", "2026-12-01", 30) is None
    assert state.due("web", "https://e.kr/2", "2026-12-02", 30) == Validators()
    state.close()
    again = State(tmp_path / "state.sqlite")
    assert again.due("web", "https://e.kr/2", "2026-11-03", 30) is None
    again.close()


def test_addresses():
    assert is_page("http://e.kr/") and not is_page("ftp://e.kr/") and not is_page("http://[broken/") and not is_page("")
