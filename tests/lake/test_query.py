"""SQL over the lake: every table, nothing but reading."""

import io

import pytest

from malmoi.contracts.errors import ContractError
from malmoi.contracts.tables import TABLES
from malmoi.lake.query import query, run_query


def rows(count: int) -> list[dict]:
    return [{"batch": "2026-11-01", "source": "web", "doc_id": f"{number:032x}"} for number in range(count)]


@pytest.fixture(scope="module")
def filled(night_in, make_pages, page, tmp_path_factory) -> str:
    """A lake that the tests of this file only read."""
    root = str(tmp_path_factory.mktemp("query") / "lake")
    kept = make_pages("a.example", 3)
    night_in(root).source("web", [*kept, page("https://a.example/x", "짧다", reason="too_short")])
    return root


def test_every_table_can_be_asked_before_anything_was_written(lake_root):
    every = " UNION ALL ".join(f"SELECT count(*) AS n FROM {table}" for table in (*TABLES, "balances", "releases"))
    assert query(lake_root, f"SELECT sum(n) AS n FROM ({every})")["n"].to_pylist() == [0]


def test_the_printed_table_lines_up_in_hangul(filled):
    out = io.StringIO()
    assert run_query(filled, "SELECT '가나다' AS word, 1 AS n UNION ALL SELECT 'a', 22 ORDER BY n", out) == 0
    assert out.getvalue().splitlines() == ["word    n", "------  --", "가나다  1", "a       22", "(2 rows)"]


def test_views_show_what_is_current(lake_root, night, make_pages):
    asked = "SELECT count(*) AS n FROM documents"
    night().write("documents", "web", rows(3))
    assert query(lake_root, asked).to_pylist() == [{"n": 3}]
    night().write("documents", "web", rows(2))
    assert query(lake_root, asked).to_pylist() == [{"n": 2}]


def test_a_reason_can_be_counted(filled):
    drops = "SELECT reason, count(*) AS n FROM decisions WHERE NOT keep GROUP BY reason"
    assert query(filled, drops).to_pylist() == [{"reason": "too_short", "n": 1}]
    assert query(filled, "EXPLAIN " + drops).num_rows == 1


def test_balances_are_a_table(filled):
    asked = "SELECT outcome, reason, documents FROM balances WHERE stage = 'decide' AND reason IS NOT NULL"
    assert query(filled, asked).to_pylist() == [{"outcome": "dropped", "reason": "too_short", "documents": 1}]


@pytest.mark.parametrize(
    "statement",
    [
        "DROP VIEW documents",
        "CREATE TABLE t AS SELECT 1",
        "SELECT 1; DELETE FROM documents",
        "SET enable_external_access = true",
        "ATTACH 'x.db'",
        "INSTALL httpfs",
        "",
    ],
)
def test_anything_but_reading_is_refused(filled, statement):
    with pytest.raises(ContractError, match="only SELECT"):
        query(filled, statement)


def test_copy_to_a_file_is_refused(filled, tmp_path):
    with pytest.raises(ContractError):
        query(filled, f"COPY documents TO '{tmp_path}/out.csv'")
    assert not (tmp_path / "out.csv").exists()


def test_other_files_of_the_machine_cannot_be_read(filled, tmp_path):
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ContractError, match="malmoi sql"):
        query(filled, f"SELECT * FROM read_csv('{tmp_path}/secret.csv')")


def test_a_wrong_column_is_one_line(filled):
    with pytest.raises(ContractError) as caught:
        query(filled, "SELECT nothing_like_it FROM documents")
    assert "\n" not in str(caught.value) and "nothing_like_it" in str(caught.value)
