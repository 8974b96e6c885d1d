"""The way through the console: from the first page along its own links, a few pages of every kind."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from malmoi_airflow.console.app import create_app

ROOT = "/malmoi"
MOST_OF_A_KIND = 2
_NOT_FOLLOWED = ("lang=", "unmask=")
"""The same page in the other language, which has a walk of its own, and with the personal data that no walk may see."""
_KINDS = {
    f"{ROOT}{route.path}": re.compile(ROOT + re.sub(r"\{[^}]+\}", "[^/]+", route.path))
    for route in create_app().routes
    if "GET" in getattr(route, "methods", ())
}


def kind_of(url: str) -> str | None:
    """The route that answers an address; None for one outside the console."""
    path = urlsplit(url).path
    return next((name for name, shape in _KINDS.items() if shape.fullmatch(path)), None)


def kinds() -> set[str]:
    """Every route that answers a GET."""
    return set(_KINDS)


class Walk:
    """Iterates over paths to visit, each once; ``see`` adds what a visited page links to."""

    def __init__(self, start: Iterable[str]):
        self._waiting = list(start)
        self._known = set(self._waiting)
        self._visited: Counter[str] = Counter(kind for path in self._waiting if (kind := kind_of(path)))

    def __iter__(self) -> Iterator[str]:
        while self._waiting:
            yield self._waiting.pop(0)

    def see(self, links: Iterable[str]) -> None:
        """``links``: absolute addresses. A kind of which enough were visited is passed over."""
        for link in links:
            parts = urlsplit(link)
            path = f"{parts.path}?{parts.query}" if parts.query else parts.path
            kind = kind_of(link)
            enough = kind is None or self._visited[kind] >= MOST_OF_A_KIND
            if enough or path in self._known or parts.query.startswith(_NOT_FOLLOWED):
                continue
            self._known.add(path)
            self._visited[kind] += 1
            self._waiting.append(path)
