"""A fresh Airflow without services: a DAG is run by ``dag.test`` in a process of its own, on a lake of the test."""

import json
import os
import subprocess
import sys
from pathlib import Path

SECRET = "a key of the tests, long enough"
RUN = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
name, conf = sys.argv[1], json.loads(sys.argv[2])
run = DagBag(sys.argv[3]).dags[name].test(run_conf=conf, mark_success_pattern="approve")
print("STATES " + json.dumps({ti.task_id: str(ti.state) for ti in run.get_task_instances()}))
"""


class Airflow:
    """A fresh Airflow whose DAGs work on one lake."""

    def __init__(self, home: Path, lake: str, root: Path):
        self._root = root
        home.mkdir(exist_ok=True)
        (home / "landing").mkdir(exist_ok=True)
        bundles = [{"name": "dags", "classpath": "airflow.dag_processing.bundles.local.LocalDagBundle",
                    "kwargs": {"path": str(root / "dags")}}]  # fmt: skip
        self._env = {
            **{key: value for key, value in os.environ.items() if not key.startswith("AIRFLOW__")},
            "AIRFLOW_HOME": str(home),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__DAGS_FOLDER": str(root / "dags"),
            "AIRFLOW__CORE__PLUGINS_FOLDER": str(root / "plugins"),
            "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST": json.dumps(bundles),
            "AIRFLOW_CONN_SPARK_DEFAULT": json.dumps({"conn_type": "spark", "host": "local[*]"}),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": f"{root / 'spark_jobs'}:{root / 'plugins'}",
            "MALMOI_LAKE": lake,
            "MALMOI_LANDING": str(home / "landing"),
            "MALMOI_SECRET": SECRET,
        }
        self._call("-m", "airflow", "db", "migrate")

    def run(self, dag: str, **conf) -> dict[str, str]:
        """Task -> state after a run of the DAG; a person approves."""
        said = self._call("-c", RUN, dag, json.dumps(conf), str(self._root / "dags" / f"{dag}.py"))
        line = next(line for line in said.splitlines() if line.startswith("STATES "))
        return json.loads(line.removeprefix("STATES "))

    def _call(self, *arguments: str) -> str:
        done = subprocess.run([sys.executable, *arguments], env=self._env, capture_output=True, text=True, timeout=580)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout
