"""How fast a night is: all Spark stages with every JVM start, against a plain Python loop and against another pipeline.

    python benchmarks/night.py FOLDER [--rounds 3] [--peer "COMMAND with {input} and {output}"] [--grow 1,3,10] [--write]

FOLDER holds WARC files. Each round runs, one after the other: Malmoi's stages from ingest to shards in one spark-submit over
an empty lake; the peer's command, when one is given; and ingest and annotate as a plain loop in one Python process without
Spark, which is the limit here. The figures are medians over the rounds: wall seconds, CPU seconds of the process and
all its children, pages a second. ``--grow`` repeats the night over so many copies of the pages, made distinct by other
syllables in the sentences, so that none is a duplicate of another. ``--write`` puts the result into benchmarks/RESULTS.md.
"""

import argparse
import gzip
import json
import os
import platform
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "spark_jobs"), str(ROOT / "plugins")]

from malmoi_airflow.local.home import SPARK_DEFAULTS  # noqa: E402

DAY = "2026-11-01"
STAGES = ("ingest", "annotate", "dedup", "decide", "redact", "shard")
RECIPE = ROOT / "spark_jobs" / "recipes" / "demo.toml"
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": f"{ROOT / 'spark_jobs'}:{ROOT / 'plugins'}",
    "PYSPARK_PYTHON": sys.executable,
    "PYSPARK_DRIVER_PYTHON": sys.executable,
    "MALMOI_SECRET": "a-secret-for-the-benchmark",
}
_ENDINGS = re.compile("(은|는|을|를|의|에|고|한|다|서|도|로|가|이)(?=[ .,])")
MEMORY_EVERY = 10
"""Looks at the processes for each look at their memory, which costs more."""
_OTHERS = "각난닫랄맘밥삿앙잦찿캌탙팦핳"


@dataclass
class Timing:
    """One run. ``cpu``: seconds of all processes; ``peak_mib``: the most that they held together, as the sum of their shares
    of memory; ``stages`` and ``spent``: wall and CPU seconds from the end of the stage before."""

    wall: float
    cpu: float
    peak_mib: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)
    spent: dict[str, float] = field(default_factory=dict)


class Watch:
    """CPU seconds and memory of a process and all below it, looked at again and again: Spark's Python workers are nobody's
    children when the JVM ends, so what a parent is told of its children misses them."""

    def __init__(self, pid: int, every: float = 0.2):
        self._pid, self._every, self._done = pid, every, threading.Event()
        self._seconds: dict[tuple[int, float], float] = {}
        self.peak_mib = 0.0
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    @property
    def cpu(self) -> float:
        return sum(self._seconds.values())

    def _look(self) -> None:
        turn = 0
        while not self._done.wait(self._every):
            with suppress(psutil.Error):
                root = psutil.Process(self._pid)
                found = [root, *root.children(recursive=True)]
                for process in found:
                    with suppress(psutil.Error):
                        times = process.cpu_times()
                        self._seconds[process.pid, process.create_time()] = times.user + times.system
                if turn % MEMORY_EVERY == 0:
                    self.peak_mib = max(self.peak_mib, sum(map(_memory_mib, found)))
            turn += 1


def _memory_mib(process: psutil.Process) -> float:
    with suppress(psutil.Error):
        return process.memory_full_info().pss / 2**20
    return 0.0


def main() -> None:
    options = _parser().parse_args()
    if options.plain:
        print(json.dumps(plain_loop(Path(options.folder))))
        return
    with tempfile.TemporaryDirectory(prefix="malmoi-bench-") as scratch:
        Path(scratch, "conf").mkdir()
        Path(scratch, "conf", "spark-defaults.conf").write_text(SPARK_DEFAULTS)
        ENVIRONMENT["SPARK_CONF_DIR"] = f"{scratch}/conf"
        result = measure(Path(options.folder).resolve(), Path(scratch), options)
    text = report(result, options)
    print(text)
    if options.write:
        (ROOT / "benchmarks" / "RESULTS.md").write_text(text)


def measure(folder: Path, scratch: Path, options: argparse.Namespace) -> dict:
    """Runs everything; ``{"pages", "malmoi", "peer", "plain", "growth"}``."""
    landing = _landing(folder, scratch / "landing")
    rounds: dict[str, list[Timing]] = {"malmoi": [], "plain": [], "peer": []}
    for number in range(options.rounds):
        rounds["malmoi"].append(night(landing, scratch / "lake"))
        rounds["plain"].append(timed([sys.executable, __file__, str(landing), "--plain"]))
        if options.peer:
            out = scratch / "peer"
            shutil.rmtree(out, ignore_errors=True)
            rounds["peer"].append(timed(shlex.split(options.peer.format(input=folder, output=out))))
        print(f"round {number + 1} of {options.rounds} done", file=sys.stderr, flush=True)
    pages = _records_of(scratch / "lake")
    growth = {}
    for times in [int(value) for value in options.grow.split(",") if value]:
        grown = _grown(landing, scratch / f"landing-{times}", times)
        growth[times] = night(grown, scratch / "lake")
        shutil.rmtree(scratch / f"landing-{times}")
    return {"pages": pages, **rounds, "growth": growth}


def night(landing: Path, lake: Path) -> Timing:
    """All stages in one spark-submit over an empty lake."""
    shutil.rmtree(lake, ignore_errors=True)
    command = [
        str(Path(sys.executable).with_name("spark-submit")), "--master", "local[*]", str(ROOT / "spark_jobs/run_stage.py"),
        ",".join(STAGES), "--recipe", str(RECIPE), "--batch", DAY, "--lake", str(lake), "--landing", str(landing),
        "--sources", "web",
    ]  # fmt: skip
    return timed(command)


def _records_of(lake: Path) -> int:
    manifest = json.loads((lake / f"manifests/documents/batch={DAY}/source=web.json").read_text())
    return manifest["balance"]["entered"]["documents"]


def timed(command: list[str]) -> Timing:
    """Runs a command to its end. Wall and CPU seconds; of a night also when each stage said that it was done."""
    began = last = time.monotonic()
    stages: dict[str, float] = {}
    measured, spent = 0.0, {}
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=ENVIRONMENT, cwd=ROOT
    )
    with Watch(process.pid) as watch:
        for line in process.stdout or ():
            stage = line.split(" ")[0]
            if stage in STAGES and "web:" in line:
                stages[stage], last = time.monotonic() - last, time.monotonic()
                spent[stage], measured = watch.cpu - measured, watch.cpu
            elif line.startswith("{"):
                spent = json.loads(line)  # the plain loop says what each part took
        if process.wait():
            sys.exit(f"{shlex.join(command)} ended with code {process.returncode}")
    return Timing(time.monotonic() - began, watch.cpu, watch.peak_mib, stages, spent)


def plain_loop(landing: Path) -> dict[str, float]:
    """Ingest and annotate of the same files in this process: CPU seconds of each, models loaded included."""
    from malmoi.contracts.recipe import load_recipe
    from malmoi.stages.annotate import COLUMNS, annotate
    from malmoi.stages.ingest import documents_batch, ingest

    recipe = load_recipe(RECIPE)
    paths = sorted(str(path) for path in landing.rglob("*.warc.gz"))
    began = time.process_time()
    rows = [
        item.document
        for item in ingest(paths, str(landing), DAY, "web", recipe.sources["web"], recipe, b"0" * 16)
        if item.document is not None
    ]
    read = time.process_time()
    for start in range(0, len(rows), 1_000):
        annotate(documents_batch(rows[start : start + 1_000]).select(COLUMNS), recipe, "web")
    return {"ingest": read - began, "annotate": time.process_time() - read, "documents": len(rows)}


def report(result: dict, options: argparse.Namespace) -> str:
    """The figures as Markdown, with machine and date."""
    pages, night_, plain = result["pages"], result["malmoi"], result["plain"]
    lines = [
        "# A night, measured",
        "",
        f"{date.today()}, {_machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {_versions()}; "
        f"medians of {options.rounds}; `python benchmarks/night.py FOLDER` over {pages:,} records.",
        "",
        "| what | wall s | CPU s | records/s | CPU ms a record | peak MiB |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, runs in ((name, result[name]) for name in ("malmoi", "plain", "peer")):
        if runs:
            wall, cpu, peak = (_median(runs, key) for key in ("wall", "cpu", "peak_mib"))
            rates = f"{pages / wall:.0f} | {1000 * cpu / pages:.1f}"
            lines.append(f"| {name} | {wall:.1f} | {cpu:.1f} | {rates} | {peak:,.0f} |")
    lines += ["", "| stage | wall s | CPU s |", "|---|---:|---:|"]
    for stage in STAGES:
        wall, cpu = (
            statistics.median(getattr(run, key).get(stage, 0.0) for run in night_) for key in ("stages", "spent")
        )
        lines.append(
            f"| {stage}{' (with the start of the JVM)' if stage == STAGES[0] else ''} | {wall:.1f} | {cpu:.1f} |"
        )
    both = [statistics.median(run.spent["ingest"] + run.spent["annotate"] for run in runs) for runs in (night_, plain)]
    lines += [
        "",
        f"Ingest and annotate: {both[0]:.1f} CPU s in Spark, {both[1]:.1f} in the plain loop, {both[0] / both[1]:.2f} times.",
    ]
    if result["peer"]:
        ratio = _median(result["peer"], "wall") / _median(night_, "wall")
        lines += ["", f"The peer takes {ratio:.1f} times as long."]
    return "\n".join([*lines, *_growth(result["growth"], pages)]) + "\n"


def _growth(growth: dict[int, Timing], pages: int) -> list[str]:
    if not growth:
        return []
    lines = ["", "| times the pages | wall s | CPU s | wall s for each | peak MiB |", "|---|---:|---:|---:|---:|"]
    lines += [
        f"| {times} | {run.wall:.1f} | {run.cpu:.1f} | {run.wall / times:.1f} | {run.peak_mib:,.0f} |"
        for times, run in growth.items()
    ]
    least, most = min(growth), max(growth)
    if most > least:
        rate = (most - least) * pages / (growth[most].wall - growth[least].wall)
        lines += ["", f"From {least} to {most} times the pages: {rate:.0f} more records a second."]
    return lines


def _median(runs: list[Timing], key: str) -> float:
    return statistics.median(getattr(run, key) for run in runs)


def _machine() -> str:
    named = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if "model name" in line
    ]
    return named[0] if named else platform.machine()


def _versions() -> str:
    return ", ".join(f"{name} {version(name)}" for name in ("pyspark", "pyarrow", "kiwipiepy"))


def _landing(folder: Path, landing: Path) -> Path:
    place = landing / "source=web" / f"date={DAY}"
    place.mkdir(parents=True)
    for path in sorted(folder.glob("*.warc.gz")):
        (place / path.name).symlink_to(path)
    return landing


def _grown(landing: Path, grown: Path, times: int) -> Path:
    """The pages ``times`` over, each copy with other syllables where words of UTF-8 pages end."""
    place = grown / "source=web" / f"date={DAY}"
    place.mkdir(parents=True)
    for path in sorted(landing.rglob("*.warc.gz")):
        for copy in range(times):
            target = place / f"{copy:03d}-{path.name}"
            if copy == 0:
                target.symlink_to(path.resolve())
            else:
                with target.open("wb") as out:
                    for record in _records(path, copy):
                        out.write(gzip.compress(record, 1))
    return grown


def _records(path: Path, copy: int) -> Iterator[bytes]:
    """WARC records with another body; the length of record and content follow it."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    for record in ArchiveIterator(path.open("rb"), record_types=WarcRecordType.response, parse_http=False):
        http, _, body = record.reader.read().partition(b"\r\n\r\n")
        try:
            body = _ENDINGS.sub(lambda found: found[0] + _OTHERS[copy % len(_OTHERS)], body.decode()).encode()
        except UnicodeDecodeError:
            body += f"<!-- {copy} -->".encode()
        http = re.sub(rb"(?im)^(content-length|content-encoding|transfer-encoding):.*\r?\n", b"", http)
        content = http + b"\r\n\r\n" + body
        uri = record.headers.get("WARC-Target-URI", "") + f"?copy={copy}"
        yield (
            (
                f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: {record.record_id}\r\nWARC-Target-URI: {uri}\r\n"
                f"WARC-Date: 2026-11-01T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
                f"Content-Length: {len(content)}\r\n\r\n"
            ).encode()
            + content
            + b"\r\n\r\n"
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", help="WARC files, .warc.gz")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is run (default 3)")
    parser.add_argument("--peer", default="", help="another pipeline's command, with {input} and {output}")
    parser.add_argument("--grow", default="", help="numbers of copies, comma-separated, for example 1,3,10")
    parser.add_argument("--write", action="store_true", help="write benchmarks/RESULTS.md")
    parser.add_argument("--plain", action="store_true", help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "spark_jobs"))
    main()
