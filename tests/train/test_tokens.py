"""Token files as Megatron reads them, and what refuses to be read."""

import pyarrow.parquet as pq
import pytest

from malmoi.contracts.errors import ContractError
from malmoi.contracts.heldout import HeldOut
from malmoi.contracts.release import load_release
from malmoi.contracts.tokens import TokensManifest, token_dtype
from malmoi.stages.pack import encoder, pack_shard
from malmoi.train.tokens import TokenWriter, open_tokens


@pytest.mark.slow
def test_megatron_reads_the_same_documents(packed):
    indexed = pytest.importorskip("megatron.core.datasets.indexed_dataset")
    lake, _, path = packed
    manifest = TokensManifest.load(path)
    for file in manifest.files:
        ours = open_tokens(lake.join(file.prefix))
        theirs = indexed.IndexedDataset(lake.join(file.prefix))
        assert len(theirs) == file.documents == len(ours.ends)
        assert theirs.document_indices.tolist() == list(range(file.documents + 1))
        start = 0
        for number, stop in enumerate(ours.ends.tolist()):
            assert theirs[number].tolist() == ours.ids[start:stop].tolist()
            assert theirs[number][-1] == manifest.end_of_document
            start = stop


def test_every_document_comes_back_through_its_lineage(packed):
    lake, recipe, path = packed
    manifest = TokensManifest.load(path)
    decode = encoder(lake.join(manifest.tokenizer["path"])).decode
    texts = {}
    for shard in load_release(lake, manifest.release).shards:
        for row in pq.read_table(lake.join(shard.path)).to_pylist():
            texts[row["doc_id"]] = row
    held_out = HeldOut(recipe.train.held_out_share, recipe.train.held_out_seed)
    seen = set()
    for file in manifest.files:
        ids = open_tokens(lake.join(file.prefix)).ids
        for row in pq.read_table(lake.join(file.prefix + ".lineage.parquet")).to_pylist():
            original = texts[row["doc_id"]]
            body = ids[row["offset"] : row["offset"] + row["tokens"] - 1]
            assert decode(body.tobytes()) == original["text"]
            assert (row["url"], row["source"]) == (original["url"], original["source"])
            assert row["bytes"] == len(original["text"].encode())
            assert (row["doc_id"] in held_out) == (file.split == "held_out")
            seen.add(row["doc_id"])
    assert seen == set(texts)


def test_manifest_counts_what_lies_on_disk(packed):
    lake, _, path = packed
    manifest = TokensManifest.load(path)
    assert manifest.verify(lake) > 0
    for source, entry in manifest.sources.items():
        for split in ("train", "held_out"):
            files = [file for file in manifest.of(split) if file.source == source]
            assert entry[split]["tokens"] == sum(open_tokens(lake.join(file.prefix)).tokens for file in files)
            assert entry[split]["documents"] == sum(file.documents for file in files)


@pytest.mark.parametrize(
    "vocabulary, dtype", [(32_000, "uint16"), (65_499, "uint16"), (65_500, "int32"), (256_000, "int32")]
)
def test_dtype_by_vocabulary_as_megatron_chooses(vocabulary, dtype):
    assert token_dtype(vocabulary) == dtype


def test_a_split_without_documents_has_no_files(packed, tmp_path):
    lake, _, path = packed
    manifest = TokensManifest.load(path)
    tokenizer = lake.join(manifest.tokenizer["path"])
    result = pack_shard(lake.join(manifest.files[0].shard), tokenizer, str(tmp_path / "part"), HeldOut(0.0, 1))
    assert result["held_out"] == {"documents": 0, "tokens": 0, "bytes": 0, "sha256": {}}
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "part.train.bin",
        "part.train.idx",
        "part.train.lineage.parquet",
    ]


def test_damaged_files_are_refused_by_name(tmp_path):
    writer = TokenWriter(tmp_path / "some", "uint16", 0)
    writer.add([b"\x01\x00\x02\x00"])
    writer.close()
    (tmp_path / "some.bin").write_bytes(b"\x01\x00")
    with pytest.raises(ContractError, match=r"some\.bin: 2 bytes, its index says 6"):
        open_tokens(tmp_path / "some")
    (tmp_path / "some.idx").write_bytes(b"nothing of the kind")
    with pytest.raises(ContractError, match=r"some\.idx: no Megatron index"):
        open_tokens(tmp_path / "some")
    with pytest.raises(ContractError, match=r"other\.idx: missing"):
        open_tokens(tmp_path / "other")
