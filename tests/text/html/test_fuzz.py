"""No page makes the process die, hang or grow without bound: mutated pages, and the known ways to hurt a parser.

The number of mutated pages is MALMOI_FUZZ_PAGES (1,000 without it); ``make fuzz`` sets 10,000.
"""

import os
import random
import resource
import time
from pathlib import Path

import pytest

from malmoi.text.charset import decode
from malmoi.text.html import Page, TooComplex, extract, load_rules

PAGES = [path.read_bytes() for path in sorted(Path(__file__).parent.joinpath("pages").glob("*.html"))]
COUNT = int(os.environ.get("MALMOI_FUZZ_PAGES", "1000"))
TAGS = [
    b"<div>",
    b"</div>",
    b"<b>",
    b"<table>",
    b"<td>",
    b"<a href=",
    b"<!--",
    b"<svg>",
    b"<script>",
    b"</p>",
    b"<li>",
    b"<pre>",
    b"\x00",
    b"&#",
    b'"',
]
MAX_SECONDS = 10.0
MAX_GROWTH_MIB = 1024


@pytest.fixture(scope="module")
def rules(recipes):
    return load_rules(recipes / "sites.toml")


def read(payload: bytes, url: str, rules) -> Page | None:
    try:
        return extract(decode(payload).text, url, rules)
    except TooComplex:
        return None


def mutate(page: bytes, random_source: random.Random) -> bytes:
    mutated = bytearray(page)
    for _ in range(random_source.randint(1, 12)):
        place = random_source.randrange(len(mutated)) if mutated else 0
        kind = random_source.randrange(5)
        if kind == 0:
            del mutated[place:]
        elif kind == 1 and mutated:
            mutated[place] ^= 1 << random_source.randrange(8)
        elif kind == 2:
            mutated[place:place] = random_source.choice(TAGS) * random_source.choice((1, 10, 500))
        elif kind == 3:
            del mutated[place : place + random_source.randrange(200)]
        else:
            mutated[place:place] = mutated[: random_source.randrange(2_000)]
    return bytes(mutated)


@pytest.mark.timeout(1800)
def test_mutated_pages(rules):
    urls = (
        "https://example.kr/1",
        "https://blog.naver.com/a/1",
        "https://kin.naver.com/q",
        "https://gall.dcinside.com/1",
    )
    slowest = 0.0
    for seed in range(COUNT):
        random_source = random.Random(seed)
        payload = mutate(random_source.choice(PAGES), random_source)
        started = time.process_time()
        found = read(payload, random_source.choice(urls), rules)
        slowest = max(slowest, time.process_time() - started)
        assert found is None or "\x00" not in found.text + found.title
    assert slowest < MAX_SECONDS


WORDS = "한국어 문장이 들어 있다. "
HOSTILE = {
    "div nested 50,000 deep": lambda: "<div>" * 50_000 + WORDS + "</div>" * 50_000,
    "lists nested 50,000 deep": lambda: "<ul><li>" * 50_000 + WORDS,
    "tables nested 50,000 deep": lambda: "<table><tr><td>" * 50_000 + WORDS,
    "formatting nested 50,000 deep": lambda: "<b>" * 50_000 + WORDS,
    "formatting copied into every block": lambda: "".join(f"<font size={n}>" for n in range(5_000)) + "<p>x" * 5_000,
    "nesting just under the limit": lambda: "<ul><li>" * 1_900 + WORDS + "</li></ul>" * 1_900,
    "attribute of 100 MB": lambda: '<div class="' + "a " * 50_000_000 + f'">{WORDS}</div>',
    "200,000 attributes": lambda: "<div " + " ".join(f"a{n}=1" for n in range(200_000)) + f">{WORDS}</div>",
    "200,000 quoted attributes": lambda: "<div " + "".join(f'a{n}=">"' for n in range(200_000)) + f">{WORDS}</div>",
    "100,000 class names": lambda: "".join(f'<div class="c{n} post-{n}">x</div>' for n in range(100_000)),
    "300,000 metas": lambda: "<meta name=a content=b>" * 300_000 + WORDS,
    "JSON-LD nested 200,000 deep": lambda: (
        '<script type="application/ld+json">' + "[" * 200_000 + f"</script><p>{WORDS}"
    ),
    "line of 3 M digits": lambda: "<p>" + "1" * 3_000_000,
    "dates without end": lambda: "<p>" + "2020. " * 300_000,
    "title of 4 MB": lambda: "<title>" + "a - " * 1_000_000 + f"</title><p>{WORDS}",
    "comment never closed": lambda: f"<p>{WORDS}<!--" + "-" * 1_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_page(name, rules):
    payload = HOSTILE[name]().encode()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    read(payload, "https://example.kr/1", rules)
    assert time.process_time() - started < MAX_SECONDS
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < MAX_GROWTH_MIB
