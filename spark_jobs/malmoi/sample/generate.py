"""Lay out a landing folder: files by source and night, and the truth beside them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any

from malmoi.sample.landing import write_lines, write_warc
from malmoi.sample.nights import build
from malmoi.sample.records import Night, Truth

FILES_PER_SOURCE = {"web": 3, "news": 2, "blog": 3, "kin": 2}
TRUTH_FILE = "truth.jsonl"


def write(folder: Path, seed: int = 1) -> list[Truth]:
    """Write the sample into ``folder`` (made if absent): ``source=S/date=D/...`` and ``truth.jsonl``.

    The same seed gives the same bytes. Returns the rows of the truth file, sorted by file and offset.
    """
    rows = [row for night in build(seed) for row in _write_night(Path(folder), night, seed)]
    rows.sort(key=lambda row: (row.file, row.offset))
    with (Path(folder) / TRUTH_FILE).open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")
    return rows


def _write_night(folder: Path, night: Night, seed: int) -> list[Truth]:
    rows: list[Truth] = []
    kinds: tuple[tuple[str, Mapping[str, list[Any]], str, Callable[..., list[Truth]]], ...] = (
        ("captures", night.captures, "warc.gz", write_warc),
        ("lines", night.lines, "jsonl", write_lines),
    )
    for kind, by_source, suffix, writer in kinds:
        for source, records in sorted(by_source.items()):
            shuffled = list(records)
            Random(f"{seed}/{night.batch}/{source}/{kind}").shuffle(shuffled)
            shuffled.sort(key=lambda record: getattr(record, "cut", 0) > 0)  # a cut member ends its file
            count = FILES_PER_SOURCE[source]
            for part in range(count):
                chunk = shuffled[len(shuffled) * part // count : len(shuffled) * (part + 1) // count]
                name = f"source={source}/date={night.batch}/part-{part}.{suffix}"
                rows.extend(writer(folder, name, chunk))
    return rows


def read_truth(path: Path) -> list[Truth]:
    """Rows of a truth file."""
    with Path(path).open(encoding="utf-8") as file:
        rows: list[dict[str, Any]] = [json.loads(line) for line in file]
    for row in rows:
        row.update((name, tuple(value)) for name, value in row.items() if isinstance(value, list))
    return [Truth(**row) for row in rows]
