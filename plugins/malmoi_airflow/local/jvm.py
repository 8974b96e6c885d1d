"""Options of the JVMs of this machine's Spark sessions, which live shortly, and an archive of the classes that they load.

Spark loads some ten thousand classes before it reads the first page. Java maps them from an archive (class data sharing) in
place of reading, checking and linking each: 4 of the 14 CPU seconds that a session and its first job take. ``make setup``
makes the archive. Java leaves it aside by itself where it is missing or where Java, jars or class path are others than when it
was made; Spark's configuration folder is on the class path and has to be the same and empty.

Standard library only: `make setup` uses it.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
VARIABLE = "SPARK_SUBMIT_OPTS"
"""The environment variable in which spark-submit finds options for its JVM; what begins with -Dspark is Spark's."""

CONF = Path(sys.prefix) / "share" / "malmoi" / "spark-conf"
ARCHIVE = CONF.with_name("spark-classes.jsa")
_OPTIONS = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dspark.ui.enabled=false"
"""A night starts several short-lived drivers, and most of their work is in Python: the second compiler, a parallel collector
and a UI cost each of them 14 of 36 CPU seconds and give nothing back."""
_QUIET = "-Xlog:cds=off,cds+dynamic=off"
_SECONDS = 300


def options() -> str:
    """What VARIABLE has to say; options that it holds already come last and win."""
    return f"{_OPTIONS} {_QUIET} -XX:SharedArchiveFile={ARCHIVE} {os.environ.get(VARIABLE, '')}".strip()


def make_archive(java: Path) -> bool:
    """Runs a small Spark job and archives the classes that it loaded, 160 MB. False where this Java does not make one."""
    CONF.mkdir(parents=True, exist_ok=True)
    fresh = ARCHIVE.with_suffix(".new")
    with tempfile.TemporaryDirectory(prefix="malmoi-classes-") as folder:
        command = [
            str(Path(sys.prefix) / "bin" / "spark-submit"),
            "--master",
            "local[1]",
            str(ROOT / "scripts/spark_classes.py"),
        ]
        environment = {key: value for key, value in os.environ.items() if key not in ("SPARK_HOME", "PYTHONHOME")} | {
            "JAVA_HOME": str(java),
            "PYSPARK_DRIVER_PYTHON": str(Path(sys.prefix) / "bin" / "python"),
            "PYSPARK_PYTHON": str(Path(sys.prefix) / "bin" / "python"),
            "PYTHONPATH": str(ROOT / "spark_jobs"),
            "SPARK_CONF_DIR": str(CONF),
            "SPARK_LOCAL_DIRS": folder,
            "SPARK_LOCAL_IP": "127.0.0.1",
            VARIABLE: f"{_OPTIONS} {_QUIET} -XX:ArchiveClassesAtExit={fresh}",
        }  # fmt: skip
        try:
            subprocess.run(command, env=environment, capture_output=True, timeout=_SECONDS, check=True)
            fresh.replace(ARCHIVE)
        except (OSError, subprocess.SubprocessError):
            fresh.unlink(missing_ok=True)
            return False
    return True
