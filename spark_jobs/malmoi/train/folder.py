"""Texts of a folder: one a .txt or .md file, one a row of .jsonl and .parquet."""

import json
from collections.abc import Iterator
from pathlib import Path

from malmoi.contracts.errors import InputError

_SUFFIXES = (".txt", ".md", ".jsonl", ".parquet")


def texts_of(folder: Path, text_field: str = "text", limit: int = 1_000_000) -> list[tuple[str, str]]:
    """``(where, text)`` of at most ``limit`` texts that are not blank, in the order of the paths; ``where`` is the file.

    ``folder`` may be a single file. Raises InputError where there is no text, or a row lacks the field.
    """
    found: list[tuple[str, str]] = []
    paths = [folder] if folder.is_file() else sorted(p for p in folder.rglob("*") if p.suffix in _SUFFIXES)
    for path in paths:
        for text in _texts(path, text_field):
            if len(found) == limit:
                return found
            if text.strip():
                found.append((str(path), text))
    if not found:
        raise InputError(f"{folder}: no text found; give a folder with {', '.join(_SUFFIXES)} files")
    return found


def _texts(path: Path, text_field: str) -> Iterator[str]:
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        for batch in pq.ParquetFile(path).iter_batches(batch_size=1024, columns=[text_field]):
            yield from (text for text in batch.column(0).to_pylist() if text)
    elif path.suffix == ".jsonl":
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                yield _field(line, text_field, f"{path}:{number}")
    else:
        yield path.read_text("utf-8", "replace")


def _field(line: str, text_field: str, where: str) -> str:
    try:
        return str(json.loads(line)[text_field])
    except (json.JSONDecodeError, KeyError, TypeError):
        raise InputError(f"{where}: not a JSON object with the field {text_field!r}; see --text-field") from None
