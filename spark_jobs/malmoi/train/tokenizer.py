"""Byte-level BPE, learned from a seeded sample of a release; the file loads in plain ``tokenizers`` and ``transformers``."""

import argparse
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from malmoi.contracts.endings import ending
from malmoi.contracts.errors import ContractError, InputError
from malmoi.contracts.manifest import ReleaseManifest, serialise
from malmoi.contracts.paths import Lake
from malmoi.contracts.recipe import Recipe, load_recipe
from malmoi.contracts.recipe.handoff import Tokenizer as Section
from malmoi.contracts.release import load_release, sha256_of
from malmoi.contracts.tokenizers import promote, promoted, section_key, shelf
from malmoi.train.pieces import pattern
from malmoi.train.sample import Laid

if TYPE_CHECKING:
    from tokenizers import Tokenizer


def train(lake: Lake, release: ReleaseManifest, recipe: Recipe) -> str:
    """Learns a tokenizer from the release and puts it on the shelf; returns its id.

    The same release, recipe and version of ``tokenizers`` give the same file. Raises InputError for an empty sample.
    """
    section = recipe.tokenizer
    name = f"{section_key(section)}-{release.release}"
    folder = shelf(lake) / name
    if (folder / "manifest.json").is_file():
        return name
    laid = Laid.plan(lake, release, recipe)
    seen = {"documents": 0, "bytes": 0}
    tokenizer = learn(_counted(laid.texts(), seen), section)
    if not seen["documents"]:
        raise InputError(f"release {release.release}: no document to learn a tokenizer from")
    attempt = folder.with_name(f".{name}")
    shutil.rmtree(attempt, ignore_errors=True)
    attempt.mkdir(parents=True)
    tokenizer.save(str(attempt / "tokenizer.json"), pretty=False)
    manifest = {
        "id": name,
        "release": release.release,
        "section": asdict(section),
        "sample": {"share": laid.sample.share, **seen},
        "vocabulary": tokenizer.get_vocab_size(),
        "sha256": sha256_of(attempt / "tokenizer.json"),
    }
    (attempt / "manifest.json").write_bytes(serialise(manifest))
    attempt.rename(folder)
    laid.remove()
    return name


def learn(texts: Iterator[list[str]], section: Section) -> "Tokenizer":
    """Byte-level BPE from lists of texts. Where the section says so, pieces are first cut into morphemes."""
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(pattern(section.digit_splitting)), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=section.vocabulary,
        special_tokens=list(section.special_tokens),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    if section.morphemes:
        from malmoi.train.morphemes import segments

        texts = segments(texts, section.digit_splitting)
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def _counted(texts: Iterator[list[str]], seen: dict[str, int]) -> Iterator[list[str]]:
    for batch in texts:
        seen["documents"] += len(batch)
        seen["bytes"] += sum(len(text.encode()) for text in batch)
        yield batch


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m malmoi.train.tokenizer", description=__doc__.splitlines()[0])
    parser.add_argument("--lake", required=True, help="the lake's folder")
    parser.add_argument("--recipe", required=True, help="recipe file; its tokenizer section decides")
    parser.add_argument(
        "--release", help="learn from this release, and promote what was learned where nothing is promoted"
    )
    parser.add_argument("--promote", metavar="ID", help="make this tokenizer of the shelf the one that packing uses")
    arguments = parser.parse_args()
    lake, recipe = Lake(arguments.lake), load_recipe(arguments.recipe)
    if arguments.promote:
        chosen = promote(lake, recipe.tokenizer, arguments.promote)
        print(f"promoted {chosen['id']}")
        return
    if not arguments.release:
        raise ContractError("give --release to train, or --promote to choose a tokenizer")
    name = train(lake, load_release(lake, arguments.release), recipe)
    chosen = promoted(lake, recipe.tokenizer) or promote(lake, recipe.tokenizer, name)
    print(f"trained {name}; in use: {chosen['id']}, {chosen['vocabulary']:,} entries, sha256 {chosen['sha256'][:12]}")


if __name__ == "__main__":
    with ending() as end:
        main()
    sys.exit(end.code)
