"""Morpheme boundaries on the surface of words, for learning a vocabulary that respects them, and for encoding along them.

Words are cut by Kiwi one at a time, out of their context, because the same word comes again thousands of times: each is
analysed once. A boundary is a place in the spelling where a morpheme begins or ends; morphemes that share a syllable (the stem
and the past tense in 했다) stay together. So the segments joined are the word, whatever Kiwi thinks of it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from malmoi.models.kiwi import tokenize_windows
from malmoi.train.encoder import Encoder
from malmoi.train.pieces import compiled

_HANGUL = re.compile("[가-힣]")
_MAX_CHARS = 30
"""Longer words have lost their spaces; what Kiwi finds in them is no morphology of a word."""
_MAX_KNOWN = 2_000_000
_BATCH = 4_096


class Morphemes:
    """Cuts pieces of ``malmoi.train.pieces``; remembers what it has cut."""

    def __init__(self) -> None:
        self._known: dict[str, list[str]] = {}

    def cut(self, pieces: Iterable[str]) -> Iterator[list[str]]:
        """The segments of each piece, in order; a space at a piece's front belongs to its first segment."""
        pieces = list(pieces)
        if len(self._known) > _MAX_KNOWN:
            self._known = {}
        self._learn(pieces)
        return (self._known.get(piece) or [piece] for piece in pieces)

    def _learn(self, pieces: list[str]) -> None:
        new = [
            piece for piece in dict.fromkeys(pieces)
            if piece not in self._known and len(piece) <= _MAX_CHARS and _HANGUL.search(piece)
        ]  # fmt: skip
        for start in range(0, len(new), _BATCH):
            batch = new[start : start + _BATCH]
            words = [piece.removeprefix(" ") for piece in batch]
            for piece, word, tokens in zip(batch, words, tokenize_windows(words), strict=True):
                shift = len(piece) - len(word)
                self._known[piece] = _split(piece, {place + shift for t in tokens for place in (t.start, t.end)})


def _split(piece: str, places: set[int]) -> list[str]:
    inner = sorted(place for place in places if 0 < place < len(piece) and piece[:place].strip(" "))
    edges = [0, *inner, len(piece)]
    return [piece[start:end] for start, end in zip(edges, edges[1:], strict=False)]


class MorphemeEncoder(Encoder):
    """An encoder that cuts where Kiwi sees a morpheme begin, before BPE: no token crosses a morpheme boundary.

    For a tokenizer that was learned with ``morphemes = true``, in place of ``Encoder``; the file is the same, and decoding
    needs no Kiwi. ``Encoder`` leaves that to the vocabulary, which keeps nearly all boundaries at a fraction of the time, so
    packing uses that one.

        encoder = MorphemeEncoder("LAKE/models/tokenizers/ID/tokenizer.json")
        ids = encoder.encode(["할머니는 아침마다 보리차를 드셨다."])[0]
        encoder.decode(ids)
    """

    def __init__(self, path: str | Path, dtype: str | None = None):
        super().__init__(path, dtype)
        self._morphemes = Morphemes()

    def _cut(self, texts: Sequence[str]) -> list[list[str]]:
        cut = super()._cut(texts)
        parts = self._morphemes.cut([piece for pieces in cut for piece in pieces])
        return [[part for _ in pieces for part in next(parts)] for pieces in cut]


def segments(texts: Iterable[list[str]], digit_splitting: bool) -> Iterator[list[str]]:
    """Lists of texts as lists of segments: what a morpheme-aware vocabulary is learned from."""
    morphemes = Morphemes()
    pieces_of = compiled(digit_splitting).findall
    for batch in texts:
        pieces = [piece for text in batch for piece in pieces_of(text)]
        yield [segment for cut in morphemes.cut(pieces) for segment in cut]
