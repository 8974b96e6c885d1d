"""Reading a release's shards: documents in order, a seeded share of them, without those that are held out."""

import hashlib
from collections.abc import Iterator

import pyarrow.parquet as pq

from malmoi.contracts.heldout import HeldOut
from malmoi.contracts.manifest import ReleaseManifest
from malmoi.contracts.paths import Lake

BATCH_ROWS = 1_000


def training_texts(
    lake: Lake, release: ReleaseManifest, held_out: HeldOut, share: float, seed: int
) -> Iterator[list[str]]:
    """Texts of about ``share`` of the documents that may be trained on, in lists, in the order of the shards.

    A document is in the sample or not by the hash of its id: more shards or another order change no choice.
    """
    limit = int(share * 2**64)
    key = f"sample-{seed}".encode()

    def wanted(doc_id: str) -> bool:
        digest = hashlib.blake2b(doc_id.encode(), digest_size=8, key=key).digest()
        return int.from_bytes(digest, "little") < limit and doc_id not in held_out

    for shard in release.shards:
        with pq.ParquetFile(lake.join(shard.path)) as file:
            for batch in file.iter_batches(BATCH_ROWS, columns=["doc_id", "text"], use_threads=False):
                rows = zip(batch["doc_id"].to_pylist(), batch["text"].to_pylist(), strict=True)
                yield [text for doc_id, text in rows if wanted(doc_id)]
