"""Two nights of the embedded sample as Airflow's tasks run them: spark-submit, gate, publish, each a process."""

import json
import os
import subprocess
import sys
from pathlib import Path

from malmoi.contracts.manifest import ReleaseManifest
from malmoi.contracts.stages import STAGES
from malmoi.sample.generate import write
from malmoi_airflow.local import jvm

ROOT = Path(__file__).resolve().parents[2]
RECIPE = ROOT / "spark_jobs" / "recipes" / "demo.toml"
NIGHTS = ("2026-11-01", "2026-11-02")
TASKS = ("stages", "gate", "publish")
SECONDS = 580.0


class Corpus:
    """A lake over a folder's landing files. Corpora of one folder read the same files and share Spark's scratch space.

    ``said``: what the processes printed, in order; ``events``: the folder of Spark's event logs.
    """

    def __init__(self, folder: Path, lake: str = "lake"):
        self.folder, self.lake, self.landing = folder, folder / lake, folder / "landing"
        self.events = folder / "events"
        self.said: list[str] = []

    def create(self) -> "Corpus":
        """Writes the landing files and Spark's settings; needed once a folder."""
        write(self.landing)
        (self.folder / "spark").mkdir(parents=True)
        self.events.mkdir()
        return self

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "MALMOI_SECRET": "a key for the tests of two nights",
            "PYTHONPATH": str(ROOT / "spark_jobs"),
            "PYSPARK_PYTHON": sys.executable,
            "PYSPARK_DRIVER_PYTHON": sys.executable,
            "SPARK_CONF_DIR": str(jvm.CONF),
            "SPARK_LOCAL_DIRS": str(self.folder / "spark"),
            "SPARK_LOCAL_IP": "127.0.0.1",
            jvm.VARIABLE: " ".join(
                [jvm.options(), "-Dspark.eventLog.enabled=true", "-Dspark.eventLog.compress=false",
                 f"-Dspark.eventLog.dir=file:{self.events}"]
            ),
        }  # fmt: skip

    def command(self, task: str, day: str, *more: object) -> list[str]:
        """The command of one of TASKS."""
        if task == "stages":
            submit = [Path(sys.executable).with_name("spark-submit"), ROOT / "spark_jobs" / "run_stage.py"]
            found = [*submit, ",".join(STAGES), *self._of(day), "--landing", self.landing, *more]
        else:
            found = [sys.executable, "-m", "malmoi.cli", task, *self._of(day), *more]
        return list(map(str, found))

    def night(self, day: str, *more: object) -> ReleaseManifest:
        """All tasks of a night; ``more`` goes to the stages."""
        for task in TASKS:
            self._run(self.command(task, day, *(more if task == "stages" else ())))
        return self.release(day)

    def release(self, day: str) -> ReleaseManifest:
        """The release in force for a night."""
        return ReleaseManifest.loads((self.release_folder(day) / "manifest.json").read_bytes())

    def release_folder(self, day: str) -> Path:
        pointer = json.loads((self.lake / "releases" / "current.json").read_bytes())
        return self.lake / "releases" / pointer["nights"][day]

    def report(self, day: str) -> str:
        return self._run(self.command("report", day, "--truth", self.landing / "truth.jsonl"))

    def _of(self, day: str) -> list[object]:
        return ["--recipe", RECIPE, "--batch", day, "--lake", self.lake]

    def _run(self, command: list[str]) -> str:
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=SECONDS)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        self.said += [done.stdout, done.stderr]
        return done.stdout
