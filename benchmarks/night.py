"""One night as Airflow's task of a small night runs it: all stages from ingest to shards in one spark-submit over an empty lake,
the start of the JVM and of every Python worker included, with the Spark settings of ``make run``."""

import json
import os
import shutil
import sys
from pathlib import Path

from plain import DAY, RECIPE, ROOT
from watch import Timing, Watch, run

sys.path.append(str(ROOT / "plugins"))

from malmoi_airflow.local import jvm  # noqa: E402

STAGES = ("ingest", "annotate", "dedup", "decide", "redact", "shard")


def landing_place(landing: Path) -> Path:
    """Where a landing folder holds the files of the measured night."""
    return landing / "source=web" / f"date={DAY}"


def environment(scratch: Path) -> dict[str, str]:
    """The environment of a measured process; Spark's scratch space is below ``scratch``."""
    return {
        **os.environ,
        "MALMOI_SECRET": "a-secret-for-the-benchmark",
        "PYSPARK_DRIVER_PYTHON": sys.executable,
        "PYSPARK_PYTHON": sys.executable,
        "PYTHONPATH": f"{ROOT / 'spark_jobs'}:{ROOT / 'plugins'}",
        "SPARK_CONF_DIR": str(jvm.CONF),
        "SPARK_LOCAL_DIRS": str(scratch / "spark"),
        "SPARK_LOCAL_IP": "127.0.0.1",
        jvm.VARIABLE: jvm.options(),
    }


def night(landing: Path, scratch: Path) -> Timing:
    """Runs it. ``said``: ``records``, ``kept`` and for each stage ``[wall, cpu]`` seconds since the one before."""
    lake = scratch / "lake"
    shutil.rmtree(lake, ignore_errors=True)
    timing = run(command(landing, lake), environment(scratch), _hear)
    ends = timing.said.pop("ends")
    before = [0.0, 0.0]
    timing.said["stages"] = {}
    for stage in STAGES:
        timing.said["stages"][stage] = [now - then for now, then in zip(ends[stage], before, strict=True)]
        before = ends[stage]
    timing.said["records"] = _balance(lake, "documents")["entered"]["documents"]
    timing.said["kept"] = _balance(lake, "shards")["kept"]["documents"]
    return timing


def command(landing: Path, lake: Path) -> list[str]:
    """The spark-submit of a night."""
    return [
        str(Path(sys.executable).with_name("spark-submit")), "--master", "local[*]", str(ROOT / "spark_jobs/run_stage.py"),
        ",".join(STAGES), "--recipe", str(RECIPE), "--batch", DAY, "--lake", str(lake), "--landing", str(landing),
        "--sources", "web",
    ]  # fmt: skip


def plain(landing: Path, scratch: Path, kernels: bool = False) -> Timing:
    """Ingest and annotate of the same pages without Spark."""
    loop = [sys.executable, str(ROOT / "benchmarks/plain.py"), str(landing), *(["--kernels"] if kernels else ())]
    return run(loop, environment(scratch), _hear_json)


def pair(landing: Path, scratch: Path) -> Timing:
    """The same, on all cores at once: a loop each, over its share of the files."""
    cores = os.cpu_count() or 1
    return run(
        [sys.executable, str(ROOT / "benchmarks/plain.py"), str(landing), "--processes", str(cores)],
        environment(scratch),
        _hear_json,
    )


def peer(script: str, pages: Path, scratch: Path) -> Timing:
    """The other pipeline on the same pages. ``said``: its own seconds of each step."""
    out = scratch / "peer"
    shutil.rmtree(out, ignore_errors=True)
    return run(
        [str(ROOT / "benchmarks/peer.sh"), "run", script, str(pages), str(out)], environment(scratch), _hear_json
    )


def _hear(line: str, wall: float, watch: Watch, said: dict) -> None:
    stage = line.split(" ")[0]
    if stage in STAGES and "web:" in line:
        said.setdefault("ends", {})[stage] = [wall, watch.cpu]


def _hear_json(line: str, wall: float, watch: Watch, said: dict) -> None:
    if line.startswith("{"):
        said.update(json.loads(line))


def _balance(lake: Path, table: str) -> dict:
    return json.loads((lake / f"manifests/{table}/batch={DAY}/source=web.json").read_text())["balance"]
