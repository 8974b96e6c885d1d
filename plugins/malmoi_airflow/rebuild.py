"""What the tasks of the rebuild DAG do. Light: contracts and files only; engines run in processes of their own."""

import json
import logging
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from malmoi.contracts.errors import ContractError
from malmoi.contracts.manifest import parse, serialise
from malmoi.contracts.paths import Lake
from malmoi.contracts.recipe import load_recipe
from malmoi.contracts.release import nights_in_force, published_nights, short_hash, write_atomically
from malmoi.contracts.stages import sources_of
from malmoi_airflow import config, process
from malmoi_airflow.stage import StageOperator

log = logging.getLogger("malmoi.rebuild")

STAGES = ["dedup", "decide", "redact", "shard"]
"""Everything behind the annotations."""
PREVIEW, BEFORE = "preview.json", "before.json"


def choose_nights(params: dict[str, Any]) -> dict[str, Any]:
    """Settles which published nights are decided again, and by which recipe.

    Returns ``{"lake", "recipe", "nights", "sources", "folder", "later"}``: ``sources`` has each night's, ``later`` are
    published nights after the last one. Raises ContractError where nothing is to be rebuilt, or where a night has a source
    that the recipe does not know.
    """
    lake, path = Lake(config.lake_root()), config.recipe_path(params["recipe"])
    recipe = load_recipe(path)
    nights = published_nights(lake, params.get("first_day"), params.get("last_day"))
    sources = {night: sources_of(lake, "annotations", night) for night in nights}
    for night, found in sources.items():
        if unknown := sorted(set(found) - set(recipe.sources)):
            raise ContractError(
                f"{night} holds source {unknown[0]}, which {path.name} does not know: add it, or choose other nights"
            )
    folder = f"rebuilds/{nights[0]}-{nights[-1]}-{short_hash([recipe.hash(), _releases(lake, nights)])}"
    later = sorted(night for night in nights_in_force(lake) if night > nights[-1])
    plan = {"lake": lake.root, "recipe": str(path), "nights": nights, "sources": sources}
    return {**plan, "folder": folder, "later": later}


def _releases(lake: Lake, nights: Iterable[str]) -> list[str]:
    in_force = nights_in_force(lake)
    return [in_force[night] for night in nights]


class RebuildOperator(StageOperator):
    """Runs the stages behind the annotations for several nights in one Spark session, oldest first; or only previews them.

    Purpose: another recipe over history, without a page being read again. How it works: as StageOperator. Before anything
    is written, the manifests of all tables of the nights are copied beside the preview, so that ``put_back`` can undo it.
    What it does not do: gate and publish are tasks of their own.

    :param night: what ``choose_nights`` returned
    :param preview: commit nothing; write what would change
    """

    def __init__(self, *, preview: bool = False, **kwargs: Any):
        super().__init__(stages=STAGES, **kwargs)
        self.preview = preview

    def execute(self, context: Any) -> str:
        if not self.preview:
            keep_manifests(self.night)
        self.run_spark(context)
        return self.night["folder"]

    def _arguments(self) -> list[str]:
        plan = self.night
        arguments = [
            ",".join(self.stages),
            "--recipe", plan["recipe"],
            "--lake", plan["lake"],
            "--batch", ",".join(plan["nights"]),
            "--annotated",
        ]  # fmt: skip
        return [*arguments, "--preview", _path(plan, PREVIEW)] if self.preview else arguments


def briefing(plan: dict[str, Any]) -> str:
    """What would change, as Markdown: documents in and out by night, reason and source, with samples."""
    rows = json.loads(Path(_path(plan, PREVIEW)).read_bytes())
    entered = sum(sum(row["entered"].values()) for row in rows)
    left = sum(sum(row["left"].values()) for row in rows)
    lines = [
        f"### Rebuild {len(plan['nights'])} nights with {Path(plan['recipe']).stem}?",
        "",
        f"{entered:,} documents would come in and {left:,} would go out.",
        "",
        "| night | source | documents | kept now | kept then | in | out |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        lines.append(
            f"| {row['night']} | {row['source']} | {row['documents']:,} | {row['kept_before']:,} "
            f"| {row['kept_after']:,} | {sum(row['entered'].values()):,} | {sum(row['left'].values()):,} |"
        )
    for side, title in (("entered", "In, by the reason that kept them out"), ("left", "Out, by reason")):
        lines += ["", f"**{title}**", "", "| source | reason | documents | for example |", "|---|---|---:|---|"]
        lines += _by_reason(rows, side)
    return "\n".join([*lines, "", *_warnings(plan, rows)])


def _by_reason(rows: list[dict[str, Any]], side: str) -> list[str]:
    counts: Counter[tuple[str, str]] = Counter()
    samples: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        for reason, count in row[side].items():
            counts[row["source"], reason] += count
            samples.setdefault((row["source"], reason), []).extend(
                f"`{doc_id}` {(url or '').replace('|', '%7C')}" for doc_id, url in row["samples"][side][reason]
            )
    return [
        f"| {source} | {reason} | {count:,} | {'<br>'.join(samples[source, reason][:3])} |"
        for (source, reason), count in sorted(counts.items())
    ]


def _warnings(plan: dict[str, Any], rows: list[dict[str, Any]]) -> list[str]:
    stripped = sorted({row["night"] for row in rows if row["rejected_removed"]})
    otherwise = sorted({row["night"] for row in rows if row["annotated_otherwise"]})
    said = []
    if stripped:
        said.append(f"Retention took dropped documents out of {', '.join(stripped)}: there nothing can come in.")
    if otherwise:
        said.append(
            f"The annotations of {', '.join(otherwise)} were made by another version, or with other values that annotate "
            "reads; they are used as they are."
        )
    if plan["later"]:
        said.append(
            f"{len(plan['later'])} later nights ({plan['later'][0]} to {plan['later'][-1]}) keep what they decided: rebuild "
            "them too where their duplicates should be held against the new corpus."
        )
    return [f"- {line}" for line in said]


def keep_manifests(plan: dict[str, Any]) -> None:
    """Copies the manifests of every table of the nights, once: a second try must not copy what the first one changed."""
    path, lake = Path(_path(plan, BEFORE)), Lake(plan["lake"])
    if path.is_file():
        return
    found = []
    for night in plan["nights"]:
        for file in sorted(Path(lake.manifests).glob(f"*/batch={night}/source=*.json")):
            found.append(parse(file.read_bytes(), str(file)) | {"table": file.parent.parent.name})
    write_atomically(path, serialise(found))


def run_gate(plan: dict[str, Any]) -> None:
    """Holds every night against its limits, oldest first. Raises ContractError at the first that fails."""
    for night in plan["nights"]:
        process.run(_command(plan, "gate", night))


def run_publish(plan: dict[str, Any]) -> list[str]:
    """Publishes every night, oldest first; returns the releases. Run only when all of them passed."""
    for night in plan["nights"]:
        process.run(_command(plan, "publish", night))
    Path(_path(plan, BEFORE)).unlink(missing_ok=True)
    return _releases(Lake(plan["lake"]), plan["nights"])


def put_back(plan: dict[str, Any] | None) -> None:
    """Gives the tables of every night back what they held before the rebuild. ``plan`` is None where there was none."""
    if plan is None or not Path(_path(plan, BEFORE)).is_file():
        log.info("nothing was changed, nothing to put back")
        return
    process.run(["-m", "malmoi.cli", "put-back", "--lake", plan["lake"], "--manifests", _path(plan, BEFORE)])
    Path(_path(plan, BEFORE)).unlink()


def _path(plan: dict[str, Any], name: str) -> str:
    return Lake(plan["lake"]).join(plan["folder"], name)


def _command(plan: dict[str, Any], command: str, night: str) -> list[str]:
    return [
        "-m", "malmoi.cli", command,
        "--lake", plan["lake"],
        "--batch", night,
        "--recipe", plan["recipe"],
        "--sources", ",".join(plan["sources"][night]),
    ]  # fmt: skip
