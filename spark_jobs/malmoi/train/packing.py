"""Packing a release: plan the units, run each, verify and commit all of them in one rename."""

import argparse
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from malmoi.contracts.endings import ending
from malmoi.contracts.errors import BalanceError, ContractError
from malmoi.contracts.heldout import HeldOut
from malmoi.contracts.manifest import ReleaseManifest, serialise
from malmoi.contracts.paths import Lake
from malmoi.contracts.recipe import Recipe, load_recipe
from malmoi.contracts.release import check_file, load_release, sha256_of
from malmoi.contracts.tokenizers import promoted
from malmoi.contracts.tokens import TokenFile, TokensManifest, token_dtype, tokens_folder
from malmoi.stages.pack import SPLITS, encoder, pack_steps
from malmoi.train.blend import make_blend


@dataclass(frozen=True)
class Plan:
    """What packing one release means. ``folder``: where the result lies; ``attempt``: where it is written."""

    lake: Lake
    release: ReleaseManifest
    tokenizer: dict[str, Any]
    held_out: dict[str, Any]
    seed: int
    folder: str
    attempt: str

    @property
    def manifest(self) -> Path:
        return Path(self.folder, "tokens.json")

    @property
    def done(self) -> bool:
        return self.manifest.is_file()

    def units(self) -> list[dict[str, Any]]:
        """Inputs of ``pack_unit``, one a shard, JSON-able."""
        return [
            {
                "shard": self.lake.join(shard.path),
                "sha256": shard.sha256,
                "tokenizer": self.lake.join(self.tokenizer["path"]),
                "prefix": f"{self.attempt}/{_name(number, shard.source, shard.batch)}",
                "held_out": self.held_out,
            }
            for number, shard in enumerate(self.release.shards)
        ]


def plan(lake: Lake, release: str, recipe: Recipe) -> Plan:
    """Settles tokenizer, held-out rule and folders. Raises ContractError when no tokenizer is promoted for the recipe."""
    manifest = load_release(lake, release)
    tokenizer = promoted(lake, recipe.tokenizer)
    if tokenizer is None:
        raise ContractError(
            f"{recipe.path}: no tokenizer is promoted for its tokenizer section; "
            f"train one with python -m malmoi.train.tokenizer --release {release}"
        )
    folder = tokens_folder(lake, release, tokenizer["sha256"], recipe.train)
    return Plan(
        lake=lake,
        release=manifest,
        tokenizer=tokenizer,
        held_out={"share": recipe.train.held_out_share, "seed": recipe.train.held_out_seed},
        seed=recipe.train.seed,
        folder=folder,
        attempt=f"{lake.attempts}/tokens/{release}-{Path(folder).name}-{os.getpid()}",
    )


def pack_unit(inputs: dict[str, Any]) -> Iterator[dict[str, Any] | None]:
    """One unit of a plan: checks the shard's hash and packs it. Yields None on the way and the result at last.

    Raises ContractError naming a shard that changed.
    """
    check_file(inputs["shard"], inputs["sha256"], "the release is damaged; restore the shard")
    yield from pack_steps(inputs["shard"], inputs["tokenizer"], inputs["prefix"], HeldOut(**inputs["held_out"]))


def pack(work: Plan) -> TokensManifest:
    """All units of a plan in this process, and the commit; nothing to do where it stands already."""
    if work.done:
        return TokensManifest.load(work.manifest)
    return commit(work, [result for unit in work.units() for result in pack_unit(unit) if result is not None])


def commit(plan: Plan, results: list[dict[str, Any]]) -> TokensManifest:
    """Checks the units' results against the release and makes them visible in one rename.

    Raises BalanceError where documents are missing, ContractError where no source can be trained on.
    """
    files = _token_files(plan, results)
    weights = {source: float(entry["weight"]) for source, entry in plan.release.sources.items()}
    blend = make_blend([file for file in files if file.split == "train"], weights, plan.seed)
    Path(plan.attempt, "blend.json").write_bytes(serialise(blend))
    manifest = TokensManifest(
        release=plan.release.release,
        release_sha256=sha256_of(Path(plan.lake.release(plan.release.release), "manifest.json")),
        tokenizer=plan.tokenizer,
        dtype=token_dtype(plan.tokenizer["vocabulary"]),
        end_of_document=encoder(plan.lake.join(plan.tokenizer["path"])).end_of_document,
        held_out=plan.held_out,
        sources=_totals(files, weights),
        files=tuple(files),
        blend={
            "path": plan.lake.relative(f"{plan.folder}/blend.json"),
            "sha256": sha256_of(Path(plan.attempt, "blend.json")),
        },
    )
    Path(plan.attempt, "tokens.json").write_bytes(manifest.dumps())
    Path(plan.folder).parent.mkdir(parents=True, exist_ok=True)
    try:
        os.rename(plan.attempt, plan.folder)
    except OSError:
        if not plan.done:
            raise
        shutil.rmtree(plan.attempt)  # another attempt of the same work was first
    return manifest


def _token_files(plan: Plan, results: list[dict[str, Any]]) -> list[TokenFile]:
    files = []
    for number, (shard, result) in enumerate(zip(plan.release.shards, results, strict=True)):
        packed = sum(result[split]["documents"] for split in SPLITS)
        if packed != shard.rows:
            raise BalanceError(f"{shard.path}: {packed} documents packed of {shard.rows}; pack the release again")
        prefix = plan.lake.relative(f"{plan.folder}/{_name(number, shard.source, shard.batch)}")
        for split in (split for split in SPLITS if result[split]["documents"]):
            files.append(
                TokenFile(
                    source=shard.source,
                    batch=shard.batch,
                    split=split,
                    shard=shard.path,
                    shard_sha256=shard.sha256,
                    prefix=f"{prefix}.{split}",
                    **result[split],
                )
            )
    return files


def _totals(files: list[TokenFile], weights: dict[str, float]) -> dict[str, dict[str, Any]]:
    totals: dict[str, dict[str, Any]] = {
        source: {"weight": weight, **{split: {"documents": 0, "tokens": 0, "bytes": 0} for split in SPLITS}}
        for source, weight in weights.items()
    }
    for file in files:
        counts = totals[file.source][file.split]
        for unit in counts:
            counts[unit] += getattr(file, unit)
    return totals


def _name(number: int, source: str, batch: str) -> str:
    return f"{source}-{batch}-{number:05d}"


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m malmoi.train.packing", description=f"{__doc__} One process, no Spark."
    )
    parser.add_argument("--lake", required=True, help="the lake's folder")
    parser.add_argument("--release", required=True, help="id of the release")
    parser.add_argument("--recipe", required=True, help="recipe file")
    arguments = parser.parse_args()
    work = plan(Lake(arguments.lake), arguments.release, load_recipe(arguments.recipe))
    pack(work)
    print(describe(work))


def describe(work: Plan) -> str:
    """What was packed, as a table."""
    manifest = TokensManifest.load(work.manifest)
    lines = [f"{'source':16} {'documents':>10} {'tokens':>14} {'bytes/token':>12} {'held out':>9}"]
    for source, entry in manifest.sources.items():
        train, held_out = entry["train"], entry["held_out"]
        ratio = train["bytes"] / train["tokens"] if train["tokens"] else 0.0
        lines.append(
            f"{source:16} {train['documents']:>10,} {train['tokens']:>14,} {ratio:>12.2f} {held_out['documents']:>9,}"
        )
    return "\n".join([*lines, str(work.manifest)])


if __name__ == "__main__":
    with ending() as end:
        main()
    sys.exit(end.code)
