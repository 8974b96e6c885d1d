"""What a person needs to know before GPU time is spent: the release's report in short, its tokens, and what the job takes."""

from collections import Counter
from pathlib import Path
from typing import Any

from malmoi.contracts.manifest import ReleaseManifest
from malmoi.contracts.paths import Lake
from malmoi.contracts.recipe import Recipe, load_recipe
from malmoi.contracts.release import load_release, read_json
from malmoi.contracts.tokens import TokensManifest
from malmoi_airflow.links import night_report

_REASONS = 5


def briefing(work: dict[str, Any], tokens: str, overrides: dict[str, Any]) -> str:
    """Markdown, for the task log and the body of the approval."""
    lake = Lake(work["lake"])
    manifest = TokensManifest.load(lake.join(tokens))
    recipe = load_recipe(work["recipe"], {"train": overrides})
    release = load_release(lake, manifest.release)
    parts = [[f"### Train on release {release.release}?"], _release(lake, release), _tokens(manifest), [_plan(recipe)]]
    return "\n\n".join("\n".join(part) for part in parts)


def _release(lake: Lake, release: ReleaseManifest) -> list[str]:
    """The release's report in short, with links to the whole one of each night."""
    lines = [
        f"Nights {', '.join(release.batches)}; recipe `{release.recipe['name']}`, code {release.code_version}; "
        f"in place of {', '.join(release.supersedes) or 'none'}.",
        _gate(lake, release.release),
        f"Whole report: {', '.join(f'[{night}]({night_report(night)})' for night in release.batches)}",
        "",
        "| source | released | characters | dropped | quarantined | most frequent reasons |",
        "|---|---:|---:|---:|---:|---|",
    ]
    for source, entry in release.sources.items():
        reasons = Counter({reason: count["documents"] for reason, count in release.dropped.get(source, {}).items()})
        broken = sum(count["documents"] for count in release.quarantined.get(source, {}).values())
        shown = ", ".join(f"{reason} {count:,}" for reason, count in reasons.most_common(_REASONS))
        lines.append(
            f"| {source} | {entry['documents']:,} | {entry['chars']:,} | {reasons.total():,} | {broken:,} | {shown} |"
        )
    return lines


def _gate(lake: Lake, release: str) -> str:
    """How the release's gate went; a release by another tool than the nightly DAG may have none."""
    path = Path(lake.release(release), "gate.json")
    if not path.is_file():
        return "Gate: the release has none."
    checks = read_json(path, "the release is damaged; see malmoi releases")["checks"]
    failed = [f"{check['name']} ({check['source'] or 'all'})" for check in checks if not check["passed"]]
    return f"Gate: {len(checks) - len(failed)} of {len(checks)} checks passed" + "".join(
        f"; failed: {f}" for f in failed
    )


def _tokens(manifest: TokensManifest) -> list[str]:
    lines = ["| source | weight | documents | tokens | held out |", "|---|---:|---:|---:|---:|"]
    for source, entry in manifest.sources.items():
        lines.append(
            f"| {source} | {entry['weight']:g} | {entry['train']['documents']:,} | {entry['train']['tokens']:,} "
            f"| {entry['held_out']['documents']:,} |"
        )
    return [*lines, "", f"Tokenizer: `{manifest.tokenizer['id']}`"]


def _plan(recipe: Recipe) -> str:
    train = recipe.train
    processes = train.nodes * train.processes_per_node
    tokens = train.steps * train.batch_sequences * train.sequence_tokens
    return (
        f"{train.steps:,} steps, {tokens:,} tokens, on `{train.backend}` with {processes} processes on {train.nodes} nodes, "
        f"at most {train.walltime_minutes:,} minutes."
    )
