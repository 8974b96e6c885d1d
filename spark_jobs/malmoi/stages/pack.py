"""Pack: one shard of a release becomes token files and their lineage."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from malmoi.contracts.heldout import HeldOut
from malmoi.contracts.release import sha256_of
from malmoi.stages.parts import read_batches
from malmoi.train.encoder import Encoder
from malmoi.train.tokens import TokenWriter

LINEAGE = pa.schema(
    [
        ("offset", pa.int64()),  # first token of the document in the .bin file, counted in tokens
        ("tokens", pa.int32()),  # with the end-of-document token
        ("bytes", pa.int64()),  # UTF-8 bytes of the text
        ("doc_id", pa.string()),
        ("url", pa.string()),
        ("source", pa.string()),
    ]
)
SPLITS = ("train", "held_out")
SUFFIXES = (".bin", ".idx", ".lineage.parquet")


@cache
def encoder(path: str) -> Encoder:
    """The worker's encoder: one a process and tokenizer file."""
    return Encoder(path)


class _Split:
    """Token files and lineage of one split of one shard."""

    def __init__(self, prefix: str, tokenizer: Encoder):
        self._tokens = TokenWriter(prefix, tokenizer.dtype.name, tokenizer.end_of_document)
        self._lineage = pq.ParquetWriter(prefix + ".lineage.parquet", LINEAGE, compression="zstd")
        self._prefix = prefix
        self.documents = self.tokens = self.bytes = 0

    def add(self, rows: pa.RecordBatch, texts: list[str], ids: list[bytes]) -> None:
        if not texts:
            return
        sizes = self._tokens.add(ids)
        lengths = [len(text.encode()) for text in texts]
        offsets = [self.tokens]
        for size in sizes[:-1]:
            offsets.append(offsets[-1] + size)
        columns = [pa.array(offsets, pa.int64()), pa.array(sizes, pa.int32()), pa.array(lengths, pa.int64())]
        columns += [rows[name] for name in ("doc_id", "url", "source")]
        self._lineage.write_batch(pa.RecordBatch.from_arrays(columns, schema=LINEAGE))
        self.documents += len(sizes)
        self.tokens += sum(sizes)
        self.bytes += sum(lengths)

    def close(self) -> dict[str, Any]:
        self._tokens.close()
        self._lineage.close()
        paths = {suffix: Path(self._prefix + suffix) for suffix in SUFFIXES}
        if not self.documents:
            for path in paths.values():
                path.unlink()
            paths = {}
        return {
            "documents": self.documents,
            "tokens": self.tokens,
            "bytes": self.bytes,
            "sha256": {suffix: sha256_of(path) for suffix, path in paths.items()},
        }


def pack_shard(shard: str, tokenizer: str, out_prefix: str, held_out: HeldOut) -> dict[str, dict[str, Any]]:
    """Encodes a shard (schema SHARDS) into ``out_prefix.train.*`` and ``out_prefix.held_out.*``.

    Returns for each split ``{"documents", "tokens", "bytes", "sha256": {suffix: hash}}``. A split without documents has no
    files, because Megatron cannot map an empty one. Raises ContractError for a
    tokenizer that cannot be used.
    """
    return [step for step in pack_steps(shard, tokenizer, out_prefix, held_out) if step is not None][-1]


def pack_steps(shard: str, tokenizer: str, out_prefix: str, held_out: HeldOut) -> Iterator[dict[str, Any] | None]:
    """As ``pack_shard``, but yields None after every batch of rows and the result at last."""
    use = encoder(tokenizer)
    splits = {name: _Split(f"{out_prefix}.{name}", use) for name in SPLITS}
    for batch in read_batches(shard, ["doc_id", "url", "source", "text"]):
        texts = batch["text"].to_pylist()
        ids = use.encode(texts)
        chosen = [doc_id in held_out for doc_id in batch["doc_id"].to_pylist()]
        for name, flag in (("train", False), ("held_out", True)):
            rows = [row for row, out in enumerate(chosen) if out is flag]
            splits[name].add(batch.take(pa.array(rows, pa.int64())), [texts[r] for r in rows], [ids[r] for r in rows])
        yield None
    yield {name: split.close() for name, split in splits.items()}
