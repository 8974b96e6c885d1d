"""Politeness towards a host, as downloader middlewares of Scrapy: robots.txt with Crawl-delay, tdmrep.json, Retry-After.

Scrapy's own robots middleware neither obeys Crawl-delay nor forbids a host whose robots.txt fails, as RFC 9309 asks.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any, Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from twisted.python.failure import Failure

from malmoi.contracts.recipe.fetch import Fetch
from malmoi.fetch.outcomes import Outcome
from malmoi.fetch.private import is_private
from malmoi.fetch.tdm import Rule, is_path_reserved, reserved_paths

MAX_RULES_BYTES = 500 << 10
"""RFC 9309: at least so much of a robots.txt must be read."""


class Refused(IgnoreRequest):
    """A request that is not made, and why."""

    def __init__(self, outcome: Outcome):
        super().__init__(str(outcome))
        self.outcome = outcome


@dataclass
class _Rules:
    """What an origin asks for. ``robots`` None: it could not be had, and nothing may be fetched."""

    robots: Protego | None
    reserved: list[Rule] = field(default_factory=list)
    crawl_delay: float = 0.0


class HostRules:
    """Holds every page request against the rules of its origin, which are fetched before the first one."""

    def __init__(self, crawler: Crawler, fetch: Fetch, obeyed: frozenset[str]):
        self._crawler = crawler
        self._fetch = fetch
        self._obeys_tdm = "tdm" in obeyed
        self._origins: dict[str, asyncio.Future[_Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, crawler.settings["MALMOI_FETCH"], crawler.settings["MALMOI_OPT_OUTS"])

    async def process_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if not self._fetch.private_hosts and is_private(parts.hostname or ""):
            raise Refused(Outcome.PRIVATE)
        if request.meta.get("is_rule") or request.meta.get("is_api"):
            return
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._origins:
            self._origins[origin] = asyncio.ensure_future(self._load(origin))
        rules = await asyncio.shield(self._origins[origin])
        if rules.robots is None or not rules.robots.can_fetch(request.url, self._fetch.user_agent):
            raise Refused(Outcome.ROBOTS)
        if rules.crawl_delay > self._fetch.max_crawl_delay_seconds:
            raise Refused(Outcome.HOST_LEFT)
        _slow_down(self._crawler, request, rules.crawl_delay)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        if is_path_reserved(rules.reserved, path):
            request.meta["is_reserved"] = True
            if self._obeys_tdm and request.meta.get("is_page"):
                raise Refused(Outcome.OPTED_OUT)

    async def _load(self, origin: str) -> _Rules:
        answer = await self._get(f"{origin}/robots.txt")
        if answer is None or answer.status >= 500 or answer.status == 429:
            return _Rules(robots=None)
        body = answer.body[:MAX_RULES_BYTES] if answer.status < 300 else b""
        robots = Protego.parse(body.decode("utf-8", "replace"))
        reservation = f"{origin}/.well-known/tdmrep.json"
        answer = await self._get(reservation) if robots.can_fetch(reservation, self._fetch.user_agent) else None
        return _Rules(
            robots,
            reserved_paths(answer.body) if answer is not None and answer.status < 300 else [],
            float(robots.crawl_delay(self._fetch.user_agent) or 0),
        )

    async def _get(self, url: str) -> Response | None:
        """None where no answer came."""
        request = Request(url, callback=NO_CALLBACK, meta={"is_rule": True, "download_maxsize": 2 * MAX_RULES_BYTES})
        try:
            return await self._crawler.engine.download_async(request)  # type: ignore[union-attr]
        except Exception:  # every kind of failure means the same here, and Scrapy has counted it
            return None


class RetryAfter:
    """Pauses a host that asks for it (429, 503), and leaves it alone where it asks for too long.

    Works on the signal that comes before the downloader takes the host's next request.
    """

    def __init__(self, crawler: Crawler, fetch: Fetch):
        self._crawler = crawler
        self._longest = fetch.max_retry_after_seconds
        self._delay = fetch.delay_seconds
        self._left: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler, crawler.settings["MALMOI_FETCH"])
        crawler.signals.connect(middleware.on_response, signal=signals.response_downloaded)
        return middleware

    def on_response(self, response: Response, request: Request, spider: Spider) -> None:
        if response.status not in (429, 503):
            return
        asked = seconds_asked(response.headers.get(b"Retry-After") or b"", datetime.now(UTC))
        pause = asked if asked is not None else 4 * self._delay * 2 ** request.meta.get("retry_times", 0)
        slot = _slot(self._crawler, request)
        if pause > self._longest:
            self._left.add(urlsplit(request.url).netloc)
            _turn_away(slot)
        elif slot is not None:  # the downloader takes the host's next request ``delay`` after this moment
            slot.lastseen = max(slot.lastseen, monotonic() + pause)

    async def process_request(self, request: Request) -> None:
        self._refuse_if_left(request)

    async def process_response(self, request: Request, response: Response) -> Response:
        if response.status in (429, 503):
            self._refuse_if_left(request)
        return response

    def _refuse_if_left(self, request: Request) -> None:
        if urlsplit(request.url).netloc in self._left:
            raise Refused(Outcome.HOST_LEFT)


def seconds_asked(value: bytes, now: datetime) -> float | None:
    """Seconds of a Retry-After header, which holds a number or a date; None where it says nothing."""
    text = value.decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def _slow_down(crawler: Crawler, request: Request, delay: float) -> None:
    """Raises the delay between requests to the host to its Crawl-delay, one request at a time."""
    downloader = crawler.engine.downloader  # type: ignore[union-attr]
    if delay <= downloader.settings.getfloat("DOWNLOAD_DELAY"):
        return
    downloader.per_slot_settings[downloader.get_slot_key(request)] = {"delay": delay, "concurrency": 1}
    slot = _slot(crawler, request)
    if slot is not None:
        slot.delay, slot.concurrency = delay, 1


def _turn_away(slot: Any) -> None:
    """Refuses the requests that already wait for the host."""
    while slot is not None and slot.queue:
        _, waiting = slot.queue.popleft()
        waiting.errback(Failure(Refused(Outcome.HOST_LEFT)))


def _slot(crawler: Crawler, request: Request) -> Any:
    """The downloader's queue of the host, which robots.txt has already gone through; AutoThrottle sets it likewise."""
    downloader = crawler.engine.downloader  # type: ignore[union-attr]
    return downloader.slots.get(downloader.get_slot_key(request))
