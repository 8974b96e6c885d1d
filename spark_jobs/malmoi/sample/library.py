"""The hand-written passages: loading, and filling in what varies.

A passage's text is a small Markdown subset. Between double braces stands what varies with the seed: ``{{3..9}}`` a
number, ``{{a|b}}`` one of the alternatives, ``{{town}}`` an entry of a list in ``passages/words.toml`` (the same entry
wherever the name stands again in one document).
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from random import Random

FOLDER = Path(__file__).parent / "passages"

_SLOT = re.compile(r"\{\{([^{}]+)\}\}")
_PHRASE = re.compile(r"(?<![가-힣])[가-힣][가-힣 ,]{12,36}[가-힣](?![가-힣])")
_CODE = re.compile(r"```.*?```", re.DOTALL)


@dataclass(frozen=True)
class Passage:
    """One text, filled in. ``form`` is the name of the file it stands in: news, blog, howto, wiki ..."""

    key: str
    form: str
    title: str
    text: str
    section: str = ""
    comments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """One answer of a thread."""

    text: str
    adopted: bool = False
    expert: bool = False
    votes: int = 0
    best: bool = False


@dataclass(frozen=True)
class Thread:
    """A question with its answers; none is ``best`` where no answer is good enough."""

    key: str
    title: str
    question: str
    answers: tuple[Answer, ...]


@cache
def table(name: str) -> dict:
    """One file of passages, as read. Cached: callers must not change it."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


def fill(text: str, rng: Random, chosen: dict[str, str]) -> str:
    """``text`` with its slots filled; ``chosen`` remembers the entries of named lists."""
    words = table("words")["lists"]

    def choose(match: re.Match) -> str:
        slot = match[1]
        if ".." in slot:
            low, high = slot.split("..")
            return str(rng.randint(int(low), int(high)))
        if "|" in slot:
            return rng.choice(slot.split("|"))
        if slot not in chosen:
            chosen[slot] = rng.choice(words[slot.rstrip("0123456789")])
        return chosen[slot]

    return _SLOT.sub(choose, text)


def passages(form: str, seed: int) -> list[Passage]:
    """All passages of one file, single ones first, then what its pools yield."""
    found = []
    for entry in table(form).get("passage", []):
        rng = Random(f"{seed}/{form}/{entry['id']}")
        chosen: dict[str, str] = {}
        found.append(
            Passage(
                entry["id"],
                form,
                fill(entry["title"], rng, chosen),
                fill(entry["text"].strip(), rng, chosen),
                entry.get("section", ""),
                tuple(entry.get("comments", ())),
            )
        )
    for pool in table(form).get("pool", []):
        found.extend(_from_pool(pool, form, seed))
    return found


def _from_pool(pool: dict, form: str, seed: int) -> list[Passage]:
    """Documents out of paragraphs that stand for one another.

    A pool has p alternatives (p prime) for each of at most p+1 places. Document (i, j) takes alternative i, j, i+j,
    i+2j ... (mod p), so that two documents share one paragraph at most: lines in the affine plane over Z_p meet at
    most once.
    ``titles`` is one list for all, or a list of lists: those that fit each alternative of the first place.
    """
    roles, titles = pool["roles"], pool["titles"]
    prime = len(roles[0])
    found = []
    for number, (i, j) in enumerate(product(range(prime), repeat=2)):
        picks = [i, j, *((i + slope * j) % prime for slope in range(1, len(roles) - 1))]
        key = f"{pool['id']}-{i}{j}"
        rng = Random(f"{seed}/{form}/{key}")
        chosen: dict[str, str] = {}
        text = "\n\n".join(role[pick].strip() for role, pick in zip(roles, picks, strict=True))
        fitting = titles[i] if isinstance(titles[i], list) else titles
        title = fill(fitting[number % len(fitting)], rng, chosen)
        comments = tuple(rng.sample(pool.get("comments", []), 3 if pool.get("comments") else 0))
        found.append(Passage(key, form, title, fill(text, rng, chosen), pool.get("section", ""), comments))
    return found


def threads(seed: int) -> list[Thread]:
    """All question threads."""
    found = []
    for entry in table("kin")["thread"]:
        rng = Random(f"{seed}/kin/{entry['id']}")
        chosen: dict[str, str] = {}
        answers = tuple(Answer(**{**a, "text": fill(a["text"].strip(), rng, chosen)}) for a in entry["answer"])
        question = fill(entry["question"].strip(), rng, chosen)
        found.append(Thread(entry["id"], fill(entry["title"], rng, chosen), question, answers))
    return found


def phrases(text: str, count: int = 2) -> tuple[str, ...]:
    """Phrases that any faithful copy of the text holds: Hangul within one line, from its parts spread evenly."""
    lines = [line for line in _CODE.sub("", text).split("\n") if _PHRASE.search(line)]
    if not lines:
        return ()
    step = max(1, len(lines) // count)
    picked = [max(_PHRASE.findall(line), key=len) for line in lines[step - 1 :: step][:count]]
    return tuple(dict.fromkeys(picked))
