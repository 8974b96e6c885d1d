"""Speed as ratios of CPU time, so that they hold on any machine: own code against a native library on the same pages.

Each ratio is the lowest of a few tries, the bound some 1.6 times what was measured when it was set (``make bench`` has the absolute
figures). A kernel that falls from NumPy or native code back into a Python loop is several times slower and fails here.
"""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from malmoi.contracts.recipe import load_recipe
from malmoi.sample.generate import write
from malmoi.stages.annotate import COLUMNS, annotate
from malmoi.stages.ingest import calm_collector, documents_batch, ingest
from malmoi.text.charset import decode
from malmoi.text.html import extract, load_rules

TRIES = 3
EXTRACTION = 3.4
"""Decoding and extraction of a page, in parsing and main content by resiliparse. Measured: 2.1 to 2.2."""
ANNOTATION = 1.0
"""All annotations of a document, in datasketch's MinHash of the same text. Measured: 0.63 to 0.64."""


def lowest_ratio(ours: Callable[[], object], theirs: Callable[[], object]) -> float:
    """CPU seconds of ``ours`` in those of ``theirs``: the lowest of TRIES, taking turns, after one of each to warm up."""
    ours(), theirs()
    return min(_cpu(ours) / _cpu(theirs) for _ in range(TRIES))


def _cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    with calm_collector():
        work()
    return time.process_time() - began


def test_extraction_against_a_native_extractor(root: Path, recipes: Path):
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    pages = 10 * [path.read_bytes() for path in sorted((root / "tests/text/html/pages").glob("*.html"))]
    rules = load_rules(recipes / "sites.toml")

    ratio = lowest_ratio(
        lambda: [extract(decode(page).text, "https://goeul.example.kr/1", rules) for page in pages],
        lambda: [extract_plain_text(HTMLTree.parse(page.decode()), main_content=True) for page in pages],
    )
    assert ratio < EXTRACTION


def test_annotation_against_minhash_of_a_library(documents: list[dict], recipes: Path):
    from datasketch import MinHash

    recipe = load_recipe(recipes / "demo.toml")
    batch = documents_batch(documents).select(COLUMNS)
    texts = [row["text"] for row in documents]

    def signatures():
        for text in texts:
            MinHash(num_perm=128).update_batch([text[at : at + 5].encode() for at in range(len(text))])

    assert lowest_ratio(lambda: annotate(batch, recipe, "web"), signatures) < ANNOTATION


@pytest.fixture(scope="module")
def documents(tmp_path_factory, recipes: Path) -> list[dict]:
    """What ingest makes of the embedded sample's web pages and posts."""
    landing = tmp_path_factory.mktemp("landing")
    write(landing)
    recipe = load_recipe(recipes / "demo.toml")
    found = []
    for name in ("web", "news", "blog"):
        paths = sorted(str(path) for path in landing.glob(f"source={name}/*/*") if path.is_file())
        items = ingest(paths, str(landing), "2026-11-01", name, recipe.sources[name], recipe, b"0" * 16)
        found += [item.document for item in items if item.document is not None]
    assert len(found) > 200
    return found[:200]
