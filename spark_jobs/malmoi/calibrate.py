"""``malmoi calibrate FOLDER``: percentiles of the quality signals on trusted text, printed as a recipe section.

Each threshold of the recipe is a tail of what trusted text looks like. This command measures a folder of text that you
trust and prints, ready to paste, the thresholds that would drop at most a given share of it by each rule.
"""

import argparse
import math
import sys
from dataclasses import fields
from pathlib import Path

import numpy as np

from malmoi.contracts.recipe.quality import Quality
from malmoi.models import language_id, quality_model
from malmoi.text.quality import REASONS, RULES, Rule, judge_batch
from malmoi.text.signals import measure
from malmoi.train.folder import texts_of

DESCRIPTION = "Measure the quality signals of trusted text and print a recipe section with thresholds."
_PERCENTILES = (0.1, 1, 50, 99, 99.9)
_FIXED = frozenset({"max_truncation", "max_chars", "max_spam_score", "min_quality_score"})
"""Not tails of trusted text: limits that the recipe's author sets."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="a file or a folder with .txt, .md, .jsonl or .parquet")
    parser.add_argument("--source", default="", help="print as [quality.source.SOURCE] instead of [quality]")
    parser.add_argument("--text-field", default="text", help="field of .jsonl and .parquet (default: text)")
    parser.add_argument(
        "--drop-percent",
        type=_percent,
        default=0.1,
        help="each rule may drop this many percent of the folder (default: 0.1)",
    )
    parser.add_argument("--limit", type=int, default=100_000, help="read at most so many documents (default: 100000)")


def run(args: argparse.Namespace) -> int:
    """Prints the report and the recipe section. Raises InputError for a folder without text."""
    texts = [text for _, text in texts_of(args.folder, args.text_field, args.limit)]
    print(report(texts, args.source, args.drop_percent))
    return 0


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="malmoi calibrate", description=DESCRIPTION)
    add_arguments(parser)
    return run(parser.parse_args(argv))


def _percent(value: str) -> float:
    if not 0 <= (percent := float(value)) < 50:
        raise argparse.ArgumentTypeError("must lie between 0 and 50")
    return percent


def report(texts: list[str], source: str = "", drop_percent: float = 0.1) -> str:
    """TOML: a comment with the percentiles of each signal, and thresholds that lie at ``drop_percent``."""
    columns = _columns(texts)
    lines = [
        f"# {len(texts)} documents, {sum(map(len, texts))} code points; each rule drops at most {drop_percent:g} %."
    ]
    lines.append(f"# signal: percentiles {', '.join(f'{p:g}' for p in _PERCENTILES)}")
    for name in sorted(columns):
        values = np.percentile(columns[name], _PERCENTILES)
        lines.append(f"#   {name}: {', '.join(f'{value:.3f}' for value in values)}")
    lines.append(f"[quality.source.{source}]" if source else "[quality]")
    for threshold, value in thresholds(columns, drop_percent).items():
        lines.append(f"{threshold} = {value}")
    dropped = judge_batch(columns, [code for code, _ in language_id.detect(texts)], Quality())
    lines.append(f"# The default thresholds drop {np.count_nonzero(dropped.rule >= 0)} of {len(texts)}:")
    for number in sorted(set(dropped.rule[dropped.rule >= 0].tolist())):
        signal = RULES[number - 1].signal if 0 < number <= len(RULES) else "language"
        lines.append(f"#   {REASONS[number]} ({signal}): {np.count_nonzero(dropped.rule == number)}")
    return "\n".join(lines)


def thresholds(columns: dict[str, np.ndarray], drop_percent: float) -> dict[str, float | int]:
    """Recipe key -> value at the percentile, rounded so that nothing more is dropped. Texts that a rule does not look
    at (too few eojeol) do not count for it."""
    found: dict[str, float | int] = {}
    quality = Quality()
    for rule in RULES:
        if rule.threshold in _FIXED:
            continue
        needed = max(rule.min_eojeol, quality.min_eojeol_for_shares if rule.shares else 0)
        values = columns[rule.signal][columns["eojeol"] >= needed]
        if not len(values):
            continue
        edge = float(np.percentile(values, 100 - drop_percent if rule.upper else drop_percent))
        found.setdefault(rule.threshold, _allowed(edge, rule))
    return found


def _allowed(value: float, rule: Rule) -> float | int:
    """Rounded away from the texts, and within what the recipe allows."""
    field = next(f for f in fields(Quality) if f.name == rule.threshold)
    number: type[int] | type[float] = int if field.type is int else float
    scale = 1 if number is int else 1000
    rounded = (math.ceil if rule.upper else math.floor)(value * scale) / scale
    return number(min(max(rounded, field.metadata["low"]), field.metadata["high"]))


def _columns(texts: list[str]) -> dict[str, np.ndarray]:
    signals = measure(texts)
    signals["quality_score"] = quality_model.score(texts, signals, quality_model.default())
    columns = {name: np.array(values) for name, values in signals.items()}
    columns["sentence_share"] = columns["sentences"] / np.maximum(columns["eojeol"], 1)
    return columns


if __name__ == "__main__":
    sys.exit(main())
