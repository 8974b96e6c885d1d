"""Redact: what stays of a kept document, with personal data and profanity gone from all of its texts."""

import pyarrow as pa
import pytest

from malmoi.contracts.document import DOCUMENT, document_id
from malmoi.contracts.recipe import Recipe, recipe_from_mapping
from malmoi.contracts.tables import CLEAN, DECISIONS
from malmoi.stages import redact as stage
from malmoi.stages.annotate import annotate
from malmoi.stages.decide import judge
from malmoi.stages.redact import redact, redact_texts

PHONE, EMAIL, CARD = "010-2345-6789", "bada.03@naver.com", "4539-5787-6362-1486"
WALK = "어제저녁 한강 공원에 바람을 쐬러 나갔다. 강물은 잔잔했고 자전거를 타는 사람들이 많았다."
CLEAN_END = "다음 주에도 친구와 함께 다시 오기로 했다."


def recipe(**sections) -> Recipe:
    return recipe_from_mapping({"sources": {"web": {"type": "warc"}}, **sections})


def run(documents: list[dict], keep: list[bool] | None = None, action: str = "", **sections) -> list[dict]:
    """Documents through annotate and redact; decisions by ``keep`` (all), actions as decide rules them or ``action``."""
    settled = recipe(**sections)
    base = {"batch": "2026-11-01", "source": "web", "kind": "page", "url": "https://example.kr/", "site": "example.kr"}
    rows = [base | {"doc_id": document_id("", str(n))} | one for n, one in enumerate(documents)]
    batch = pa.RecordBatch.from_pylist(rows, schema=DOCUMENT)
    annotations = annotate(batch, settled, "web")
    decisions = pa.RecordBatch.from_pylist(
        [
            {"keep": stays, "profanity_action": action or ruling.profanity_action, "cluster_size": n + 1}
            for n, (stays, ruling) in enumerate(
                zip(keep or [True] * len(rows), judge(annotations, settled, "web"), strict=True)
            )
        ],
        schema=DECISIONS,
    )
    found = redact(
        batch.select(stage.DOCUMENT_COLUMNS), annotations.select(stage.ANNOTATION_COLUMNS),
        decisions.select(stage.DECISION_COLUMNS), settled, "web",
    )  # fmt: skip
    assert found.schema == CLEAN
    return found.to_pylist()


def one(document: dict, **how) -> dict:
    (found,) = run([document], **how)
    return found


def test_only_kept_rows_leave_and_they_stay_themselves():
    documents = [{"text": f"{WALK} {n}번째 날이다.", "title": f"제목 {n}", "license": "CC-BY"} for n in range(4)]
    found = run(documents, keep=[True, False, True, False])
    assert [row["text"] for row in found] == [documents[0]["text"], documents[2]["text"]]
    assert [row["doc_id"] for row in found] == [document_id("", "0"), document_id("", "2")]
    assert [row["cluster_size"] for row in found] == [1, 3] and [row["title"] for row in found] == ["제목 0", "제목 2"]
    assert found[0]["license"] == "CC-BY" and found[0]["pii_replaced"] == found[0]["softened"] == 0
    assert run(documents, keep=[False] * 4) == []


def test_each_row_that_stays_keeps_its_own_spans():
    documents = [
        {"text": f"{WALK} 나중에 {PHONE}로"},
        {"text": WALK},
        {"text": f"{EMAIL} {WALK}"},
        {"text": f"{PHONE} {WALK}"},
    ]
    found = run(documents, keep=[False, True, True, True])
    assert [row["text"] for row in found] == [WALK, f"<이메일> {WALK}", f"<전화번호> {WALK}"]
    assert [row["pii_replaced"] for row in found] == [0, 1, 1]


@pytest.mark.parametrize(
    ("policy", "text"),
    [
        ("tag", f"{WALK} 문의는 <전화번호>로 하고 메일은 <이메일>을 쓴다."),
        ("keep", f"{WALK} 문의는 {PHONE}로 하고 메일은 {EMAIL}을 쓴다."),
    ],
)
def test_personal_data_by_policy_with_the_josa_that_the_tag_asks_for(policy, text):
    asked = {"policy": {"phone": policy, "email": policy}}
    found = one({"text": f"{WALK} 문의는 {PHONE}로 하고 메일은 {EMAIL}을 쓴다."}, privacy=asked)
    assert found["text"] == text and found["pii_replaced"] == (2 if policy == "tag" else 0)


def test_josa_of_the_word_that_now_stands_there():
    assert one({"text": f"{WALK} 전화 {PHONE}은 내 번호다."})["text"] == f"{WALK} 전화 <전화번호>는 내 번호다."


def test_spans_are_not_shifted_by_what_stands_before_them():
    text = f"😀𠮷 {PHONE} 그리고 {EMAIL} 👨‍👩‍👧 {WALK} 카드번호는 {CARD}이다. {CLEAN_END}"
    found = one({"text": text})["text"]
    assert found.startswith("😀𠮷 <전화번호> 그리고 <이메일> 👨‍👩‍👧 " + WALK) and found.endswith("이다. " + CLEAN_END)
    assert "<카드번호>" in found and not [value for value in (PHONE, EMAIL, CARD) if value in found]


def test_softening_beside_personal_data():
    text = f"𠮷 {PHONE} {WALK} 아 씨발 진짜 짜증나네. {EMAIL} {CLEAN_END}"
    found = one({"text": text}, action="soften")
    assert found["text"] == f"𠮷 <전화번호> {WALK} 아 진짜 짜증나네. <이메일> {CLEAN_END}"
    assert (found["pii_replaced"], found["softened"]) == (2, 1)


@pytest.mark.parametrize(
    ("action", "stays", "gone"),
    [("keep", "씨발", ""), ("soften", "진짜 짜증나네", "씨발"), ("drop_sentences", CLEAN_END, "짜증나네")],
)
def test_the_action_that_was_decided_is_done(action, stays, gone):
    found = one({"text": f"{WALK} 아 씨발 진짜 짜증나네. {CLEAN_END}"}, action=action)["text"]
    assert WALK in found and stays in found and (not gone or gone not in found)


def test_title_question_answer_and_turns_get_the_same_treatment():
    document = {
        "text": WALK,
        "title": f"급매 {PHONE} 연락",
        "qa": {"question": f"{EMAIL}으로 보내면 되나요?", "answer": f"{PHONE}은 없는 번호입니다. 아 씨발 속았네.",
               "adopted": True, "expert": False, "votes": 3, "answer_rank": 1},
        "turns": [{"speaker": "A", "text": f"내 번호는 {PHONE}이야."}, {"speaker": EMAIL, "text": "이 새끼가 뭐라는 거야"},
                  {"speaker": None, "text": ""}],
    }  # fmt: skip
    found = one(document)
    assert found["title"] == "급매 <전화번호> 연락"
    assert found["qa"] == document["qa"] | {
        "question": "<이메일>로 보내면 되나요?", "answer": "<전화번호>는 없는 번호입니다. 아 속았네.",
    }  # fmt: skip
    assert found["turns"] == [
        {"speaker": "A", "text": "내 번호는 <전화번호>야."},
        {"speaker": "<이메일>", "text": "이 사람이 뭐라는 거야"},
        {"speaker": None, "text": ""},
    ]


def test_side_texts_of_rows_that_leave_do_not_land_elsewhere():
    documents = [
        {"text": WALK, "title": f"첫째 {PHONE}"},
        {"text": WALK, "title": None, "turns": [{"speaker": "A", "text": EMAIL}]},
        {"text": WALK, "title": "셋째"},
    ]
    found = run(documents, keep=[False, True, True])
    assert [row["title"] for row in found] == [None, "셋째"]
    assert [row["turns"] for row in found] == [[{"speaker": "A", "text": "<이메일>"}], None]


def test_no_softening_of_side_texts_where_the_recipe_keeps():
    words = ["아 씨발 속았네", f"번호 {PHONE}"]
    assert redact_texts(words, recipe(), "web") == ["아 속았네", "번호 <전화번호>"]
    assert redact_texts(words, recipe(profanity={"policy": "keep"}), "web") == [words[0], "번호 <전화번호>"]
    assert redact_texts([], recipe(), "web") == []


def test_worthless_paragraphs_leave_with_the_personal_data_in_them():
    footer = f"상호: 바다상사 대표자: 한하수 사업자등록번호: 120-12-56005 전화: {PHONE} Copyright 바다상사 All rights reserved."
    text = f"{WALK}\n\n{CLEAN_END * 3}\n\n{footer}\n"
    found = one({"text": text})
    assert "All rights reserved" not in found["text"] and PHONE not in found["text"]
    assert found["text"].startswith(WALK) and CLEAN_END in found["text"]
    kept = one({"text": text}, quality={"min_region_value": 0.0})
    assert "All rights reserved" in kept["text"] and PHONE not in kept["text"]
    assert kept["pii_replaced"] > found["pii_replaced"] == 0
