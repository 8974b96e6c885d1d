"""How fast Malmoi is, measured in one command: ``make bench INPUT=folder-of-warc PEER=script``.

    python benchmarks/bench.py FOLDER [--pattern 'part-*.warc.gz'] [--peer SCRIPT] [--rounds 3] [--only PART,PART] [--grow 1,3,10]

Parts: ``night`` (all stages with every start of a JVM), ``plain`` (ingest and annotate without Spark), ``pair`` (the
same, one loop a core at once) and ``peer`` (another pipeline's script, see ``peer.sh``) take turns on the same pages, one round after the other; ``kernels`` (the plain loop with a
clock around each function), ``grow`` (nights of more pages), ``dedup`` (growing indexes), ``console``, ``dags`` and ``try``.

Every part's runs go into results.json with date, machine and versions, so parts can be measured one at a time; RESULTS.md and
results.png are made of all that is there.
"""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import islice
from pathlib import Path

import bench_report
from copies import multiplied
from dag_parse import parse
from night import landing_place, night, pair, peer, plain
from plain import ROOT
from watch import load

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
TURNS = ("night", "plain", "pair", "peer")
PARTS = (*TURNS, "kernels", "grow", "dedup", "console", "dags", "try")
YARDSTICK_PAGES = 1_000
_LOGGED = re.compile(r"\d{4}-\d\d-\d\dT")
"""A line of Airflow's log, which goes to standard output."""
DEDUP_INDEX = ("--documents", "20000", "--index", "100000", "500000", "2000000", "--repeat", "3")


class Bench:
    """What is measured, and the results so far. Nothing of a part is kept before all of it is there."""

    def __init__(self, options: argparse.Namespace, scratch: Path):
        self._options, self._scratch = options, scratch
        self._files = sorted(Path(options.folder).resolve().glob(options.pattern))
        if not self._files:
            sys.exit(f"bench: error: no file {options.pattern} in {options.folder}")
        self._landing = self._landing_of(1)

    def measure(self, parts: Iterable[str]) -> None:
        parts = list(parts)
        turns = [part for part in TURNS if part in parts and (part != "peer" or self._options.peer)]
        self._take_turns(turns)
        for part in parts:
            if part not in TURNS:
                self._say(f"{part} ...")
                self._keep(part, load(), getattr(self, f"_{part}")())

    def _take_turns(self, turns: list[str]) -> None:
        """One run of each, round after round."""
        if "peer" in turns:
            subprocess.run([str(HERE / "peer.sh"), "install"], check=True)
        before, began = load(), datetime.now(UTC).isoformat(timespec="seconds")
        runs: dict[str, list] = {turn: [] for turn in turns}
        run: dict[str, Callable] = {
            "night": lambda: night(self._landing, self._scratch),
            "plain": lambda: plain(self._landing, self._scratch),
            "pair": lambda: pair(self._landing, self._scratch),
            "peer": lambda: peer(self._options.peer, landing_place(self._landing), self._scratch),
        }
        for number in range(self._options.rounds if turns else 0):
            for turn in turns:
                found = run[turn]()
                runs[turn].append(asdict(found))
                self._say(f"round {number + 1}, {turn}: {found.wall:.1f} s, {found.cpu:.1f} CPU s")
        for turn in turns:
            self._keep(turn, before, {"runs": runs[turn], "run": began})

    def _kernels(self) -> dict:
        return {"runs": [asdict(plain(self._landing, self._scratch, kernels=True))]}

    def _grow(self) -> dict:
        """Nights of so many times the pages, and the plain loop over the same."""
        found: dict = {"nights": {}, "loops": {}}
        sizes = [int(size) for size in self._options.grow.split(",")]
        for size in sizes:
            landing = self._landing_of(size)
            found["nights"][size] = asdict(timing := night(landing, self._scratch))
            self._say(f"{size} times the pages: {timing.wall:.1f} s, {timing.cpu:.1f} CPU s")
            found["loops"][size] = asdict(plain(landing, self._scratch))
        return found

    def _dedup(self) -> dict:
        return {"lines": _output("dedup_index.py", *DEDUP_INDEX), "arguments": " ".join(DEDUP_INDEX)}

    def _console(self) -> dict:
        return {"lines": _output("console_pages.py", "--documents", "100000")}

    def _dags(self) -> dict:
        with tempfile.TemporaryDirectory(prefix="malmoi-parse-") as home:
            parse(home)  # makes Airflow's settings and Python's byte code
            return {"runs": [parse(home) for _ in range(self._options.rounds)]}

    def _try(self) -> dict:
        """Seconds until a new process of ``malmoi try pii`` has answered its first line."""
        return {"seconds": [_first_answer() for _ in range(self._options.rounds + 1)][1:]}

    def _landing_of(self, times: int) -> Path:
        landing = Path(self._options.copies or self._scratch) / f"landing-{times}"
        multiplied(self._files, landing_place(landing), times)
        return landing

    def _keep(self, part: str, before: float, found: dict) -> None:
        """Writes what was found beside the other parts."""
        results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
        results[part] = {
            "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"), "load": round(before, 2), **_machine(), "yardstick": round(_yardstick(self._files[0])), **_rounded(found),
        }  # fmt: skip
        RESULTS.write_text(json.dumps(dict(sorted(results.items())), indent=1, ensure_ascii=False) + "\n")

    @staticmethod
    def _say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)


def _output(script: str, *arguments: str) -> list[str]:
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'spark_jobs'}:{ROOT / 'plugins'}"}
    done = subprocess.run(
        [sys.executable, str(HERE / script), *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env=environment | {"PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON": sys.executable},
    )  # fmt: skip
    return [line for line in done.stdout.splitlines() if not _LOGGED.match(line)] + (
        [f"exit code {done.returncode}"] if done.returncode else []
    )


def _first_answer() -> float:
    began = time.perf_counter()
    command = [str(Path(sys.executable).with_name("malmoi")), "try", "pii"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin and process.stdout
        process.stdin.write('{"id": "1", "text": "문의는 010-8273-6451로 주세요."}\n')
        process.stdin.close()
        assert "<전화번호>" in process.stdout.readline()
        return time.perf_counter() - began


def _rounded(found):
    """Numbers with three decimals, all the way down."""
    if isinstance(found, float):
        return round(found, 3)
    if isinstance(found, dict):
        return {str(key): _rounded(value) for key, value in found.items()}
    return [_rounded(value) for value in found] if isinstance(found, list) else found


def _machine() -> dict:
    named = [line.partition(":")[2].strip() for line in open("/proc/cpuinfo") if "model name" in line]
    return {
        "machine": f"{named[0] if named else platform.machine()}, {os.cpu_count()} cores, Linux {platform.release().split('-')[0]}",
        "versions": ", ".join([f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in ("pyspark", "pyarrow"))]),
        "commit": subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], stdout=subprocess.PIPE, text=True, cwd=ROOT
        ).stdout.strip(),
    }  # fmt: skip


def _yardstick(path: Path) -> float:
    """Pages a second that resiliparse alone parses and extracts here, on one core: what two machines' figures are held against."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    records = islice(ArchiveIterator(path.open("rb"), record_types=WarcRecordType.response), YARDSTICK_PAGES)
    pages = [record.reader.read() for record in records]
    began = time.process_time()
    for page in pages:
        extract_plain_text(HTMLTree.parse_from_bytes(page, "utf-8"), main_content=True)
    return len(pages) / (time.process_time() - began)


def main() -> None:
    options = _parser().parse_args()
    with tempfile.TemporaryDirectory(prefix="malmoi-bench-") as scratch:
        if not options.report:
            Bench(options, Path(scratch)).measure(options.only)
    print(bench_report.write(json.loads(RESULTS.read_text()), HERE))


def _parts(value: str) -> list[str]:
    parts = value.split(",")
    for part in parts:
        if part not in PARTS:
            raise argparse.ArgumentTypeError(f"no part {part!r}; there are {', '.join(PARTS)}")
    return parts


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", help="WARC files")
    parser.add_argument("--pattern", default="*.warc.gz", help="which of them (default *.warc.gz)")
    parser.add_argument("--peer", default="", help="another pipeline's script")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is run (default 3)")
    parser.add_argument("--only", type=_parts, default=list(PARTS), help=f"of {', '.join(PARTS)} (default: all)")
    parser.add_argument("--grow", default="1,3,10", help="times the pages, comma-separated (default 1,3,10)")
    parser.add_argument("--copies", help="folder where copies of the pages stay for the next time")
    parser.add_argument("--report", action="store_true", help="measure nothing, make RESULTS.md from results.json")
    return parser


if __name__ == "__main__":
    main()
