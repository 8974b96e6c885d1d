"""A takedown on one source of one night: rows go from every table, promoted ones enter.

Tables are edited from the last stage to the first, so that what a table's new rows and counts are worked out from is
still there if the work is killed and repeated.
"""

from collections.abc import Callable, Sequence
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from malmoi.contracts.balance import Balance, Count
from malmoi.contracts.files import files_of
from malmoi.contracts.paths import Lake
from malmoi.contracts.reasons import Fault, Reason
from malmoi.contracts.recipe import Recipe
from malmoi.contracts.stages import sources_of
from malmoi.contracts.tables import CLEAN, CLUSTERS, DECISIONS, DEDUP_INDEX, TABLES
from malmoi.lake import history
from malmoi.lake.read import files
from malmoi.lake.rows import replace_parts
from malmoi.lake.takedown.plan import Plan

Redact = Callable[[pa.RecordBatch, pa.RecordBatch, pa.RecordBatch, Recipe, str], pa.RecordBatch]
"""The redact stage: documents, annotations, decisions (row by row), recipe, source -> clean rows."""

_FAULTS = {fault.value for fault in Fault}


class SourceEdit:
    """What a plan does to one source of one night."""

    def __init__(self, lake: Lake, batch: str, source: str, plan: Plan, recipe: Recipe, redact: Redact):
        self._lake, self._batch, self._source = lake, batch, source
        self._plan, self._recipe, self._redact = plan, recipe, redact
        mine = [row for row in plan.rows if (row.batch, row.source) == (batch, source)]
        self._parts = sorted({row.part for row in mine})
        self._promoted = {one.doc_id: one for one in plan.promotions if (one.batch, one.source) == (batch, source)}
        self._followers = {one.doc_id: one for one in plan.followers if (one.batch, one.source) == (batch, source)}
        self._clean: dict[int, pa.Table] = {}

    def run(self) -> None:
        self._shards()
        by_table = {
            "clean": self._clean_part,
            "dedup_index": self._index_part,
            "clusters": self._clusters_part,
            "decisions": self._decisions_part,
            "annotations": self._without_removed("annotations"),
            "blocks": self._without_removed("blocks"),
            "documents": self._without_removed("documents"),
        }
        for table, edit in by_table.items():
            if not self._has(table):
                continue
            before = {part: self._read(table, part) for part in self._parts}
            self._replace(table, before, {part: edit(part) for part in self._parts})

    def _has(self, table: str) -> bool:
        return self._source in sources_of(self._lake, table, self._batch)

    def _replace(self, table: str, before: dict[int, pa.Table], after: dict[int, pa.Table]) -> None:
        changed = {part: rows for part, rows in after.items() if not rows.equals(before[part])}
        if not changed and self._is_whole(table):
            return
        balance = history.read_manifest(self._lake, table, self._batch, self._source).balance
        for part, rows in changed.items():
            balance = balance - self._measure(table, part, before[part]) + self._measure(table, part, rows)
            if table == "documents":
                balance += _taken_down(before[part], rows)
        balance = balance - Balance()
        replace_parts(self._lake, table, self._batch, self._source, changed, balance, self._plan.receipt)

    def _is_whole(self, table: str) -> bool:
        """Whether the table holds what its manifest says; else a killed rewrite is still to be finished."""
        manifest = history.read_manifest(self._lake, table, self._batch, self._source)
        present = [self._lake.relative(file.path) for file in files(self._lake, table, self._batch, self._source)]
        return [file.path for file in manifest.files] == present

    # What a part's rows count for, as its stage counted them.

    def _measure(self, table: str, part: int, rows: pa.Table) -> Balance:
        if table in ("clusters", "clean", "dedup_index"):
            return _kept([self._bytes_of[part][doc_id] for doc_id in rows["doc_id"].to_pylist()])
        if table == "documents":
            return _kept([size or 0 for size in rows["raw_bytes"].to_pylist()])
        if table == "blocks":
            return _kept([len(known or b"") for known in rows["blocks"].to_pylist()])
        if table == "shards":
            return _kept(pc.binary_length(rows["text"]).to_pylist())
        reasons = rows["reason" if table == "decisions" else "defect"].to_pylist()
        return _by_reason(reasons, rows["bytes"].to_pylist(), every_reason=table == "decisions")

    @cached_property
    def _bytes_of(self) -> dict[int, dict[str, int]]:
        """Part -> document -> bytes of its text, from annotations; those are edited after all that needs this."""
        found = {}
        for part in self._parts:
            rows = self._read("annotations", part, ["doc_id", "bytes"])
            found[part] = dict(zip(rows["doc_id"].to_pylist(), rows["bytes"].to_pylist(), strict=True))
        return found

    # New rows of a part, table by table.

    def _without_removed(self, table: str) -> Callable[[int], pa.Table]:
        def edit(part: int) -> pa.Table:
            rows = self._read(table, part)
            return rows.filter(self._stays(rows["doc_id"].to_pylist()))

        return edit

    def _stays(self, doc_ids: Sequence[str]) -> pa.Array:
        return pa.array([doc_id not in self._plan.removed for doc_id in doc_ids], pa.bool_())

    def _clusters_part(self, part: int) -> pa.Table:
        rows = self._without_removed("clusters")(part).to_pylist()
        for row in rows:
            if row["doc_id"] in self._promoted:
                row |= {"cluster_id": row["doc_id"], "keep": True, "duplicate_of": None, "duplicate_batch": None}
                row |= {"method": "single", "similarity": None}
            elif (other := self._followers.get(row["doc_id"])) is not None:
                row |= {"cluster_id": other.follows, "duplicate_of": other.follows, "duplicate_batch": other.night}
        return pa.Table.from_pylist(rows, CLUSTERS)

    def _decisions_part(self, part: int) -> pa.Table:
        rows = self._without_removed("decisions")(part).to_pylist()
        for row in rows:
            if row["doc_id"] in self._promoted:
                row |= {"keep": True, "reason": None, "value": None, "threshold": None, "duplicate_of": None}
                row |= {"cluster_id": row["doc_id"]}
            elif (other := self._followers.get(row["doc_id"])) is not None:
                row |= {"cluster_id": other.follows, "duplicate_of": other.follows}
        return pa.Table.from_pylist(rows, DECISIONS)

    def _clean_part(self, part: int) -> pa.Table:
        return _in_order(self._kept_ids(part), self._read("clean", part), self._promoted_clean(part))

    def _index_part(self, part: int) -> pa.Table:
        entering = self._read("annotations", part, DEDUP_INDEX.names)
        entering = entering.filter(pa.array([i in self._promoted for i in entering["doc_id"].to_pylist()], pa.bool_()))
        return _in_order(self._kept_ids(part), self._read("dedup_index", part), entering)

    def _kept_ids(self, part: int) -> list[str]:
        """Ids of the part's kept documents after the takedown, in order."""
        rows = self._decisions_part(part) if part in self._parts else self._read("decisions", part, ["doc_id", "keep"])
        return rows.filter(rows["keep"])["doc_id"].to_pylist()

    def _promoted_clean(self, part: int) -> pa.Table:
        if part not in self._clean:
            self._clean[part] = self._make_clean(part)
        return self._clean[part]

    def _make_clean(self, part: int) -> pa.Table:
        wanted = [one for one in self._promoted.values() if one.part == part]
        if not wanted:
            return CLEAN.empty_table()
        decisions = self._decisions_part(part)
        decisions = decisions.filter(pc.is_in(decisions["doc_id"], pa.array([one.doc_id for one in wanted])))
        beside = []
        for table in ("documents", "annotations"):
            rows = self._read(table, part)
            place = {doc_id: row for row, doc_id in enumerate(rows["doc_id"].to_pylist())}
            beside.append(rows.take([place[doc_id] for doc_id in decisions["doc_id"].to_pylist()]))
        documents, annotations, ruled = (rows.combine_chunks().to_batches()[0] for rows in (*beside, decisions))
        return pa.Table.from_batches([self._redact(documents, annotations, ruled, self._recipe, self._source)])

    # Shards are cut across parts: a promoted document enters the shard of the document before it.

    def _shards(self) -> None:
        if not self._has("shards"):
            return
        shards = {
            file.part: self._read("shards", file.part)
            for file in files(self._lake, "shards", self._batch, self._source)
        }
        place = {doc_id: number for number, rows in shards.items() for doc_id in rows["doc_id"].to_pylist()}
        order: dict[int, list[str]] = {number: [] for number in shards}
        number = min(shards, default=0)
        for part in sorted(file.part for file in files(self._lake, "decisions", self._batch, self._source)):
            for doc_id in self._kept_ids(part):
                number = place.get(doc_id, number)
                order.setdefault(number, []).append(doc_id)
        entering = pa.concat_tables([CLEAN.empty_table(), *(self._promoted_clean(part) for part in self._parts)])
        before = {number: shards.get(number, CLEAN.empty_table()) for number in order}
        self._replace("shards", before, {n: _in_order(ids, before[n], entering) for n, ids in order.items()})

    def _read(self, table: str, part: int, columns: list[str] | None = None) -> pa.Table:
        """Rows of a part; none where the part has no file, as clean has none for a part of which nothing is kept."""
        for file in files(self._lake, table, self._batch, self._source):
            if file.part == part:
                with files_of(self._lake).open(file.path) as stream:
                    return pq.read_table(stream, columns=columns)
        empty = TABLES[table].empty_table()
        return empty.select(columns) if columns else empty


def _in_order(doc_ids: Sequence[str], *rows: pa.Table) -> pa.Table:
    """Rows of the documents named, in that order, from wherever they are."""
    together = pa.concat_tables([table.cast(rows[0].schema) for table in rows])
    place = {doc_id: row for row, doc_id in enumerate(together["doc_id"].to_pylist())}
    return together.take(pa.array([place[doc_id] for doc_id in doc_ids if doc_id in place], pa.int64()))


def _kept(sizes: Sequence[int]) -> Balance:
    count = Count(len(sizes), sum(sizes))
    return Balance(count, count)


def _by_reason(reasons: Sequence[str | None], sizes: Sequence[int], every_reason: bool) -> Balance:
    """Annotate counts only what no engine survived; decide counts every reason."""
    total = Balance()
    for reason, size in zip(reasons, sizes, strict=True):
        one = Count(1, size)
        if reason in _FAULTS and (every_reason or reason == Fault.ENGINE_CRASHED):
            total += Balance(one, quarantined={reason: one})
        elif reason is not None and every_reason:
            total += Balance(one, dropped={reason: one})
        else:
            total += Balance(one, one)
    return total


def _taken_down(before: pa.Table, after: pa.Table) -> Balance:
    """At ingest the records that go still entered, and are dropped there, as they will be when the night is run again."""
    gone = (
        _kept([size or 0 for size in before["raw_bytes"].to_pylist()]).kept
        - _kept([size or 0 for size in after["raw_bytes"].to_pylist()]).kept
    )
    return Balance(gone, dropped={Reason.TAKEN_DOWN.value: gone})
