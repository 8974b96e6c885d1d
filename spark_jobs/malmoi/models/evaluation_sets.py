"""Evaluation sets: read once a process, as windows that texts are held against."""

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from malmoi.contracts.errors import InputError
from malmoi.contracts.recipe import Recipe
from malmoi.text import contamination


def overlaps(texts: list[str], recipe: Recipe) -> list[tuple[contamination.Spans, float]]:
    """For every text the spans that stand in an evaluation set of the recipe, and their share of its letters and digits.

    Raises InputError for a set that cannot be read.
    """
    section = recipe.decontamination
    if not section.sets:
        return [([], 0.0)] * len(texts)
    known = _windows(section.paths(recipe.path), section.eojeol, section.chars)
    return [contamination.overlaps(text, known) for text in texts]


@lru_cache(maxsize=2)
def _windows(paths: tuple[str, ...], eojeol: int, chars: int) -> contamination.Windows:
    return contamination.windows((item for path in paths for item in items(path)), eojeol, chars)


def items(path: str) -> Iterator[str]:
    """The texts of a set: of a ``.txt`` file every line, of a ``.jsonl`` file every string in every line's value."""
    try:
        lines = Path(path).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: an evaluation set that cannot be read as UTF-8 ({type(error).__name__})") from None
    if not path.endswith(".jsonl"):
        yield from lines
        return
    for number, line in enumerate(lines, 1):
        try:
            value = json.loads(line) if line.strip() else None
        except json.JSONDecodeError:
            raise InputError(f"{path}, line {number}: not JSON; a .jsonl set has one JSON value a line") from None
        yield from _strings(value)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
