"""The texts of an ablation: a night's raw documents and its shards as two packed releases, and curated text to hold them against."""

import hashlib
import itertools
import json
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from night import environment
from plain import RECIPE, ROOT
from small_release import RELEASE, size, write_release

sys.path.append(str(ROOT / "plugins"))

import pyarrow.parquet as pq  # noqa: E402

from malmoi.contracts.paths import Lake  # noqa: E402
from malmoi.contracts.recipe import Recipe, recipe_from_mapping  # noqa: E402
from malmoi.contracts.release import load_release  # noqa: E402
from malmoi.contracts.stages import recorded, sources_of  # noqa: E402
from malmoi.contracts.tokenizers import promote  # noqa: E402
from malmoi.contracts.tokens import TokensManifest  # noqa: E402
from malmoi.train import packing, tokenizer  # noqa: E402
from malmoi_airflow.local import landing  # noqa: E402
from malmoi_airflow.local.home import Home  # noqa: E402

SOURCE = "web"
VARIANTS = {"raw": "documents", "release": "shards"}
"""Name of a training set -> the table of the lake that it is."""
MODEL = {"layers": 4, "width": 128, "heads": 4, "sequence_tokens": 256, "batch_sequences": 16, "vocabulary": 8_000}
POINTS = 4
"""Checkpoints of a run that are evaluated."""
CURATED_BYTES = 150_000
"""Text of each curated file that is evaluated, whole documents in the order of their hash."""


@dataclass(frozen=True)
class TrainingSet:
    """One training set as a lake with one packed release. ``path``: of its ``tokens.json``."""

    name: str
    texts: list[str]
    lake: Lake
    path: Path
    manifest: TokensManifest

    @property
    def tokenizer(self) -> str:
        return self.lake.join(self.manifest.tokenizer["path"])

    def counts(self) -> dict[str, int]:
        tokens = self.manifest.sources[SOURCE]["train"]["tokens"]
        return {"documents": len(self.texts), "bytes": size(self.texts), "tokens": tokens}


def clean(scratch: Path, given: Path | None) -> Lake:
    """Runs a night over the input, from ingest to shards, as ``make run`` does; returns its lake."""
    home = Home(scratch / "home")
    landed = landing.prepare(home, given, landing.SAMPLE_DAY)
    say(f"a night over {landed.what}: {landed.files} files, {landed.bytes / 2**20:.1f} MiB")
    sources = sorted(path.name.removeprefix("source=") for path in home.landing.glob("source=*"))
    command = [
        str(Path(sys.executable).with_name("spark-submit")), "--master", "local[*]", str(ROOT / "spark_jobs/run_stage.py"),
        "ingest,annotate,dedup,decide,redact,shard", "--recipe", str(RECIPE), "--batch", landed.day,
        "--lake", str(home.lake), "--landing", str(home.landing), "--sources", ",".join(sources),
    ]  # fmt: skip
    done = subprocess.run(command, env=environment(scratch), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(
            f"ablation: error: the night ended with code {done.returncode}: {done.stderr.strip().splitlines()[-1]}"
        )
    return Lake(str(home.lake))


def curated_texts(paths: list[Path] | None) -> dict[str, list[str]]:
    """Name -> held-out texts, whole documents of about ``CURATED_BYTES``."""
    if not paths:
        examples = (ROOT / "spark_jobs/malmoi/train/data/quality/good.txt").read_text("utf-8").split("\n\n")
        return {"good examples of the quality model": examples}
    found = {}
    for path in paths:
        texts = [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines() if line.strip()]
        texts.sort(key=lambda text: hashlib.sha256(text.encode()).digest())
        sizes = itertools.accumulate(len(text.encode()) for text in texts)
        found[path.stem] = [text for text, so_far in zip(texts, sizes, strict=True) if so_far <= CURATED_BYTES]
    return found


def pack(night: Lake, scratch: Path) -> list[TrainingSet]:
    """Both training sets, packed with one tokenizer that was learned from as much of the one as of the other."""
    texts = {name: table_texts(night, table) for name, table in VARIANTS.items()}
    shutil.rmtree(night.root)
    share = min(map(size, texts.values()))
    both = Lake(str(scratch / "both"))
    write_release(both, {SOURCE: [text for found in texts.values() for text in up_to(found, share)]})
    recipe = recipe_of(seed=1, steps=1)
    name = tokenizer.train(both, load_release(both, RELEASE), recipe)
    sets = []
    for variant, found in texts.items():
        lake = Lake(str(scratch / variant))
        write_release(lake, {SOURCE: found})
        shutil.copytree(Path(both.models), Path(lake.models))
        promote(lake, recipe.tokenizer, name)
        work = packing.plan(lake, RELEASE, recipe)
        manifest = packing.pack(work)
        sets.append(TrainingSet(variant, found, lake, work.manifest, manifest))
        say(f"{variant}: {len(found):,} documents, {sets[-1].counts()['tokens']:,} tokens")
    return sets


def overlap(training: TrainingSet, curated: dict[str, list[str]]) -> float:
    """Share of the curated text's runs of 13 words that the training set holds as well: more than nothing would be cheating."""
    wanted = set().union(*(runs_of_words(text) for found in curated.values() for text in found))
    held = set().union(*(runs_of_words(text) & wanted for text in training.texts))
    return round(len(held) / max(len(wanted), 1), 6)


def dropped(night: Lake) -> dict[str, int]:
    """Reason -> bytes of text that the night dropped for it."""
    total: Counter[str] = Counter()
    for source in sources_of(night, "decisions", landing.SAMPLE_DAY):
        stage = recorded(night, "decisions", landing.SAMPLE_DAY, source)
        if stage:
            total.update({reason: count.bytes for reason, count in stage.balance.dropped.items()})
    return dict(total.most_common())


def runs_of_words(text: str, length: int = 13) -> set[tuple[str, ...]]:
    words = text.split()
    return set(zip(*(words[start:] for start in range(length)), strict=False)) if len(words) >= length else set()


def table_texts(lake: Lake, table: str) -> list[str]:
    """Every text of a table of the night."""
    texts: list[str] = []
    for source in sources_of(lake, table, landing.SAMPLE_DAY):
        stage = recorded(lake, table, landing.SAMPLE_DAY, source)
        for file in stage.files if stage else ():
            texts += pq.read_table(lake.join(file.path), columns=["text"])["text"].to_pylist()
    return [text for text in texts if text]


def recipe_of(seed: int, steps: int) -> Recipe:
    shape = {name: value for name, value in MODEL.items() if name != "vocabulary"}
    train = {
        **shape, "seed": seed, "steps": steps, "held_out_share": 0.0, "learning_rate": 2e-3, "warmup_steps": max(1, steps // 20),
        "checkpoint_steps": -(-steps // POINTS), "keep_checkpoints": 100, "device": "cpu",
    }  # fmt: skip
    tokenizer = {"vocabulary": MODEL["vocabulary"], "sample_mib": 16}
    return recipe_from_mapping(
        {"name": "ablation", "sources": {SOURCE: {"type": "warc"}}, "tokenizer": tokenizer, "train": train}
    )


def up_to(texts: list[str], most: int) -> list[str]:
    """Texts in the order of their hash, as many as fit into so many bytes."""
    ordered = sorted(texts, key=lambda text: hashlib.sha256(text.encode()).digest())
    sizes = itertools.accumulate(len(text.encode()) for text in ordered)
    return [text for text, so_far in zip(ordered, sizes, strict=True) if so_far <= most]


def say(line: str) -> None:
    print(f"ablation: {line}", flush=True)
