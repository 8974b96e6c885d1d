"""The reference pages: every key of a recipe, every reason of a drop, every DAG; made from the code that they describe.

``python -m malmoi.report.reference --write`` writes them anew; without ``--write`` it names the stale ones and ends
with 1.
"""

import argparse
import ast
import sys
from dataclasses import MISSING, Field, fields, is_dataclass
from pathlib import Path
from typing import Any, get_type_hints

from malmoi.contracts.errors import InputError
from malmoi.contracts.reasons import Fault, Reason
from malmoi.contracts.recipe.recipe import PER_SOURCE, Recipe
from malmoi.contracts.recipe.sections import Source

PROJECT = Path(__file__).resolve().parents[3]

_NOTICE = "<!-- Written by `python -m malmoi.report.reference --write`; do not edit. -->"
_TYPES = {
    int: "whole number",
    float: "number",
    str: "text",
    bool: "true or false",
    tuple: "list of texts",
    dict: "table",
}


def pages(project: Path = PROJECT) -> dict[str, str]:
    """Path relative to the project -> content of every reference page."""
    return {
        "docs/recipe.md": recipe_page(),
        "docs/reasons.md": reasons_page(),
        "dags/DAGS.md": dags_page(project / "dags"),
    }


def stale(project: Path = PROJECT) -> list[str]:
    """Pages whose file is missing or is not what the code says now."""
    return [
        name
        for name, content in pages(project).items()
        if not (project / name).is_file() or (project / name).read_text("utf-8") != content
    ]


def write(project: Path = PROJECT) -> list[str]:
    """Writes the stale pages; returns their names."""
    names = stale(project)
    for name in names:
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(pages(project)[name], "utf-8")
    return names


def recipe_page() -> str:
    """Every section and key of a recipe with type, default, limits and help."""
    per_source = ", ".join(f"`{name}`" for name in PER_SOURCE)
    parts = [
        "# The recipe",
        _NOTICE,
        "A recipe is a TOML file in `spark_jobs/recipes/`. It holds every threshold, source and policy of a run. An unknown "
        "key, a wrong type or an impossible value is refused with one line that names file, key, value and what is allowed.",
        "At the top stand `name` and `description` (texts) and `extends`: the name of a recipe beside this one, whose "
        "tables are merged with this file's key by key. At least one `[sources.NAME]` is needed; all else has defaults.",
        f"In {per_source}, `[SECTION.source.NAME]` replaces single values for one source.",
        _section("sources.NAME", Source),
    ]
    hints = get_type_hints(Recipe)
    parts += [_section(name, kind) for name, kind in hints.items() if isinstance(kind, type) and is_dataclass(kind)]
    return _joined(parts)


def reasons_page() -> str:
    """Every reason of a drop with its meaning, and the faults that quarantine a record."""
    reasons = [[f"`{reason.value}`", reason.meaning, reason.meaning_ko] for reason in Reason]
    return _joined(
        [
            "# Reasons",
            _NOTICE,
            "A document that is not in the corpus has exactly one reason: in the table `decisions` with the measured value and "
            "the threshold that it missed, where the reason has one; or, for a record that never became a document, in the "
            "counts of ingest. The first rule that applies gives the reason; the rules' order stands in "
            "`stages/decide.py` and `text/quality.py`.",
            _table(["reason", "meaning", "뜻"], reasons),
            "## Faults",
            "A record that could not be processed is set aside, not judged. Ingest writes file, offset and fault into the "
            "table `quarantine`; `engine_crashed` may also come from annotate, and then stands in `decisions`.",
            "\n".join(f"- `{fault.value}`" for fault in Fault),
        ]
    )


def dags_page(folder: Path) -> str:
    """The docstring of every DAG file, one level lower. Reads the files, imports nothing.

    Raises InputError for a file without a docstring.
    """
    parts = [
        "# The DAGs",
        _NOTICE,
        "Airflow shows the same text beside each DAG. The files hold parameters and wiring; the work is in "
        "`plugins/malmoi_airflow/` and `spark_jobs/malmoi/`.",
    ]
    return _joined([*parts, *(_dag(path) for path in sorted(folder.glob("*.py")))])


def _dag(path: Path) -> str:
    said = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    if not said:
        raise InputError(f"{path}: no docstring; a DAG file begins with what its DAG does")
    title, _, rest = said.partition("\n")
    return f"## {path.stem}: {title.lstrip('# ')}\n\n{rest.strip()}"


def _section(name: str, section: type) -> str:
    hints = get_type_hints(section)
    rows = [
        [f"`{f.name}`", _TYPES[_plain(hints[f.name])], _default(f), _limits(f), _cell(f.metadata["help"])]
        for f in fields(section)
    ]
    defaults = {f.name: _table_default(f) for f in fields(section)}
    tables = [_table_values(key, values) for key, values in defaults.items() if values]
    about = (section.__doc__ or "").strip()
    return "\n\n".join([f"## [{name}]", about, _table(["key", "type", "default", "allowed", "meaning"], rows), *tables])


def _table_values(key: str, values: dict[str, str]) -> str:
    """The keys of a table with their defaults."""
    return _table([f"`{key}`", "default"], [[f"`{name}`", f"`{value}`"] for name, value in values.items()])


def _table_default(field: Field) -> dict[str, str] | None:
    """The default of a key that holds a table; None for any other key."""
    return None if field.default_factory is MISSING else field.default_factory()


def _plain(hint: Any) -> type:
    """``tuple[str, ...]`` -> ``tuple``."""
    return getattr(hint, "__origin__", hint)


def _default(field: Field) -> str:
    values = _table_default(field)
    if values is not None:
        return "see below" if values else "`{}`"
    return "needed" if field.default is MISSING else f"`{_toml(field.default)}`"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return str(value)


def _limits(field: Field) -> str:
    rules = field.metadata
    if rules.get("low") is not None or rules.get("high") is not None:
        return f"{_bound(rules['low'])} to {_bound(rules['high'])}"
    return ", ".join(f"`{word}`" for word in _choices(rules))


def _choices(rules: Any) -> tuple[str, ...]:
    return next((rules[name] for name in ("choices", "item_choices", "value_choices") if rules.get(name)), ())


def _bound(value: float | None) -> str:
    return "any" if value is None else str(value)


def _table(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def _joined(parts: list[str]) -> str:
    return "\n\n".join(parts) + "\n"


def main(argv: list[str] | None = None) -> int:
    """Returns 1 where a page is stale and was not written."""
    parser = argparse.ArgumentParser(prog="malmoi.report.reference", description="The reference pages of the docs.")
    parser.add_argument("--write", action="store_true", help="write the stale pages; without it only name them")
    args = parser.parse_args(argv)
    names = write() if args.write else stale()
    for name in names:
        print(f"{name}: {'written' if args.write else 'stale'}")
    return 1 if names and not args.write else 0


if __name__ == "__main__":
    sys.exit(main())
