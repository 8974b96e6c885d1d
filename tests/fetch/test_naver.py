"""Naver's Search API: paging, quota, errors; and that its key is nowhere but in the request."""

import json
from datetime import datetime, timedelta
from email.utils import format_datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from malmoi.fetch.naver import Call, error_code, results
from malmoi.text.html.dates import SEOUL

TEXT = "모내기를 마친 논에 우렁이를 풀었다. 풀을 먹어 주니 약을 칠 일이 없다. 다만 어린 모까지 먹을까 걱정이 되어 물 높이를 자주 살폈다."
TODAY = datetime(2026, 11, 2, 10, tzinfo=SEOUL)
KEYS = {"NAVER_OPENAPI_ID": "an-id", "NAVER_OPENAPI_SECRET": "a-very-secret-key"}


@pytest.mark.parametrize(
    ("wanted", "calls"),
    [(1, [(1, 1)]), (100, [(1, 100)]), (101, [(1, 100), (101, 1)]), (1_100, [(n, 100) for n in range(1, 1_001, 100)])],
)
def test_calls_of_a_query(wanted, calls):
    call, found = Call("news", "모내기", wanted=wanted), []
    while call:
        found.append((call.start, call.count))
        call = call.next()
    assert found == calls and all(start <= 1_000 and count <= 100 for start, count in found)


def test_an_address_of_the_api():
    parts = urlsplit(Call("kin", "모 내기&", wanted=150).url("https://openapi.naver.com"))
    assert parts.path == "/v1/search/kin.json"
    assert parse_qs(parts.query) == {"query": ["모 내기&"], "display": ["100"], "start": ["1"], "sort": ["date"]}


def test_answers():
    items = [
        {"link": "https://n.news.naver.com/article/001/1", "pubDate": "Mon, 02 Nov 2026 09:00:00 +0900"},
        {"link": "https://blog.naver.com/farm/22", "postdate": "20261102"},
        {"title": "no link"},
        "nonsense",
    ]
    entries, total = results(json.dumps({"total": 2_000, "items": items}).encode())
    assert total == 2_000
    assert [(entry.url, entry.date.isoformat()) for entry in entries] == [
        ("https://n.news.naver.com/article/001/1", "2026-11-02T00:00:00+00:00"),
        ("https://blog.naver.com/farm/22", "2026-11-01T15:00:00+00:00"),
    ]
    for bad in (b"", b"[]", b"{}", b'{"items": 1}', b"<html>"):
        with pytest.raises(ValueError):
            results(bad)
    assert error_code(b'{"errorCode": "024"}') == "024" and error_code(b"<html>") == "" == error_code(b"[]")


def api(site, total: int, undated: bool = False):
    """A search that knows ``total`` pages of the site, one a day into the past for every 100."""

    def answer(handler) -> None:
        query = parse_qs(urlsplit(handler.path).query)
        start, count = int(query["start"][0]), int(query["display"][0])
        items = [
            {
                "link": f"{site.root}/p/{n}",
                "pubDate": "" if undated else format_datetime(TODAY - timedelta((n - 1) // 100)),
            }
            for n in range(start, min(start + count, total + 1))
        ]
        handler.answer(200, {"Content-Type": "application/json"}, json.dumps({"total": total, "items": items}).encode())

    return answer


def calls(site) -> list[tuple[str, str]]:
    found = [urlsplit(path) for path in site.paths() if path.startswith("/v1/search/")]
    return [(parts.path, parse_qs(parts.query)["start"][0]) for parts in found]


def test_results_are_fetched_and_the_key_stays_secret(site, web, fetch):
    site.pages["/v1/search/news.json"] = api(site, 3)
    site.pages["/v1/search/kin.json"] = api(site, 0)
    for number in range(1, 4):
        site.pages[f"/p/{number}"] = 200, {}, web.page(f"글 {number}", f"{number}. {TEXT}")
    source = {"web": {"naver_queries": ["모내기"], "naver_services": ["news", "kin"]}}
    found = fetch(source, env={**KEYS, "NAVER_OPENAPI_HOST": site.root})
    assert found["pages"]["web"] == {"stored": 3} and found["lists"]["web"] == {"stored": 2}
    assert sorted(calls(site)) == [("/v1/search/kin.json", "1"), ("/v1/search/news.json", "1")]
    for path, headers, _ in site.asked:
        is_call = path.startswith("/v1/search/")
        assert (headers.get("x-naver-client-secret") == KEYS["NAVER_OPENAPI_SECRET"]) == is_call
    assert len(fetch.documents()) == 3
    written = [path for path in fetch.folder.rglob("*") if path.is_file()]
    assert not [path for path in written if KEYS["NAVER_OPENAPI_SECRET"].encode() in path.read_bytes()]


def test_paging_ends_with_what_is_too_old(site, fetch):
    site.pages["/v1/search/news.json"] = api(site, 1_000)
    source = {"web": {"naver_queries": ["모내기"], "naver_results": 500, "max_age_days": 1, "max_pages": 1}}
    fetch(source, env={**KEYS, "NAVER_OPENAPI_HOST": site.root})
    assert [start for _, start in calls(site)] == ["1", "101", "201"], "the third page is of the day before yesterday"


def test_the_quota_of_the_day(site, fetch):
    site.pages["/v1/search/news.json"] = api(site, 1_000, undated=True)
    source = {"web": {"naver_queries": ["모내기", "추수"], "naver_results": 1_000, "max_pages": 1}}
    env = {**KEYS, "NAVER_OPENAPI_HOST": site.root}
    found = fetch(source, env=env, naver_daily_calls=5)
    assert len(calls(site)) == 5 and "naver_daily_calls" in found["said"]
    fetch(source, env=env, naver_daily_calls=6)
    assert len(calls(site)) == 6, "calls of earlier runs of the day count"
    fetch(source, env=env, naver_daily_calls=5, day="2026-11-03")
    assert len(calls(site)) == 11


def test_a_wrong_key_is_said(site, fetch):
    site.pages["/v1/search/news.json"] = (
        401,
        {"Content-Type": "application/json"},
        b'{"errorCode":"024","errorMessage":"no"}',
    )
    env = {**KEYS, "NAVER_OPENAPI_HOST": site.root}
    said = fetch({"web": {"naver_queries": ["모내기"]}}, code=4, env=env)["said"]
    assert "error 024" in said and KEYS["NAVER_OPENAPI_SECRET"] not in said
