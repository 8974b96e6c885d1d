"""The house keeps its layers: what each package may import, and that reading the DAGs stays light."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

MODULES = [
    "contracts",
    "text",
    "models",
    "sources",
    "fetch",
    "stages",
    "lake",
    "spark",
    "report",
    "train",
    "trial",
    "commands",
]

# What a package of malmoi may import of the others.
ALLOWED = {
    "contracts": set(),
    "text": {"contracts"},
    "models": {"contracts", "text"},
    "sources": {"contracts", "text", "models"},
    "fetch": {"contracts", "text"},
    "train": {"contracts", "text", "models"},
    "stages": {"contracts", "text", "models", "sources", "train"},
    "lake": {"contracts", "text", "stages"},
}
# Programs: they drive the layers below, and no module of a layer imports them.
PROGRAMS = {"malmoi.train.packing"}
SPARK_ONLY = {"pyspark"}
HEAVY = ["pyspark", "torch", "transformers", "kiwipiepy", "presidio_analyzer", "spacy", "fasttext", "pyiceberg"]


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every module a file imports, at any depth, with the line."""
    if path.suffix == ".pyx":
        yield from imports_of_cython(path)
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((name.name, node.lineno) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module, node.lineno
            yield from ((f"{node.module}.{name.name}", node.lineno) for name in node.names)


def imports_of_cython(path: Path) -> Iterator[tuple[str, int]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        found = re.match(r"\s*(?:from\s+([\w.]+)\s+c?import\b|c?import\s+([\w.]+))", line)
        if found:
            yield found[1] or found[2], number


def package(module: str) -> str | None:
    """``malmoi.text.html`` -> ``text``; None for what is not a package of malmoi."""
    parts = module.split(".")
    return parts[1] if parts[0] == "malmoi" and len(parts) > 1 and parts[1] in MODULES else None


def name(root: Path, path: Path) -> str:
    """``spark_jobs/malmoi/text/josa.py`` -> ``malmoi.text.josa``."""
    return ".".join(path.relative_to(root / "spark_jobs").with_suffix("").parts)


def files(folder: Path) -> list[Path]:
    found = sorted([*folder.rglob("*.py"), *folder.rglob("*.pyx")])
    assert found, f"nothing in {folder}"
    return found


@pytest.mark.parametrize("layer", ALLOWED)
def test_a_layer_imports_only_what_lies_below_it(root: Path, layer: str):
    allowed = ALLOWED[layer] | {layer}
    wrong = [
        f"{path.relative_to(root)}:{line} imports {module}"
        for path in files(root / "spark_jobs" / "malmoi" / layer)
        if name(root, path) not in PROGRAMS
        for module, line in imports(path)
        if (found := package(module)) is not None and found not in allowed
    ]
    assert not wrong


def test_no_layer_imports_a_program(root: Path):
    wrong = [
        f"{path.relative_to(root)}:{line}"
        for layer in ALLOWED
        for path in files(root / "spark_jobs" / "malmoi" / layer)
        for module, line in imports(path)
        if module in PROGRAMS and name(root, path) not in PROGRAMS
    ]
    assert not wrong


def test_pyspark_stays_in_its_layer(root: Path):
    malmoi = root / "spark_jobs" / "malmoi"
    wrong = [
        f"{path.relative_to(root)}:{line}"
        for path in files(malmoi)
        for module, line in imports(path)
        if module.split(".")[0] in SPARK_ONLY and path.relative_to(malmoi).parts[0] != "spark"
    ]
    assert not wrong


@pytest.mark.parametrize("folder", ["dags", "plugins"])
def test_airflow_sees_contracts_only(root: Path, folder: str):
    wrong = [
        f"{path.relative_to(root)}:{line} imports {module}"
        for path in files(root / folder)
        for module, line in imports(path)
        if (found := package(module)) is not None and found != "contracts"
    ]
    assert not wrong


def test_malmoi_knows_nothing_of_airflow(root: Path):
    wrong = [
        f"{path.relative_to(root)}:{line}"
        for path in files(root / "spark_jobs")
        for module, line in imports(path)
        if module.split(".")[0] in ("airflow", "malmoi_airflow")
    ]
    assert not wrong


def test_a_wrong_import_would_be_seen(tmp_path: Path):
    module = tmp_path / "wrong.py"
    module.write_text("def late():\n    from malmoi.stages import decide\n    import pyspark.sql\n")
    assert {(found, line) for found, line in imports(module)} == {
        ("malmoi.stages", 2),
        ("malmoi.stages.decide", 2),
        ("pyspark.sql", 3),
    }
    assert package("malmoi.stages.decide") == "stages"
    compiled = tmp_path / "wrong.pyx"
    compiled.write_text(
        "from libc.string cimport memchr\n\ndef late():\n    from malmoi.stages import decide\nimport pyspark.sql\n"
    )
    assert list(imports(compiled)) == [("libc.string", 1), ("malmoi.stages", 4), ("pyspark.sql", 5)]


PARSE = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(sys.argv[1])
heavy = sorted(set(sys.argv[2].split(",")) & set(sys.modules))
print("RESULT" + json.dumps([sorted(bag.dags), {k: v.splitlines()[-1] for k, v in bag.import_errors.items()}, heavy]))
"""


@pytest.mark.airflow
def test_reading_the_dags_loads_no_engine(root: Path, tmp_path: Path):
    import json

    done = subprocess.run(
        [sys.executable, "-c", PARSE, str(root / "dags"), ",".join(HEAVY)],
        env={
            **{key: value for key, value in os.environ.items() if not key.startswith("AIRFLOW__")},
            "AIRFLOW_HOME": str(tmp_path),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__PLUGINS_FOLDER": str(root / "plugins"),
            "PYTHONPATH": f"{root / 'spark_jobs'}:{root / 'plugins'}",
        },
        capture_output=True,
        text=True,
    )
    said = [line for line in done.stdout.splitlines() if line.startswith("RESULT")]
    assert said, done.stderr[-2000:]
    dags, errors, heavy = json.loads(said[0].removeprefix("RESULT"))
    assert not errors
    assert {"corpus_nightly", "corpus_train"} <= set(dags)
    assert not heavy
