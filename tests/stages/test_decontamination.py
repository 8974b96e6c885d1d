"""Overlap with evaluation sets through annotate, decide and redact: cut where little overlaps, dropped where much does."""

import pyarrow as pa
import pytest

from malmoi.contracts.document import DOCUMENT, document_id
from malmoi.contracts.reasons import Reason
from malmoi.contracts.recipe import Recipe, load_recipe
from malmoi.contracts.recipe.uses import stage_recipe
from malmoi.contracts.tables import DECISIONS
from malmoi.stages import redact as stage
from malmoi.stages.annotate import annotate
from malmoi.stages.decide import COLUMNS, judge

QUESTION = "화산이 폭발할 때 나오는 물질 가운데 기체에 해당하는 것을 고르고 그 까닭을 두 가지 이상 들어 설명하시오."
STORY = (
    "지난 주말에는 아이들과 함께 섬을 한 바퀴 돌았다. 검은 돌로 쌓은 담이 밭마다 이어져 있었고, 바람이 세서 모자를 몇 번이나 "
    "놓쳤다. 점심에는 바닷가 식당에서 국수를 먹었는데 국물이 시원해서 모두 한 그릇씩 비웠다. 오후에는 작은 박물관에 들러 "
    "돌이 만들어지는 과정을 들었다. 안내하시던 분이 재미있게 이야기해 주셔서 아이들도 끝까지 귀를 기울였다. "
)
ENDING = "돌아오는 배에서는 다들 지쳐서 잠이 들었다. 내년 봄에 다시 오자고 약속했다."


@pytest.fixture
def recipe(tmp_path) -> Recipe:
    (tmp_path / "exam.txt").write_text(QUESTION, "utf-8")
    (tmp_path / "recipe.toml").write_text(
        'name = "t"\n[sources.web]\ntype = "jsonl"\n[decontamination]\nsets = ["exam.txt"]\n', "utf-8"
    )
    return load_recipe(tmp_path / "recipe.toml")


def annotated(recipe: Recipe, *texts: str, kind: str = "page") -> tuple[pa.RecordBatch, pa.RecordBatch]:
    base = {"batch": "2026-11-01", "source": "web", "kind": kind, "url": "https://example.kr/", "site": "example.kr"}
    rows = [base | {"doc_id": document_id("", text), "text": text} for text in texts]
    documents = pa.RecordBatch.from_pylist(rows, schema=DOCUMENT)
    return documents, annotate(documents, stage_recipe(recipe, "annotate"), "web")


def ruling(recipe: Recipe, text: str, kind: str = "page"):
    (found,) = judge(annotated(recipe, text, kind=kind)[1].select(COLUMNS), stage_recipe(recipe, "decide"), "web")
    return found


def cleaned(recipe: Recipe, text: str) -> str:
    documents, annotations = annotated(recipe, text)
    decisions = pa.RecordBatch.from_pylist(
        [{"keep": True, "profanity_action": "keep", "cluster_size": 1}], schema=DECISIONS
    )
    found = stage.redact(
        documents.select(stage.DOCUMENT_COLUMNS), annotations.select(stage.ANNOTATION_COLUMNS),
        decisions.select(stage.DECISION_COLUMNS), stage_recipe(recipe, "redact"), "web",
    )  # fmt: skip
    return found["text"].to_pylist()[0]


def test_a_document_that_is_mostly_a_question_is_dropped(recipe):
    found = ruling(recipe, f"시험에 이런 문제가 나왔어요. {QUESTION} 답을 아시는 분 계신가요?")
    assert (found.reason, found.threshold) == (Reason.CONTAMINATED, 0.2) and 0.5 < found.value < 1


def test_a_sentence_in_a_long_document_is_cut(recipe):
    text = STORY + QUESTION + " " + ENDING
    assert ruling(recipe, text).reason is None
    assert cleaned(recipe, text) == STORY + ENDING
    assert cleaned(recipe, STORY + ENDING) == STORY + ENDING


def test_of_a_thread_nothing_is_cut(recipe):
    found = ruling(recipe, STORY + QUESTION + " " + ENDING, kind="qa")
    assert (found.reason, found.threshold) == (Reason.CONTAMINATED, 0.0)
    assert ruling(recipe, STORY + ENDING, kind="qa").reason is None


def test_a_rule_of_its_own_comes_before_and_no_sets_find_nothing(recipe, tmp_path):
    assert ruling(recipe, "짧은 글").reason == Reason.TOO_SHORT
    (tmp_path / "none.toml").write_text('name = "t"\n[sources.web]\ntype = "jsonl"\n', "utf-8")
    without = load_recipe(tmp_path / "none.toml")
    assert ruling(without, f"시험에 이런 문제가 나왔어요. {QUESTION} 답을 아시는 분 계신가요?").reason is None


def test_annotations_of_an_older_version_have_no_overlaps(recipe):
    documents, annotations = annotated(recipe, STORY + ENDING)
    older = annotations.drop_columns(["contamination"])
    decisions = pa.RecordBatch.from_pylist(
        [{"keep": True, "profanity_action": "keep", "cluster_size": 1}], schema=DECISIONS
    )
    found = stage.redact(documents, older, decisions, recipe, "web")
    assert found["text"].to_pylist() == [STORY + ENDING]
