"""What a page costs in core-seconds and bytes, measured on one night, and what a corpus of some size then takes.

    python benchmarks/capacity.py FOLDER [--tokens 560e9] [--cores 64,256] [--hours 6]

FOLDER holds WARC files, which become the source ``web`` of one night in an empty lake: all stages, gate, publish, tokenizer and
pack, as Airflow's tasks start them. Core-seconds are those of the whole process tree, JVM and Python workers included; what the
stages of a night of one page take, nearly all of it the start of their session, is taken off, because a large night has few sessions. Bytes are those of the
files that each table's manifest names. The plan multiplies; it assumes that cost grows with pages, which
``make bench`` and ``benchmarks/dedup_index.py`` look at.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
RECIPE = ROOT / "spark_jobs" / "recipes" / "demo.toml"
STAGES = ("ingest", "annotate", "dedup", "decide", "redact", "shard")
DAY = "2026-11-01"
POLL_SECONDS = 0.2
MIB = 2**20


class Bench:
    """A lake, and what was spent on it. ``spent``: step -> core-seconds."""

    def __init__(self, folder: Path):
        self.lake, self.landing = folder / "lake", folder / "landing"
        self.spent: dict[str, float] = {}
        self._environment = os.environ | {
            "PYTHONPATH": f"{ROOT / 'spark_jobs'}:{ROOT / 'plugins'}", "PYSPARK_PYTHON": sys.executable,
            "PYSPARK_DRIVER_PYTHON": sys.executable, "MALMOI_SECRET": "a secret for the benchmark",
        }  # fmt: skip

    def stages(self) -> None:
        """From landing to shards, in one session."""
        self._spark(",".join(STAGES), *self._night(), "--landing", self.landing)

    def publish(self) -> None:
        """From shards to token files."""
        for command in ("gate", "publish"):
            self._run(command, [sys.executable, "-m", "malmoi.cli", command, *self._night()])
        (release,) = json.loads((self.lake / "releases" / "current.json").read_text())["nights"].values()
        trained = ["--lake", self.lake, "--recipe", RECIPE, "--release", release]
        self._run("tokenizer", [sys.executable, "-m", "malmoi.train.tokenizer", *trained])
        self._spark("pack", "--recipe", RECIPE, "--lake", self.lake, "--batch", release, "--sources", "web")

    def manifest(self, table: str) -> dict:
        return json.loads((self.lake / f"manifests/{table}/batch={DAY}/source=web.json").read_text())

    def _night(self) -> list[object]:
        return ["--recipe", RECIPE, "--lake", self.lake, "--batch", DAY, "--sources", "web"]

    def _spark(self, stages: str, *arguments: object) -> None:
        submit = [Path(sys.executable).with_name("spark-submit"), "--master", "local[*]"]
        self._run(stages, [*submit, ROOT / "spark_jobs/run_stage.py", stages, *arguments])

    def _run(self, name: str, command: list[object]) -> None:
        """Runs a command; books the core-seconds of a session to its stages, by the lines with which they end."""
        process = subprocess.Popen(
            list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=self._environment
        )
        said: list[str] = []
        reader = threading.Thread(target=lambda: [said.append(line) for line in process.stdout or ()], daemon=True)
        reader.start()
        total, booked = 0.0, 0.0
        waiting = name.split(",")
        while process.poll() is None:
            total = max(total, _core_seconds(process.pid))
            while len(waiting) > 1 and any(line.startswith(f"{waiting[0]} web:") for line in said):
                self._book(waiting.pop(0), total - booked)
                booked = total
            time.sleep(POLL_SECONDS)
        if process.returncode:
            sys.exit(f"{name} ended with code {process.returncode}")
        for stage in waiting:
            self._book(stage, (total - booked) / len(waiting))

    def _book(self, stage: str, seconds: float) -> None:
        self.spent[stage] = self.spent.get(stage, 0.0) + seconds


def _core_seconds(pid: int) -> float:
    """Of a process, everything below it, and whatever they have waited for."""
    try:
        root = psutil.Process(pid)
        return sum(sum(one.cpu_times()[:4]) for one in [root, *root.children(recursive=True)])
    except psutil.Error:
        return 0.0


def measure(folder: Path, scratch: Path) -> tuple[dict[str, float], Bench]:
    """Core-seconds of every step, those of the stages without the start of their session, and the bench that did the night."""
    one, whole = Bench(scratch / "one"), Bench(scratch / "whole")
    place = f"source=web/date={DAY}"
    for bench in (one, whole):
        (bench.landing / place).mkdir(parents=True)
    (one.landing / place / "a.jsonl").write_text(json.dumps({"id": "1", "url": "https://a.example/", "text": _page()}))
    for file in sorted(folder.rglob("*.warc.gz")):
        (whole.landing / place / file.name).symlink_to(file.resolve())
    one.stages()
    whole.stages()
    whole.publish()
    return {step: max(0.0, seconds - one.spent.get(step, 0.0)) for step, seconds in whole.spent.items()}, whole


def _page() -> str:
    sentence = (
        "오늘 아침에는 강가를 걸으며 물새를 세어 보았다. {0}번째 바위 위에 앉은 왜가리는 한참 동안 움직이지 않았다."
    )
    return "\n\n".join(sentence.format(number) for number in range(20))


def bytes_of(bench: Bench) -> dict[str, int]:
    """Table -> bytes of its files, landing files and token files too."""
    found: Counter[str] = Counter()
    for path in (bench.lake / "data").glob("*/batch=*/source=*/*/*.parquet"):
        found[path.relative_to(bench.lake / "data").parts[0]] += path.stat().st_size
    found["landing"] = sum(path.stat().st_size for path in bench.landing.rglob("*.warc.gz"))
    found["tokens"] = sum(path.stat().st_size for path in (bench.lake / "tokens").rglob("*.bin"))
    return dict(found)


def report(spent: dict[str, float], bench: Bench, options: argparse.Namespace) -> str:
    entered = bench.manifest("documents")["balance"]["entered"]["documents"]
    stay = bench.manifest("shards")["balance"]["kept"]
    (packed,) = (bench.lake / "tokens").glob("*/*/tokens.json")
    files = json.loads(packed.read_text())["files"]
    tokens = sum(file["tokens"] for file in files)
    lines = [
        f"{entered:,} pages, {stay['documents']:,} stay: {stay['bytes'] / MIB:,.1f} MiB of text, {tokens:,} tokens",
        "",
    ]
    lines += ["| step | core-seconds | per 1,000 pages |", "|---|---:|---:|"]
    steps = {**spent, "all": sum(spent.values())}
    lines += [f"| {step} | {seconds:.1f} | {1000 * seconds / entered:.2f} |" for step, seconds in steps.items()]
    sizes = bytes_of(bench)
    lines += ["", "| what | MiB | bytes a page |", "|---|---:|---:|"]
    lines += [f"| {name} | {size / MIB:.1f} | {size / entered:,.0f} |" for name, size in sorted(sizes.items())]
    return "\n".join([*lines, "", *plan(steps["all"] / entered, sizes, entered, tokens, options)])


def plan(cost: float, sizes: dict[str, int], entered: int, tokens: int, options: argparse.Namespace) -> list[str]:
    """What ``--tokens`` take: pages, core-hours, bytes, and nights on ``--cores`` with ``--hours`` a night."""
    pages = options.tokens * entered / tokens
    kept = sum(size for name, size in sizes.items() if name != "landing") * pages / entered
    lines = [
        f"{options.tokens:,.0f} tokens: {pages / 1e9:,.2f} billion pages, {pages * cost / 3600:,.0f} core-hours, "
        f"{kept / 2**40:,.1f} TiB in the lake, {sizes['landing'] * pages / entered / 2**40:,.1f} TiB of landing files"
    ]
    for cores in options.cores.split(","):
        a_night = int(cores) * options.hours * 3600 / cost
        lines.append(
            f"{cores} cores, {options.hours:g} hours a night: {a_night / 1e6:,.1f} million pages, {pages / a_night:,.1f} nights"
        )
    return lines


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--tokens", type=float, default=560e9)
    options.add_argument("--cores", default="64,256,1024")
    options.add_argument("--hours", type=float, default=6)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="malmoi-capacity-") as scratch:
        spent, bench = measure(chosen.folder, Path(scratch))
        print(report(spent, bench, chosen))


if __name__ == "__main__":
    main()
