"""What spark-submit says wins over the session's own settings, the master first of all."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.spark

SCRIPT = """
import json
from malmoi.spark.session import session
spark = session("conf")
print("CONF " + json.dumps(dict(spark.sparkContext.getConf().getAll())))
spark.stop()
"""


def submitted(root: Path, tmp_path: Path, *options: str) -> dict[str, str]:
    """The configuration of a session in a process that spark-submit started."""
    script = tmp_path / "conf.py"
    script.write_text(SCRIPT)
    command = [str(Path(sys.executable).with_name("spark-submit")), *options, str(script)]
    env = os.environ | {
        "PYTHONPATH": str(root / "spark_jobs"),
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(next(line for line in done.stdout.splitlines() if line.startswith("CONF ")).removeprefix("CONF "))


def test_options_of_the_submit_win(root, tmp_path):
    conf = submitted(root, tmp_path, "--master", "local[1]", "--conf", "spark.task.maxFailures=3",
                     "--conf", "spark.sql.shuffle.partitions=7")  # fmt: skip
    assert conf["spark.master"] == "local[1,8]", "its own master, made to survive lost workers"
    assert conf["spark.task.maxFailures"] == "3" and conf["spark.sql.shuffle.partitions"] == "7"
    assert conf["spark.sql.session.timeZone"] == "UTC" and conf["spark.speculation"] == "false"
