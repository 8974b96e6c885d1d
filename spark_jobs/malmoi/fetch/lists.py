"""Addresses of pages from feeds, sitemaps and lists."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from lxml import etree

from malmoi.contracts.errors import InputError
from malmoi.text.html.dates import SEOUL, parse_date

_DATES = frozenset(("pubDate", "published", "updated", "date", "lastmod", "publication_date"))


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that a list names. ``date`` is what the list says of it; None where it says nothing."""

    url: str
    date: datetime | None = None


def feed_entries(body: bytes, base: str) -> list[Entry]:
    """Entries of an RSS 2.0, RSS 1.0 or Atom feed. Raises ValueError for what is no XML."""
    return [
        Entry(urljoin(base, link), _latest_date(item))
        for item in _elements(body, ("item", "entry"))
        if (link := _link(item))
    ]


def sitemap_entries(body: bytes, base: str) -> tuple[list[Entry], list[str]]:
    """Pages of a sitemap, and the sitemaps of an index. Raises ValueError for what is no XML."""
    pages = [Entry(urljoin(base, loc), _latest_date(item)) for item in _elements(body, ("url",)) if (loc := _loc(item))]
    return pages, [urljoin(base, loc) for item in _elements(body, ("sitemap",)) if (loc := _loc(item))]


def listed(path: Path) -> list[Entry]:
    """Addresses of a file with one a line. Raises InputError."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path}: cannot be read as UTF-8 text ({type(error).__name__}); fetch.url_lists names it"
        ) from None
    found = []
    for number, line in enumerate(lines, 1):
        address = line.partition(" #")[0].strip()
        if not address or address.startswith("#"):
            continue
        if not is_page(address):
            raise InputError(f"{path}:{number}: no address; a line holds one http or https address")
        found.append(Entry(address))
    return found


def fresh(entries: Iterable[Entry], day: str, max_age_days: int) -> Iterator[Entry]:
    """Entries that are undated or not older than ``max_age_days`` before the day (Seoul), and can be fetched at all."""
    start = datetime.combine(date.fromisoformat(day), time(), SEOUL) - timedelta(days=max_age_days)
    for entry in entries:
        if is_page(entry.url) and (entry.date is None or entry.date >= start.astimezone(UTC)):
            yield Entry(readable(entry.url), entry.date)


def is_page(url: str) -> bool:
    """Whether it is an http or https address with a host."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


def readable(url: str) -> str:
    """The address under which the text lies: a Naver blog shows its posts in a frame."""
    parts = urlsplit(url)
    if parts.hostname not in ("blog.naver.com", "m.blog.naver.com"):
        return url
    steps = parts.path.strip("/").split("/")
    query = parse_qs(parts.query)
    blog, post = (query.get("blogId", [""])[0], query.get("logNo", [""])[0])
    if len(steps) == 2 and steps[1].isdigit():
        blog, post = steps
    elif len(steps) == 1 and post and not blog:
        blog = steps[0]
    return (
        f"https://blog.naver.com/PostView.naver?{urlencode({'blogId': blog, 'logNo': post})}" if blog and post else url
    )


def _elements(body: bytes, names: tuple[str, ...]) -> Iterator[etree._Element]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(body.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise ValueError("no XML")
    yield from (one for one in root.iter() if isinstance(one.tag, str) and _local(one) in names)


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _link(item: etree._Element) -> str:
    for child in item:
        if _local(child) == "link" and child.get("rel", "alternate") == "alternate":
            address = (child.get("href") or child.text or "").strip()
            if address:
                return address
    guid = next((child for child in item if _local(child) == "guid" and child.get("isPermaLink") != "false"), None)
    return (guid.text or "").strip() if guid is not None else ""


def _loc(item: etree._Element) -> str:
    return next(((child.text or "").strip() for child in item if _local(child) == "loc"), "")


def _latest_date(item: etree._Element) -> datetime | None:
    """The latest of the dates that the entry gives: a page that changed is as good as a new one."""
    found = (parse_date(child.text) for child in item.iter() if _local(child) in _DATES)
    return max((moment for moment in found if moment), default=None)
