"""``make screenshots``: the pictures of README and docs, taken of both nights of the embedded sample.

python -m tests.browser.screenshots docs/img
"""

import json
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, Page
from tests.browser.stand import (
    NARROW,
    NO_CHROMIUM,
    Stand,
    airflow_with_nights,
    browser_of,
    chromium,
    log_in,
    settled,
    window,
)
from tests.browser.walk import ROOT

DAYS = ("2026-11-01", "2026-11-02")
MOST_BYTES = 300_000
VIEW = {"width": 1280, "height": 800}


def main() -> int:
    folder = Path(sys.argv[1])
    executable = chromium()
    if executable is None:
        print(f"screenshots: error: {NO_CHROMIUM}", file=sys.stderr)
        return 4
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as home,
        browser_of(executable) as browser,
        airflow_with_nights(Path(home), DAYS) as stand,
    ):
        take(browser, stand, folder)
    for path in sorted(folder.glob("*.png")):
        print(f"{path}: {path.stat().st_size / 1000:.0f} kB")
    return 1 if any(path.stat().st_size > MOST_BYTES for path in folder.glob("*.png")) else 0


def take(browser: Browser, stand: Stand, folder: Path) -> None:
    """Every picture: ``console-*`` in English, ``ko-*`` in Korean."""
    session = log_in(browser, stand, "admin")
    for language, prefix in (("en", "console"), ("ko", "ko")):
        with window(browser, stand, session, language) as context:
            page = context.new_page()
            page.set_viewport_size(VIEW)
            page.goto("/plugin/malmoi")
            page.frame_locator("iframe").locator(".main-svg").first.wait_for()
            page.wait_for_load_state("networkidle")
            page.screenshot(path=folder / f"{prefix}-nights.png")
            settled(page, f"{ROOT}/whatif?source=web&quality.min_quality_score=0.6")
            page.screenshot(path=folder / f"{prefix}-whatif.png")
            settled(page, document(page, stand))
            page.screenshot(path=folder / f"{prefix}-document.png")
    with window(browser, stand, session, "ko") as context:
        page = context.new_page()
        page.set_viewport_size(NARROW)
        page.emulate_media(color_scheme="dark")
        settled(page, f"{ROOT}/nights")
        page.screenshot(path=folder / "ko-narrow-dark.png")


def document(page: Page, stand: Stand) -> str:
    """The path of a page that stays and has personal data of several kinds."""
    with stand.truth.open(encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["batch"] == stand.days[0] and row["expect"] == "keep"]
    row = max(rows, key=lambda row: (len(row["must_vanish"]), row["url"]))
    settled(page, f"{ROOT}/search?batch={stand.days[0]}&q={quote(row['url'], safe='')}")
    return page.locator("tbody a").first.get_attribute("href") or ""


if __name__ == "__main__":
    sys.exit(main())
