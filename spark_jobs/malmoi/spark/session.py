"""The one Spark session builder."""

import os
import sys
from pathlib import Path

from pyspark.sql import SparkSession

from malmoi.contracts.endings import APPLICATION_FILE

# Why each is set: docs/design.md, "Spark settings".
_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "2000",
    "spark.sql.execution.arrow.maxBytesPerBatch": "16MB",
    "spark.sql.adaptive.coalescePartitions.parallelismFirst": "false",
    "spark.python.worker.faulthandler.enabled": "true",
    "spark.python.worker.idleTimeoutSeconds": "300",
    "spark.python.worker.killOnIdleTimeout": "true",
    "spark.sql.execution.pyspark.udf.simplifiedTraceback.enabled": "true",
    "spark.sql.execution.pyspark.udf.tracebackWithLocals": "false",
    "spark.task.maxFailures": "8",
    "spark.speculation": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "WARN",
}


def session(name: str) -> SparkSession:
    """A session named after the stage, with Malmoi's settings under those of spark-submit.

    The master, memory and anything else that a cluster needs come from the submit command. ``local[*]`` becomes
    ``local[*,8]``: plain local mode fails a job at the first lost worker.
    """
    builder = SparkSession.builder.appName(f"malmoi {name}")
    conf = _submitted()
    master = conf.get("spark.master", "local[*]")
    if master.startswith("local[") and "," not in master:
        builder = builder.master(f"{master[:-1]},8]")
    # A package beside the submitted script is not importable in workers by itself, not even in local mode.
    here = {"spark.executorEnv.PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    for key, value in (_SETTINGS | here).items():
        if key not in conf:
            builder = builder.config(key, value)
    if master.startswith("local") and "spark.sql.shuffle.partitions" not in conf:
        builder = builder.config("spark.sql.shuffle.partitions", str(2 * (os.cpu_count() or 2)))
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("WARN")
    if APPLICATION_FILE in os.environ:
        Path(os.environ[APPLICATION_FILE]).write_text(spark.sparkContext.applicationId)
    return spark


def _submitted() -> dict[str, str]:
    """Settings that spark-submit handed to this process; empty where it was not started by spark-submit.

    They lie in the JVM that started this Python: without a connection to it, SparkConf would know none of them, and our
    own settings and ``local[*]`` would silently take their place.
    """
    if "PYSPARK_GATEWAY_PORT" not in os.environ:
        return {}
    from pyspark import SparkConf, SparkContext

    SparkContext._ensure_initialized()
    return dict(SparkConf().getAll())
