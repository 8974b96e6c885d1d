"""A small night by the commands that the DAG's tasks run."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ALL = "ingest,annotate,dedup,decide,redact,shard"
RECIPE = """name = "small"
[sources.web]
type = "jsonl"
[quality]
min_chars = 50
"""


class Commands:
    """``texts``: night -> the texts of its pages, which land in ``folder``. The lake is a folder there unless one is given.

    ``settings``: more settings of Spark; ``path``: a folder that all Python processes have first on their path.
    """

    def __init__(
        self,
        folder: Path,
        texts: dict[str, list[str]],
        lake: str = "",
        settings: dict[str, str] | None = None,
        path: Path | None = None,
        recipe: str = RECIPE,
    ):
        self._path = os.pathsep.join(map(str, filter(None, [path, ROOT / "spark_jobs"])))
        self._settings = {"spark.executorEnv.PYTHONPATH": self._path} | (settings or {})
        self.lake = lake or str(folder / "lake")
        self._landing, self._recipe = folder / "landing", folder / "recipe.toml"
        self._recipe.write_text(recipe)
        (folder / "sites.toml").write_text("")
        for day, found in texts.items():
            landed = self._landing / "source=web" / f"date={day}"
            landed.mkdir(parents=True)
            rows = [
                {"url": f"https://jang.example.kr/{day}/{number}", "text": text} for number, text in enumerate(found)
            ]
            (landed / "pages.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows))

    def stages(self, day: str, stages: str = ALL) -> subprocess.Popen:
        """A spark-submit that was started."""
        submit = str(Path(sys.executable).with_name("spark-submit"))
        entry = str(ROOT / "spark_jobs" / "run_stage.py")
        settings = [part for pair in self._settings.items() for part in ("--conf", "=".join(pair))]
        landing = ("--landing", str(self._landing))
        return self._start(submit, "--master", "local[2]", *settings, entry, stages, *self._night(day), *landing)

    def step(self, name: str, day: str) -> subprocess.Popen:
        """``malmoi NAME`` for the night, started."""
        return self._start(sys.executable, "-m", "malmoi.cli", name, *self._night(day))

    def sql(self, query: str) -> str:
        return said(self._start(sys.executable, "-m", "malmoi.cli", "sql", "--lake", self.lake, query))

    def _night(self, day: str) -> tuple[str, ...]:
        return ("--recipe", str(self._recipe), "--batch", day, "--lake", self.lake)

    def _start(self, *command: str) -> subprocess.Popen:
        environment = os.environ | {
            "MALMOI_SECRET": "a secret of a test, long enough",
            "PYTHONPATH": self._path,
            "PYSPARK_PYTHON": sys.executable,
            "PYSPARK_DRIVER_PYTHON": sys.executable,
        }
        return subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def said(process: subprocess.Popen) -> str:
    """What a command printed, once it has ended well."""
    output, _ = process.communicate()
    assert process.returncode == 0, output[-4_000:]
    return output
