"""A night as the Spark jobs see it: what to work on, and whether it still has to be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pyspark.sql import SparkSession

from malmoi.contracts import stages
from malmoi.contracts.balance import Balance
from malmoi.contracts.manifest import FileEntry, StageManifest
from malmoi.contracts.recipe import Recipe
from malmoi.contracts.recipe.uses import stage_recipe
from malmoi.contracts.version import code_version
from malmoi.spark.session import session


@dataclass(frozen=True)
class Night(stages.Scope):
    """``force``: work is done again even where it stands."""

    force: bool = False

    @cached_property
    def spark(self) -> SparkSession:
        """Started when the first stage has something to do."""
        return session(self.batch)

    def recipe_of(self, stage: str) -> Recipe:
        """What the stage may read of the recipe."""
        return stage_recipe(self.recipe, stage)

    def manifest(self, table: str, source: str) -> StageManifest:
        """What the stage before committed. Raises ContractError where it has not run."""
        return stages.needed(self.lake, table, self.batch, source)

    def inputs(self, stage: str) -> dict[str, dict[str, str]]:
        """Source -> names of a stage's inputs with the marks of their content."""
        return {source: stages.inputs_of(self, stage, source) for source in self.sources}

    def path(self, file: FileEntry) -> str:
        return self.lake.join(file.path)

    def stands(self, stage: str, source: str, inputs: Mapping[str, str]) -> bool:
        """Whether every table of the stage holds this very work already."""
        from malmoi.lake.commit import committed  # not for workers, see jobs/common.py

        if self.force:
            return False
        wanted = stages.fingerprint(self, stage, source, inputs)
        found = (committed(self.lake, table, self.batch, source) for table in stages.STAGES[stage].tables)
        return all(manifest is not None and manifest.fingerprint == wanted for manifest in found)

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
            fingerprint=stages.fingerprint(self, stage, source, inputs),
            inputs=dict(inputs),
            files=tuple(FileEntry(**file) for file in files if file),
            balance=balance,
        )
