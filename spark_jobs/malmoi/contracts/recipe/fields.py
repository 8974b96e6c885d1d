"""How a recipe's dataclasses say what a value may be.

A section is a frozen dataclass. ``number``, ``choice`` and ``text`` declare a field with its default, its limits and a
sentence of help; the loader checks every value against them and the recipe reference is generated from them.
"""

from dataclasses import MISSING, field
from typing import Any


def number(default: Any = MISSING, *, low: float | None = None, high: float | None = None, help: str) -> Any:
    """A number in ``[low, high]``; the unit stands in the field's name."""
    return field(default=default, metadata={"low": low, "high": high, "help": help})


def choice(default: Any = MISSING, *, of: tuple[str, ...], help: str) -> Any:
    """One of a closed list of words."""
    return field(default=default, metadata={"choices": of, "help": help})


def text(default: Any = MISSING, *, help: str) -> Any:
    """Free text, a flag, or anything whose type says enough."""
    return field(default=default, metadata={"help": help})


def words(default: tuple[str, ...] = (), *, of: tuple[str, ...] | None = None, help: str) -> Any:
    """A list of words, each from a closed list where one is given."""
    return field(default=default, metadata={"item_choices": of, "help": help})


def table(
    *,
    key_choices: tuple[str, ...] | None = None,
    value_choices: tuple[str, ...] | None = None,
    default: dict,
    help: str,
) -> Any:
    """A table of words; keys and values from closed lists where given."""
    return field(
        default_factory=lambda: dict(default),
        metadata={"key_choices": key_choices, "value_choices": value_choices, "help": help},
    )
