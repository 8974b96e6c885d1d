"""The sample that a tokenizer is learned from: a seeded share of a release's documents, without those that are held out.

One process reads it off the shards; for a large release Spark does, one shard a worker, and lays it down as files (the stage
``sample``). The texts and their order are the same.
"""

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from malmoi.contracts.heldout import HeldOut
from malmoi.contracts.manifest import ReleaseManifest
from malmoi.contracts.paths import Lake
from malmoi.contracts.recipe import Recipe
from malmoi.contracts.release import check_file, short_hash
from malmoi.contracts.tokenizers import section_key

BATCH_ROWS = 1_000
MIB = 1 << 20
_SCHEMA = pa.schema([("text", pa.string())])


@dataclass(frozen=True)
class Sample:
    """About ``share`` of the documents that may be trained on.

    A document is in it or not by the hash of its id: more shards or another order change no choice.
    """

    share: float
    seed: int
    held_out_share: float
    held_out_seed: int

    @classmethod
    def of(cls, release: ReleaseManifest, recipe: Recipe) -> "Sample":
        """As much of a release as the recipe's ``tokenizer.sample_mib`` says."""
        size = sum(source["bytes"] for source in release.sources.values())
        share = min(1.0, recipe.tokenizer.sample_mib * MIB / max(size, 1))
        return cls(share, recipe.tokenizer.seed, recipe.train.held_out_share, recipe.train.held_out_seed)

    @cached_property
    def held_out(self) -> HeldOut:
        return HeldOut(self.held_out_share, self.held_out_seed)

    def __contains__(self, doc_id: str) -> bool:
        digest = hashlib.blake2b(doc_id.encode(), digest_size=8, key=f"sample-{self.seed}".encode()).digest()
        return int.from_bytes(digest, "little") < int(self.share * 2**64) and doc_id not in self.held_out

    def texts(self, shard: str) -> Iterator[list[str]]:
        """Its texts of one shard, in lists, in the order of the rows."""
        with pq.ParquetFile(shard) as file:
            for batch in file.iter_batches(BATCH_ROWS, columns=["doc_id", "text"], use_threads=False):
                rows = zip(batch["doc_id"].to_pylist(), batch["text"].to_pylist(), strict=True)
                yield [text for doc_id, text in rows if doc_id in self]


@dataclass(frozen=True)
class Laid:
    """Where the sample of a release for a recipe is laid down: a file a shard, visible by one rename."""

    lake: Lake
    release: ReleaseManifest
    sample: Sample
    folder: Path

    @classmethod
    def plan(cls, lake: Lake, release: ReleaseManifest, recipe: Recipe) -> "Laid":
        sample = Sample.of(release, recipe)
        key = short_hash([section_key(recipe.tokenizer), asdict(sample)])
        return cls(lake, release, sample, Path(lake.attempts, "sample", f"{release.release}-{key}"))

    @property
    def done(self) -> bool:
        return self.folder.is_dir()

    def units(self, attempt: Path) -> list[dict[str, Any]]:
        """Inputs of ``lay``, one a shard, JSON-able."""
        return [
            {
                "shard": self.lake.join(shard.path),
                "sha256": shard.sha256,
                "out": str(attempt / f"{number:05d}.parquet"),
                "sample": asdict(self.sample),
            }
            for number, shard in enumerate(self.release.shards)
        ]

    def texts(self) -> Iterator[list[str]]:
        """The sample, from its files where it is laid down, else from the shards."""
        if self.done:
            for path in sorted(self.folder.iterdir()):
                with pq.ParquetFile(path) as file:
                    for batch in file.iter_batches(BATCH_ROWS, use_threads=False):
                        yield batch["text"].to_pylist()
            return
        for shard in self.release.shards:
            yield from self.sample.texts(self.lake.join(shard.path))

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def lay(inputs: dict[str, Any]) -> Iterator[dict[str, Any] | None]:
    """Writes the sample of one shard. Yields None on the way and ``{"documents"}`` at last.

    Raises ContractError naming a shard that changed.
    """
    check_file(inputs["shard"], inputs["sha256"], "the release is damaged; restore the shard")
    sample = Sample(**inputs["sample"])
    Path(inputs["out"]).parent.mkdir(parents=True, exist_ok=True)
    documents = 0
    with pq.ParquetWriter(inputs["out"], _SCHEMA, compression="zstd") as writer:
        for texts in sample.texts(inputs["shard"]):
            writer.write_batch(pa.record_batch([pa.array(texts, pa.string())], schema=_SCHEMA))
            documents += len(texts)
            yield None
    yield {"documents": documents}
