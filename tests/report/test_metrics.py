"""The newest release in numbers: what is told, in a format that Prometheus takes, over HTTP."""

import json
import re
import socket
import threading
from pathlib import Path

import httpx
import pytest

from malmoi.cli import main
from malmoi.commands.metrics import Server
from malmoi.contracts.gate import Check
from malmoi.contracts.manifest import ReleaseManifest, ShardEntry
from malmoi.contracts.paths import Lake
from malmoi.report.metrics import CONTENT_TYPE, Gauge, gauges, render

SAMPLE = re.compile(r'[a-z_]+(?:\{[a-z_]+="(?:[^"\\\n]|\\.)*"(?:,[a-z_]+="(?:[^"\\\n]|\\.)*")*\})? -?[0-9.e+]+')
"""A line of the text format, as its grammar has it, for metrics and labels in small letters."""

SHARD = ShardEntry("data/shards/part-00000.parquet", "web", "2026-11-02", 7, 900, "0" * 64)
NIGHTS = {"2026-11-01": "2026-11-01-000000000000", "2026-11-02": "2026-11-02-000000000000"}


@pytest.fixture
def lake(tmp_path) -> Lake:
    """Two nights in force; the second one's numbers are told."""
    lake = Lake(str(tmp_path))
    for (night, release), documents in zip(NIGHTS.items(), (3, 7), strict=True):
        manifest = ReleaseManifest(
            release=release,
            batches=(night,),
            parent=None,
            recipe={"name": "demo", "hash": "0" * 64},
            code_version="1",
            sources={"web": {"documents": documents, "chars": 700, "bytes": 1800, "weight": 1.0}},
            shards=(SHARD,),
            dropped={"web": {"too_short": {"documents": 2, "bytes": 20}, "spam": {"documents": 1, "bytes": 5}}},
            quarantined={"web": {"damaged": {"documents": 1, "bytes": 9}}},
        )
        checks = [Check("missing_sources", 0, 1, True, "none"), Check("duplicates", 0.25, 0.6, True, "share", "web")]
        folder = Path(lake.release(release))
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_bytes(manifest.dumps())
        (folder / "gate.json").write_text(json.dumps({"passed": True, "checks": [check.to_json() for check in checks]}))
    (Path(lake.releases) / "current.json").write_text(json.dumps({"format": 1, "nights": NIGHTS}))
    return lake


@pytest.fixture
def server(lake):
    server = Server(lake, "127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_the_newest_night_is_told(lake):
    told = {
        (gauge.name, dict(gauge.labels).get("reason") or dict(gauge.labels).get("check")): gauge
        for gauge in gauges(lake)
    }
    assert told["malmoi_nights_in_force", None].value == 2
    assert dict(told["malmoi_release_info", None].labels) == {
        "release": NIGHTS["2026-11-02"], "night": "2026-11-02", "recipe": "demo",
    }  # fmt: skip
    assert told["malmoi_documents", None].value == 7 and told["malmoi_shards", None].value == 1
    assert told["malmoi_characters", None].value == 700 and told["malmoi_bytes", None].value == 1800
    assert told["malmoi_dropped_documents", "too_short"].value == 2
    assert told["malmoi_quarantined_documents", "damaged"].value == 1
    assert (
        told["malmoi_gate_value", "duplicates"].value == 0.25 and told["malmoi_gate_limit", "duplicates"].value == 0.6
    )


def test_the_night_ends_at_midnight_in_seoul(lake):
    (end,) = [gauge.value for gauge in gauges(lake) if gauge.name == "malmoi_night_end_timestamp_seconds"]
    assert end == 1_793_631_600  # 2026-11-02T15:00:00Z


def test_every_line_has_the_grammar_of_the_format(lake):
    hostile = Gauge("malmoi_documents", 1, (("source", 'a"b\\c\nd'), ("reason", "")))
    lines = render([*gauges(lake), hostile]).split("\n")
    assert lines.pop() == "" and len(lines) > 20
    assert [line for line in lines if not (line.startswith("# ") or SAMPLE.fullmatch(line))] == []
    assert r'malmoi_documents{source="a\"b\\c\nd"} 1' in lines
    names = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(names) == len(set(names))


def test_a_lake_without_a_release_says_so(tmp_path):
    assert [(gauge.name, gauge.value) for gauge in gauges(Lake(str(tmp_path)))] == [("malmoi_nights_in_force", 0)]


def test_the_command_prints(lake, capsys):
    assert main(["metrics", "--lake", lake.root]) == 0
    assert capsys.readouterr().out == render(gauges(lake))


def test_prometheus_asks_over_http(lake, server):
    address = f"http://127.0.0.1:{server.server_port}"
    answer = httpx.get(f"{address}/metrics")
    assert answer.status_code == 200 and answer.headers["content-type"] == CONTENT_TYPE
    assert answer.text == render(gauges(lake))
    assert httpx.get(address).status_code == 404


def test_a_damaged_release_is_an_answer_not_a_trace(lake, server):
    Path(lake.release(NIGHTS["2026-11-02"]), "gate.json").unlink()
    answer = httpx.get(f"http://127.0.0.1:{server.server_port}/metrics")
    assert answer.status_code == 503 and "gate.json: missing" in answer.text and answer.text.count("\n") == 1


def test_a_port_in_use_is_one_line(lake, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["metrics", "--lake", lake.root, "--port", str(port)]) == 4
    assert f"metrics: 127.0.0.1:{port}: Address already in use" in capsys.readouterr().err
