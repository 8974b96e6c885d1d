"""SQL over the lake with DuckDB: one view a table, over the data files that are current at that moment. Read only.

Beside the tables: ``balances`` (what every stage counted) and ``releases`` (every release and which are in force).
A statement can read the lake's data files and nothing else on the machine.
"""

import unicodedata
from typing import Any, TextIO

import duckdb
import pyarrow as pa

from malmoi.contracts.balance import Balance
from malmoi.contracts.errors import ContractError
from malmoi.contracts.paths import Lake
from malmoi.contracts.tables import TABLES
from malmoi.contracts.views import add_view, path_list
from malmoi.lake import history, releases
from malmoi.lake.read import files

BALANCES = pa.schema(
    [
        ("batch", pa.string()),
        ("source", pa.string()),
        ("stage", pa.string()),
        ("outcome", pa.string()),  # entered, kept, dropped, quarantined
        ("reason", pa.string()),  # a Reason or Fault, null for entered and kept
        ("documents", pa.int64()),
        ("bytes", pa.int64()),
    ]
)
RELEASES = pa.schema(
    [
        ("release", pa.string()),
        ("batch", pa.string()),
        ("in_force", pa.bool_()),
        ("parent", pa.string()),
        ("recipe", pa.string()),
        ("code_version", pa.string()),
        ("documents", pa.int64()),
        ("shards", pa.int64()),
    ]
)
MAX_CELL_CHARS = 80
_READING = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}


def connect(root: str | Lake, release: str | None = None, memory_mib: int = 2048) -> duckdb.DuckDBPyConnection:
    """A connection with the views. ``release``: the view ``shards`` shows that release instead of all that is current.

    Raises ContractError for a release that does not exist.
    """
    lake = root if isinstance(root, Lake) else Lake(root)
    connection = duckdb.connect(
        ":memory:", config={"memory_limit": f"{memory_mib}MiB", "autoinstall_known_extensions": False}
    )
    if lake.is_object_store:
        import fsspec

        connection.register_filesystem(fsspec.url_to_fs(lake.root)[0])
    readable: list[str] = []
    for table in TABLES:
        paths = _paths(lake, table, release)
        add_view(connection, table, paths)
        readable += paths
    connection.register("balances", _balances(lake))
    connection.register("releases", _releases(lake))
    connection.execute(f"SET allowed_paths = {path_list(readable)}")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def query(root: str | Lake, sql: str, release: str | None = None) -> pa.Table:
    """The result of one or more statements, that of the last. Raises ContractError for a statement that is wrong or
    does anything but read."""
    connection = connect(root, release)
    try:
        statements = connection.extract_statements(sql)
        other = [statement for statement in statements if statement.type not in _READING]
        if other or not statements:
            raise ContractError("only SELECT and EXPLAIN are possible here: the lake is changed by the stages alone")
        for statement in statements[:-1]:
            connection.execute(statement)
        return connection.sql(statements[-1].query).to_arrow_table()
    except duckdb.Error as error:
        raise ContractError(
            f"malmoi sql: {str(error).strip().splitlines()[0]}; tables: {', '.join(_names())}"
        ) from None
    finally:
        connection.close()


def _names() -> list[str]:
    return [*TABLES, "balances", "releases"]


def _paths(lake: Lake, table: str, release: str | None) -> list[str]:
    if release is not None and table == "shards":
        return [lake.join(shard.path) for shard in releases.load(lake, release).shards]
    return [file.path for file in files(lake, table)]


def _balances(lake: Lake) -> pa.Table:
    rows: list[dict[str, Any]] = []
    for table in TABLES:
        for batch, source in history.partitions(lake, table):
            manifest = history.read_manifest(lake, table, batch, source)
            rows += [
                {"batch": batch, "source": source, "stage": manifest.stage, **row} for row in _counts(manifest.balance)
            ]
    return pa.Table.from_pylist(rows, BALANCES)


def _counts(balance: Balance) -> list[dict[str, Any]]:
    rows = [{"outcome": name, "reason": None, **getattr(balance, name).to_json()} for name in ("entered", "kept")]
    for outcome in ("dropped", "quarantined"):
        counts = getattr(balance, outcome)
        rows += [{"outcome": outcome, "reason": reason, **count.to_json()} for reason, count in sorted(counts.items())]
    return rows


def _releases(lake: Lake) -> pa.Table:
    nights = releases.read_pointer(lake).nights
    rows = [
        {
            "release": release,
            "batch": batch,
            "in_force": nights.get(batch) == release,
            "parent": manifest.parent,
            "recipe": manifest.recipe["name"],
            "code_version": manifest.code_version,
            "documents": sum(shard.rows for shard in manifest.shards if shard.batch == batch),
            "shards": sum(shard.batch == batch for shard in manifest.shards),
        }
        for release in releases.list_releases(lake)
        for manifest in [releases.load(lake, release)]
        for batch in manifest.batches
    ]
    return pa.Table.from_pylist(rows, RELEASES)


def run_query(root: str | Lake, sql: str, out: TextIO, release: str | None = None) -> int:
    """Prints a query's result as a table of aligned columns; returns the exit code, 0."""
    result = query(root, sql, release)
    rows = [[_cell(value) for value in row.values()] for row in result.to_pylist()]
    widths = [max(map(_columns, column)) for column in zip(result.column_names, *rows, strict=True)]
    for row in (result.column_names, ["-" * width for width in widths], *rows):
        padded = (cell + " " * (width - _columns(cell)) for cell, width in zip(row, widths, strict=True))
        out.write("  ".join(padded).rstrip() + "\n")
    out.write(f"({result.num_rows:,} rows)\n")
    return 0


def _cell(value: Any) -> str:
    text = "" if value is None else " ".join(str(value).split())
    return text if len(text) <= MAX_CELL_CHARS else text[: MAX_CELL_CHARS - 1] + "…"


def _columns(text: str) -> int:
    """Columns that a text takes in a terminal: Hangul syllables take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
