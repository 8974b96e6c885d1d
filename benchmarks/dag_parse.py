"""Seconds to parse the folder of DAGs: ``python benchmarks/dag_parse.py``. Prints one JSON object.

``warm``: in a process that has Airflow loaded, as Airflow's DAG processor parses, for the first time and again; ``whole``: a new
process from its start to the end of the parse.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

_PARSE = """
import json, sys, time
from airflow.dag_processing.dagbag import DagBag
import airflow.sdk
seconds = []
for _ in range(2):
    began = time.perf_counter()
    bag = DagBag(sys.argv[1])
    seconds.append(time.perf_counter() - began)
assert bag.dags and not bag.import_errors, bag.import_errors
print(json.dumps({"dags": len(bag.dags), "first": seconds[0], "again": seconds[1]}))
"""


def parse(home: str) -> dict:
    """One new process: ``{"dags", "first", "again", "whole"}``, the last three in seconds."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _PARSE, str(ROOT / "dags")],
        env={
            **{key: value for key, value in os.environ.items() if not key.startswith("AIRFLOW__")},
            "AIRFLOW_HOME": home,
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
            "PYTHONPATH": f"{ROOT / 'spark_jobs'}:{ROOT / 'plugins'}",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    whole = time.perf_counter() - began
    (found,) = (json.loads(line) for line in done.stdout.splitlines() if line.startswith("{"))
    return found | {"whole": whole - found["again"]}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="malmoi-parse-") as folder:
        parse(folder)  # makes Airflow's settings and Python's byte code
        print(json.dumps(parse(folder)))
