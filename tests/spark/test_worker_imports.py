"""What a Spark worker imports to find its function: every night pays for it once a process."""

import json
import subprocess
import sys

import pytest

JOBS = ("ingest", "annotate", "dedup", "decide", "redact", "shard", "sample", "pack")
DRIVER_ONLY = ("pyiceberg", "sqlalchemy", "pandas", "torch")


@pytest.mark.parametrize("job", JOBS)
def test_no_library_of_the_driver_is_loaded(job):
    code = f"import json, sys, malmoi.spark.jobs.{job}; print(json.dumps(sorted(sys.modules)))"
    loaded = json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)

    assert f"malmoi.spark.jobs.{job}" in loaded
    assert set(loaded).isdisjoint(DRIVER_ONLY)
