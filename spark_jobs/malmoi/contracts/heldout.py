"""Which documents are never trained on. A function of the document's id alone, so the answer never changes."""

import hashlib


class HeldOut:
    """Holds out ``share`` of all documents: a document is held out or not for ever, in every release and stage."""

    def __init__(self, share: float, seed: int):
        self._limit = int(share * 2**64)
        self._key = f"held-out-{seed}".encode()

    def __contains__(self, doc_id: str) -> bool:
        digest = hashlib.blake2b(doc_id.encode(), digest_size=8, key=self._key).digest()
        return int.from_bytes(digest, "little") < self._limit
