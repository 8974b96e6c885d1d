"""The newest release in numbers that Prometheus reads, from its manifest and gate alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from malmoi.contracts.gate import Check
from malmoi.contracts.manifest import ReleaseManifest
from malmoi.contracts.paths import Lake
from malmoi.contracts.release import load_release, nights_in_force, read_json

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""Of the text format: https://prometheus.io/docs/instrumenting/exposition_formats/"""

SEOUL = ZoneInfo("Asia/Seoul")


@dataclass(frozen=True)
class Gauge:
    """One number under a name, with labels that tell it from others of that name."""

    name: str
    value: float
    labels: tuple[tuple[str, str], ...] = ()


HELP = {
    "malmoi_nights_in_force": "Nights that have a release in force.",
    "malmoi_release_info": "1; the labels name the release in force of the newest night.",
    "malmoi_night_end_timestamp_seconds": "When the newest night with a release ended, midnight in Seoul.",
    "malmoi_shards": "Shards of the newest release.",
    "malmoi_documents": "Documents of the newest release.",
    "malmoi_characters": "Characters of text in the newest release.",
    "malmoi_bytes": "Bytes of text in the newest release.",
    "malmoi_dropped_documents": "Documents that were dropped on the way to the newest release.",
    "malmoi_quarantined_documents": "Records that were set aside on the way to the newest release.",
    "malmoi_gate_value": "What a check of the newest release's gate measured.",
    "malmoi_gate_limit": "The limit of that check.",
}
"""Every metric. All are gauges: a night that is run again may lower any of them."""


def gauges(lake: Lake) -> list[Gauge]:
    """The numbers of the newest night that has a release in force; before the first, only that there is none."""
    nights = nights_in_force(lake)
    found = [Gauge("malmoi_nights_in_force", len(nights))]
    if nights:
        newest = max(nights)
        found += _release(newest, load_release(lake, nights[newest]))
        gate = read_json(Path(lake.release(nights[newest]), "gate.json"), "the release is damaged; see malmoi releases")
        found += _gate(Check.from_json(check) for check in gate["checks"])
    return found


def render(found: Iterable[Gauge]) -> str:
    """Prometheus' text format; the metrics in the order of HELP, the gauges of each as given."""
    by_name: dict[str, list[Gauge]] = {name: [] for name in HELP}
    for gauge in found:
        by_name[gauge.name].append(gauge)
    lines = []
    for name, group in by_name.items():
        if group:
            lines += [f"# HELP {name} {HELP[name]}", f"# TYPE {name} gauge", *map(_line, group)]
    return "\n".join(lines) + "\n"


def _release(night: str, release: ReleaseManifest) -> Iterator[Gauge]:
    labels = (("release", release.release), ("night", night), ("recipe", release.recipe.get("name", "")))
    yield Gauge("malmoi_release_info", 1, labels)
    end = datetime.fromisoformat(night).replace(tzinfo=SEOUL) + timedelta(days=1)
    yield Gauge("malmoi_night_end_timestamp_seconds", end.timestamp())
    yield Gauge("malmoi_shards", len(release.shards))
    for source, counts in release.sources.items():
        for name, key in {"documents": "documents", "characters": "chars", "bytes": "bytes"}.items():
            yield Gauge(f"malmoi_{name}", counts[key], (("source", source),))
    for name, side in {"dropped": release.dropped, "quarantined": release.quarantined}.items():
        for source, reasons in side.items():
            for reason, count in reasons.items():
                yield Gauge(f"malmoi_{name}_documents", count["documents"], (("source", source), ("reason", reason)))


def _gate(checks: Iterable[Check]) -> Iterator[Gauge]:
    for check in checks:
        labels = (("check", check.name), ("source", check.source))
        yield Gauge("malmoi_gate_value", check.value, labels)
        yield Gauge("malmoi_gate_limit", check.limit, labels)


def _line(gauge: Gauge) -> str:
    labels = ",".join(f'{name}="{_escaped(value)}"' for name, value in gauge.labels if value)
    return f"{gauge.name}{'{' + labels + '}' if labels else ''} {gauge.value!r}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
