"""A night as the Spark jobs see it: what to work on, and whether it still has to be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pyspark.sql import SparkSession

from malmoi.contracts import stages
from malmoi.contracts.balance import Balance
from malmoi.contracts.manifest import FileEntry, StageManifest
from malmoi.contracts.paths import Lake
from malmoi.contracts.recipe import Recipe
from malmoi.contracts.version import code_version
from malmoi.lake.commit import committed
from malmoi.spark.session import session


@dataclass(frozen=True)
class Night:
    """``batch`` names the partition, ``day`` the landing date; they differ in a dry run. ``sample`` is the share of
    documents that stay."""

    lake: Lake
    landing: str
    batch: str
    day: str
    recipe: Recipe
    sources: tuple[str, ...]
    sample: float = 1.0
    force: bool = False

    @cached_property
    def spark(self) -> SparkSession:
        """Started when the first stage has something to do."""
        return session(self.batch)

    def manifest(self, table: str, source: str) -> StageManifest:
        """What the stage before committed. Raises ContractError where it has not run."""
        return stages.needed(self.lake, table, self.batch, source)

    def inputs(self, stage: str, source: str) -> dict[str, str]:
        """Names of a stage's inputs with the hashes of their content."""
        return stages.inputs_of(self.lake, stage, self.batch, source, self.sources, self.sample)

    def fingerprint(self, stage: str, source: str, inputs: Mapping[str, str]) -> str:
        """SHA-256 over everything that a stage's output depends on."""
        return stages.fingerprint(stage, self.batch, source, self.recipe.hash(), inputs)

    def path(self, file: FileEntry) -> str:
        return self.lake.join(file.path)

    def is_done(self, table: str, source: str, fingerprint: str) -> bool:
        """Whether the table holds this very work already."""
        if self.force:
            return False
        found = committed(self.lake, table, self.batch, source)
        return found is not None and found.fingerprint == fingerprint

    def new_manifest(
        self, stage: str, source: str, inputs: Mapping[str, str], balance: Balance, files: list[dict | None]
    ) -> StageManifest:
        """The manifest of a finished attempt; ``files`` are what PartWriter.close returned."""
        balance.check(stage, source)
        return StageManifest(
            stage=stage,
            batch=self.batch,
            source=source,
            recipe_hash=self.recipe.hash(),
            code_version=code_version(),
            fingerprint=self.fingerprint(stage, source, inputs),
            inputs=dict(inputs),
            files=tuple(FileEntry(**file) for file in files if file),
            balance=balance,
        )


def part_number(file: FileEntry) -> int:
    """The part that a committed file is: ``.../part-00012.parquet`` is 12."""
    return int(file.path.rsplit("part-", 1)[1].split(".")[0])
