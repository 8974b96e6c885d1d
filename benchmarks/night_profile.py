"""Where the CPU time of a night goes: JVM, driver, Python workers, models, kernels, writing.

    python benchmarks/night_profile.py FOLDER [--pattern 'part-*.warc.gz'] [--rounds 3]

Prints two tables in Markdown, medians of the rounds: CPU seconds of each stage by kind of process; and what the parts of a
start and of the writing take, each measured by itself. docs/profile.md says what follows from them.
"""

import argparse
import importlib
import statistics
import sys
import tempfile
import time
from pathlib import Path

from copies import multiplied
from night import STAGES, command, environment, landing_place
from plain import DAY, RECIPE, ROOT
from watch import Watch, run

KINDS = {"JVM": "SparkSubmit", "driver": "run_stage.py", "Python workers": "pyspark.daemon"}
"""Kind of process -> what its command holds. The JVM's command also names the driver's program, so it is looked for first."""

_SESSION = "from malmoi.spark.session import session\nspark = session('profile')\n"
_JOB = """
import pyarrow as pa
def same(batches):
    yield from batches
from malmoi.spark.units import Unit, unit_frame
unit_frame(spark, [Unit("web", n, {}) for n in range(2)]).mapInArrow(same, "rank int, place int, unit string").collect()
"""
_STOP = "spark.stop()\n"
_STEPS = {
    "start of JVM, driver and session": _SESSION + _STOP,
    "the same and a first Python job": _SESSION + _JOB + _STOP,
    "the same and a second": _SESSION + _JOB + _JOB + _STOP,
}


def by_stage(landing: Path, scratch: Path) -> dict[str, dict[str, float]]:
    """One night: stage -> kind -> CPU seconds."""
    ends: list[tuple[str, dict[str, float]]] = []

    def hear(line: str, wall: float, watch: Watch, said: dict) -> None:
        stage = line.split(" ")[0]
        if stage in STAGES and "web:" in line:
            jvm = watch.cpu_of(KINDS["JVM"])
            spent = {"JVM": jvm, "Python workers": watch.cpu_of(KINDS["Python workers"])}
            spent["driver"] = watch.cpu_of(KINDS["driver"]) - jvm
            ends.append((stage, spent))

    with tempfile.TemporaryDirectory(dir=scratch) as lake:
        run(command(landing, Path(lake)), environment(scratch), hear)
    before = dict.fromkeys(KINDS, 0.0)
    found = {}
    for stage, spent in ends:
        found[stage] = {kind: spent[kind] - before[kind] for kind in KINDS}
        before = spent
    return found


def steps(scratch: Path) -> dict[str, float]:
    """CPU seconds of programs that do ever more of a start."""
    found = {}
    for name, program in _STEPS.items():
        path = scratch / "step.py"
        path.write_text(program)
        submit = [str(Path(sys.executable).with_name("spark-submit")), "--master", "local[*]", str(path)]
        found[name] = run(submit, environment(scratch)).cpu
    return found


def in_process(landing: Path, scratch: Path) -> dict[str, float]:
    """CPU seconds of what a worker does beside the kernels, over the first file's documents."""
    began = time.process_time()
    from malmoi.contracts.document import DOCUMENT
    from malmoi.contracts.recipe import load_recipe
    from malmoi.contracts.tables import ANNOTATIONS
    from malmoi.stages.annotate import COLUMNS, annotate
    from malmoi.stages.ingest import documents_batch, ingest
    from malmoi.stages.parts import PartWriter, read_batches

    importlib.import_module("malmoi.spark.jobs.ingest")
    importlib.import_module("malmoi.spark.jobs.annotate")
    found = {"imports of a worker": time.process_time() - began}
    recipe = load_recipe(RECIPE)
    path = min(landing.rglob("*.warc.gz"))
    items = ingest([str(path)], str(landing), DAY, "web", recipe.sources["web"], recipe, b"0" * 16)
    rows = [item.document for item in items if item.document is not None]
    clock = time.process_time
    began = clock()
    documents = documents_batch(rows)
    found["documents to Arrow"] = clock() - began
    one = documents.slice(0, 1).select(COLUMNS)
    began = clock()
    annotate(one, recipe, "web")
    first = clock() - began
    began = clock()
    annotate(one, recipe, "web")
    found["loading the models"] = first - (clock() - began)
    annotations = annotate(documents.select(COLUMNS), recipe, "web")
    for name, batch, schema in (("documents", documents, DOCUMENT), ("annotations", annotations, ANNOTATIONS)):
        began = clock()
        writer = PartWriter(str(scratch / name), 0, schema)
        writer.write(batch)
        entry = writer.close()
        found[f"writing {name}, with their hash"] = clock() - began
        assert entry
        began = clock()
        list(read_batches(str(scratch / name / entry["path"])))
        found[f"reading {name}"] = clock() - began
    found["documents of these steps"] = len(rows)
    return found


def _medians(rounds: list[dict]) -> dict:
    return {
        key: _medians([one[key] for one in rounds])
        if isinstance(rounds[0][key], dict)
        else statistics.median(one[key] for one in rounds)
        for key in rounds[0]
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="WARC files")
    parser.add_argument("--pattern", default="*.warc.gz", help="which of them (default *.warc.gz)")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    sys.path[:0] = [str(ROOT / "spark_jobs")]
    with tempfile.TemporaryDirectory(prefix="malmoi-profile-") as folder:
        scratch = Path(folder)
        multiplied(sorted(options.folder.resolve().glob(options.pattern)), landing_place(scratch / "landing"), 1)
        found = _medians([by_stage(scratch / "landing", scratch) for _ in range(options.rounds)])
        print("| stage | " + " | ".join(KINDS) + " |\n|---|" + "---:|" * len(KINDS))
        for stage, spent in found.items():
            print(f"| {stage} | " + " | ".join(f"{spent[kind]:.1f}" for kind in KINDS) + " |")
        parts = _medians([steps(scratch) for _ in range(options.rounds)]) | in_process(scratch / "landing", scratch)
        print("\n| step | CPU s |\n|---|---:|")
        for name, value in parts.items():
            print(f"| {name} | {value:.2f} |")


if __name__ == "__main__":
    main()
