"""The blend: how often training draws from which token file.

A source is drawn in proportion to its tokens times its weight: weight 1 for all is one even pass over everything, weight 2
reads a source twice as often as its size says. ``blend.json`` holds the shares and, as ``data_path``, the same in the form of
Megatron's ``--data-path WEIGHT PREFIX ...``; its order is shuffled by the seed.
"""

import random
from typing import Any

from malmoi.contracts.errors import ContractError
from malmoi.contracts.tokens import TokenFile

FORMAT = 1


def make_blend(files: list[TokenFile], weights: dict[str, float], seed: int) -> dict[str, Any]:
    """``{"format", "seed", "sources": {S: {"weight", "share", "tokens", "prefixes"}}, "data_path"}`` of training files.

    Raises ContractError when no source with a weight above 0 has tokens.
    """
    sources: dict[str, dict[str, Any]] = {}
    for file in sorted(files, key=lambda f: f.prefix):
        entry = sources.setdefault(file.source, {"weight": weights[file.source], "tokens": 0, "prefixes": []})
        if file.tokens:
            entry["tokens"] += file.tokens
            entry["prefixes"].append(file.prefix)
    total = sum(entry["weight"] * entry["tokens"] for entry in sources.values())
    if not total:
        raise ContractError("nothing to train on: every source of the release has weight 0 or no tokens")
    for entry in sources.values():
        entry["share"] = round(entry["weight"] * entry["tokens"] / total, 9)
    path = [
        [round(entry["share"] * file.tokens / entry["tokens"], 12), file.prefix]
        for file in sorted(files, key=lambda f: f.prefix)
        if file.tokens and (entry := sources[file.source])["weight"]
    ]
    random.Random(seed).shuffle(path)
    return {"format": FORMAT, "seed": seed, "sources": sources, "data_path": path}
