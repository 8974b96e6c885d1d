"""Gate and publish of a night: what the lake holds, handed to the pure checks, and the result made visible."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import pyarrow as pa
import pyarrow.parquet as pq

from malmoi.contracts.errors import ContractError
from malmoi.contracts.files import files_of
from malmoi.contracts.gate import Check
from malmoi.contracts.manifest import StageManifest, serialise
from malmoi.contracts.paths import Lake
from malmoi.contracts.recipe import Recipe
from malmoi.contracts.tables import SHARDS, TABLES
from malmoi.contracts.version import code_version
from malmoi.lake import history, releases
from malmoi.lake.commit import committed
from malmoi.stages import gate, publish
from malmoi.stages.parts import read_batches
from malmoi.stages.reading import COLUMNS, MAX_NAMED, Reading, read_shards


class NightLake:
    """One night in the lake. ``sources``: those to release; ``missing``: those of the run that have no data tonight."""

    def __init__(self, root: str, batch: str, recipe: Recipe, sources: Sequence[str], missing: Sequence[str] = ()):
        self.lake = Lake(root)
        self.batch = batch
        self.recipe = recipe
        self.sources = tuple(sorted(sources))
        self.missing = tuple(sorted(missing))

    @cached_property
    def manifests(self) -> dict[str, dict[str, StageManifest]]:
        """Table -> source -> manifest of what stands in the table."""
        found = {
            table: {s: committed(self.lake, table, self.batch, s) for s in self.sources} for table in gate.STAGE_TABLES
        }
        return {table: {s: m for s, m in by_source.items() if m is not None} for table, by_source in found.items()}

    @cached_property
    def reading(self) -> Reading:
        """Raises ContractError for a shard that is not what its stage wrote: no damaged file is looked at or published."""
        written = [file for manifest in self.manifests["shards"].values() for file in manifest.files]
        if problems := releases.damaged(self.lake, written):
            raise ContractError(problems[0])
        limits = self.recipe.gate
        return read_shards(self._shard_batches(), limits.leak_scan_documents, limits.canaries)

    def check(self, find_leaks: gate.FindLeaks | None = None) -> list[Check]:
        """Every check of the night. Reads the shards once."""
        limits = self.recipe.gate
        return gate.check(
            gate.GateContext(
                batch=self.batch,
                recipe=self.recipe,
                sources=self.sources,
                missing=self.missing,
                manifests=self.manifests,
                reading=self.reading,
                history=history.trailing(self.lake, "decisions", self.batch, limits.drift_nights),
                schema_faults=self._schema_faults(),
                examples=self._examples,
                find_leaks=find_leaks,
            )
        )

    def publish(
        self, checks: Sequence[Check], models: Mapping[str, str], reports: Mapping[str, bytes] | None = None
    ) -> releases.Published:
        """Publishes the night. Raises GateError for a check that failed; then nothing changes.

        ``reports``: further files beside the manifest, for example ``report.html``.
        """
        gate.require(checks)
        missing = [table for table in gate.STAGE_TABLES if len(self.manifests[table]) != len(self.sources)]
        if missing:
            raise ContractError(f"{self.batch}: {missing[0]} is not there for every source; run the stages first")
        manifest = publish.draft(
            self.batch, self.recipe, code_version(), self.sources, self.manifests, self.reading, models
        )
        stages = self._every_manifest()
        files = {"gate.json": gate.gate_json(checks), "stages.json": serialise(stages), **(reports or {})}
        return releases.publish(self.lake, manifest, files)

    def _every_manifest(self) -> list[dict]:
        """Manifests of all tables, so that the night can be put back to this release."""
        return [
            manifest.to_json() | {"table": table}
            for table in TABLES
            for source in self.sources
            if (manifest := committed(self.lake, table, self.batch, source)) is not None
        ]

    def _shard_paths(self) -> Iterator[str]:
        for source in self.sources:
            if source in self.manifests["shards"]:
                yield from (self.lake.join(file.path) for file in self.manifests["shards"][source].files)

    def _shard_batches(self) -> Iterator[pa.RecordBatch]:
        for path in self._shard_paths():
            yield from read_batches(path, COLUMNS)

    def _schema_faults(self) -> list[str]:
        store, faults = files_of(self.lake), []
        for path in self._shard_paths():
            with store.open(path) as stream:
                if not pq.read_schema(stream).equals(SHARDS, check_metadata=False):
                    faults.append(f"{path}: schema is not that of the shards table")
        return faults

    def _examples(self, source: str, reason: str) -> list[str]:
        """The first few documents, by id, that were dropped for a reason."""
        found: set[str] = set()
        for file in self.manifests["decisions"][source].files:
            for rows in read_batches(self.lake.join(file.path), ["doc_id", "reason"]):
                ids, reasons = rows["doc_id"].to_pylist(), rows["reason"].to_pylist()
                found |= {doc_id for doc_id, why in zip(ids, reasons, strict=True) if why == reason}
        return sorted(found)[:MAX_NAMED]
