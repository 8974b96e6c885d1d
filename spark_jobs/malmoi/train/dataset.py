"""A release as a folder that ``datasets.load_dataset`` reads: its Parquet shards and a dataset card."""

import argparse
import shutil
import sys
from pathlib import Path

from malmoi.contracts.endings import ending
from malmoi.contracts.errors import InputError
from malmoi.contracts.manifest import ReleaseManifest
from malmoi.contracts.paths import Lake
from malmoi.contracts.release import check_file, load_release


def export(lake: Lake, release: ReleaseManifest, out: Path) -> None:
    """Lays the shards out as ``data/SOURCE/00000.parquet`` beside ``README.md``.

    Raises InputError for a folder that is not empty, ContractError for a shard whose hash is wrong.
    """
    if out.exists() and any(out.iterdir()):
        raise InputError(f"{out}: not empty; give a new folder")
    numbers: dict[str, int] = {}
    for shard in release.shards:
        source = lake.join(shard.path)
        check_file(source, shard.sha256, "the release is damaged; restore the shard")
        number = numbers[shard.source] = numbers.get(shard.source, -1) + 1
        target = out / "data" / shard.source / f"{number:05d}.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    (out / "README.md").write_text(card(release), "utf-8")


def card(release: ReleaseManifest) -> str:
    """The dataset card: one configuration a source, what is in, and what was dropped and why."""
    present = sorted({shard.source for shard in release.shards})
    lines = [
        "---",
        "language: [ko]",
        "task_categories: [text-generation]",
        f"pretty_name: Malmoi {release.release}",
        "configs:",
    ]
    lines += ["- config_name: default", "  data_files: data/*/*.parquet"]
    for source in present:
        lines += [f"- config_name: {source}", f"  data_files: data/{source}/*.parquet"]
    lines += ["---", "", f"# Malmoi {release.release}", ""]
    lines += [
        f"Korean training text of {', '.join(release.batches)}, made by Malmoi {release.code_version} with the recipe "
        f"`{release.recipe['name']}` (`{release.recipe['hash'][:12]}`). Personal data is replaced, duplicates are removed.",
        "",
        "| source | documents | characters | bytes | weight |",
        "|---|---:|---:|---:|---:|",
    ]
    for source in present:
        entry = release.sources[source]
        lines.append(
            f"| {source} | {entry['documents']:,} | {entry['chars']:,} | {entry['bytes']:,} | {entry['weight']:g} |"
        )
    if any(release.dropped.values()):
        lines += ["", "## Dropped", "", "| source | reason | documents | bytes |", "|---|---|---:|---:|"]
    for source, reasons in sorted(release.dropped.items()):
        for reason, count in sorted(reasons.items()):
            lines.append(f"| {source} | {reason} | {count['documents']:,} | {count['bytes']:,} |")
    lines += ["", "Each row has its own `license` and `url`; empty means that the page states none.", ""]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m malmoi.train.dataset", description=__doc__.splitlines()[0])
    parser.add_argument("--lake", required=True, help="the lake's folder")
    parser.add_argument("--release", required=True, help="id of the release")
    parser.add_argument("--out", required=True, type=Path, help="new folder to write")
    arguments = parser.parse_args()
    lake = Lake(arguments.lake)
    export(lake, load_release(lake, arguments.release), arguments.out)
    print(f"{arguments.release}: dataset in {arguments.out}")


if __name__ == "__main__":
    with ending() as end:
        main()
    sys.exit(end.code)
