"""Where a source's landing files lie."""

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
