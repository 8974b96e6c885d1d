"""The recipe's section on fetching: what a source asks for, and how politely it is fetched."""

from dataclasses import dataclass

from malmoi.contracts.recipe.fields import number, text, words

NAVER_SERVICES = ("news", "blog", "kin", "cafearticle")


@dataclass(frozen=True)
class Fetch:
    """Fetching pages into the landing folder. A source asks for it with an address list in ``[fetch.source.NAME]``."""

    feeds: tuple[str, ...] = words(help="addresses of RSS and Atom feeds; their entries are fetched")
    sitemaps: tuple[str, ...] = words(help="addresses of sitemaps, news sitemaps or sitemap indexes")
    url_lists: tuple[str, ...] = words(help="files beside the recipe with one address a line; # starts a comment")
    naver_queries: tuple[str, ...] = words(help="queries to Naver's Search API, newest results first")
    naver_services: tuple[str, ...] = words(
        ("news",), of=NAVER_SERVICES, help="services of Naver's Search API that each query goes to"
    )
    naver_results: int = number(100, low=1, high=1100, help="results of each query; 100 a call, the API ends at 1,100")
    naver_daily_calls: int = number(
        25_000, low=0, high=1_000_000, help="calls a day (Seoul) of all sources together; the API's quota is 25,000"
    )
    max_age_days: int = number(
        3, low=0, high=36_500, help="entries of feeds, sitemaps and searches that are dated earlier are passed over"
    )
    refetch_days: int = number(
        30,
        low=0,
        high=36_500,
        help="a page without ETag and Last-Modified is asked for again after so many days; one with them each time",
    )
    user_agent: str = text(
        "Malmoi/0.1 (Korean text corpus)", help="how the crawler names itself; add an address for complaints"
    )
    delay_seconds: float = number(
        1.0, low=0.01, high=3600, help="between two requests to a host; Crawl-delay may raise it"
    )
    host_requests: int = number(1, low=1, high=16, help="requests to one host at the same time")
    requests: int = number(16, low=1, high=1000, help="requests at the same time")
    page_seconds: float = number(30.0, low=0.1, high=3600, help="a page that has not arrived by then is given up")
    max_page_mib: int = number(8, low=1, high=1024, help="a larger page is given up, before or after decompression")
    max_crawl_delay_seconds: float = number(
        60.0, low=0, high=86_400, help="a host whose Crawl-delay is longer is left alone"
    )
    max_retry_after_seconds: float = number(
        300.0, low=0, high=86_400, help="a host that asks for a longer pause (429, 503) is left alone for this run"
    )
    retries: int = number(
        2, low=0, high=20, help="further tries after a time-out, a lost connection or a server's error"
    )
    redirects: int = number(5, low=0, high=50, help="redirects that are followed, one after another")
    max_pages: int = number(100_000, low=1, high=1_000_000_000, help="pages of one source in one run")
    max_minutes: int = number(150, low=1, high=100_000, help="a run ends after so long; what is left comes next time")
    private_hosts: bool = text(
        False, help="true: addresses within private networks may be fetched, for an archive of one's own"
    )

    def asks(self) -> bool:
        """Whether there is anything to fetch."""
        return bool(self.feeds or self.sitemaps or self.url_lists or self.naver_queries)
