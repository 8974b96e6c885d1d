"""The crawl: lists first, then the pages that they name, each into the WARC of its source."""

import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Headers, Response
from twisted.python.failure import Failure

from malmoi.contracts.optout import header_signals
from malmoi.fetch import naver
from malmoi.fetch.archive import Archive, Capture
from malmoi.fetch.failures import outcome_of
from malmoi.fetch.lists import Entry, feed_entries, fresh, sitemap_entries
from malmoi.fetch.outcomes import Outcome
from malmoi.fetch.plan import Plan
from malmoi.fetch.state import State, Validators

log = logging.getLogger("malmoi.fetch")

MAX_SITEMAPS = 2_000
"""Sitemaps of one source in one run: an index may name itself through others."""
MAX_LIST_BYTES = 64 << 20
_LISTS_FIRST = 100
_HTML = (b"text/html", b"application/xhtml+xml", b"application/vnd.wap.xhtml+xml")


class CorpusSpider(Spider):
    """``counts`` holds the outcomes of every source's pages, ``lists`` those of its lists."""

    name = "malmoi"

    def __init__(
        self,
        plans: list[Plan],
        day: str,
        state: State,
        archives: dict[str, Archive],
        obeyed: frozenset[str],
        credentials: naver.Credentials | None,
    ):
        super().__init__()
        self.plans = {plan.source: plan for plan in plans}
        self.day = day
        self.state = state
        self.archives = archives
        self.obeyed = obeyed
        self.credentials = credentials
        self.counts: dict[str, Counter[str]] = {plan.source: Counter() for plan in plans}
        self.lists: dict[str, Counter[str]] = {plan.source: Counter() for plan in plans}
        self.list_validators: list[tuple[str, str, Validators]] = []
        self._asked: dict[str, set[str]] = {plan.source: set() for plan in plans}
        self._sitemaps: Counter[str] = Counter()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "CorpusSpider":
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.on_headers, signal=signals.headers_received)
        return spider

    def on_headers(self, headers: Headers, body_length: int, request: Request, spider: Spider) -> None:
        """Ends the download of what is no page before its body comes."""
        if not request.meta.get("is_page") or headers.get(b"Location"):
            return
        stated = (headers.get(b"Content-Type") or b"").split(b";")[0].strip().lower()
        if stated and stated not in _HTML:
            raise StopDownload(fail=True)

    async def start(self) -> AsyncIterator[Request]:
        for source, plan in self.plans.items():
            for address in plan.fetch.feeds:
                yield self._list(source, address, self.parse_feed)
            for address in plan.fetch.sitemaps:
                self._sitemaps[source] += 1
                yield self._list(source, address, self.parse_sitemap)
            for call in plan.calls:
                if request := self._api(source, call):
                    yield request
            for request in self._pages(source, plan.listed):
                yield request

    def parse_feed(self, response: Response) -> Iterator[Request]:
        source = response.meta["source"]
        if not self._has_news(response):
            return
        try:
            entries = feed_entries(response.body, response.url)
        except ValueError:
            self._list_failed(source, response.url, Outcome.BROKEN)
            return
        yield from self._pages(source, entries)

    def parse_sitemap(self, response: Response) -> Iterator[Request]:
        source = response.meta["source"]
        if not self._has_news(response):
            return
        try:
            entries, maps = sitemap_entries(response.body, response.url)
        except ValueError:
            self._list_failed(source, response.url, Outcome.BROKEN)
            return
        yield from self._pages(source, entries)
        for address in maps:
            if self._sitemaps[source] < MAX_SITEMAPS:
                self._sitemaps[source] += 1
                yield self._list(source, address, self.parse_sitemap)

    def parse_results(self, response: Response, call: naver.Call) -> Iterator[Request]:
        source = response.meta["source"]
        try:
            entries, total = naver.results(response.body)
        except ValueError:
            self._list_failed(source, f"Naver {call.service}", Outcome.BROKEN)
            return
        self.lists[source][Outcome.STORED] += 1
        yield from self._pages(source, entries)
        following = call.next()
        current = list(fresh(entries, self.day, self.plans[source].fetch.max_age_days))
        if following and following.start <= total and current and (request := self._api(source, following)):
            yield request

    def parse_page(self, response: Response) -> None:
        source, url = response.meta["source"], response.meta["listed"]
        validators = _validators(response.headers)
        if response.status == 304:
            self._note(source, url, Outcome.UNCHANGED, response.meta["validators"])
            return
        signals = self._signals(response)
        obeyed = bool(signals & self.obeyed)
        headers = [(name, value) for name, values in response.headers.items() for value in values]
        self.archives[source].write(
            Capture(
                response.url, response.status, headers, response.body, datetime.now(UTC), tuple(sorted(signals)), obeyed
            )
        )
        self._note(source, url, Outcome.OPTED_OUT if obeyed else Outcome.STORED, validators)

    def page_failed(self, failure: Failure) -> None:
        request: Request = failure.request  # type: ignore[attr-defined]
        source, url = request.meta["source"], request.meta["listed"]
        outcome = outcome_of(failure)
        if outcome is Outcome.OPTED_OUT:
            self.archives[source].write(Capture(request.url, 0, [], b"", datetime.now(UTC), ("tdm",), obeyed=True))
            self._note(source, url, outcome, Validators())
            return
        self.counts[source][outcome] += 1
        log.info("%s %s: %s", source, outcome, request.url)

    def list_failed(self, failure: Failure) -> None:
        request: Request = failure.request  # type: ignore[attr-defined]
        outcome = outcome_of(failure)
        name = request.url.partition("?")[0] if request.meta.get("is_api") else request.url
        code = naver.error_code(failure.value.response.body) if hasattr(failure.value, "response") else ""
        self._list_failed(request.meta["source"], name, outcome, f" (error {code})" if code else "")

    def _list_failed(self, source: str, name: str, outcome: Outcome, detail: str = "") -> None:
        self.lists[source][outcome] += 1
        log.warning("%s: nothing from %s: %s%s", source, name, outcome, detail)

    def _list(self, source: str, address: str, parse: Callable) -> Request:
        known = self.state.validators(source, address) or Validators()
        return Request(
            address,
            callback=parse,
            errback=self.list_failed,
            headers=known.headers(),
            priority=_LISTS_FIRST,
            meta={"source": source, "handle_httpstatus_list": [304], "download_maxsize": MAX_LIST_BYTES},
        )

    def _api(self, source: str, call: naver.Call) -> Request | None:
        assert self.credentials is not None
        if not self.state.take_call(self.day, self.plans[source].fetch.naver_daily_calls):
            self._list_failed(source, f"Naver {call.service}", Outcome.KNOWN, " (fetch.naver_daily_calls are used up)")
            return None
        return Request(
            call.url(self.credentials.host),
            callback=self.parse_results,
            errback=self.list_failed,
            headers=self.credentials.headers(),
            priority=_LISTS_FIRST,
            meta={"source": source, "is_api": True},
            cb_kwargs={"call": call},
        )

    def _pages(self, source: str, entries: Iterable[Entry]) -> Iterator[Request]:
        limits, asked = self.plans[source].fetch, self._asked[source]
        for entry in fresh(entries, self.day, limits.max_age_days):
            if entry.url in asked or len(asked) >= limits.max_pages:
                continue
            asked.add(entry.url)
            validators = self.state.due(source, entry.url, self.day, limits.refetch_days)
            if validators is None:
                self.counts[source][Outcome.KNOWN] += 1
                continue
            yield Request(
                entry.url,
                callback=self.parse_page,
                errback=self.page_failed,
                headers=validators.headers(),
                dont_filter=True,
                meta={
                    "source": source,
                    "listed": entry.url,
                    "is_page": True,
                    "validators": validators,
                    "handle_httpstatus_list": [304],
                },
            )

    def _has_news(self, response: Response) -> bool:
        """Whether a list changed. Its validators count from the end of the run: a killed run must read it again."""
        source = response.meta["source"]
        if response.status == 304:
            self.lists[source][Outcome.UNCHANGED] += 1
            return False
        self.lists[source][Outcome.STORED] += 1
        asked = response.meta.get("redirect_urls", [response.url])[0]
        self.list_validators.append((source, asked, _validators(response.headers)))
        return True

    def _signals(self, response: Response) -> set[str]:
        robots = b",".join(response.headers.getlist(b"X-Robots-Tag")).decode("latin-1")
        reservation = (response.headers.get(b"TDM-Reservation") or b"").decode("latin-1")
        reserved = {"tdm"} if response.meta.get("is_reserved") and reservation.strip() != "0" else set()
        return header_signals(robots, reservation) | reserved

    def _note(self, source: str, url: str, outcome: Outcome, validators: Validators) -> None:
        self.state.note(source, url, self.day, outcome, validators)
        self.counts[source][outcome] += 1


def _validators(headers: Headers) -> Validators:
    etag, modified = headers.get(b"ETag") or b"", headers.get(b"Last-Modified") or b""
    return Validators(etag.decode("latin-1"), modified.decode("latin-1"))
