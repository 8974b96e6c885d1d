"""What a run is to fetch: the sources of a recipe that ask for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from malmoi.contracts.errors import RecipeError
from malmoi.contracts.recipe import Recipe
from malmoi.contracts.recipe.fetch import Fetch
from malmoi.fetch.lists import Entry, is_page, listed
from malmoi.fetch.naver import Call

OF_A_SOURCE = frozenset(
    "feeds sitemaps url_lists naver_queries naver_services naver_results max_age_days refetch_days max_pages".split()
)
"""Keys that ``[fetch.source.NAME]`` may set; the others hold for the whole run, whose sources share hosts."""


@dataclass(frozen=True)
class Plan:
    """One source's part of a run."""

    source: str
    fetch: Fetch
    listed: tuple[Entry, ...]
    calls: tuple[Call, ...]


def plans(recipe: Recipe, sources: Iterable[str]) -> list[Plan]:
    """A plan for each source that asks for fetching. Raises RecipeError and InputError."""
    found = []
    for source in sources:
        _check_overrides(recipe, source)
        fetch = recipe.for_source("fetch", source)
        if fetch.asks():
            found.append(_plan(recipe, source, fetch))
    return found


def _plan(recipe: Recipe, source: str, fetch: Fetch) -> Plan:
    for key in ("feeds", "sitemaps"):
        for address in getattr(fetch, key):
            if not is_page(address):
                raise RecipeError(f"{recipe.path}: fetch.{key} for {source}: {address!r} is no http or https address")
    folder = Path(recipe.path).parent
    entries = [entry for name in fetch.url_lists for entry in listed(folder / name)]
    calls = [
        Call(service, query, wanted=fetch.naver_results)
        for query in fetch.naver_queries
        for service in fetch.naver_services
    ]
    return Plan(source, fetch, tuple(entries), tuple(calls))


def _check_overrides(recipe: Recipe, source: str) -> None:
    for key in recipe.overrides.get("fetch", {}).get(source, {}):
        if key not in OF_A_SOURCE:
            raise RecipeError(
                f"{recipe.path}: fetch.source.{source}.{key}: holds for all sources of a run; set it in [fetch]"
            )
