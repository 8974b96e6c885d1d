"""Annotate with every real engine on one small batch: the schema, and spans that point where they say."""

import json

import pyarrow as pa
import pytest

from malmoi.contracts.document import DOCUMENT, document_id
from malmoi.contracts.reasons import Fault
from malmoi.contracts.recipe import load_recipe
from malmoi.contracts.signals import SIGNALS
from malmoi.contracts.tables import ANNOTATIONS
from malmoi.stages.annotate import COLUMNS, annotate, unannotated

PLAIN = (
    "어제저녁 한강 공원에 바람을 쐬러 나갔다. 강물은 잔잔했고 자전거를 타는 사람들이 많았다. "
    "벤치에 앉아 따뜻한 차를 마시며 오랜만에 여유를 느꼈다. 다음 주에도 친구와 함께 다시 오기로 했다."
)
TEXTS = {
    "plain": PLAIN,
    "astral": f"😀𠮷👨‍👩‍👧 {PLAIN}\n문의는 010-2345-6789로 주시고 메일은 bada.03@naver.com입니다.",
    "swearing": f"🚗 {PLAIN} 아 씨발 진짜 짜증나네. 그래도 산책은 즐거웠다.",
    "copy": PLAIN,
    "english": "The river was calm last evening and many people were riding their bicycles along the long path.",
    "empty": "",
    "none": None,
}
NAMES = list(TEXTS)


def document(number: int, name: str) -> dict:
    url = f"https://example.kr/{number}"
    return {
        "batch": "2026-11-01", "source": "web", "doc_id": document_id(url, TEXTS[name] or ""), "kind": "page",
        "origin": {"file": "a.warc.gz", "offset": number, "length": 1}, "site": "example.kr", "url": url,
        "title": "한강 산책" if name != "none" else None, "text": TEXTS[name],
        "defect": None if TEXTS[name] else "empty_text",
    }  # fmt: skip


@pytest.fixture(scope="module")
def documents() -> pa.RecordBatch:
    rows = [document(number, name) for number, name in enumerate(NAMES)]
    return pa.RecordBatch.from_pylist(rows, schema=DOCUMENT).select(COLUMNS)


@pytest.fixture(scope="module")
def recipe(recipes):
    return load_recipe(recipes / "nightly.toml")


@pytest.fixture(scope="module")
def found(documents, recipe) -> pa.RecordBatch:
    return annotate(documents, recipe, "web")


@pytest.fixture(scope="module")
def rows(found) -> dict[str, dict]:
    return dict(zip(NAMES, found.to_pylist(), strict=True))


def said(rows, name: str, spans: str) -> list[str]:
    return [TEXTS[name][span["start"] : span["end"]] for span in rows[name][spans]]


def test_schema_and_identity(found, documents):
    assert found.schema == ANNOTATIONS and found.num_rows == len(TEXTS)
    for name in ("batch", "source", "doc_id", "origin", "kind", "site", "published_at", "defect"):
        assert found[name].equals(documents[name])
    assert found["bytes"].to_pylist() == [len((text or "").encode()) for text in TEXTS.values()]


def test_every_signal_is_measured_on_every_row(rows):
    for row in rows.values():
        assert set(row["signals"]) == set(SIGNALS) and None not in row["signals"].values()
        assert all(value == value and abs(value) != float("inf") for value in row["signals"].values())
    assert rows["plain"]["signals"]["chars"] == len(PLAIN)
    assert rows["astral"]["signals"]["chars"] == len(TEXTS["astral"])
    assert rows["empty"]["signals"]["chars"] == rows["none"]["signals"]["chars"] == 0


def test_languages(rows):
    assert {name: rows[name]["language"] for name in ("plain", "astral", "english", "empty")} == {
        "plain": "ko", "astral": "ko", "english": "en", "empty": "und",
    }  # fmt: skip


def test_spans_are_code_points_behind_characters_that_utf16_counts_twice(rows):
    assert said(rows, "astral", "pii") == ["010-2345-6789", "bada.03@naver.com"]
    assert [span["entity"] for span in rows["astral"]["pii"]] == ["phone", "email"]
    assert rows["astral"]["signals"]["persons"] == 1
    assert said(rows, "swearing", "profanity") == ["씨발"]
    assert all(0 <= edit["start"] <= edit["end"] <= len(TEXTS["swearing"]) for edit in rows["swearing"]["softening"])
    assert any("씨발" in word for word in said(rows, "swearing", "softening"))


def test_a_title_is_searched_for_what_it_tells_and_for_what_the_body_tells(recipe):
    body = f"글쓴이: 한가람 기자\n{PLAIN}"
    titles = {
        "문의 010-2345-6789 주세요": body,
        "한가람이 걸은 강": body,
        "한강에서 걸은 강": body,
        "한가람이 본 강": PLAIN,
    }
    rows = [
        document(number, "plain") | {"title": title, "text": text}
        for number, (title, text) in enumerate(titles.items())
    ]
    found = annotate(pa.RecordBatch.from_pylist(rows, schema=DOCUMENT).select(COLUMNS), recipe, "web").to_pylist()
    said = [
        [title[at["start"] : at["end"]] for at in row["title_pii"]] for title, row in zip(titles, found, strict=True)
    ]
    assert said == [["010-2345-6789"], ["한가람"], [], []]


def test_clean_text_has_no_span(rows):
    for name in ("plain", "english", "empty", "none"):
        assert rows[name]["pii"] == rows[name]["profanity"] == rows[name]["softening"] == []
    assert (
        rows["plain"]["signals"]["profane_sentence_share"] == 0 < rows["swearing"]["signals"]["profane_sentence_share"]
    )


def test_equal_texts_have_equal_signatures_and_others_do_not(rows, recipe):
    assert rows["plain"]["text_hash"] == rows["copy"]["text_hash"] != rows["swearing"]["text_hash"]
    assert rows["plain"]["signature"] == rows["copy"]["signature"] != rows["english"]["signature"]
    assert len(rows["plain"]["signature"]) == 4 * recipe.dedup.bands * recipe.dedup.rows


def test_a_row_does_not_depend_on_its_batch(found, documents, recipe):
    """A worker that died goes through its rows one by one; the part must hold the same values."""
    alone = pa.Table.from_batches([annotate(documents.slice(row, 1), recipe, "web") for row in range(len(NAMES))])
    for one, two in zip(found.to_pylist(), alone.to_pylist(), strict=True):
        assert one == two


def test_unannotated_keeps_identity_and_names_the_fault(documents):
    found = unannotated(documents, Fault.ENGINE_CRASHED)
    assert found.schema == ANNOTATIONS and found.num_rows == len(TEXTS)
    assert found["doc_id"].equals(documents["doc_id"]) and found["origin"].equals(documents["origin"])
    assert set(found["defect"].to_pylist()) == {"engine_crashed"}
    assert found["bytes"].to_pylist()[0] == len(PLAIN.encode())
    for name in ("signals", "pii", "profanity", "softening", "text_hash", "signature", "language"):
        assert found[name].null_count == len(TEXTS)
    assert "한강" not in json.dumps(found.drop_columns(["origin"]).to_pylist(), ensure_ascii=False, default=str)
