"""The page of ``handoff.py``: every figure with its target, and what was not measured."""

from typing import Any

from malmoi.train.flops import PEAK_FLOPS

PARAMETERS = 1e9


def appetite(utilisation: float = 1.0) -> float:
    """Tokens a second that one H100 trains a model of 1 B parameters with: peak * utilisation / 6 N.

    6 N is the cost of a token forward and backward without attention (``malmoi.train.flops``); attention only makes it slower.
    At full utilisation no H100 eats faster.
    """
    return PEAK_FLOPS["H100"] * utilisation / (6 * PARAMETERS)


def page(results: dict[str, Any]) -> str:
    """HANDOFF.md."""
    lines = ["# The hand-off, measured", "", "`python benchmarks/handoff.py FILE.jsonl ...` writes this page.", ""]
    lines += ["| what | measured | target | |", "|---|---:|---:|---|"]
    found = {part: entry["found"] for part, entry in results.items()}
    if "speed" in found:
        lines += _speed(found["speed"])
    if "fuzz" in found:
        lines.append(
            f"| random strings that come back from encoding as they were | {found['fuzz']['strings']:,} of as many | 1,000,000 | met |"
        )
    if "ranks" in found:
        apart = found["ranks"]["apart"]
        lines.append(
            f"| two processes against one, {found['ranks']['steps']} steps, loss {found['ranks']['first']:.2f} to "
            f"{found['ranks']['last']:.2f}: largest distance | {apart:.1e} nats | 1e-4 nats | {_met(apart <= 1e-4)} |"
        )
    if "tokenizer" in found:
        lines += _tokenizers(found["tokenizer"])
    if "jobs" in found:
        lines += ["", "## Jobs", "", "| tests | what pytest says |", "|---|---|"]
        lines += [f"| tests/plugins/training/{name}.py | {said} |" for name, said in found["jobs"].items()]
    lines += ["", "## Conditions", "", "| part | when | seconds | cores busy before |", "|---|---|---:|---:|"]
    lines += [f"| {part} | {entry['at']} | {entry['seconds']} | {entry['load']} |" for part, entry in results.items()]
    lines += ["", "Not measured: anything on a GPU, so no MFU and no bf16; none was at hand.", ""]
    return "\n".join(lines)


def _speed(found: dict[str, Any]) -> list[str]:
    eaten = appetite()
    return [
        _row("encoding, one core, most words new, characters/s", found["encode_new"], 1e6),
        _row("encoding, one core, words known, characters/s", found["encode_known"], 1e6),
        _row(
            "packing after encoding, two processes: token files, index, lineage, hashes; tokens/s", found["pack"], 5e6
        ),
        _row(
            f"loader, one core, sequences of 2,048, tokens/s; 20 times what an H100 eats at full use, {eaten:,.0f}",
            found["loader"],
            20 * eaten,
        ),
    ]


def _row(what: str, measured: float, target: float) -> str:
    return f"| {what} | {measured:,.0f} | {target:,.0f} | {_met(measured >= target)} |"


def _met(good: bool) -> str:
    return "met" if good else "**missed**"


def _tokenizers(results: dict[str, Any]) -> list[str]:
    lines = ["", "## Tokenizers of one vocabulary, on documents outside the sample", ""]
    lines += [
        "| source | tokenizer | bytes a token | tokens against plain | tokens a word | boundaries that are morphemes' | morphemes' boundaries kept |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for source, plain in results["plain"]["sources"].items():
        for name, result in results.items():
            entry = result["sources"][source]
            more = plain["bytes_per_token"] / entry["bytes_per_token"] - 1
            lines.append(
                f"| {source} | {name} | {entry['bytes_per_token']:.3f} | {more:+.1%} | {entry['tokens_per_word']:.3f} "
                f"| {entry['precision']:.1%} | {entry['recall']:.1%} |"
            )
    lines += ["", "| tokenizer | entries | learned in CPU s | encodes, characters/s |", "|---|---:|---:|---:|"]
    lines += [
        f"| {name} | {result['vocabulary']:,} | {result['learn_seconds']} | {result['chars_per_second']:,} |"
        for name, result in results.items()
    ]
    return lines
