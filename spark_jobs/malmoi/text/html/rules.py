"""Site rules: CSS selectors for well-known hosts, as data. Adding a site is adding a table and a test page."""

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

from malmoi.contracts.errors import RecipeError
from malmoi.contracts.kinds import KINDS
from malmoi.text.html.markup import holds


@dataclass(frozen=True)
class SiteRule:
    """How one site marks its parts. Every selector list is tried in order; the first that finds text is used."""

    name: str
    hosts: tuple[str, ...] = ()  # the host itself or a parent domain
    contains: tuple[bytes, ...] = ()  # what the HTML holds by which pages on other hosts are recognised
    content: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    kind: str = ""
    comment: tuple[str, ...] = ()  # one comment of a thread each
    comment_author: tuple[str, ...] = ()
    comment_text: tuple[str, ...] = ()
    question: tuple[str, ...] = ()
    answer: tuple[str, ...] = ()  # one answer each
    answer_text: tuple[str, ...] = ()
    adopted: tuple[str, ...] = ()  # inside an answer: it was adopted
    expert: tuple[str, ...] = ()
    votes: tuple[str, ...] = ()


@dataclass(frozen=True)
class SiteRules:
    """All rules, by host."""

    rules: tuple[SiteRule, ...] = ()
    by_host: dict[str, SiteRule] = field(default_factory=dict, compare=False)

    def find(self, url: str, html: bytes) -> SiteRule | None:
        """The rule of the page's host or of its longest parent domain; else the one whose mark is in the page."""
        try:
            host = (urlsplit(url).hostname or "").lower()
        except ValueError:
            host = ""
        labels = host.split(".")
        for start in range(len(labels)):
            rule = self.by_host.get(".".join(labels[start:]))
            if rule is not None:
                return rule
        for rule in self.rules:
            for mark in rule.contains:
                if holds(html, mark):
                    return rule
        return None


NO_RULES = SiteRules()


def load_rules(path: str | Path) -> SiteRules:
    """Reads a site rules file. Raises RecipeError with file, key and what is allowed."""
    path = Path(path)
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise RecipeError(f"{path}: no such file; recipe key ingest.site_rules names it") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RecipeError(f"{path}: not TOML: {error}") from None
    sites = content.pop("sites", {})
    if content or not isinstance(sites, dict):
        raise RecipeError(f"{path}: only [sites.NAME] tables are allowed")
    rules = tuple(_rule(name, body, f"{path}: sites.{name}") for name, body in sites.items())
    return SiteRules(rules, {host: rule for rule in rules for host in rule.hosts})


def _rule(name: str, body: dict, where: str) -> SiteRule:
    known = [f.name for f in fields(SiteRule) if f.name != "name"]
    if not isinstance(body, dict):
        raise RecipeError(f"{where}: must be a table")
    values: dict = {}
    for key, value in body.items():
        if key not in known:
            raise RecipeError(f"{where}: unknown key {key!r}; allowed are {', '.join(known)}")
        if key == "kind":
            if value not in KINDS:
                raise RecipeError(f"{where}: kind = {value!r} must be one of {', '.join(KINDS)}")
            values[key] = value
        elif isinstance(value, list) and all(isinstance(item, str) and item for item in value):
            values[key] = tuple(item.encode() for item in value) if key == "contains" else tuple(value)
        else:
            raise RecipeError(f"{where}: {key} = {value!r} must be a list of texts")
    if not values.get("hosts") and not values.get("contains"):
        raise RecipeError(f"{where}: hosts or contains is needed")
    _check_selectors(values, where)
    return SiteRule(name=name, **values)


def _check_selectors(values: dict, where: str) -> None:
    """A selector that the engine cannot read would find nothing for ever."""
    from selectolax.lexbor import LexborHTMLParser

    page = LexborHTMLParser("<p></p>")
    for key, value in values.items():
        if key in ("hosts", "contains", "kind"):
            continue
        for selector in value:
            try:
                page.css(selector)
            except Exception as error:
                raise RecipeError(f"{where}: {key}: {selector!r} is no CSS selector: {error}") from None
