"""The console as people see it: Chromium walks every page of a real night, as viewer and as admin, in both languages, both
colour schemes, wide and narrow."""

import html
import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState
from tests.browser import checks
from tests.browser.stand import (
    HISTORY,
    NARROW,
    NO_CHROMIUM,
    WIDE,
    Stand,
    airflow_with_nights,
    browser_of,
    chromium,
    log_in,
    settled,
    window,
)
from tests.browser.walk import ROOT, Walk, kind_of, kinds

pytestmark = [pytest.mark.browser, pytest.mark.airflow, pytest.mark.spark, pytest.mark.timeout(900)]
"""The first test waits for the night, and for the training run after it."""

DAY = "2026-11-01"
USERS, LANGUAGES, SCHEMES = ("viewer", "admin"), ("en", "ko"), ("light", "dark")
START = [
    f"{ROOT}/",
    f"{ROOT}/nights",
    f"{ROOT}/nights/{DAY}/documents?reason=profane",
    f"{ROOT}/nights/{DAY}/documents?reason=duplicate_near",
    f"{ROOT}/nights/{DAY}/whatif?source=web&quality.min_quality_score=0.5",
    f"{ROOT}/search?q=example",
    f"{ROOT}/takedown",
    f"{ROOT}/training",
]
"""Where the walk begins; everything else it finds by the links of the pages."""
ELSEWHERE = {
    f"{ROOT}/started/{{dag_id}}/{{run_id}}": "tests/plugins/console/test_acting.py starts runs",
    f"{ROOT}/static/{{name}}": "what pages ask for",
    f"{ROOT}/run/{{dag_id}}/{{run_id}}": "below, inside Airflow's own page",
    f"{ROOT}/run/{{dag_id}}/{{run_id}}/report": "below, by the link of a task",
}
"""Routes that no page of the console links to."""
REPORT = f"{ROOT}/nights/{{batch}}/report"
"""A page of its own, Korean and English side by side."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    executable = chromium()
    if executable is None:
        pytest.skip(NO_CHROMIUM)
    with browser_of(executable) as made:
        yield made


@pytest.fixture(scope="module")
def stand(browser, tmp_path_factory) -> Iterator[Stand]:
    with airflow_with_nights(tmp_path_factory.mktemp("browser") / "home", [DAY]) as made:
        yield made


@pytest.fixture(scope="module")
def sessions(browser, stand) -> dict[str, StorageState]:
    """Every user, logged in once."""
    return {user: log_in(browser, stand, user) for user in USERS}


@pytest.fixture(scope="module")
def truth(stand) -> list[dict]:
    """What the sample says of its pages."""
    with stand.truth.open(encoding="utf-8") as lines:  # planted values hold other line ends
        return list(map(json.loads, lines))


@pytest.fixture(scope="module")
def planted(truth) -> list[str]:
    """Every value that must appear on no page."""
    found = sorted({value for row in truth for value in row["must_vanish"]})
    assert len(found) > 50
    return found


@dataclass
class Seen:
    """What a window's pages did: ``errors`` on their console, ``foreign`` requests, ``paths`` of the console that were asked."""

    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    paths: set[str] = field(default_factory=set)


Watched = Callable[[str, str], AbstractContextManager[tuple[BrowserContext, Page, Seen]]]


@pytest.fixture(scope="module")
def watched(browser, stand, sessions) -> Watched:
    """``with watched(user, language) as (context, page, seen)``: a window that watches what its pages do."""

    @contextmanager
    def opened(user: str, language: str) -> Iterator[tuple[BrowserContext, Page, Seen]]:
        seen = Seen()
        with window(browser, stand, sessions[user], language) as context:
            watch(context, urlsplit(stand.url).netloc, seen)
            yield context, context.new_page(), seen

    return opened


def watch(context: BrowserContext, host: str, seen: Seen) -> None:
    """Notes in ``seen`` what every page of a window asks for and complains of."""

    def asked(request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc != host:
            seen.foreign.append(request.url)
        if parts.path.startswith(ROOT):
            seen.paths.add(f"{parts.path}?{parts.query}" if parts.query else parts.path)

    def said(message) -> None:
        if message.type == "error" and urlsplit(message.location.get("url", "")).path.startswith(ROOT):
            seen.errors.append(f"{message.location['url']}: {message.text}")

    context.on("request", asked)
    context.on("console", said)
    context.on("weberror", lambda error: seen.errors.append(str(error.error)))


def leaked(page: Page, planted: list[str]) -> list[int]:
    """Numbers of the planted values that stand on a page: in what it shows, in its attributes, in its charts."""
    text = f"{page.evaluate('() => document.body.innerText')}\n{html.unescape(page.content())}"
    return [number for number, value in enumerate(planted) if value in text]


def looks(page: Page) -> list[str]:
    """What is wrong with how a page looks, wide and narrow, light and dark."""
    found = []
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            found += [f"{size['width']} px, {scheme}: {what}" for what in checks.lasting(page, checks.ugly)]
    page.set_viewport_size(WIDE)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("user", USERS)
def test_every_page(watched, stand, planted, user, language):
    wrong: list[str] = []
    with watched(user, language) as (_, page, seen):
        visited = set()
        walk = Walk(START)
        for path in walk:
            if path.endswith(".csv"):  # a download, no page
                visited.add(kind_of(path))
                continue
            status = settled(page, path)
            visited |= {kind_of(path), kind_of(page.url)}
            if status != 200:
                wrong.append(f"{path}: {status}")
            wrong += [f"{path}: planted value {number}" for number in leaked(page, planted)]
            wrong += [f"{path}: {what}" for what in looks(page)]
            if kind_of(page.url) != REPORT and page.locator("html").get_attribute("lang") != language:
                wrong.append(f"{path}: not in {language}")
            walk.see(page.locator("a[href]").evaluate_all("links => links.map(one => one.href)"))
        assert kinds() - visited == set(ELSEWHERE)
    assert wrong + seen.errors + seen.foreign == []
    nobody = httpx.Client(base_url=stand.url)
    assert [path for path in sorted(seen.paths) if nobody.get(path).status_code not in (401, 403)] == []


def test_everything_is_in_reach_of_the_keyboard(watched):
    """As admin, whose pages have all that a viewer's have and the forms too."""
    wrong = []
    with watched("admin", "ko") as (_, page, _seen):
        visited: set[str | None] = set()
        walk = Walk(START)
        for path in walk:
            if path.endswith(".csv") or kind_of(path) in visited:
                continue
            settled(page, path)
            visited.add(kind_of(path))
            wrong += [f"{path}: {what}" for what in checks.out_of_reach(page)]
            walk.see(page.locator("a[href]").evaluate_all("links => links.map(one => one.href)"))
    assert wrong == []


def test_no_document_shows_what_was_planted(watched, truth, planted):
    """A page of every kind of planted personal data, as the list shows it and as its own page does."""
    rows = {row["plant"]: row for row in truth if row["batch"] == DAY and row["must_vanish"]}.values()
    wrong, seen = [], 0
    with watched("viewer", "ko") as (context, _page, _seen):
        for row in rows:
            listed = context.request.get(f"{ROOT}/search", params={"q": row["url"]}).text()
            paths = set(re.findall(rf"{ROOT}/nights/{DAY}/documents/\w+/[0-9a-f]{{32}}", listed))
            seen += len(paths)
            shown = html.unescape("\n".join([listed, *(context.request.get(path).text() for path in paths)]))
            wrong += [f"{row['url']}: planted value {at}" for at, value in enumerate(planted) if value in shown]
    assert wrong == [] and seen >= len(rows) > 15


def test_a_threshold_is_tuned_with_the_keyboard(watched):
    """As the README tells it: another value, what would leave, a draft of it."""
    with watched("admin", "en") as (_, page, seen):
        settled(page, f"{ROOT}/whatif")
        page.focus("input[name='quality.min_quality_score']")
        page.keyboard.press("Control+A")
        page.keyboard.type("0.6")
        page.keyboard.press("Enter")
        page.wait_for_url("**quality.min_quality_score=0.6**")
        assert page.locator("h2", has_text="Would go out").is_visible()
        assert page.locator("td", has_text="low_quality").count()
        page.focus("input[name=name]")
        page.keyboard.type("stricter")
        page.keyboard.press("Enter")
        page.wait_for_url("**recipe=drafts**")
        assert page.input_value("input[name='quality.min_quality_score']") == "0.6"
        assert not seen.errors
    with watched("viewer", "en") as (_, page, _seen):
        settled(page, f"{ROOT}/whatif?quality.min_quality_score=0.6")
        assert page.locator("h2", has_text="Would go out").is_visible()
        assert page.locator("form[method=post]").count() == 0


def test_only_an_editor_sees_personal_data_and_is_told_that_it_is_logged(watched, truth):
    row = next(row for row in truth if row["batch"] == DAY and row["must_vanish"])
    shown = {}
    for user in USERS:
        with watched(user, "en") as (_, page, _seen):
            settled(page, f"{ROOT}/search?q={quote(row['url'], safe='')}")
            page.locator("tbody a").first.click()
            settled(page, f"{page.url}?unmask=1")
            shown[user] = bool(leaked(page, row["must_vanish"])), page.locator("text=this view was logged").count()
    assert shown == {"viewer": (False, 0), "admin": (True, 1)}


def test_the_console_lies_inside_airflow(watched, stand):
    """The page in the menu, the tab on a run, the links of tasks and the note on a run."""
    run = stand.get("/dags/corpus_nightly/dagRuns?order_by=-id")["dag_runs"][0]
    tasks = f"/dags/corpus_nightly/dagRuns/{run['dag_run_id']}/taskInstances"
    published = stand.get(f"{tasks}/release.publish/links")["extra_links"]
    spark = stand.get(f"{tasks}/small_night/links")["extra_links"]
    release = stand.get("/assets/events?order_by=-timestamp")["asset_events"][0]["extra"]
    assert run["note"] == f"release {release['release']}, {release['documents']:,} documents"
    trained = stand.get("/dags/corpus_train/dagRuns?order_by=-id")["dag_runs"][0]
    assert f"read release {release['release']}" in trained["note"]
    assert release["openlineage"]["outputs"][0]["name"].endswith(release["release"])
    assert spark["Spark history"].startswith(f"{HISTORY}/history/local-")
    with watched("viewer", "en") as (_, page, seen):
        page.goto("/plugin/malmoi")
        assert page.frame_locator("iframe").locator("h1").inner_text() == "Nights"
        page.goto(published["Corpus console"])
        assert page.frame_locator("iframe").locator("h1").inner_text() == f"Night {DAY}"
        page.goto(published["Report"])
        assert kind_of(page.url) == REPORT and DAY in page.inner_text("body")
        assert not seen.errors and not seen.foreign
