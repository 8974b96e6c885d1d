"""Where a source's landing files lie, and what marks their content."""

import os
from pathlib import Path

from malmoi.contracts.recipe.sections import Source


def landing_files(landing: str, name: str, source: Source, day: str) -> list[str]:
    """Files of one source and day, relative to the landing folder, in name order.

    ``source.path`` is a pattern with ``{source}`` and ``{date}``; hidden files and folders are passed over.
    """
    root = Path(landing)
    pattern = source.path.format(source=name, date=day)
    return sorted(
        path.relative_to(root).as_posix()
        for path in root.glob(pattern)
        if path.is_file() and not path.name.startswith((".", "_"))
    )


def landing_stats(landing: str, name: str, source: Source, day: str) -> dict[str, os.stat_result]:
    """The same files with their sizes and times."""
    return {file: os.stat(os.path.join(landing, file)) for file in landing_files(landing, name, source, day)}


def content_marks(stats: dict[str, os.stat_result]) -> dict[str, str]:
    """File -> ``SIZE-MTIME`` (bytes, nanoseconds): another mark is taken for other content, without reading the file."""
    return {file: f"{stat.st_size}-{stat.st_mtime_ns}" for file, stat in stats.items()}
