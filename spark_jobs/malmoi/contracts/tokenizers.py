"""The lake's shelf of tokenizers: which one serves a recipe's tokenizer section.

A tokenizer is ``LAKE/models/tokenizers/ID/`` with ``tokenizer.json`` and ``manifest.json``. ``promoted/KEY.json`` names the
one in use for a section; it stays from night to night, so that token files of different nights fit together.
"""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from malmoi.contracts.manifest import serialise
from malmoi.contracts.paths import Lake, checked_name
from malmoi.contracts.recipe.handoff import Tokenizer
from malmoi.contracts.release import check_file, read_json, short_hash, write_atomically


def shelf(lake: Lake) -> Path:
    """The folder that holds all tokenizers of a lake."""
    return Path(lake.models, "tokenizers")


def section_key(section: Tokenizer) -> str:
    """``bpe32000-HASH``: stands for everything that a recipe says about its tokenizer."""
    return f"bpe{section.vocabulary}-{short_hash(asdict(section))}"


def promoted(lake: Lake, section: Tokenizer) -> dict[str, Any] | None:
    """The tokenizer in use for a section: ``{"id", "path", "sha256", "vocabulary"}``, or None where none is.

    ``path`` is relative to the lake. Raises ContractError when the file is not the one that was promoted.
    """
    pointer = _pointer(lake, section)
    if not pointer.is_file():
        return None
    chosen = read_json(pointer, "promote a tokenizer again")
    check_file(lake.join(chosen["path"]), chosen["sha256"], "restore it, or train and promote another one")
    return chosen


def promote(lake: Lake, section: Tokenizer, tokenizer: str) -> dict[str, Any]:
    """Puts a tokenizer of the shelf into use for the section. Raises InputError where it is not there."""
    folder = shelf(lake) / checked_name(tokenizer)
    manifest = read_json(folder / "manifest.json", f"train it first; {shelf(lake)} holds what there is")
    chosen = {
        "id": tokenizer,
        "path": lake.relative(str(folder / "tokenizer.json")),
        "sha256": manifest["sha256"],
        "vocabulary": manifest["vocabulary"],
    }
    write_atomically(_pointer(lake, section), serialise(chosen))
    return chosen


def _pointer(lake: Lake, section: Tokenizer) -> Path:
    return shelf(lake) / "promoted" / f"{section_key(section)}.json"
