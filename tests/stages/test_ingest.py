"""Ingest: each record becomes one document, one quarantined record or one skipped one; nothing is lost or made up."""

import gzip
import json
from collections import Counter
from dataclasses import replace

import pyarrow as pa
import pytest

from malmoi.contracts.document import DOCUMENT, document_id
from malmoi.contracts.kinds import KINDS
from malmoi.contracts.recipe import load_recipe
from malmoi.contracts.recipe.sections import Source
from malmoi.contracts.tables import QUARANTINE
from malmoi.stages.ingest import author_key, documents_batch, ingest

SECRET = b"a secret for tests"
STORY = (
    "볍씨를 물에 담근 지 사흘 만에 하얀 촉이 텄다. 올해는 못자리를 예년보다 일주일 앞당기기로 했다. 비 소식이 잦아서다."
)
SPOILED = (STORY * 3).encode("utf-8").decode("cp949", "replace")


def warc(
    *pages: tuple[str, bytes], status: str = "200 OK", content_type: str = "text/html", headers: str = ""
) -> bytes:
    parts = []
    for url, body in pages:
        block = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n{headers}\r\n".encode() + body
        head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-03-01T12:00:00Z\r\nWARC-Record-ID: <urn:uuid:1>\r\nContent-Type: application/http\r\nContent-Length: {len(block)}\r\n\r\n"
        parts.append(gzip.compress(head.encode() + block + b"\r\n\r\n", mtime=0))
    return b"".join(parts)


def html(body: str) -> bytes:
    return f"<html><head><title>못자리</title><meta name='author' content='논지기'></head><body>{body}</body></html>".encode()


@pytest.fixture(scope="module")
def recipe(recipes):
    return load_recipe(recipes / "nightly.toml")


@pytest.fixture
def run(tmp_path, recipe):
    def _run(name: str, content: bytes, source: Source, root: str = "landing", recipe=recipe, **options):
        path = tmp_path / root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return list(ingest([str(path)], str(tmp_path / root), "2026-03-01", "web", source, recipe, SECRET, **options))

    return _run


WEB = Source(type="warc", kind="page", license="CC-BY-4.0")


def test_a_document_row_holds_the_contract(run):
    (item,) = run(
        "source=web/a.warc.gz",
        warc(("https://www.Farm.example.kr/1?utm_source=x#top", html(f"<article><p>{STORY}</p></article>"))),
        WEB,
    )
    row = item.document
    assert set(row) == set(DOCUMENT.names)
    assert row["doc_id"] == document_id("https://www.farm.example.kr/1", STORY)
    assert (row["site"], row["title"], row["text"], row["kind"]) == ("farm.example.kr", "못자리", STORY, "page")
    assert (row["url"], row["license"], row["charset"], row["defect"]) == (
        "https://www.farm.example.kr/1",
        "CC-BY-4.0",
        "utf-8",
        None,
    )
    assert row["author_key"] == author_key("논지기", "farm.example.kr", SECRET)
    assert row["origin"]["file"] == "source=web/a.warc.gz"
    assert row["fetched_at"].isoformat() == "2026-03-01T12:00:00+00:00"
    batch = documents_batch([row])
    assert batch.schema == DOCUMENT
    assert batch.to_pylist()[0]["text"] == STORY


def test_no_author_name_is_stored(run):
    (item,) = run("a.warc.gz", warc(("https://farm.example.kr/1", html(f"<p>{STORY}</p>"))), WEB)
    assert "논지기" not in json.dumps(item.document, ensure_ascii=False, default=str)
    assert author_key("", "farm.example.kr", SECRET) is None
    assert author_key("논지기", "farm.example.kr", SECRET) != author_key("논지기", "other.example.kr", SECRET)
    assert author_key("논지기", "farm.example.kr", SECRET) != author_key("논지기", "farm.example.kr", b"another secret")


@pytest.mark.parametrize(
    ("body", "defect"),
    [
        (html("<nav><a href='/'>처음</a></nav>"), "empty_text"),
        (html(f"<p>{SPOILED}</p>"), "mojibake"),
        (html(f"<p>{STORY}</p>"), None),
    ],
)
def test_defects_are_noted_and_the_page_goes_on(run, body, defect):
    (item,) = run("a.warc.gz", warc(("https://farm.example.kr/1", body)), WEB)
    assert item.document["defect"] == defect


@pytest.mark.parametrize(
    ("body", "headers", "defect"),
    [
        (html(f"<meta name='robots' content='index, noai'><p>{STORY}</p>"), "", "opted_out"),
        (html(f"<meta name='tdm-reservation' content='1'><p>{STORY}</p>"), "", "opted_out"),
        (html(f"<p>{STORY}</p>"), "X-Robots-Tag: noai\r\n", "opted_out"),
        (html(f"<p>{STORY}</p>"), "TDM-Reservation: 1\r\n", "opted_out"),
        (html(f"<meta name='robots' content='noarchive'><p>{STORY}</p>"), "X-Robots-Tag: noindex\r\n", None),
        (html(f"<p>{STORY}</p>"), "X-Robots-Tag: index\r\nX-Robots-Tag: somebot: noai\r\n", "opted_out"),
        (html(f"<p>{STORY}</p>"), "TDM-Reservation: 0\r\nX-Robots-Tag: noimageai\r\n", None),
    ],
)
def test_sites_that_opt_out_of_training(run, body, headers, defect):
    (item,) = run("a.warc.gz", warc(("https://farm.example.kr/1", body), headers=headers), WEB)
    assert item.document["defect"] == defect


@pytest.mark.parametrize(("obeyed", "defect"), [(("noai",), "opted_out"), (("tdm",), None), ((), None)])
def test_the_recipe_says_which_signals_are_obeyed(run, recipe, obeyed, defect):
    other = replace(recipe, ingest=replace(recipe.ingest, opt_outs=obeyed))
    content = warc(("https://farm.example.kr/1", html(f"<p>{STORY}</p>")), headers="X-Robots-Tag: noai\r\n")
    (item,) = run("a.warc.gz", content, WEB, recipe=other)
    assert item.document["defect"] == defect


def test_every_record_is_counted_once(run):
    content = (
        warc(
            ("https://farm.example.kr/1", html(f"<p>{STORY}</p>")),
            ("https://farm.example.kr/2", html("<div>" * 50_000)),
        )
        + warc(("https://farm.example.kr/3", b"\x89PNG"), content_type="image/png")
        + warc(("https://farm.example.kr/4", b"a" * (40 << 20)))
        + warc(("https://farm.example.kr/5", html(f"<p>{STORY}</p>")))[:-60]
    )
    found = run("a.warc.gz", content, WEB)
    fates = Counter(
        "document" if item.document else str(item.skipped) if item.skipped else item.quarantine["fault"]
        for item in found
    )
    assert fates == {"document": 1, "too_slow": 1, "not_html": 1, "record_too_large": 1, "truncated_file": 1}
    assert all(item.raw_bytes > 0 for item in found)
    rows = [item.quarantine for item in found if item.quarantine]
    assert pa.RecordBatch.from_pylist(rows, schema=QUARANTINE).num_rows == 3
    assert {row["file"] for row in rows} == {"a.warc.gz"}
    assert all(STORY[:10] not in row["detail"] for row in rows)


def test_poison_is_set_aside_unparsed(run):
    pages = [(f"https://farm.example.kr/{n}", html(f"<p>{STORY}{n}</p>")) for n in range(3)]
    found = run("a.warc.gz", warc(*pages), WEB, is_poison=lambda number: number == 1)
    assert [bool(item.document) for item in found] == [True, False, True]
    assert found[1].quarantine["fault"] == "engine_crashed"


def test_rows_are_the_same_anywhere(run):
    content = warc(*[(f"https://farm.example.kr/{n}", html(f"<p>{STORY}</p><p>{n}</p>")) for n in range(5)])
    first, second = run("a.warc.gz", content, WEB), run("a.warc.gz", content, WEB, root="elsewhere/landing")
    assert first == second


def test_kin_source(run):
    threads = [
        {"url": "https://kin.example.kr/1", "title": "못자리 물 (내공 50)", "question": f"{STORY} 물은 얼마나 대야 하나요?\n감사합니다",
         "answers": [{"text": "싹이 반쯤 잠기게 대고 밤에는 조금 더 깊게 대 주세요.\n출처: 본인", "adopted": True}], "asker": "새내기"},
        {"url": "https://kin.example.kr/2", "title": "못자리", "question": "아무나요", "answers": [{"text": "몰라요"}]},
    ]  # fmt: skip
    content = "\n".join(json.dumps(thread, ensure_ascii=False) for thread in threads).encode()
    good, poor = (item.document for item in run("kin.jsonl", content, Source(type="kin", kind="qa")))
    assert (good["kind"], good["title"], good["defect"]) == ("qa", "못자리 물", None)
    assert good["qa"]["answer"] == "싹이 반쯤 잠기게 대고 밤에는 조금 더 깊게 대 주세요."
    assert good["text"].startswith("## 질문\n\n못자리 물\n\n볍씨를") and "감사합니다" not in good["text"]
    assert (poor["qa"], poor["defect"]) == (None, "kin_no_answer")
    assert documents_batch([good, poor]).num_rows == 2


def test_the_recipe_says_how_long_an_answer_must_be(tmp_path, recipe):
    thread = {
        "url": "u",
        "title": "못자리",
        "question": "물은 얼마나 대나요?",
        "answers": [{"text": "싹이 반쯤 잠기게 대 주세요."}],
    }
    (tmp_path / "kin.jsonl").write_text(json.dumps(thread), "utf-8")
    for least, defect in ((5, None), (50, "kin_no_answer")):
        changed = replace(recipe, ingest=replace(recipe.ingest, min_answer_chars=least))
        (item,) = ingest(
            [str(tmp_path / "kin.jsonl")], str(tmp_path), "2026-03-01", "kin", Source(type="kin"), changed, SECRET
        )
        assert item.document["defect"] == defect


def test_blog_export(run):
    line = {
        "url": "https://blog.example.kr/1",
        "title": "못자리 일기",
        "html": f"<h2>첫날</h2><p>{STORY}</p>",
        "author": "논지기",
        "published_at": "2026-02-28 09:00",
    }
    (item,) = run("blog.jsonl", json.dumps(line).encode(), Source(type="blog", kind="post"))
    assert (item.document["title"], item.document["text"], item.document["kind"]) == (
        "못자리 일기",
        f"## 첫날\n\n{STORY}",
        "post",
    )
    assert item.document["published_at"].isoformat() == "2026-02-28T00:00:00+00:00"


def test_euc_kr_page(run):
    body = f"<html><head><meta charset='utf-8'></head><body><p>{STORY}</p></body></html>".encode("cp949")
    (item,) = run("a.warc.gz", warc(("https://farm.example.kr/1", body)), WEB)
    assert (item.document["text"], item.document["charset"], item.document["defect"]) == (STORY, "cp949", None)


def test_text_beyond_the_limit_is_cut_where_the_length_rule_still_sees_it(run, recipe):
    (item,) = run(
        "a.jsonl", json.dumps({"url": "u", "text": "가" * 1_200_000}, ensure_ascii=False).encode(), Source(type="jsonl")
    )
    assert len(item.document["text"]) == recipe.ingest.max_text_chars + 1


def test_kinds_are_the_contract_s(run):
    (item,) = run(
        "a.jsonl",
        json.dumps({"url": "u", "text": STORY, "kind": "novel"}).encode(),
        Source(type="jsonl", kind="article"),
    )
    assert item.document["kind"] == "article"
    assert item.document["kind"] in KINDS


FOOTER = "고을신문 대표전화 안내 및 구독 신청은 누리집에서 하실 수 있습니다"


def shared(site: str, number: int, frame: str = "<div>{body}</div>") -> tuple[str, bytes]:
    body = f"<div>{number}. {STORY}</div><div>{FOOTER}</div>"
    return f"https://{site}/{number}", html(frame.format(body=body))


def test_what_a_sites_pages_share_is_taken_out(run):
    pages = [shared("farm.example.kr", number) for number in range(6)] + [shared("other.example.kr", 1)]
    found = [item.document for item in run("a.warc.gz", warc(*pages), WEB)]
    assert [row["text"] for row in found[:6]] == [f"{number}. {STORY}" for number in range(6)]
    whole = [f"{row['text']}\n\n{FOOTER}" for row in found[:6]]
    assert [row["doc_id"] for row in found[:6]] == [
        document_id(r["url"], t) for r, t in zip(found, whole, strict=False)
    ]
    assert found[6]["text"].endswith(FOOTER), "one page of another site"


def test_bounded_pages_and_recipes_that_say_so_stay_whole(run, recipe):
    article = [shared("farm.example.kr", number, "<article>{body}</article>") for number in range(6)]
    assert all(item.document["text"].endswith(FOOTER) for item in run("a.warc.gz", warc(*article), WEB))
    alone = replace(recipe, ingest=replace(recipe.ingest, max_green_pages=0))
    loose = [shared("farm.example.kr", number) for number in range(6)]
    assert all(item.document["text"].endswith(FOOTER) for item in run("a.warc.gz", warc(*loose), WEB, recipe=alone))


def test_a_window_ends_and_the_order_stays(run, monkeypatch):
    from malmoi.stages import sites

    monkeypatch.setattr(sites, "MAX_DOCUMENTS", 4)
    pages = [shared("farm.example.kr", number) for number in range(6)]
    found = [item.document for item in run("a.warc.gz", warc(*pages), WEB)]
    assert [row["url"][-1] for row in found] == list("012345")
    assert [row["text"].endswith(FOOTER) for row in found] == [False] * 4 + [True] * 2
