"""Text to token ids at the speed that packing needs.

Web text repeats its words: after a few thousand documents most pieces have been seen. The encoder cuts a text with the
tokenizer's own pattern, looks the pieces up, and asks ``tokenizers`` only for new ones, all at once. The ids are those that
``Tokenizer.encode`` gives.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

import numpy as np

from malmoi.contracts.errors import ContractError
from malmoi.contracts.tokens import MAX_UINT16_VOCABULARY, token_dtype
from malmoi.train.pieces import compiled, pattern

_MAX_KNOWN = 2_000_000
"""Pieces held in memory, about 120 bytes each; then the table starts anew."""

_MAX_KEPT_CHARS = 32
"""Longer pieces (addresses, keyboard mash) hardly come twice and are not kept."""


def _bytes_by_character() -> dict[str, int]:
    """GPT-2's alphabet of byte-level BPE: printable bytes stand for themselves, the rest for U+0100 and up, in order."""
    printable = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(256 + place): byte for place, byte in enumerate(others)}


_BYTE_OF = _bytes_by_character()


class Encoder:
    """Encodes with one ``tokenizer.json``. Special tokens in a text are text: no document can end another one.

    Raises ContractError for a file that is no Malmoi tokenizer, or ids that do not fit ``dtype``.
    """

    def __init__(self, path: str | Path, dtype: str | None = None):
        from tokenizers import Tokenizer

        try:
            content = Path(path).read_text("utf-8")
            self._tokenizer = Tokenizer.from_str(content)
        except FileNotFoundError:
            raise ContractError(f"{path}: missing; train the tokenizer first") from None
        except Exception as error:  # tokenizers raises bare Exception
            raise ContractError(f"{path}: not readable by tokenizers: {error}") from None
        self._tokenizer.encode_special_tokens = True
        self.vocabulary = self._tokenizer.get_vocab_size()
        self.dtype = np.dtype(dtype or token_dtype(self.vocabulary))
        if self.dtype == np.uint16 and self.vocabulary > MAX_UINT16_VOCABULARY:
            raise ContractError(f"{path}: {self.vocabulary:,} entries do not fit uint16; use int32")
        special = [token for token in json.loads(content)["added_tokens"] if token["special"]]
        if not special:
            raise ContractError(f"{path}: has no special token to end a document")
        self.end_of_document = int(special[0]["id"])
        self._pieces = compiled(_digit_splitting(content, path)).findall
        self._known: dict[str, bytes] = {}

    def encode(self, texts: Sequence[str]) -> list[bytes]:
        """Token ids of each text as bytes of ``dtype``, without an end-of-document token."""
        cut = self._cut(texts)
        new = list(set().union(*cut).difference(self._known))
        self._known.update(zip(new, self._ask(new), strict=True))
        joined = [b"".join(map(self._known.__getitem__, pieces)) for pieces in cut]
        for piece in new:
            if len(piece) > _MAX_KEPT_CHARS:
                del self._known[piece]
        if len(self._known) > _MAX_KNOWN:
            self._known = {}
        return joined

    def _cut(self, texts: Sequence[str]) -> list[list[str]]:
        """The pieces of each text, which joined are the text; no token joins parts of two."""
        return [self._pieces(text) for text in texts]

    def _ask(self, pieces: list[str]) -> list[bytes]:
        """Ids of each piece: all in one call, which costs less than one result object a piece."""
        if not pieces:
            return []
        found = self._tokenizer.encode(pieces, is_pretokenized=True)
        counts = np.bincount(np.array(found.word_ids, np.int64), minlength=len(pieces))
        ends = np.cumsum(counts * self.dtype.itemsize).tolist()
        ids = np.array(found.ids, self.dtype).tobytes()
        return [ids[start:end] for start, end in zip([0, *ends], ends, strict=False)]

    def spellings(self, ids: bytes) -> list[bytes]:
        """The UTF-8 bytes behind each id; joined, they are the text."""
        name_of = cast(Callable[[int], str], self._tokenizer.id_to_token)  # None for ids of another tokenizer only
        names = map(name_of, np.frombuffer(ids, self.dtype).tolist())
        return [bytes(map(_BYTE_OF.__getitem__, name)) for name in names]

    def decode(self, ids: bytes) -> str:
        """The text behind ids of ``dtype``."""
        return self._tokenizer.decode(np.frombuffer(ids, self.dtype).tolist(), skip_special_tokens=False)


def _digit_splitting(content: str, path: str | Path) -> bool:
    """Which pattern the tokenizer cuts with. Raises ContractError for any other one."""
    steps = (json.loads(content).get("pre_tokenizer") or {}).get("pretokenizers", [])
    found = [step["pattern"].get("Regex") for step in steps if step["type"] == "Split"]
    for splitting in (True, False):
        if found == [pattern(splitting)]:
            return splitting
    raise ContractError(f"{path}: its pre-tokenizer is not Malmoi's; train it with malmoi.train.tokenizer")
