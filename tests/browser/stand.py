"""A real Airflow with a real night of the embedded sample, and a real Chromium that looks at it."""

import io
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright
from rich.console import Console

from malmoi_airflow.local import landing
from malmoi_airflow.local.home import USER, Home
from malmoi_airflow.local.night import Night
from malmoi_airflow.local.progress import Progress
from malmoi_airflow.local.services import Services, free_port

NO_CHROMIUM = "not tested, there is no Chromium: install one (Debian: apt-get install chromium)"
RECIPE = "demo"
HISTORY = "http://127.0.0.1:18080"
"""Where a history server would be; tasks only make links of it."""
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LOCALES = {"en": "en-GB", "ko": "ko-KR"}


@dataclass(frozen=True)
class Stand:
    """``services``: the Airflow that runs; ``days``: its nights, oldest first."""

    home: Home
    services: Services
    days: tuple[str, ...]

    @property
    def url(self) -> str:
        return self.services.rest.url

    def get(self, path: str) -> Any:
        """What Airflow's REST API says, as admin."""
        login = {"username": USER, "password": self.home.password()}
        with httpx.Client(base_url=self.url, timeout=30) as client:
            token = client.post("/auth/token", json=login).json()["access_token"]
            answer = client.get(f"/api/v2{path}", headers={"Authorization": f"Bearer {token}"})
        return answer.raise_for_status().json()

    @property
    def truth(self) -> Path:
        return self.home.sample / "truth.jsonl"


@contextmanager
def airflow_with_nights(folder: Path, days: Sequence[str] = (landing.SAMPLE_DAY,)) -> Iterator[Stand]:
    """Runs the nights, and the training runs that their releases start, as `make run` does; Airflow stays up."""
    home = Home(folder)
    home.create()
    said = io.StringIO()
    progress = Progress(Console(file=said))
    history = mock.patch.dict(os.environ, {"MALMOI_SPARK_HISTORY": HISTORY})
    with history, Services(home, free_port(0), scheduled=False) as services:
        services.wait_ready(["corpus_nightly", "corpus_train"], lambda passed: None)
        night = Night(services.rest, home, progress, services.check)
        for day in days:
            landing.prepare(home, None, day)
            assert night.follow(day, RECIPE), said.getvalue()[-3000:]
        yield Stand(home, services, tuple(days))


def chromium() -> str | None:
    """Path of the system's Chromium."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def browser_of(executable: str) -> Iterator[Browser]:
    """A headless browser that resolves no name: what a page asks of another host cannot leave this machine."""
    arguments = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
    if os.geteuid() == 0:  # Chromium's own sandbox refuses root
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield browser
        browser.close()


def log_in(browser: Browser, stand: Stand, user: str) -> StorageState:
    """Types name and password into Airflow's own form; returns the cookies that it gives."""
    with browser.new_context(base_url=stand.url) as context:
        page = context.new_page()
        page.goto("/")
        page.fill("input[name=username]", user)
        page.fill("input[name=password]", stand.home.password(user))
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/login" not in url, wait_until="commit")
        return context.storage_state()


def window(browser: Browser, stand: Stand, session: StorageState, language: str) -> BrowserContext:
    """A window of a user who has logged in and reads this language."""
    return browser.new_context(base_url=stand.url, locale=LOCALES[language], viewport=WIDE, storage_state=session)


def settled(page: Page, path: str) -> int:
    """Goes to a page and waits for its charts; returns the status."""
    answer = page.goto(path, wait_until="load")
    page.wait_for_function(
        "() => [...document.querySelectorAll('.figure')].every(one => one.querySelector('.main-svg'))"
    )
    return answer.status if answer else 0
