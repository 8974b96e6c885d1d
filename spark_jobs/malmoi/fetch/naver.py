"""Naver's Search API: which calls to make, and what their answers say.

https://developers.naver.com/docs/serviceapi/search/news/news.md and its siblings (2026-11): ``display`` up to 100,
``start`` up to 1,000, 25,000 calls a day, errors as ``{"errorCode", "errorMessage"}``.
"""

import json
import os
from dataclasses import dataclass
from urllib.parse import urlencode

from malmoi.contracts.errors import ContractError
from malmoi.fetch.lists import Entry
from malmoi.text.html.dates import parse_date

PER_CALL = 100
MAX_START = 1_000
HOST = "https://openapi.naver.com"
ID_VARIABLE, SECRET_VARIABLE, HOST_VARIABLE = "NAVER_OPENAPI_ID", "NAVER_OPENAPI_SECRET", "NAVER_OPENAPI_HOST"
"""Credentials come from the environment, never from a recipe or a command line."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call: results ``start`` to ``start + count - 1`` of a query."""

    service: str
    query: str
    start: int = 1
    wanted: int = PER_CALL
    """Results of the query that are wanted in all."""

    @property
    def count(self) -> int:
        return min(PER_CALL, self.wanted - self.start + 1)

    def url(self, host: str) -> str:
        values = {"query": self.query, "display": self.count, "start": self.start, "sort": "date"}
        return f"{host}/v1/search/{self.service}.json?{urlencode(values)}"

    def next(self) -> "Call | None":
        """The call for the results behind these; None where enough was asked for or the API ends."""
        start = self.start + PER_CALL
        return Call(self.service, self.query, start, self.wanted) if start <= min(self.wanted, MAX_START) else None


@dataclass(frozen=True, slots=True)
class Credentials:
    """Of an application that is registered at developers.naver.com."""

    client: str
    secret: str
    host: str

    @classmethod
    def from_environment(cls) -> "Credentials":
        """Raises ContractError where they are not set."""
        client, secret = os.environ.get(ID_VARIABLE), os.environ.get(SECRET_VARIABLE)
        if not client or not secret:
            raise ContractError(
                f"fetch.naver_queries needs {ID_VARIABLE} and {SECRET_VARIABLE} in the environment, or the Airflow "
                "connection naver_openapi (login and password)"
            )
        return cls(client, secret, (os.environ.get(HOST_VARIABLE) or HOST).rstrip("/"))

    def headers(self) -> dict[str, str]:
        return {"X-Naver-Client-Id": self.client, "X-Naver-Client-Secret": self.secret}


def results(body: bytes) -> tuple[list[Entry], int]:
    """Entries of an answer and how many results there are in all. Raises ValueError for what is no answer.

    News are dated with a time, blog posts with a day, questions and cafe posts not at all. An article on Naver is taken
    there, else at its publisher.
    """
    answer = json.loads(body)
    if not isinstance(answer, dict) or not isinstance(answer.get("items"), list):
        raise ValueError("no items")
    items = [item for item in answer["items"] if isinstance(item, dict)]
    entries = [
        Entry(str(item["link"]), parse_date(str(item.get("pubDate") or item.get("postdate") or "")))
        for item in items
        if item.get("link")
    ]
    total = answer.get("total")
    return entries, total if isinstance(total, int) else len(items)


def error_code(body: bytes) -> str:
    """``024`` and the like; empty where the answer names none."""
    try:
        answer = json.loads(body)
    except ValueError:
        return ""
    return str(answer.get("errorCode") or "")[:10] if isinstance(answer, dict) else ""
