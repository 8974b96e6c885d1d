"""The lexicon: roots for the skeleton and words for the text, read from ``data/*.toml`` and compiled once."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import re2

from malmoi.text.profanity.keyboard import typed
from malmoi.text.profanity.skeleton import latin_pattern, mixed_pattern, pattern


@dataclass(frozen=True)
class Entry:
    """A root or a word. Patterns are compiled RE2; contexts are None where there is none."""

    lemma: str
    severity: str
    part: str
    pattern: object
    known: object = None
    strict: bool = False
    spaced: bool = True
    syllables: frozenset[str] = frozenset()
    latin: object = None
    after: object = None
    before: object = None
    not_after: object = None
    not_before: object = None


@dataclass(frozen=True)
class Lexicon:
    """Entries, and one union pattern for each gate: root, mixed and latin on skeletons, word on texts."""

    roots: tuple[Entry, ...]
    mixed: tuple[Entry, ...]
    words: tuple[Entry, ...]
    root_gate: str
    mixed_gate: str
    word_gate: str
    latin_gate: str


@cache
def lexicon() -> Lexicon:
    """Reads and compiles the lexicon, about 0.2 s. Raises ValueError for a bad pattern."""
    roots, mixed, words = [], [], []
    sources: dict[str, list[str]] = {"root": [], "mixed": [], "word": [], "latin": []}
    for name in ("roots.toml", "words.toml", "slurs.toml"):
        data = tomllib.loads((files("malmoi.text.profanity") / "data" / name).read_text(encoding="utf-8"))
        for row in data.get("root", []):
            source = "|".join(pattern(spelling) for spelling in row["skeleton"])
            latin = [latin_pattern(typed(word)) for word in row.get("typed", [])]
            latin += [latin_pattern(expression) for expression in row.get("roman", [])]
            roots.append(_entry(row, _compile(source.encode()), latin="|".join(latin)))
            sources["root"].append(source)
            sources["latin"] += latin
        for row in data.get("word", []):
            hidden = "%" in row["pattern"]
            source = mixed_pattern(row["pattern"]) if hidden else row["pattern"]
            (mixed if hidden else words).append(_entry(row, _compile(source.encode() if hidden else source)))
            sources["mixed" if hidden else "word"].append(source)
    gates = ("|".join(sources[name]) for name in ("root", "mixed", "word", "latin"))
    return Lexicon(tuple(roots), tuple(mixed), tuple(words), *gates)


def _entry(row: dict, compiled: object, latin: str = "") -> Entry:
    context = {name: _compile(row[name]) for name in ("after", "before", "not_after", "not_before") if name in row}
    return Entry(
        row["lemma"],
        row["severity"],
        row["part"],
        compiled,
        known=_compile(row["known"]) if "known" in row else None,
        strict=row.get("strict", False),
        spaced=row.get("spaced", True),
        syllables=frozenset("".join(row.get("typed", ()))),
        latin=_compile(latin.encode()) if latin else None,
        **context,
    )


def _compile(source: str | bytes) -> object:
    try:
        return re2.compile(source)
    except re2.error as error:
        raise ValueError(f"profanity lexicon: bad pattern ({error})") from None
