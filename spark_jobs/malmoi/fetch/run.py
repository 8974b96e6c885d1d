"""One run: all sources of a recipe that ask for it, in one crawl, because they may share hosts."""

import fcntl
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from malmoi.contracts.disk import disk_errors
from malmoi.contracts.errors import ContractError, InfrastructureError
from malmoi.contracts.paths import checked_name
from malmoi.contracts.recipe import Recipe
from malmoi.fetch.archive import Archive
from malmoi.fetch.naver import Credentials
from malmoi.fetch.outcomes import SERVED, Outcome
from malmoi.fetch.plan import Plan, plans
from malmoi.fetch.state import State, Validators

STATE_FOLDER = ".fetch"
"""In the landing folder; hidden, so that no source's pattern takes it."""


@dataclass(frozen=True)
class Fetched:
    """``pages`` and ``lists``: source -> outcome -> addresses; ``files``: source -> new landing files. ``complete`` is
    False for a run that was out of time: what is left comes with the next one."""

    pages: dict[str, Counter[str]]
    lists: dict[str, Counter[str]]
    files: dict[str, list[str]]
    complete: bool


def fetch(recipe: Recipe, sources: list[str], day: str, landing: str) -> Fetched:
    """Fetches into ``landing/source=NAME/date=DAY/``. Raises ContractError for a recipe that cannot be followed, and
    InfrastructureError where no list and no page of any source could be had, or the run was stopped.
    """
    planned = plans(recipe, sources)
    if not planned:
        raise ContractError(
            f"{recipe.path}: no source asks for fetching; give one feeds, sitemaps, url_lists or naver_queries in "
            "[fetch.source.NAME]"
        )
    credentials = Credentials.from_environment() if any(plan.calls for plan in planned) else None
    with disk_errors(landing), _alone(Path(landing) / STATE_FOLDER) as folder:
        state = State(folder / "state.sqlite")
        try:
            return _crawl(recipe, planned, day, Path(landing), state, credentials)
        finally:
            state.close()


def _crawl(
    recipe: Recipe, planned: list[Plan], day: str, landing: Path, state: State, credentials: Credentials | None
) -> Fetched:
    archives = {plan.source: _archive(plan.source, day, landing, state) for plan in planned}
    spider, reason = _run_spider(
        _settings(recipe),
        plans=planned,
        day=day,
        state=state,
        archives=archives,
        obeyed=frozenset(recipe.ingest.opt_outs),
        credentials=credentials,
    )
    if reason not in ("finished", "closespider_timeout"):
        for archive in archives.values():
            archive.close()
        raise InfrastructureError(f"fetching was stopped ({reason}); run it again, and it goes on where it was")
    files = {source: archive.publish() for source, archive in archives.items()}
    complete = reason == "finished"
    for source, url, validators in spider.list_validators if complete else ():
        state.note(source, url, day, Outcome.STORED, validators)
    result = Fetched(spider.counts, spider.lists, files, complete)
    _check_success(result)
    return result


def _archive(source: str, day: str, landing: Path, state: State) -> Archive:
    archive = Archive(landing / f"source={checked_name(source)}" / f"date={checked_name(day)}")
    for page in archive.salvaged:
        outcome = Outcome.OPTED_OUT if page.obeyed else Outcome.STORED
        state.note(source, page.url, day, outcome, Validators(page.etag, page.last_modified))
    return archive


def _run_spider(settings: dict[str, Any], **arguments: Any) -> tuple[Any, str]:
    """The spider after its crawl, and why it ended."""
    from scrapy import signals
    from scrapy.crawler import CrawlerProcess

    from malmoi.fetch.spider import CorpusSpider

    process = CrawlerProcess(settings)
    crawler = process.create_crawler(CorpusSpider)
    reasons: list[str] = []

    def closed(reason: str) -> None:
        reasons.append(reason)

    crawler.signals.connect(closed, signal=signals.spider_closed)
    process.crawl(crawler, **arguments)
    process.start(install_signal_handlers=False)  # every record is safe once written: nothing to do before dying
    return crawler.spider, reasons[0] if reasons else "it never began"


def _settings(recipe: Recipe) -> dict[str, Any]:
    wanted = recipe.fetch
    refused = dict.fromkeys(("data", "file", "ftp", "s3"))  # lists come from strangers
    settings: dict[str, Any] = {
        "MALMOI_FETCH": wanted,
        "MALMOI_OPT_OUTS": frozenset(recipe.ingest.opt_outs),
        "USER_AGENT": wanted.user_agent,
        "ROBOTSTXT_OBEY": False,  # HostRules does, and more
        "DOWNLOADER_MIDDLEWARES": {"malmoi.fetch.hosts.HostRules": 100, "malmoi.fetch.hosts.RetryAfter": 560},
        "DOWNLOAD_HANDLERS": refused,
        "DOWNLOAD_DELAY": wanted.delay_seconds,
        "DOWNLOAD_DELAY_JITTER": 0,
        "CONCURRENT_REQUESTS": wanted.requests,
        "CONCURRENT_REQUESTS_PER_DOMAIN": wanted.host_requests,
        "DOWNLOAD_TIMEOUT": wanted.page_seconds,
        "DOWNLOAD_MAXSIZE": wanted.max_page_mib << 20,
        "DOWNLOAD_WARNSIZE": 0,
        "RETRY_TIMES": wanted.retries,
        "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",
        "REDIRECT_ENABLED": wanted.redirects > 0,
        "REDIRECT_MAX_TIMES": wanted.redirects,
        "METAREFRESH_ENABLED": False,
        "CLOSESPIDER_TIMEOUT": wanted.max_minutes * 60,
        "COOKIES_ENABLED": False,
        "REFERRER_POLICY": "no-referrer",
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "WARNING",
    }
    if not wanted.private_hosts:
        settings["DNS_RESOLVER"] = "malmoi.fetch.private.PublicResolver"
    return settings


def _check_success(result: Fetched) -> None:
    """Raises InfrastructureError where nothing at all was reached."""
    counts = [*result.pages.values(), *result.lists.values()]
    total = sum(sum(count.values()) for count in counts)
    if total and not any(count[outcome] for count in counts for outcome in SERVED):
        seen = ", ".join(sorted({str(outcome) for count in counts for outcome in count}))
        raise InfrastructureError(f"nothing could be fetched from any of {', '.join(result.pages)}: {seen}")


@contextmanager
def _alone(folder: Path) -> Iterator[Path]:
    """Holds a lock on the folder. Raises InfrastructureError where another run has it."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InfrastructureError(f"{folder.parent}: another run is fetching into it; wait for its end") from None
        yield folder
    finally:
        os.close(handle)
