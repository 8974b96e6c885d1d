"""The lexicon: roots for the skeleton and words for the text, read from ``data/*.toml`` and compiled once."""

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import re2

from malmoi.text.profanity.alphabet import WIDTH
from malmoi.text.profanity.latin import SUFFIXES_ROMAN, SUFFIXES_TYPED, romanised, typed
from malmoi.text.profanity.skeleton import hybrids, latin_pattern, mixed_pattern, pattern
from malmoi.text.scan import finder, scanner

_MEMORY = 256 << 20
"""Bytes at most for the automaton of a set."""
_NO_LATIN_LEFT = "(?:^|[^0-9A-Za-z])$"


@dataclass(frozen=True)
class Entry:
    """A root or a word. Patterns are compiled RE2 (a package without types); contexts are None where there is none."""

    lemma: str
    severity: str
    part: str
    pattern: Any
    known: Any = None
    weak: Any = None
    never: Any = None
    strict: bool = False
    spaced: bool = True
    syllables: frozenset[str] = frozenset()
    latin: Any = None
    after: Any = None
    before: Any = None
    not_after: Any = None
    not_before: Any = None


@dataclass(frozen=True)
class Lexicon:
    """Entries, and one union pattern for each gate: root, mixed and latin on skeletons, word on texts; ``hidden_gate`` is
    mixed and latin in one. ``latin``: the roots that are also written in Latin letters alone.

    The sets say in one pass over a text which entries match anywhere in it (``matching``), that of the roots which match at its
    beginning. ``cleared`` is what the
    classifier does not see where no hit is: on skeletons, what looks like a root, and the innocent words.
    """

    roots: tuple[Entry, ...]
    mixed: tuple[Entry, ...]
    words: tuple[Entry, ...]
    latin: tuple[Entry, ...]
    root_set: Any
    mixed_set: Any
    word_set: Any
    latin_set: Any
    root_gate: Any
    mixed_gate: Any
    word_gate: Any
    latin_gate: Any
    hidden_gate: Any
    cleared: Any


@cache
def lexicon() -> Lexicon:
    """Reads and compiles the lexicon, about 0.2 s. Raises ValueError for a bad pattern."""
    roots: list[Entry] = []
    mixed: list[Entry] = []
    words: list[Entry] = []
    sources: dict[str, list[str]] = {"root": [], "mixed": [], "word": [], "latin": []}
    innocent: list[str] = []
    for name in ("roots.toml", "words.toml", "slurs.toml"):
        data = tomllib.loads((files("malmoi.text.profanity") / "data" / name).read_text(encoding="utf-8"))
        innocent += map(mixed_pattern, data.get("innocent", []))
        for row in data.get("root", []):
            source = "|".join(pattern(spelling) for spelling in row["skeleton"])
            latin = _in_latin(row)
            roots.append(_entry(row, _compile(source.encode()), latin="|".join(latin)))
            sources["root"].append(source)
            sources["latin"] += latin
            mixes = [source for word in row.get("typed", []) if 1 < len(word) < 4 for source in hybrids(word)]
            if mixes:
                mixed.append(_entry(row | {"after": _NO_LATIN_LEFT}, _compile("|".join(mixes).encode())))
                sources["mixed"] += mixes
        for row in data.get("word", []):
            hidden = "%" in row["pattern"]
            source = mixed_pattern(row["pattern"]) if hidden else row["pattern"]
            (mixed if hidden else words).append(_entry(row, _compile(source.encode() if hidden else source)))
            sources["mixed" if hidden else "word"].append(source)
    latin_roots = tuple(entry for entry in roots if entry.latin is not None)
    return Lexicon(
        roots=tuple(roots),
        mixed=tuple(mixed),
        words=tuple(words),
        latin=latin_roots,
        root_set=_set((entry.pattern for entry in roots), re2.Set.MatchSet),
        mixed_set=_set(entry.pattern for entry in mixed),
        word_set=_set(entry.pattern for entry in words),
        latin_set=_set(entry.latin for entry in latin_roots),
        root_gate=scanner("|".join(sources["root"])),
        mixed_gate=scanner("|".join(sources["mixed"])),
        word_gate=scanner("|".join(sources["word"])),
        latin_gate=scanner("|".join(sources["latin"])),
        hidden_gate=scanner("|".join(sources["mixed"] + sources["latin"])),
        cleared=scanner("|".join(sources["root"] + innocent)),
    )


def matching(entries: tuple[Entry, ...], union: Any, data: bytes) -> list[Entry]:
    """The entries of a set whose pattern matches somewhere in a skeleton or an encoded text, in the lexicon's order."""
    return [entries[number] for number in sorted(union.Match(data) or ())]


def root_starts(words: Lexicon, skeleton: bytes, first: int) -> list[tuple[Entry, list[int]]]:
    """The roots that match in a skeleton, in the lexicon's order, with the code points at which each does; none does before
    ``first`` (bytes). Their union says where any does, so that the set reads a few letters at few places."""
    starts: dict[int, list[int]] = {}
    find, view = finder(words.root_gate), memoryview(skeleton)
    at = first
    while at >= 0:
        if at % WIDTH == 0:
            for number in words.root_set.Match(view[at:]) or ():
                starts.setdefault(number, []).append(at // WIDTH)
        at, _ = find(skeleton, at - at % WIDTH + WIDTH)
    return [(words.roots[number], starts[number]) for number in sorted(starts)]


def _set(patterns: Iterable[Any], kind: Callable[[Any], Any] = re2.Set.SearchSet) -> Any:
    options = re2.Options()
    options.max_mem = _MEMORY
    union = kind(options)
    for compiled in patterns:
        union.Add(compiled.pattern)
    union.Compile()
    return union


def _in_latin(row: dict) -> list[str]:
    """Patterns of a root's spellings in Latin letters alone, with the suffixes that are written together with them."""
    typings = [typed(word) for word in row.get("typed", ())]
    sounds = [romanised(word) for word in row.get("typed", ()) if word not in row.get("not_romanised", ())]
    ends = "|".join(map(typed, SUFFIXES_TYPED)), "|".join(map(romanised, SUFFIXES_ROMAN))
    return [latin_pattern(f"{word}(?:%(?:{ends[0]}))?") for word in typings] + [
        latin_pattern(f"{word}(?:%(?:{ends[1]}))?") for word in sounds + row.get("roman", [])
    ]


def _entry(row: dict, compiled: Any, latin: str = "") -> Entry:
    context = {
        name: _compile(row[name])
        for name in ("weak", "never", "after", "before", "not_after", "not_before")
        if name in row
    }
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


def _compile(source: str | bytes) -> Any:
    try:
        return re2.compile(source)
    except re2.error as error:
        raise ValueError(f"profanity lexicon: bad pattern ({error})") from None
