"""Plain against morpheme-aware: vocabularies of one size, learned from one sample, held against unseen documents.

For every source: bytes a token, tokens a word (fertility), and how token boundaries inside Korean words agree with Kiwi's
morpheme boundaries; for each tokenizer the speed of encoding, in characters a second of processor time.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from malmoi.contracts.endings import ending
from malmoi.contracts.errors import InputError
from malmoi.contracts.heldout import HeldOut
from malmoi.contracts.manifest import ReleaseManifest, serialise
from malmoi.contracts.paths import Lake
from malmoi.contracts.recipe import Recipe, load_recipe
from malmoi.contracts.release import load_release, write_atomically
from malmoi.contracts.tokenizers import shelf
from malmoi.train.encoder import Encoder
from malmoi.train.morphemes import MorphemeEncoder, Morphemes
from malmoi.train.pieces import compiled
from malmoi.train.sample import Laid
from malmoi.train.tokenizer import learn

_BATCH = 200


@dataclass
class Boundaries:
    """Places inside words: where tokens meet, where morphemes meet, and where both do."""

    tokens: int = 0
    morphemes: int = 0
    both: int = 0

    def add(self, token_places: set[int], morpheme_places: set[int]) -> None:
        self.tokens += len(token_places)
        self.morphemes += len(morpheme_places)
        self.both += len(token_places & morpheme_places)

    def shares(self) -> dict[str, float]:
        """``precision``: token boundaries that are morpheme boundaries. ``recall``: morpheme boundaries that are kept."""
        return {
            "precision": round(self.both / max(self.tokens, 1), 4),
            "recall": round(self.both / max(self.morphemes, 1), 4),
        }


def compare(lake: Lake, release: ReleaseManifest, recipe: Recipe, max_documents: int) -> dict[str, Any]:
    """``{"plain" | "morphemes" | "kiwi": {"vocabulary", "learn_seconds", "chars_per_second", "sources": {S: {...}}}}``.

    ``morphemes``: learned from Kiwi's morphemes, encoded without Kiwi, as packing does; ``kiwi``: the same file, encoded along
    Kiwi's boundaries. Raises InputError where the release holds no held-out documents.
    """
    held_out = HeldOut(recipe.train.held_out_share, recipe.train.held_out_seed)
    unseen = {
        source: _held_out_texts(lake, release, source, held_out, max_documents) for source in sorted(release.sources)
    }
    if not any(unseen.values()):
        raise InputError(f"release {release.release}: no held-out documents; raise train.held_out_share")
    sample = Laid.plan(lake, release, recipe)
    results = {}
    for morphemes, encoders in ((False, {"plain": Encoder}), (True, {"morphemes": Encoder, "kiwi": MorphemeEncoder})):
        section = replace(recipe.tokenizer, morphemes=morphemes)
        started = time.process_time()
        tokenizer = learn(sample.texts(), section)
        seconds = round(time.process_time() - started, 1)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "tokenizer.json")
            tokenizer.save(str(path))
            for name, kind in encoders.items():
                encoder = kind(path)
                results[name] = {
                    "vocabulary": tokenizer.get_vocab_size(),
                    "learn_seconds": seconds,
                    "chars_per_second": round(_speed(encoder, [text for texts in unseen.values() for text in texts])),
                    "sources": {
                        source: _measure(encoder, texts, section.digit_splitting)
                        for source, texts in unseen.items()
                        if texts
                    },
                }
    return results


def _held_out_texts(lake: Lake, release: ReleaseManifest, source: str, held_out: HeldOut, most: int) -> list[str]:
    texts: list[str] = []
    for shard in (shard for shard in release.shards if shard.source == source):
        table = pq.read_table(lake.join(shard.path), columns=["doc_id", "text"])
        rows = zip(table["doc_id"].to_pylist(), table["text"].to_pylist(), strict=True)
        texts += [text for doc_id, text in rows if doc_id in held_out]
    return texts[:most]


def _speed(encoder: Encoder, texts: list[str]) -> float:
    """Characters a second of processor time, on texts that the encoder has not met."""
    started = time.process_time()
    for start in range(0, len(texts), _BATCH):
        encoder.encode(texts[start : start + _BATCH])
    return sum(map(len, texts)) / max(time.process_time() - started, 1e-9)


def _measure(encoder: Encoder, texts: list[str], digit_splitting: bool) -> dict[str, Any]:
    tokens = sum(len(ids) for ids in encoder.encode(texts)) // encoder.dtype.itemsize
    boundaries = Boundaries()
    pieces = [piece for text in texts for piece in compiled(digit_splitting).findall(text)]
    for piece, cut, ids in zip(pieces, Morphemes().cut(pieces), encoder.encode(pieces), strict=True):
        if len(cut) > 1 or "가" <= piece.strip(" ")[:1] <= "힣":
            boundaries.add(_places(encoder.spellings(ids)), _places(segment.encode() for segment in cut))
    return {
        "documents": len(texts),
        "bytes_per_token": round(sum(len(text.encode()) for text in texts) / tokens, 3),
        "tokens_per_word": round(tokens / sum(len(text.split()) for text in texts), 3),
        **boundaries.shares(),
    }


def _places(parts: Iterable[bytes]) -> set[int]:
    """Byte offsets where two parts meet."""
    place, places = 0, set()
    for part in parts:
        place += len(part)
        places.add(place)
    places.discard(place)
    return places


def describe(results: dict[str, Any]) -> str:
    """The comparison as a table."""
    head = f"{'source':12} {'tokenizer':10} {'bytes/token':>12} {'tokens/word':>12} {'precision':>10} {'recall':>8}"
    lines = [head]
    for source in results["plain"]["sources"]:
        for name, result in results.items():
            entry = result["sources"][source]
            lines.append(
                f"{source:12} {name:10} {entry['bytes_per_token']:>12.3f} {entry['tokens_per_word']:>12.3f} "
                f"{entry['precision']:>10.3f} {entry['recall']:>8.3f}"
            )
    for name, result in results.items():
        lines.append(
            f"{name}: {result['vocabulary']:,} entries, learned in {result['learn_seconds']} s, "
            f"encodes {result['chars_per_second']:,} characters/s"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m malmoi.train.tokenizer_report", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--lake", required=True, help="the lake's folder")
    parser.add_argument("--release", required=True, help="id of the release to learn from and to measure on")
    parser.add_argument("--recipe", required=True, help="recipe file; its tokenizer section decides")
    parser.add_argument("--max-documents", type=int, default=2_000, help="held-out documents a source (default 2000)")
    arguments = parser.parse_args()
    lake = Lake(arguments.lake)
    results = compare(
        lake, load_release(lake, arguments.release), load_recipe(arguments.recipe), arguments.max_documents
    )
    write_atomically(shelf(lake) / f"report-{arguments.release}.json", serialise(results))
    print(describe(results))


if __name__ == "__main__":
    with ending() as end:
        main()
    sys.exit(end.code)
