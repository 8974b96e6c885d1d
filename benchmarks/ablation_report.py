"""What an ablation found: means over seeds, whether the difference is larger than the noise, the page and the plot."""

import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any

_STUDENT = {2: 12.706, 3: 4.303, 4: 3.182, 5: 2.776, 6: 2.571, 7: 2.447, 8: 2.365, 9: 2.306, 10: 2.262}
"""Two-sided 95 % quantile of Student's t, by the number of pairs."""
_COLOURS = {"raw": "#b5543c", "release": "#1f5f8b"}


def difference(scores: list[dict[str, Any]], value: Callable[[dict[str, Any]], float]) -> tuple[float, float | None]:
    """Mean of *release minus raw* over seeds, and half the width of its 95 % interval; None for a single seed.

    Pairs are runs of one seed: same first weights. The noise is that of seeds, not of the choice of documents.
    """
    ends = final(scores)
    seeds = sorted({row["seed"] for row in ends})
    by = {(row["set"], row["seed"]): value(row) for row in ends}
    gaps = [by["release", seed] - by["raw", seed] for seed in seeds]
    if len(gaps) < 2:
        return gaps[0], None
    return statistics.mean(gaps), _STUDENT[len(gaps)] * statistics.stdev(gaps) / len(gaps) ** 0.5


def with_questions(scores: list[dict[str, Any]], name: str) -> tuple[float, float | None]:
    """As ``difference`` for an accuracy. To the noise of seeds comes that of the questions, as if each set's were its own:
    twice the variance of a share, which is more than it is for the same questions and so errs on the safe side."""
    gap, half = difference(scores, lambda row: row["choices"][name])
    ends = final(scores)
    share = statistics.mean(row["choices"][name] for row in ends)
    questions = 1.96 * (2 * share * (1 - share) / ends[0]["questions"][name]) ** 0.5
    return gap, None if half is None else (half**2 + questions**2) ** 0.5


def verdict(gap: float, half: float | None, lower_is_better: bool) -> str:
    """better, worse, or no difference beyond noise: what the 95 % interval says of the release."""
    if half is None or abs(gap) <= half:
        return "no difference beyond noise"
    return "release better" if (gap < 0) == lower_is_better else "release worse"


def final(scores: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of the last checkpoints."""
    return [row for row in scores if "choices" in row]


def page(results: dict[str, Any]) -> str:
    """ABLATION.md."""
    what = results["input"] or "the sample of `make run`, written by hand and small: a demonstration, no evidence"
    model, scores = results["model"], results["scores"]
    lines = [
        "# Does cleaning help?",
        "",
        "`make ablation` writes this page and says in its first lines how.",
        "",
        "![bits a byte over tokens](ablation.png)",
        "",
        f"Input: {what}. Model: {model['layers']} layers, width {model['width']}, {model['vocabulary']:,} entries; "
        f"{final(scores)[0]['tokens']:,} tokens a run, {len(final(scores)) // 2} seeds; all of it took {results['seconds']} s.",
        "",
        "| training set | documents | MB | tokens | passes over it | 13-word runs of the curated text in it |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, found in results["sets"].items():
        lines.append(
            f"| {name} | {found['documents']:,} | {found['bytes'] / 1e6:.1f} | {found['tokens']:,} "
            f"| {final(scores)[0]['tokens'] / found['tokens']:.2f} | {results['overlap'][name]:.2%} |"
        )
    lines += [
        "",
        f"Most of what the release lacks: {_dropped(results)}. Which of the rules helped, the figures do not say.",
    ]
    lines += ["", "## Bits a byte of curated text that neither has seen (lower is better)", ""]
    lines += [
        "| curated text | documents | raw | release | difference, 95 % interval | |",
        "|---|---:|---:|---:|---:|---|",
    ]
    for name, entry in results["curated"].items():

        def bits(row: dict[str, Any], name: str = name) -> float:
            return row["bits_per_byte"][name]

        lines.append(f"| {name} | {entry['documents']:,} | {_row(scores, bits, *difference(scores, bits), True)}")
    lines += ["", "## Multiple choice, accuracy (higher is better)", ""]
    lines += ["| family | raw | release | difference, 95 % interval | |", "|---|---:|---:|---:|---|"]
    for name in final(scores)[0]["choices"]:

        def accuracy(row: dict[str, Any], name: str = name) -> float:
            return row["choices"][name]

        lines.append(f"| {name} | {_row(scores, accuracy, *with_questions(scores, name), False)}")
    lines += [
        "",
        f"Guessing reaches {final(scores)[0]['chance']:.3f} of all. Intervals are Student's over pairs of one seed, wider by the noise of the "
        "questions where there are some, for each line by itself; a model of this size knows little, and what holds for it need not hold for a large one.",
        "",
    ]
    return "\n".join(lines)


def _dropped(results: dict[str, Any]) -> str:
    """The five largest reasons, as shares of the raw text."""
    whole = results["sets"]["raw"]["bytes"]
    return ", ".join(f"{reason} {size / whole:.1%}" for reason, size in list(results["dropped"].items())[:5])


def _row(
    scores: list[dict[str, Any]], value: Callable[..., float], gap: float, half: float | None, lower_is_better: bool
) -> str:
    means = {
        name: statistics.mean(value(row) for row in final(scores) if row["set"] == name) for name in ("raw", "release")
    }
    shown = f"{gap:+.3f}" + (f" ± {half:.3f}" if half is not None else "")
    return f"{means['raw']:.3f} | {means['release']:.3f} | {shown} | {verdict(gap, half, lower_is_better)} |"


def plot(results: dict[str, Any], path: Path) -> None:
    """Bits a byte over tokens seen: a panel for each curated text, a thin line a seed, a thick one their mean."""
    from matplotlib.figure import Figure

    names = list(results["curated"])
    figure = Figure(figsize=(4.6 * len(names), 3.6), layout="constrained")
    for axes, name in zip(figure.subplots(1, len(names), squeeze=False)[0], names, strict=True):
        for variant, colour in _COLOURS.items():
            rows = [row for row in results["scores"] if row["set"] == variant]
            curves: dict[int, list[tuple[int, float]]] = {}
            for row in sorted(rows, key=lambda row: row["tokens"]):
                curves.setdefault(row["seed"], []).append((row["tokens"], row["bits_per_byte"][name]))
            for points in curves.values():
                axes.plot(*zip(*points, strict=True), color=colour, alpha=0.35, linewidth=0.8)
            tokens = [tokens for tokens, _ in next(iter(curves.values()))]
            means = [statistics.mean(value for _, value in at) for at in zip(*curves.values(), strict=True)]
            axes.plot(tokens, means, color=colour, linewidth=2, label=variant)
        axes.set_title(name, fontsize=10)
        axes.set_xlabel("tokens seen")
        axes.grid(alpha=0.3)
    figure.axes[0].set_ylabel("bits a byte")
    figure.axes[0].legend()
    figure.savefig(path, dpi=110)
