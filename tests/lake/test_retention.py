"""Raw pages and dropped documents go when their time is over; schemas grow without a rewrite."""

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from malmoi.contracts import tables
from malmoi.contracts.errors import ContractError
from malmoi.contracts.recipe.sections import Retention
from malmoi.lake import read, releases, retention
from malmoi.lake.catalog import open_lake
from malmoi.lake.night import NightLake
from malmoi.lake.query import query

FIRST, SECOND = "2026-11-01", "2026-11-20"
NOW = datetime(2026, 12, 5, tzinfo=UTC)


def test_old_landing_days_go(tmp_path):
    for day in ("2026-08-01", "2026-09-05", "2026-09-06"):
        folder = tmp_path / "source=web" / f"date={day}"
        folder.mkdir(parents=True)
        (folder / "a.warc.gz").write_bytes(b"x")
    (tmp_path / "README").write_text("stays")
    wanted = ["source=web/date=2026-08-01/a.warc.gz", "source=web/date=2026-09-05/a.warc.gz"]
    assert retention.expire_landing(str(tmp_path), date(2026, 12, 5), 90, dry_run=True) == wanted
    assert retention.expire_landing(str(tmp_path), date(2026, 12, 5), 90) == wanted
    left = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file())
    assert left == ["README", "source=web/date=2026-09-06/a.warc.gz"]


@pytest.fixture
def two_nights(night, page, make_pages, recipe, lake_root):
    dropped = [page(f"https://a.example/x{number}", f"버릴 글 {number}", reason="too_short") for number in range(3)]
    for batch in (FIRST, SECOND):
        found = make_pages(f"{batch}.example", 4)
        night(batch=batch).source("web", [dropped[0], *found[:2], dropped[1], *found[2:], dropped[2]])
        held = NightLake(lake_root, batch, recipe(), ["web"])
        held.publish(held.check(lambda texts: [[] for _ in texts]), {})
    return lake_root


def ids(root, table, batch):
    return [i for file in read.files(root, table, batch) for i in pq.read_table(file.path)["doc_id"].to_pylist()]


def test_dropped_documents_of_old_nights_go_and_all_else_stays(two_nights, make_pages):
    before = {release: releases.load(two_nights, release) for release in releases.list_releases(two_nights)}
    counts = "SELECT reason, documents FROM balances WHERE stage = 'decide' AND outcome = 'dropped' ORDER BY batch"
    funnel = query(two_nights, counts).to_pylist()
    limits = Retention(raw_days=90, rejected_days=30, superseded_days=14)
    dry = retention.maintain(two_nights, None, limits, NOW, dry_run=True)
    assert dry.rejected == {FIRST: 3} and len(ids(two_nights, "documents", FIRST)) == 7
    done = retention.maintain(two_nights, None, limits, NOW)
    assert done.rejected == {FIRST: 3}
    kept = [page.doc_id for page in make_pages(f"{FIRST}.example", 4)]
    for table in retention.ALIGNED:
        assert ids(two_nights, table, FIRST) == kept, table
        assert len(ids(two_nights, table, SECOND)) == 7
    assert query(two_nights, counts).to_pylist() == funnel
    for release, manifest in before.items():
        assert releases.load(two_nights, release) == manifest and releases.verify(two_nights, release) == []
    assert retention.maintain(two_nights, None, limits, NOW).rejected == {}
    retention.maintain(two_nights, None, limits, datetime.now(UTC).replace(year=2027))
    texts = [text for path in Path(two_nights, "data").rglob("*.parquet") for text in text_column(path)]
    assert not any("버릴 글" in text for text in texts)


def text_column(path) -> list[str]:
    rows = pq.read_table(path)
    return rows["text"].to_pylist() if "text" in rows.column_names else []


@pytest.mark.parametrize("steps", range(4))
def test_a_kill_in_between_is_made_good(two_nights, make_pages, monkeypatch, steps):
    left = iter(range(steps))

    def stop(step):
        if next(left, None) is None:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("malmoi.lake.rows.on_step", stop)
        with pytest.raises(KeyboardInterrupt):
            retention.expire_rejected(two_nights, NOW.date(), 30)
    retention.expire_rejected(two_nights, NOW.date(), 30)
    kept = [page.doc_id for page in make_pages(f"{FIRST}.example", 4)]
    assert all(ids(two_nights, table, FIRST) == kept for table in retention.ALIGNED)


def test_a_table_of_an_older_version_gets_the_new_column_when_it_is_written_to(night, lake_root, monkeypatch):
    rows = [{"batch": FIRST, "source": "web", "fault": "x"}]
    night().write("quarantine", "web", rows)
    grown = tables.QUARANTINE.append(pa.field("severity", pa.string()))
    monkeypatch.setitem(tables.TABLES, "quarantine", grown)
    newer = tables.SCHEMA_VERSION + 1
    monkeypatch.setattr(tables, "SCHEMA_VERSION", newer)
    assert open_lake(lake_root).find("quarantine").schema().column_names == tables.QUARANTINE.names
    night(batch=SECOND).write("quarantine", "web", [{**rows[0], "batch": SECOND, "severity": "high"}])
    assert open_lake(lake_root).find("quarantine").schema().column_names == grown.names
    asked = query(lake_root, "SELECT batch, severity FROM quarantine ORDER BY batch").to_pylist()
    assert asked == [{"batch": FIRST, "severity": None}, {"batch": SECOND, "severity": "high"}]
    monkeypatch.setattr(tables, "SCHEMA_VERSION", newer - 1)
    with pytest.raises(ContractError, match=f"schema version {newer}.*newer version wrote it: update Malmoi"):
        read.files(lake_root, "quarantine")
