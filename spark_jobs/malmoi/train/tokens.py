"""Megatron token files: ``.bin`` holds the ids, ``.idx`` where each document begins.

Layout of ``.idx`` (megatron-core 0.16 ``IndexedDataset``), little-endian: magic ``MMIDIDX\\0\\0``, version 1 (uint64), code of
the dtype (uint8), number of sequences and of document bounds (uint64 each), tokens a sequence (int32), byte offset a sequence
(int64), document bounds (int64). One document is one sequence that ends with the end-of-document token.
"""

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from malmoi.contracts.errors import ContractError

_MAGIC = b"MMIDIDX\x00\x00"
_CODES = {"int32": 4, "uint16": 8}  # megatron.core.datasets.indexed_dataset.DType
_HEAD = struct.Struct("<9sQBQQ")


class TokenWriter:
    """Writes ``prefix.bin`` as documents come and ``prefix.idx`` at ``close``."""

    def __init__(self, prefix: str | Path, dtype: str, end_of_document: int):
        self._prefix = str(prefix)
        self._dtype = np.dtype(dtype)
        self._end = np.array([end_of_document], self._dtype).tobytes()
        Path(self._prefix).parent.mkdir(parents=True, exist_ok=True)
        self._bin = open(self._prefix + ".bin", "wb")  # noqa: SIM115
        self._sizes: list[int] = []

    def add(self, documents: list[bytes]) -> list[int]:
        """Appends documents, each given as ids in bytes of the dtype; returns tokens of each, with its end."""
        parts = [part for ids in documents for part in (ids, self._end)]
        self._bin.write(b"".join(parts))
        sizes = [len(ids) // self._dtype.itemsize + 1 for ids in documents]
        self._sizes += sizes
        return sizes

    def close(self) -> int:
        """Ends both files; returns the number of tokens."""
        self._bin.close()
        sizes = np.array(self._sizes, np.int32)
        ends = np.cumsum(sizes, dtype=np.int64)
        starts = (ends - sizes) * self._dtype.itemsize
        with open(self._prefix + ".idx", "wb") as file:
            file.write(_HEAD.pack(_MAGIC, 1, _CODES[self._dtype.name], len(sizes), len(sizes) + 1))
            file.write(sizes.tobytes())
            file.write(starts.astype(np.int64).tobytes())
            file.write(np.arange(len(sizes) + 1, dtype=np.int64).tobytes())
        return int(ends[-1]) if len(ends) else 0


@dataclass(frozen=True)
class TokenData:
    """One pair of token files by memory map. ``ids``: all tokens in order. ``ends``: offset behind each document."""

    ids: np.ndarray
    ends: np.ndarray

    @property
    def tokens(self) -> int:
        return len(self.ids)


def open_tokens(prefix: str | Path) -> TokenData:
    """Maps ``prefix.bin`` and reads ``prefix.idx``. Raises ContractError where they are missing or do not fit together."""
    prefix = str(prefix)
    try:
        index = Path(prefix + ".idx").read_bytes()
        size = Path(prefix + ".bin").stat().st_size
    except FileNotFoundError as error:
        raise ContractError(f"{error.filename}: missing; pack the release again") from None
    if len(index) < _HEAD.size or not index.startswith(_MAGIC):
        raise ContractError(f"{prefix}.idx: no Megatron index; pack the release again")
    _, version, code, count, _ = _HEAD.unpack_from(index)
    names = {value: name for name, value in _CODES.items()}
    if version != 1 or code not in names:
        raise ContractError(f"{prefix}.idx: version {version}, dtype code {code}: not what Malmoi packs")
    dtype = np.dtype(names[code])
    ends = np.cumsum(np.frombuffer(index, np.int32, count, _HEAD.size), dtype=np.int64)
    expected = int(ends[-1]) * dtype.itemsize if count else 0
    if size != expected:
        raise ContractError(f"{prefix}.bin: {size} bytes, its index says {expected}; pack the release again")
    ids = np.memmap(prefix + ".bin", dtype, "r") if size else np.empty(0, dtype)
    return TokenData(ids, ends)
