"""The reference pages say what the code says."""

import shutil
from dataclasses import fields
from pathlib import Path

import pytest

from malmoi.contracts.errors import InputError
from malmoi.contracts.reasons import Fault, Reason
from malmoi.contracts.recipe.privacy import ENTITIES
from malmoi.contracts.recipe.quality import Quality
from malmoi.contracts.recipe.sections import Source
from malmoi.report import reference

PAGES = ("docs/recipe.md", "docs/reasons.md", "dags/DAGS.md")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_up_to_date(root: Path, page: str):
    assert page not in reference.stale(root), "run `python -m malmoi.report.reference --write`"


def test_a_stale_or_missing_page_is_seen_and_written(root: Path, tmp_path: Path):
    shutil.copytree(root / "dags", tmp_path / "dags", ignore=shutil.ignore_patterns("__pycache__", "*.md"))
    assert sorted(reference.stale(tmp_path)) == sorted(PAGES)
    reference.write(tmp_path)
    assert reference.stale(tmp_path) == []
    dag = tmp_path / "dags" / "corpus_nightly.py"
    dag.write_text(dag.read_text("utf-8").replace("# The nightly corpus", "# Another title", 1), "utf-8")
    assert reference.stale(tmp_path) == ["dags/DAGS.md"]
    assert "corpus_nightly: Another title" in reference.pages(tmp_path)["dags/DAGS.md"]


def test_every_key_has_a_row():
    page = reference.recipe_page()
    for section in (Source, Quality):
        for field in fields(section):
            assert f"| `{field.name}` |" in page
    assert all(f"| `{entity}` | `tag` |" in page for entity in ENTITIES)


def test_a_row_says_type_default_and_limits():
    page = reference.recipe_page()
    assert "| `rows` | whole number | `4` | 1 to 64 | MinHash values a band |" in page
    assert "| `required` | true or false | `false` |  |" in page
    assert "| `type` | text | needed | `warc`, `jsonl`," in page


def test_every_reason_and_fault_is_listed():
    page = reference.reasons_page()
    assert all(f"| `{reason.value}` | {reason.meaning} | {reason.meaning_ko} |" in page for reason in Reason)
    assert all(f"- `{fault.value}`" in page for fault in Fault)


def test_a_dag_without_a_docstring_is_refused(tmp_path: Path):
    (tmp_path / "silent.py").write_text("x = 1\n")
    with pytest.raises(InputError, match="silent.py: no docstring"):
        reference.dags_page(tmp_path)
