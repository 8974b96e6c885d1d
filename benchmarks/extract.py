"""Speed of reading pages: charset, parsing, main content, metadata; what ingest does with each page, on one core.

    python benchmarks/extract.py FILE.warc.gz... [--pages N] [--recipe R]

CPU seconds of this process, so that other work on the machine counts little; what it still costs (shared caches, shared
cores) shows in the yardstick: resiliparse's parser and main content alone, over the same pages, right after. Prints one
JSON line.
"""

import argparse
import json
import sys
import time
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "spark_jobs"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", help="WARC files")
    parser.add_argument("--pages", type=int, help="pages of each file (default: all)")
    parser.add_argument("--recipe", default=str(ROOT / "spark_jobs" / "recipes" / "nightly.toml"))
    args = parser.parse_args()

    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    from malmoi.contracts.recipe import load_recipe
    from malmoi.contracts.recipe.sections import Source
    from malmoi.sources import RawPage, read
    from malmoi.stages.ingest import calm_collector, site_rules
    from malmoi.text.charset import decode
    from malmoi.text.html import TooComplex, extract

    recipe = load_recipe(args.recipe)
    rules, source = site_rules(recipe), Source(type="warc")
    seconds: list[float] = []
    yardstick = 0.0
    clock = time.process_time
    with calm_collector():
        for path in args.files:
            for record in islice(read(path, source, recipe.ingest), args.pages):
                if not isinstance(record, RawPage) or record.html is None:
                    continue
                began = clock()
                page = decode(record.html, record.charset)
                try:
                    extract(page.utf8, record.url, rules)
                except TooComplex:
                    continue
                finally:
                    seconds.append(clock() - began)
                text = page.text
                began = clock()
                extract_plain_text(HTMLTree.parse(text), main_content=True)
                yardstick += clock() - began
    seconds.sort()
    total = sum(seconds)
    print(
        json.dumps(
            {
                "pages": len(seconds),
                "pages_per_second": round(len(seconds) / total, 1),
                "yardstick_pages_per_second": round(len(seconds) / yardstick, 1),
                "p50_ms": round(1000 * seconds[len(seconds) // 2], 2),
                "p99_9_ms": round(1000 * seconds[int(len(seconds) * 0.999)], 1),
                "slowest_ms": round(1000 * seconds[-1], 1),
            }
        )
    )


if __name__ == "__main__":
    main()
