"""The tokens of a release: what ``pack`` leaves behind and training takes.

``LAKE/tokens/RELEASE/KEY/tokens.json`` names every token file with its hash; KEY stands for tokenizer and held-out rule, so
one release can be packed for several tokenizers. All paths are relative to the lake. Beside it lies ``blend.json``.
"""

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from malmoi.contracts.errors import ContractError
from malmoi.contracts.manifest import serialise
from malmoi.contracts.paths import Lake
from malmoi.contracts.recipe.handoff import Train
from malmoi.contracts.release import check_file, read_json, short_hash

FORMAT = 1
MAX_UINT16_VOCABULARY = 65_500
"""From here on megatron-core stores token ids as int32 (``DType.optimal_dtype``); it has no uint32."""

_AGAIN = "pack the release again"


def token_dtype(vocabulary: int) -> str:
    """``uint16`` or ``int32``, as megatron-core chooses by vocabulary."""
    return "uint16" if vocabulary < MAX_UINT16_VOCABULARY else "int32"


def tokens_folder(lake: Lake, release: str, tokenizer_sha256: str, train: Train) -> str:
    """Where a release's tokens lie for one tokenizer, held-out rule and blend."""
    key = short_hash([tokenizer_sha256, train.held_out_share, train.held_out_seed, train.seed])
    return f"{lake.tokens}/{release}/{key}"


@dataclass(frozen=True)
class TokenFile:
    """One shard's tokens: ``prefix.bin``, ``prefix.idx`` and ``prefix.lineage.parquet``.

    ``bytes``: UTF-8 bytes of the text. ``sha256``: suffix of the file -> its hash. ``split``: train or held_out.
    """

    source: str
    batch: str
    split: str
    shard: str
    shard_sha256: str
    prefix: str
    documents: int
    tokens: int
    bytes: int
    sha256: dict[str, str]


@dataclass(frozen=True)
class TokensManifest:
    """Token files of one release. ``sources``: source -> weight, and documents, tokens and bytes a split."""

    release: str
    release_sha256: str
    tokenizer: dict[str, Any]
    dtype: str
    end_of_document: int
    held_out: dict[str, Any]
    sources: dict[str, dict[str, Any]]
    files: tuple[TokenFile, ...]
    blend: dict[str, str]
    format: int = FORMAT

    @classmethod
    def load(cls, path: str | Path) -> "TokensManifest":
        """Raises InputError where it is missing, ContractError where it is damaged or of a newer format."""
        value = read_json(path, _AGAIN)
        if not isinstance(value, dict) or set(value) != {f.name for f in fields(cls)} or value["format"] > FORMAT:
            raise ContractError(f"{path}: no tokens manifest of format {FORMAT}; {_AGAIN}")
        try:
            return cls(**{**value, "files": tuple(TokenFile(**file) for file in value["files"])})
        except TypeError:
            raise ContractError(f"{path}: a token file's entry is incomplete; {_AGAIN}") from None

    def dumps(self) -> bytes:
        return serialise(asdict(self))

    def of(self, split: str) -> list[TokenFile]:
        return [file for file in self.files if file.split == split]

    def verify(self, lake: Lake) -> int:
        """Reads every file that training depends on and compares hashes; returns bytes read.

        Raises ContractError naming the first file that is not what the manifest says, or ids that do not fit their type.
        """
        vocabulary = self.tokenizer["vocabulary"]
        if self.dtype != token_dtype(vocabulary):
            raise ContractError(f"tokens are {self.dtype}, but the tokenizer has {vocabulary:,} entries; {_AGAIN}")
        check_file(lake.join(self.tokenizer["path"]), self.tokenizer["sha256"], "train the tokenizer again and pack")
        check_file(lake.join(self.blend["path"]), self.blend["sha256"], _AGAIN)
        manifest = Path(lake.release(self.release), "manifest.json")
        check_file(manifest, self.release_sha256, "the release changed after packing: restore it or pack it again")
        read = 0
        for file in self.files:
            for suffix, sha256 in file.sha256.items():
                path = lake.join(file.prefix + suffix)
                check_file(path, sha256, _AGAIN)
                read += Path(path).stat().st_size
        return read
