"""Tables of the lake as DuckDB views over the files that count."""

from collections.abc import Sequence
from typing import Any

from malmoi.contracts.tables import TABLES


def add_view(connection: Any, table: str, paths: Sequence[str]) -> None:
    """A view over a table's data files, with nulls for columns that older files lack; an empty one where there are none."""
    if not paths:
        connection.register(table, TABLES[table].empty_table())
        return
    files = f"read_parquet({path_list(paths)}, union_by_name = true, hive_partitioning = false)"
    there = {row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {files}").fetchall()}
    columns = ["*", *(f'NULL AS "{name}"' for name in TABLES[table].names if name not in there)]
    connection.execute(f'CREATE VIEW "{table}" AS SELECT {", ".join(columns)} FROM {files}')


def path_list(paths: Sequence[str]) -> str:
    """Paths as a DuckDB list."""
    return "[" + ", ".join("'" + path.replace("'", "''") + "'" for path in paths) + "]"
