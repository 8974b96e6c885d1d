"""Parts: complete or absent, the same bytes twice, bounded batches, rows of several parts side by side."""

import hashlib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from malmoi.contracts.errors import ContractError
from malmoi.contracts.release import sha256_of
from malmoi.stages import parts
from malmoi.stages.parts import MAX_BYTES, MAX_ROWS, PartWriter, RollingWriter, aligned_batches, open_part, read_batches

SCHEMA = pa.schema([("n", pa.int64()), ("text", pa.string())])


def table(numbers) -> pa.Table:
    return pa.table({"n": list(numbers), "text": [f"글 {n}" for n in numbers]}, SCHEMA)


def write(folder, part, *tables) -> dict | None:
    writer = PartWriter(str(folder), part, SCHEMA)
    for one in tables:
        writer.write(one)
    return writer.close()


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_part_appears_when_it_is_complete(tmp_path):
    writer = PartWriter(str(tmp_path), 12, SCHEMA)
    writer.write(table(range(3)))
    assert [name for name in names(tmp_path) if not name.startswith(".")] == []
    entry = writer.close()
    assert names(tmp_path) == ["part-00000012.parquet"]
    content = (tmp_path / "part-00000012.parquet").read_bytes()
    assert entry == {
        "path": "part-00000012.parquet", "rows": 3, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest(),
    }  # fmt: skip
    assert sha256_of(tmp_path / "part-00000012.parquet") == entry["sha256"]
    assert pq.read_table(tmp_path / "part-00000012.parquet") == table(range(3))


def test_no_rows_no_file(tmp_path):
    assert write(tmp_path, 0) is None and write(tmp_path, 0, table([])) is None
    assert names(tmp_path) == []


def test_the_same_rows_are_the_same_bytes(tmp_path):
    one = write(tmp_path / "one", 0, table(range(2500)), table(range(5)))
    two = write(tmp_path / "two", 0, table(range(2500)), table([]), table(range(5)))
    other = write(tmp_path / "other", 0, table(range(2500)), table(range(1, 6)))
    assert one == two and one["sha256"] != other["sha256"]


def test_a_second_writer_replaces_the_part(tmp_path):
    write(tmp_path, 0, table(range(3)))
    entry = write(tmp_path, 0, table(range(7)))
    assert names(tmp_path) == ["part-00000000.parquet"] and entry["rows"] == 7


def test_rows_as_dicts_and_columns_that_do_not_fit(tmp_path):
    writer = PartWriter(str(tmp_path), 0, SCHEMA)
    writer.write_rows([{"n": 1, "text": None}])
    with pytest.raises((ValueError, pa.ArrowInvalid)):
        writer.write(pa.table({"other": [1]}))
    assert writer.close()["rows"] == 1


def test_an_object_store_gets_the_same_part(tmp_path):
    import fsspec

    store = "memory://parts-test/attempt"
    entry = write(store, 1, table(range(3)))
    assert entry == write(tmp_path, 1, table(range(3)))
    place = fsspec.filesystem("memory")
    assert hashlib.sha256(place.cat("/parts-test/attempt/part-00000001.parquet")).hexdigest() == entry["sha256"]
    assert write(store, 2) is None and len(place.ls("/parts-test/attempt")) == 1
    with open_part(f"{store}/part-00000001.parquet") as file:
        assert file.read() == table(range(3))


def test_batches_are_bounded_in_rows(tmp_path):
    pq.write_table(table(range(2 * MAX_ROWS + 1)), tmp_path / "p.parquet")
    found = list(read_batches(str(tmp_path / "p.parquet"), ["n"]))
    assert max(batch.num_rows for batch in found) <= MAX_ROWS
    assert [n for batch in found for n in batch["n"].to_pylist()] == list(range(2 * MAX_ROWS + 1))
    assert found[0].schema.names == ["n"]


def test_batches_are_bounded_in_bytes_and_a_giant_stands_alone(tmp_path):
    size = MAX_BYTES // 4
    sizes = [size] * 7 + [2 * MAX_BYTES] + [1] * 3
    giants = pa.table({"n": range(11), "text": ["x" * one for one in sizes]}, SCHEMA)
    pq.write_table(giants, tmp_path / "p.parquet", row_group_size=MAX_ROWS)
    found = list(read_batches(str(tmp_path / "p.parquet")))
    assert [n for batch in found for n in batch["n"].to_pylist()] == list(range(11))
    assert all(batch.num_rows == 1 or batch.nbytes <= MAX_BYTES for batch in found)
    assert [batch.num_rows for batch in found if 7 in batch["n"].to_pylist()] == [1]


@pytest.mark.parametrize(("one", "two"), [(1000, 1000), (7, 1000), (300, 450), (1, 999)])
def test_parts_are_read_side_by_side_however_their_row_groups_are_cut(tmp_path, one, two):
    rows = 1_205
    pq.write_table(table(range(rows)), tmp_path / "one.parquet", row_group_size=one)
    pq.write_table(table(range(rows)), tmp_path / "two.parquet", row_group_size=two)
    left, right = [], []
    for a, b in aligned_batches((str(tmp_path / "one.parquet"), ["n"]), (str(tmp_path / "two.parquet"), ["text"])):
        assert 0 < a.num_rows == b.num_rows <= MAX_ROWS and (a.schema.names, b.schema.names) == (["n"], ["text"])
        left += a["n"].to_pylist()
        right += b["text"].to_pylist()
    assert left == list(range(rows)) and right == [f"글 {n}" for n in range(rows)]


def test_batches_cut_differently_by_the_reader_are_aligned_too(tmp_path, monkeypatch):
    """Parquet readers may end a batch early; here one part's batches are really shorter than the other's."""
    pq.write_table(table(range(25)), tmp_path / "one.parquet")
    pq.write_table(table(range(25)), tmp_path / "two.parquet")
    whole = parts.open_part

    class Short:
        """The real file, read in batches of its own size."""

        def __init__(self, path):
            self._file, self._size = whole(path), 4 if "one" in path else 10
            self.metadata, self.close = self._file.metadata, self._file.close

        def iter_batches(self, **asked):
            return self._file.iter_batches(**{**asked, "batch_size": self._size})

    monkeypatch.setattr(parts, "open_part", Short)
    pairs = list(aligned_batches((str(tmp_path / "one.parquet"), ["n"]), (str(tmp_path / "two.parquet"), ["n"])))
    assert [a.num_rows for a, _ in pairs] == [4, 4, 2, 2, 4, 4, 4, 1]  # cuts of both, and the end
    assert all(a["n"].equals(b["n"]) for a, b in pairs)
    assert [n for a, _ in pairs for n in a["n"].to_pylist()] == list(range(25))


def test_parts_with_unequal_rows_are_refused_before_the_first_batch(tmp_path):
    pq.write_table(table(range(5)), tmp_path / "one.parquet")
    pq.write_table(table(range(6)), tmp_path / "two.parquet")
    with pytest.raises(ValueError, match=r"parts differ in rows: .*one\.parquet, .*two\.parquet"):
        next(aligned_batches((str(tmp_path / "one.parquet"), ["n"]), (str(tmp_path / "two.parquet"), ["n"])))


def test_a_unit_rolls_over_to_the_next_part(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "PART_ROWS", 4)
    writer = RollingWriter(str(tmp_path), 3, SCHEMA)
    for start, end in ((0, 3), (3, 9), (9, 12)):
        writer.write(table(range(start, end)).to_batches()[0])
    found = writer.close()
    assert [(entry["path"], entry["rows"]) for entry in found] == [
        (f"part-000{30000 + part}.parquet", 4) for part in range(3)
    ]
    assert [row for entry in found for row in pq.read_table(tmp_path / entry["path"])["n"].to_pylist()] == [*range(12)]


def test_a_unit_without_rows_leaves_no_part(tmp_path):
    assert RollingWriter(str(tmp_path), 0, SCHEMA).close() == [] and not list(tmp_path.iterdir())


def test_a_unit_has_a_last_part(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "PART_ROWS", 1)
    monkeypatch.setattr(parts, "PARTS_A_UNIT", 3)
    with pytest.raises(ContractError, match="more than 3 documents: split it"):
        RollingWriter(str(tmp_path), 0, SCHEMA).write(table(range(5)).to_batches()[0])
