"""Takedown: what is named goes from everywhere, its near copy steps in, and it never comes back."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from malmoi.contracts.errors import ContractError
from malmoi.contracts.tables import CLEAN
from malmoi.lake import read, releases
from malmoi.lake.night import NightLake
from malmoi.lake.query import query
from malmoi.lake.takedown import registry
from malmoi.lake.takedown.execute import execute, unfinished
from malmoi.lake.takedown.plan import plan
from malmoi.lake.takedown.request import Request

FIRST, SECOND = "2026-11-01", "2026-11-02"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TABLES = ("documents", "annotations", "clusters", "decisions", "dedup_index", "clean", "shards")


@pytest.fixture(autouse=True)
def secret(monkeypatch):
    monkeypatch.setenv("MALMOI_SECRET", "a key of the tests, long enough")


def redact(documents, annotations, decisions, recipe, source):
    """Copies what redact copies; the texts of these tests hold nothing to replace."""
    rows = documents.num_rows
    columns = {name: documents[name] for name in documents.schema.names if name in CLEAN.names}
    columns["cluster_size"] = decisions["cluster_size"]
    columns |= {name: pa.array([0] * rows, pa.int32()) for name in ("pii_replaced", "softened")}
    return pa.RecordBatch.from_arrays([columns[name] for name in CLEAN.names], schema=CLEAN)


def publish(root, batch, recipe, sources=("web",)):
    held = NightLake(root, batch, recipe, list(sources))
    checks = held.check(lambda texts: [[] for _ in texts])
    return held.publish(checks, {}).manifest


def ids(root, table, **where) -> list[str]:
    return [
        doc_id for file in read.files(root, table, **where) for doc_id in pq.read_table(file.path)["doc_id"].to_pylist()
    ]


def everything_on_disk(root) -> str:
    """Ids and texts in every Parquet file of the lake, named by a table or not."""
    found = []
    for path in Path(root).rglob("*.parquet"):
        rows = pq.read_table(path)
        found += [
            str(value) for name in ("doc_id", "text") if name in rows.column_names for value in rows[name].to_pylist()
        ]
    return "\n".join(found)


def test_a_host_leaves_every_table_file_and_release(night, recipe, make_pages, lake_root):
    stays, goes = make_pages("a.example", 5), make_pages("gone.example", 3)
    night().source("web", [*stays[:3], *goes, *stays[3:]])
    old = publish(lake_root, FIRST, recipe())
    night(batch=SECOND).source("web", make_pages("b.example", 3))
    other = publish(lake_root, SECOND, recipe())

    planned = plan(lake_root, [Request("host", "https://www.gone.example/some/page")], NOW)
    assert [hit.doc_id for hit in planned.hits if hit.kept] == sorted(
        (page.doc_id for page in goes), key=[hit.doc_id for hit in planned.hits].index
    )
    assert ids(lake_root, "shards", batch=FIRST) == [page.doc_id for page in [*stays[:3], *goes, *stays[3:]]]
    receipt = execute(lake_root, planned, recipe(), redact)

    for table in TABLES:
        assert ids(lake_root, table, batch=FIRST) == [page.doc_id for page in stays], table
    new = releases.load(lake_root, releases.read_pointer(lake_root).nights[FIRST])
    assert receipt["releases"] == {old.release: new.release}
    assert releases.list_releases(lake_root) == sorted([new.release, other.release])
    assert new.documents == 5 and new.dropped["web"]["taken_down"]["documents"] == 3
    assert new.sources["web"]["chars"] == sum(len(page.text) for page in stays)
    assert releases.verify(lake_root, new.release) == [] and releases.verify(lake_root, other.release) == []
    left = everything_on_disk(lake_root)
    assert not any(page.doc_id in left or page.text in left for page in goes)
    assert "gone.example" not in json.dumps(receipt)
    assert unfinished(lake_root) == []


def test_only_touched_shards_are_written_again(night, recipe, make_pages, lake_root):
    found = make_pages("a.example", 6)
    night().source("web", found)
    old = publish(lake_root, FIRST, recipe())
    execute(lake_root, plan(lake_root, [Request("document", found[3].doc_id)], NOW), recipe(), redact)
    new = releases.current(lake_root)
    assert [shard.sha256 for shard in new.shards if shard not in old.shards] == [new.shards[1].sha256]
    assert [new.shards[0], new.shards[2]] == [old.shards[0], old.shards[2]]


def test_the_night_still_balances_after_a_takedown(night, recipe, make_pages, page, lake_root):
    found = make_pages("a.example", 4)
    night().source("web", [*found, page("https://a.example/x", "짧다", reason="too_short")])
    publish(lake_root, FIRST, recipe())
    execute(
        lake_root,
        plan(lake_root, [Request("url", "https://a.example/x"), Request("url", found[1].url)], NOW),
        recipe(),
        redact,
    )
    checks = NightLake(lake_root, FIRST, recipe(), ["web"]).check(lambda texts: [[] for _ in texts])
    assert [check for check in checks if not check.passed] == []
    asked = "SELECT documents FROM balances WHERE stage = 'documents' AND reason = 'taken_down'"
    assert query(lake_root, asked).to_pylist() == [{"documents": 2}]


def test_the_best_near_copy_steps_in_where_it_stood(night, recipe, make_pages, page, lake_root):
    original, neighbour, last = make_pages("a.example", 3)
    copies = [
        page(
            f"https://copy{quality}.example/",
            f"{original.text} 퍼온 글 {quality}",
            "duplicate_near",
            original,
            quality=quality,
        )
        for quality in (0.3, 0.9)
    ]
    night().source("web", [original, neighbour])
    publish(lake_root, FIRST, recipe())
    night(batch=SECOND).source("web", [copies[0], copies[1], last])
    second = publish(lake_root, SECOND, recipe())

    planned = plan(lake_root, [Request("url", original.url)], NOW)
    assert [(one.batch, one.doc_id) for one in planned.promotions] == [(SECOND, copies[1].doc_id)]
    receipt = execute(lake_root, planned, recipe(), redact)
    assert ids(lake_root, "shards") == [neighbour.doc_id, copies[1].doc_id, last.doc_id]
    assert ids(lake_root, "clean") == ids(lake_root, "dedup_index") == ids(lake_root, "shards")
    rows = query(lake_root, "SELECT doc_id, reason, duplicate_of FROM decisions WHERE NOT keep").to_pylist()
    assert rows == [{"doc_id": copies[0].doc_id, "reason": "duplicate_near", "duplicate_of": copies[1].doc_id}]
    assert set(receipt["releases"]) == {second.release, *receipt["releases"]} and len(receipt["releases"]) == 2
    for batch in (FIRST, SECOND):
        checks = NightLake(lake_root, batch, recipe(), ["web"]).check(lambda texts: [[] for _ in texts])
        assert [check for check in checks if not check.passed] == []


def test_a_copy_with_the_same_text_goes_with_it(night, recipe, make_pages, page, lake_root):
    original, neighbour = make_pages("a.example", 2)
    copy = page("https://mirror.example/", original.text, "duplicate_exact", original)
    night().source("web", [original, neighbour, copy])
    publish(lake_root, FIRST, recipe())
    planned = plan(lake_root, [Request("url", original.url)], NOW)
    assert planned.promotions == () and {hit.why for hit in planned.hits} == {"url", "same_text"}
    execute(lake_root, planned, recipe(), redact)
    assert ids(lake_root, "documents") == [neighbour.doc_id]


def test_what_was_taken_down_is_known_when_it_comes_back(night, recipe, make_pages, page, lake_root):
    author = page("https://a.example/9", "어느 동네 사람이 쓴 글입니다. " * 5, author="k" * 32)
    night().source("web", [*make_pages("a.example", 2), author])
    publish(lake_root, FIRST, recipe())
    assert len(registry.load(lake_root)) == 0
    execute(lake_root, plan(lake_root, [Request("author", "k" * 32)], NOW), recipe(), redact)
    buried = registry.load(lake_root)
    row = {
        "doc_id": "0" * 32,
        "url": "https://z.example/",
        "site": "z.example",
        "author_key": None,
        "text": "다른 글입니다.",
    }
    assert buried.match(row) is None
    assert buried.match({**row, "author_key": "k" * 32}) == "author"
    assert buried.match({**row, "text": " ".join(author.text)}) == "text"
    assert buried.match({**row, "doc_id": author.doc_id}) == "document"


def test_a_host_tombstone_covers_its_subdomains(lake_root, night, make_pages, recipe):
    night().source("web", [*make_pages("blog.gone.example", 2), *make_pages("a.example", 1)])
    execute(lake_root, plan(lake_root, [Request("host", "gone.example")], NOW), recipe(), redact)
    buried = registry.load(lake_root)
    row = {"doc_id": "0" * 32, "url": "", "author_key": None, "text": ""}
    assert buried.match({**row, "site": "m.blog.gone.example"}) == "host"
    assert buried.match({**row, "site": "notgone.example"}) is None


def test_a_passage_is_found_whatever_its_spacing(night, recipe, make_pages, lake_root):
    found = make_pages("a.example", 4)
    night().source("web", found)
    planned = plan(lake_root, [Request("text", "2번째글입니다.오늘은a.example동네의 시장")], NOW)
    assert [hit.doc_id for hit in planned.hits] == [found[2].doc_id]


def killer(allowed: int):
    """A step hook that ends the work after so many steps."""
    left = iter(range(allowed))

    def stop(step):
        if next(left, None) is None:
            raise KeyboardInterrupt(step)

    return stop


def test_a_killed_takedown_is_finished_by_running_it_again(night, recipe, make_pages, lake_root, monkeypatch):
    found = make_pages("a.example", 6)
    night().source("web", found)
    publish(lake_root, FIRST, recipe())
    planned = plan(lake_root, [Request("url", found[2].url), Request("url", found[5].url)], NOW)
    for allowed in range(8):
        with monkeypatch.context() as patch:
            stop = killer(allowed)
            for module in ("rows", "releases"):
                patch.setattr(f"malmoi.lake.{module}.on_step", stop)
            try:
                execute(lake_root, planned, recipe(), redact)
            except KeyboardInterrupt:
                assert [one.receipt for one in unfinished(lake_root)] == [planned.receipt]
            else:
                break
    assert allowed >= 4
    for table in TABLES:
        assert ids(lake_root, table) == [page.doc_id for page in found if page not in (found[2], found[5])]
    checks = NightLake(lake_root, FIRST, recipe(), ["web"]).check(lambda texts: [[] for _ in texts])
    assert [check for check in checks if not check.passed] == []
    assert unfinished(lake_root) == [] and len(releases.list_releases(lake_root)) == 1


def test_a_request_that_names_nothing_says_so(night, make_pages, lake_root):
    night().source("web", make_pages("a.example", 2))
    with pytest.raises(ContractError, match="request 2 by url: no document"):
        plan(lake_root, [Request("host", "a.example"), Request("url", "https://a.example/nothing")], NOW)


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("name", "x", "kinds are"),
        ("url", "  ", "empty"),
        ("document", "123", "32 hexadecimal"),
        ("text", "짧은 구절", "at least 20"),
    ],
)
def test_a_request_that_cannot_be_is_refused(kind, value, said):
    with pytest.raises(ContractError, match=said):
        Request(kind, value)
