"""How well pages are read, against gold text: F1 over words, pages lost, titles, dates, languages.

    python benchmarks/extraction_quality.py FOLDER [--other-languages FILE.warc.gz]

FOLDER holds ``pages.warc.gz``, ``text/{id}.txt`` and ``index.jsonl`` with ``id, url, site, title_gold, date_gold``; gold
dates are ISO 8601 or as in RSS. Words are runs of ``\\w``, compared as multisets of a page; a page with F1 below 0.05 is lost. A
site counts in the mean over sites from three pages. Titles are compared without differences of white space and case, dates by
day in the zone that the gold states, else in Korea's. In the other file every page is in another language than Korean. Prints one JSON line.
"""

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from statistics import mean
from zoneinfo import ZoneInfo

from dateutil import parser as dateutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "spark_jobs"))

from malmoi.contracts.recipe import load_recipe  # noqa: E402
from malmoi.contracts.recipe.sections import Source  # noqa: E402
from malmoi.sources import RawPage, read  # noqa: E402
from malmoi.stages.ingest import site_rules  # noqa: E402
from malmoi.text.charset import decode  # noqa: E402
from malmoi.text.html import extract  # noqa: E402
from malmoi.text.html.page import Page  # noqa: E402

KOREA = ZoneInfo("Asia/Seoul")
LOST = 0.05
MIN_SITE_PAGES = 3
_DAY = re.compile(r"(\d{4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})")  # 2026년 11월 2일 09:30, 2026. 11. 2.


def pages(path: Path) -> Iterator[tuple[str, Page]]:
    """Address and content of each HTML page of a WARC file."""
    recipe = load_recipe(ROOT / "spark_jobs" / "recipes" / "nightly.toml")
    rules = site_rules(recipe)
    for record in read(str(path), Source(type="warc"), recipe.ingest):
        if isinstance(record, RawPage) and record.html is not None:
            yield record.url, extract(decode(record.html, record.charset).text, record.url, rules)


def f1(gold: Counter, found: Counter) -> float:
    """Twice the words in common over all words of both."""
    return 2 * (gold & found).total() / max(1, gold.total() + found.total())


def words(text: str) -> Counter:
    """Multiset of a text's words."""
    return Counter(re.findall(r"\w+", text))


def moment(text: str) -> datetime:
    """A gold date. Raises ValueError for what is none."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        day = _DAY.match(text)
        return datetime(*map(int, day.groups()), tzinfo=KOREA) if day else dateutil.parse(text)


def is_same_day(gold: str, found: datetime | None) -> bool:
    """Whether a date falls on the gold's day there."""
    wanted = moment(gold)
    return found is not None and found.astimezone(wanted.tzinfo or KOREA).date() == wanted.date()


def normal(title: str) -> str:
    """A title for comparison."""
    return " ".join(title.split()).casefold()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--other-languages", type=Path, help="WARC file with pages in other languages")
    args = parser.parse_args()

    found = dict(pages(args.folder / "pages.warc.gz"))
    sites: dict[str, list[float]] = defaultdict(list)
    titles, dates = [], []
    for line in (args.folder / "index.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        page = found.get(row["url"], Page())
        gold = (args.folder / "text" / f"{row['id']}.txt").read_text("utf-8")
        sites[row["site"]].append(f1(words(gold), words(page.text)))
        if row["title_gold"]:
            titles.append(normal(row["title_gold"]) == normal(page.title))
        if row["date_gold"]:
            dates.append(is_same_day(row["date_gold"], page.published_at))
    scores = [score for scores in sites.values() for score in scores]
    result = {
        "pages": len(scores),
        "f1_pages": round(mean(scores), 4),
        "f1_sites": round(mean(mean(scores) for scores in sites.values() if len(scores) >= MIN_SITE_PAGES), 4),
        "lost_share": round(mean(score < LOST for score in scores), 4),
        "title_exact": round(mean(titles), 4),
        "date_exact": round(mean(dates), 4),
    }
    if args.other_languages:
        foreign = [page.language != "ko" for _, page in pages(args.other_languages)]
        result |= {"other_pages": len(foreign), "other_recognised": round(mean(foreign), 4)}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
