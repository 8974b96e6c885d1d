"""RESULTS.md and its plot, from what ``bench.py`` measured. Nothing here is measured or typed in."""

import re
import statistics
from pathlib import Path

from night import STAGES

NAMES = {
    "night": "Malmoi, all Spark stages",
    "plain": "plain loop of ingest and annotate",
    "pair": "the same, one loop a core at once",
    "peer": "the peer",
}
_PER = 1000


def write(results: dict, folder: Path) -> str:
    """Writes both files; returns the Markdown."""
    parts = [
        _head(results),
        *(make(results) for name, make in _SECTIONS.items() if name in results),
        _measured(results),
    ]
    text = "\n\n".join(parts) + "\n"
    (folder / "RESULTS.md").write_text(text)
    if "night" in results:
        _plot(results, folder / "results.png")
    return text


def _head(results: dict) -> str:
    lines = [
        "# Speed, measured",
        "",
        "`make bench INPUT=folder-of-warc PEER=script` writes this page; when and on what each part ran stands at its end.",
    ]
    return "\n".join(lines + (["", "![results](results.png)"] if "night" in results else []))


def _side_by_side(results: dict) -> str:
    records = _records(results)
    lines = [
        f"## {records:,} pages", "",
        "| what | wall s | pages/s | CPU s | CPU ms a page | peak MiB | runs |", "|---|---:|---:|---:|---:|---:|---|",
    ]  # fmt: skip
    for name, label in NAMES.items():
        if name in results:
            runs = results[name]["runs"]
            wall, cpu, peak = (_median(runs, key) for key in ("wall", "cpu", "peak_mib"))
            walls = ", ".join(f"{run['wall']:.1f}" for run in runs)
            lines.append(
                f"| {label} | {wall:.1f} | {records / wall:.0f} | {cpu:.1f} | {_PER * cpu / records:.1f} | {peak:,.0f} | {walls} |"
            )
    lines += ["", "Medians. The loop is one process on one core; the others have the machine."]
    if "peer" in results:
        ratio = _median(results["peer"]["runs"], "wall") / _median(results["night"]["runs"], "wall")
        beside = "in the same run, taking turns" if _together(results, "night", "peer") else "measured at another time"
        lines.append(f"**The peer takes {ratio:.1f} times as long** ({beside}; target 4).")
    if "plain" in results:
        ours, limit = _spark(results["night"]["runs"]), _loop(results["plain"]["runs"])
        lines.append(
            f"Ingest and annotate take {ours:.1f} CPU s in Spark, with the start of the JVM, and {limit:.1f} in the loop: "
            f"**{ours / limit:.2f} times** (target 1.3)."
        )
    if {"pair", "plain"} <= results.keys():
        crowded = _loop(results["pair"]["runs"])
        lines.append(
            f"Loops on all cores at once take {crowded:.1f} CPU s, {crowded / limit:.2f} times one alone, for cores share caches and "
            f"memory; Spark, which works on all cores, takes {ours / crowded:.2f} times theirs."
        )
    return "\n".join([*lines, "", *_stages(results), *_peer_steps(results)])


def _stages(results: dict) -> list[str]:
    runs = results["night"]["runs"]
    total = _median(runs, "wall")
    lines = ["| stage | wall s | share | CPU s |", "|---|---:|---:|---:|"]
    for stage in STAGES:
        wall, cpu = (statistics.median(run["said"]["stages"][stage][which] for run in runs) for which in (0, 1))
        said = f"{stage}, with the start of the JVM" if stage == STAGES[0] else stage
        lines.append(f"| {said} | {wall:.1f} | {wall / total:.0%} | {cpu:.1f} |")
    return lines


def _peer_steps(results: dict) -> list[str]:
    if "peer" not in results:
        return []
    runs = results["peer"]["runs"]
    steps = {step: statistics.median(run["said"][step] for run in runs) for step in runs[0]["said"]}
    total = steps.pop("total")
    return ["", "The peer: " + ", ".join(f"{step} {seconds / total:.0%}" for step, seconds in steps.items()) + "."]


def _kernels(results: dict) -> str:
    (run,) = results["kernels"]["runs"]
    said = run["said"]
    total = said["import"] + said["ingest"] + said["annotate"]
    spent = dict(sorted(said["kernels"].items(), key=lambda item: -item[1]))
    rest = total - said["import"] - sum(spent.values())
    rows = {**spent, "imports": said["import"], "the rest": rest}
    lines = [
        f"## Where the loop's time goes: {said['documents']:,} documents", "",
        "| kernel | CPU s | share | ms a document |", "|---|---:|---:|---:|",
    ]  # fmt: skip
    lines += [
        f"| {name} | {cpu:.2f} | {cpu / total:.0%} | {_PER * cpu / said['documents']:.2f} |"
        for name, cpu in rows.items()
    ]
    return "\n".join(lines)


def _grow(results: dict) -> str:
    nights = {int(size): run for size, run in results["grow"]["nights"].items()}
    loops = {int(size): run for size, run in results["grow"]["loops"].items()}
    lines = [
        "## More pages", "",
        "| times | pages | kept | wall s | CPU s | CPU s each time | pages/s | peak MiB | ingest and annotate, CPU s | the loop, CPU s | ratio |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]  # fmt: skip
    for size, run in nights.items():
        records = run["said"]["records"]
        lines.append(
            f"| {size} | {records:,} | {run['said']['kept']:,} | {run['wall']:.1f} | {run['cpu']:.1f} | {run['cpu'] / size:.1f} | "
            f"{records / run['wall']:.0f} | {run['peak_mib']:,.0f} | {_spark([run]):.1f} | {_loop([loops[size]]):.1f} | "
            f"{_spark([run]) / _loop([loops[size]]):.2f} |"
        )
    least, most = min(nights), max(nights)
    if most > least:
        first, last = nights[least], nights[most]
        more = last["said"]["records"] - first["said"]["records"]
        rate = more / (last["wall"] - first["wall"])
        cpu = _PER * (last["cpu"] - first["cpu"]) / more
        lines += [
            "",
            f"{most / least:g} times the pages cost {last['wall'] / first['wall']:.1f} times the wall time and "
            f"{last['cpu'] / first['cpu']:.1f} times the CPU time (target 10.5); "
            f"memory {last['peak_mib'] / first['peak_mib']:.2f} times. "
            f"From {least} to {most} times the pages: **{rate:.0f} pages/s**, {cpu:.2f} CPU ms a page (target 500 pages/s).",
            "The ratio is that of ingest and annotate in Spark, with every start, to the plain loop over the same pages (target 1.3).",
        ]
    return "\n".join(lines)


def _dedup(results: dict) -> str:
    return "\n".join(
        [
            f"## Dedup against growing indexes\n\n`dedup_index.py {results['dedup']['arguments']}`:\n",
            *_quoted(results["dedup"]["lines"]),
        ]
    )


def _console(results: dict) -> str:
    return "\n".join(["## Pages of the console, a night of 100,000 documents\n", *_quoted(results["console"]["lines"])])


def _dags(results: dict) -> str:
    runs = results["dags"]["runs"]
    first, again, whole = (statistics.median(run[key] for run in runs) for key in ("first", "again", "whole"))
    return (
        f"## Parsing the DAGs\n\nAll {runs[0]['dags']} DAGs in {first:.2f} s where Airflow is loaded, {again:.2f} s the second time "
        f"(target 2); a new process, with Airflow's own imports, takes {whole:.1f} s."
    )


def _try(results: dict) -> str:
    seconds = statistics.median(results["try"]["seconds"])
    return f"## First answer\n\n`malmoi try pii` answers its first line after {seconds:.2f} s (target 2), its start included."


def _measured(results: dict) -> str:
    lines = [
        "## When and where", "",
        "Yardstick: pages a second that resiliparse alone parses and extracts on one core of that machine at that time. "
        "Load: processes that ran in the minute before.", "",
        "| part | date | machine | versions | commit | yardstick | load |", "|---|---|---|---|---|---:|---:|",
    ]  # fmt: skip
    lines += [
        f"| {part} | {one['date']} | {one['machine']} | {one['versions']} | {one['commit']} | {one['yardstick']} | {one['load']} |"
        for part, one in results.items()
    ]
    return "\n".join(lines)


_SECTIONS = {
    "night": _side_by_side, "kernels": _kernels, "grow": _grow, "dedup": _dedup, "console": _console, "dags": _dags, "try": _try,
}  # fmt: skip


def _plot(results: dict, path: Path) -> None:
    """Wall seconds side by side, and wall seconds over pages."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(9, 3.2), layout="constrained")
    names = [name for name in ("night", "peer") if name in results]
    walls = [_median(results[name]["runs"], "wall") for name in names]
    bars = left.barh(
        [{"night": "Malmoi", "peer": "peer"}[name] for name in names], walls, color=["#1f6f8b", "#b0b0b0"][: len(names)]
    )
    left.bar_label(bars, [f" {_records(results) / wall:.0f} pages/s" for wall in walls])
    left.set_xlabel(f"wall seconds for {_records(results):,} pages")
    left.margins(x=0.3)
    left.invert_yaxis()
    right.set_visible("grow" in results)
    if "grow" in results:
        nights = results["grow"]["nights"].values()
        right.plot([run["said"]["records"] for run in nights], [run["wall"] for run in nights], "o-", color="#1f6f8b")
        right.set_xlabel("pages of a night")
        right.set_ylabel("wall seconds")
        right.set_xlim(0)
        right.set_ylim(0)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=110)


def _quoted(lines: list[str]) -> list[str]:
    return ["```", *(re.sub(r"\s+$", "", line) for line in lines), "```"]


def _together(results: dict, *parts: str) -> bool:
    """Whether the parts took turns in one run."""
    return len({results[part]["run"] for part in parts}) == 1


def _records(results: dict) -> int:
    return results["night"]["runs"][0]["said"]["records"]


def _spark(runs: list[dict]) -> float:
    return statistics.median(sum(run["said"]["stages"][stage][1] for stage in ("ingest", "annotate")) for run in runs)


def _loop(runs: list[dict]) -> float:
    return _median(runs, "cpu")


def _median(runs: list[dict], key: str) -> float:
    return statistics.median(run[key] for run in runs)
