"""Whole runs against a real server on loopback that misbehaves; what they leave is read by ingest."""

import signal
import time

import pytest

TEXT = "곡우에 비가 오면 풍년이 든다고 했다. 올해는 비가 넉넉히 와서 못자리에 물을 대기가 수월했다. 이웃들도 논으로 나왔다."
OTHER = "포구에는 새벽부터 배가 들어왔다. 경매장에 얼음 부서지는 소리가 났고, 상인들은 손짓으로 값을 불렀다. 오징어가 많았다."


def feed(site, *paths: str, date: str = "Sun, 01 Nov 2026 21:00:00 +0900") -> tuple:
    items = "".join(
        f"<item><title>글</title><link>{site.root}{p}</link><pubDate>{date}</pubDate></item>" for p in paths
    )
    return 200, {"Content-Type": "application/rss+xml"}, f"<rss version='2.0'><channel>{items}</channel></rss>".encode()


def test_pages_of_a_feed_become_documents(site, web, fetch):
    site.pages["/rss"] = feed(site, "/1", "/2")
    site.pages["/1"] = 200, {}, web.page("곡우", TEXT)
    site.pages["/2"] = (
        200,
        {"Content-Type": "text/html; charset=euc-kr"},
        web.page("포구", OTHER).decode().encode("cp949"),
    )
    found = fetch({"web": {"feeds": [f"{site.root}/rss"]}})
    assert found["pages"]["web"] == {"stored": 2} and found["lists"]["web"] == {"stored": 1} and found["complete"]
    documents = sorted((item.document for item in fetch.documents()), key=lambda row: row["url"])
    assert [(row["url"], row["title"], row["text"]) for row in documents] == [
        (f"{site.root}/1", "곡우", TEXT),
        (f"{site.root}/2", "포구", OTHER),
    ]
    assert all(row["fetched_at"] is not None and row["defect"] is None for row in documents)
    assert site.asked[0][0] == "/robots.txt"
    assert {headers["user-agent"] for _, headers, _ in site.asked} == {"Malmoi/0.1 (Korean text corpus)"}
    assert not [headers for _, headers, _ in site.asked if "cookie" in headers or "referer" in headers]
    assert [path.name for path in fetch.landing.glob("source=web/date=2026-11-02/*")] == ["fetch-00000.warc.gz"]


def test_sitemaps_and_their_indexes(site, web, fetch):
    def urls(*entries: str) -> tuple:
        space = "http://www.sitemaps.org/schemas/sitemap/0.9"
        return 200, {"Content-Type": "application/xml"}, f"<urlset xmlns='{space}'>{''.join(entries)}</urlset>".encode()

    maps = f"<sitemap><loc>{site.root}/news.xml</loc></sitemap><sitemap><loc>{site.root}/index.xml</loc></sitemap>"
    site.pages["/index.xml"] = 200, {"Content-Type": "text/xml"}, f"<sitemapindex>{maps}</sitemapindex>".encode()
    site.pages["/news.xml"] = urls(
        f"<url><loc>{site.root}/new</loc><n:news xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'>"
        "<n:publication_date>2026-11-01T09:00:00+09:00</n:publication_date></n:news></url>",
        f"<url><loc>{site.root}/old</loc><lastmod>2026-10-01</lastmod></url>",
        f"<url><loc>{site.root}/undated</loc></url>",
        "<url><loc>javascript:void(0)</loc></url>",
    )
    for name in ("new", "old", "undated"):
        site.pages[f"/{name}"] = 200, {}, web.page(name, TEXT)
    found = fetch({"web": {"sitemaps": [f"{site.root}/index.xml"]}})
    assert found["pages"]["web"] == {"stored": 2}
    assert set(site.paths()) == {"/index.xml", "/news.xml", "/new", "/undated"}
    assert len(site.times("/index.xml")) == 1, "an index that names itself is read once"


BAD = {
    "/slow": "timeout", "/circle": "redirects", "/bomb": "too_large", "/endless": "too_large", "/short": "broken",
    "/gone": "http_error", "/video": "not_html", "/hang-up": "broken", "/garbled": "broken",
}  # fmt: skip


def test_a_server_that_misbehaves_costs_its_pages_only(site, web, fetch):
    site.pages |= {
        "/slow": web.slow, "/bomb": web.bomb, "/endless": web.endless, "/short": web.wrong_length, "/video": web.video,
        "/hang-up": web.hang_up, "/gone": (410, {}, b"gone"),
        "/circle": (302, {"Location": "/round"}, b""), "/round": (302, {"Location": "/circle"}, b""),
        "/garbled": (200, {"Content-Encoding": "gzip"}, b"this is no gzip at all"),
        "/moved": (301, {"Location": "/good"}, b""), "/good": (200, {}, web.page("곡우", TEXT)),
    }  # fmt: skip
    began = time.monotonic()
    found = fetch({"web": fetch.urls("web", *(f"{site.root}{path}" for path in (*BAD, "/moved")))})
    assert time.monotonic() - began < 60
    expected: dict[str, int] = {"stored": 1}
    for outcome in BAD.values():
        expected[outcome] = expected.get(outcome, 0) + 1
    assert found["pages"]["web"] == expected
    (item,) = fetch.documents()
    assert (item.document["url"], item.document["text"]) == (f"{site.root}/good", TEXT)
    assert len(site.times("/short")) == 2 and len(site.times("/gone")) == 1, "what may heal is tried again"
    assert len(site.times("/circle")) + len(site.times("/round")) <= 6


def test_robots_are_obeyed(site, web, fetch):
    site.pages["/robots.txt"] = (
        200,
        {"Content-Type": "text/plain"},
        b"User-agent: *\nDisallow: /private\nCrawl-delay: 0.4\n",
    )
    site.pages["/leap"] = 302, {"Location": "/private/2"}, b""
    for path in ("/a", "/b", "/c", "/private/1", "/private/2"):
        site.pages[path] = 200, {}, web.page("글", TEXT)
    paths = ("/a", "/b", "/c", "/private/1", "/leap")
    found = fetch({"web": fetch.urls("web", *(f"{site.root}{path}" for path in paths))}, host_requests=4)
    assert found["pages"]["web"] == {"stored": 3, "robots": 2}
    assert not [path for path in site.paths() if path.startswith("/private")]
    moments = sorted(moment for path in ("/a", "/b", "/c", "/leap") for moment in site.times(path))
    assert min(two - one for one, two in zip(moments, moments[1:], strict=False)) > 0.35


@pytest.mark.parametrize(("robots", "outcome"), [((500, {}, b""), "robots"), ((404, {}, b"<p>Disallow: /"), "stored")])
def test_a_host_without_rules(site, web, fetch, robots, outcome):
    site.pages["/robots.txt"] = robots
    site.pages["/a"] = 200, {}, web.page("글", TEXT)
    code = 0 if outcome == "stored" else 4
    found = fetch({"web": fetch.urls("web", f"{site.root}/a")}, code=code)
    assert outcome in (found["pages"]["web"] if code == 0 else found["said"])


def test_a_host_that_asks_for_a_pause_gets_it(site, web, fetch):
    good = 200, {}, web.page("글", TEXT)
    site.pages["/a"] = web.after(1.0, (429, {"Retry-After": "2"}, b""), good)
    site.pages |= {"/b": good, "/c": good}
    found = fetch({"web": fetch.urls("web", *(f"{site.root}/{name}" for name in "abc"))})
    assert found["pages"]["web"] == {"stored": 3}
    first = site.times("/a")[0]
    assert all(moment - first > 1.9 for path, _, moment in site.asked if moment > first and path != "/robots.txt")


def test_a_host_that_asks_for_too_much_is_left_alone(site, web, fetch):
    site.pages["/a"] = 503, {"Retry-After": "86400"}, b""
    site.pages["/b"] = 200, {}, web.page("글", TEXT)
    began = time.monotonic()
    found = fetch({"web": fetch.urls("web", f"{site.root}/a", f"{site.root}/b")}, code=4)
    assert "host_left" in found["said"] and time.monotonic() - began < 30
    assert site.paths() == ["/a"]


def test_opt_outs_are_noted_and_obeyed_by_the_recipe(site, web, fetch):
    rules = b'[{"location": "/reserved/*", "tdm-reservation": 1}, {"location": "/", "tdm-reservation": 0}]'
    site.pages["/.well-known/tdmrep.json"] = 200, {"Content-Type": "application/json"}, rules
    site.pages |= {
        "/noai": (200, {"X-Robots-Tag": "noai, noimageai"}, web.page("글", TEXT)),
        "/tdm": (200, {"TDM-Reservation": "1"}, web.page("글", TEXT)),
        "/reserved/1": (200, {}, web.page("글", TEXT)),
        "/meta": (200, {}, web.page("글", OTHER, "<meta name='robots' content='noai'>")),
        "/open": (200, {}, web.page("글", TEXT)),
    }
    addresses = [f"{site.root}{path}" for path in ("/noai", "/tdm", "/reserved/1", "/meta", "/open")]
    found = fetch({"web": fetch.urls("web", *addresses)})
    assert found["pages"]["web"] == {"stored": 2, "opted_out": 3}
    assert "/reserved/1" not in site.paths()
    assert {item.document["url"]: item.document["defect"] for item in fetch.documents()} == {
        f"{site.root}/meta": "opted_out", f"{site.root}/open": None,
    }  # fmt: skip
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    (path,) = fetch.landing.glob("source=web/date=2026-11-02/*.warc.gz")
    with open(path, "rb") as file:
        noted = {
            record.headers["WARC-Target-URI"].removeprefix(site.root): (
                record.headers["Malmoi-Opt-Out"],
                record.reader.read(),
            )
            for record in ArchiveIterator(file, record_types=WarcRecordType.metadata)
        }
    assert noted == {
        "/noai": ("noai, noimageai", b"opt-out: noai, noimageai\r\n"),
        "/tdm": ("tdm", b"opt-out: tdm\r\n"),
        "/reserved/1": ("tdm", b"opt-out: tdm\r\n"),
    }


def test_signals_that_the_recipe_does_not_obey_are_only_noted(site, web, fetch):
    site.pages["/.well-known/tdmrep.json"] = 200, {}, b'[{"location": "/", "tdm-reservation": 1}]'
    site.pages["/a"] = 200, {"X-Robots-Tag": "noai"}, web.page("글", TEXT)
    found = fetch({"web": fetch.urls("web", f"{site.root}/a")}, ingest={"opt_outs": []})
    assert found["pages"]["web"] == {"stored": 1}
    (item,) = fetch.documents()
    assert item.document["defect"] is None
    fetch.command({"web": fetch.urls("web", f"{site.root}/a")})  # the same landing file under a stricter recipe
    (item,) = fetch.documents()
    assert item.document["defect"] == "opted_out"


def test_only_what_changed_is_fetched_again(site, web, fetch):
    site.pages["/rss"] = web.conditional(feed(site, "/tagged", "/plain")[2], '"feed-1"')
    site.pages["/tagged"] = web.conditional(web.page("글", TEXT), '"v1"')
    site.pages["/plain"] = 200, {}, web.page("글", OTHER)
    source = {"web": {"feeds": [f"{site.root}/rss"], **fetch.urls("web", f"{site.root}/tagged", f"{site.root}/plain")}}
    assert fetch(source)["pages"]["web"] == {"stored": 2}
    again = fetch(source)  # the same day: nothing is asked for, but the list
    assert again["pages"]["web"] == {"known": 2} and again["lists"]["web"] == {"unchanged": 1}
    assert again["files"]["web"] == []
    later = fetch(source, day="2026-11-04")
    assert later["pages"]["web"] == {"unchanged": 1, "known": 1}
    assert site.headers("/tagged")[-1]["if-none-match"] == '"v1"' and len(site.times("/plain")) == 1
    site.pages["/tagged"] = web.conditional(web.page("글", OTHER), '"v2"')
    much_later = fetch(source, day="2026-12-20")
    assert much_later["pages"]["web"] == {"stored": 2}


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_run_goes_on_where_it_was(site, web, fetch, how):
    for number in range(12):
        site.pages[f"/{number}"] = 200, {}, web.page(f"글 {number}", f"{number}. {TEXT}")
    source = {"web": fetch.urls("web", *(f"{site.root}/{number}" for number in range(12)))}
    process = fetch.start(source, delay_seconds=0.3)
    while len(site.paths()) < 5:
        time.sleep(0.05)
        assert process.poll() is None
    process.send_signal(how)
    process.wait(30)
    folder = fetch.landing / "source=web" / "date=2026-11-02"
    assert [path.name for path in folder.iterdir()] == [".fetch-00000.warc.gz"], "nothing half is visible"
    assert fetch.documents() == []
    with open(folder / ".fetch-00000.warc.gz", "ab") as file:
        file.write(b"\x1f\x8b\x08 a record that was cut")
    before = len(site.paths())
    found = fetch(source)
    assert found["pages"]["web"].keys() == {"stored", "known"} and found["pages"]["web"]["known"] >= 3
    assert len(site.paths()) - before == found["pages"]["web"]["stored"] <= 9
    documents = [item.document for item in fetch.documents()]
    assert sorted(row["url"] for row in documents) == sorted(f"{site.root}/{number}" for number in range(12))
    assert not list(folder.glob(".*"))


def test_two_runs_at_once(site, web, fetch):
    site.pages["/a"] = web.slow
    source = {"web": fetch.urls("web", f"{site.root}/a")}
    first = fetch.start(source, page_seconds=5)
    while not site.paths():
        time.sleep(0.05)
    assert "another run" in fetch(source, code=4)["said"]
    first.kill()
    first.wait()


def test_private_addresses_are_not_asked(site, web, fetch):
    site.pages["/a"] = 200, {}, web.page("글", TEXT)
    port = site.root.rsplit(":", 1)[1]
    addresses = [
        f"{site.root}/a",
        f"http://localhost:{port}/a",
        "http://169.254.169.254/latest",
        f"http://[::1]:{port}/a",
    ]
    said = fetch({"web": fetch.urls("web", *addresses)}, code=4, private_hosts=False)["said"]
    assert "private" in said and site.asked == []


def test_a_run_that_is_out_of_time_keeps_what_it_has(site, web, fetch):
    for number in range(200):
        site.pages[f"/{number}"] = 200, {}, web.page("글", f"{number}. {TEXT}")
    source = {"web": fetch.urls("web", *(f"{site.root}/{number}" for number in range(200))) | {"max_pages": 3}}
    assert fetch(source)["pages"]["web"] == {"stored": 3}
    assert len(fetch.documents()) == 3


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        ({"web": {}}, "no source asks for fetching"),
        ({"web": {"feeds": ["feed.example.kr"]}}, "no http or https address"),
        ({"web": {"url_lists": ["missing.txt"]}}, "missing.txt: cannot be read"),
        ({"web": {"url_lists": ["web.txt"], "delay_seconds": 2.0}}, "holds for all sources"),
        ({"web": {"naver_queries": ["벼농사"]}}, "NAVER_OPENAPI_ID"),
    ],
)
def test_a_recipe_that_cannot_be_followed(fetch, sources, said):
    fetch.urls("web", "https://example.kr/")
    env = {"NAVER_OPENAPI_ID": "", "NAVER_OPENAPI_SECRET": ""}
    found = fetch(sources, code=3, env=env)["said"].strip().splitlines()
    assert said in found[-1] and len(found) == 1
