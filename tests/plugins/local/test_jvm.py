"""Options of Spark's JVM, and the archive of its classes."""

import os
import subprocess
from pathlib import Path

import pyspark
import pytest

from malmoi_airflow.local import jvm
from malmoi_airflow.local.java import find_java


def test_options_of_the_environment_win(monkeypatch):
    monkeypatch.setenv(jvm.VARIABLE, "-XX:+UseParallelGC")
    assert jvm.options().endswith(" -XX:+UseParallelGC")
    monkeypatch.delenv(jvm.VARIABLE)
    assert jvm.options().split()[-1] == f"-XX:SharedArchiveFile={jvm.ARCHIVE}"


def test_spark_comes_out_of_the_archive():
    if not jvm.ARCHIVE.exists():
        pytest.skip(f"{jvm.ARCHIVE} is not there: this Java made none during setup")
    command = [Path(pyspark.__file__).parent / "bin" / "spark-submit", "--version"]
    environment = os.environ | {
        "JAVA_HOME": str(find_java()),
        "SPARK_CONF_DIR": str(jvm.CONF),
        jvm.VARIABLE: f"{jvm.options()} -Xlog:class+load",
    }
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    (line,) = [line for line in done.stdout.splitlines() if "org.apache.spark.deploy.SparkSubmit source:" in line]
    assert "shared objects file" in line


def test_a_java_that_cannot_is_no_failure(tmp_path, monkeypatch):
    monkeypatch.setattr(jvm, "CONF", tmp_path / "conf")
    monkeypatch.setattr(jvm, "ARCHIVE", tmp_path / "classes.jsa")
    assert not jvm.make_archive(tmp_path / "no-java")
    assert list(tmp_path.glob("*.jsa")) == []
