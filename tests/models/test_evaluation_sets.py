"""Reading evaluation sets."""

import json
from pathlib import Path

import pytest

from malmoi.contracts.errors import InputError
from malmoi.contracts.recipe import Recipe, load_recipe
from malmoi.models import evaluation_sets

QUESTION = (
    "바닷물이 하루에 두 번 들어오고 나가는 까닭을 설명한 것으로 알맞은 것은 무엇인가? 달이 지구를 끌어당기는 힘 때문에 "
    "바닷물이 달 쪽으로 쏠리기 때문이다."
)


def recipe(folder: Path, *names: str) -> Recipe:
    listed = ", ".join(f'"{name}"' for name in names)
    path = folder / "recipe.toml"
    path.write_text(f'name = "t"\n[sources.web]\ntype = "jsonl"\n[decontamination]\nsets = [{listed}]\n', "utf-8")
    return load_recipe(path)


def test_every_string_of_jsonl_and_every_line_of_txt(tmp_path):
    rows = [{"question": QUESTION, "options": ["가", {"text": "나"}], "answer": 3}, "다"]
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n\n", "utf-8")
    (tmp_path / "b.txt").write_text("라\n마\n", "utf-8")
    assert list(evaluation_sets.items(str(tmp_path / "a.jsonl"))) == [QUESTION, "가", "나", "다"]
    assert list(evaluation_sets.items(str(tmp_path / "b.txt"))) == ["라", "마"]


def test_texts_are_held_against_all_sets(tmp_path):
    (tmp_path / "a.txt").write_text("다른 글\n", "utf-8")
    (tmp_path / "b.jsonl").write_text(json.dumps({"q": QUESTION}), "utf-8")
    found = evaluation_sets.overlaps([QUESTION, "다른 글"], recipe(tmp_path, "a.txt", "b.jsonl"))
    assert found[0] == ([(0, len(QUESTION) - 1)], 1.0) and found[1] == ([], 0.0)
    assert evaluation_sets.overlaps([QUESTION], recipe(tmp_path)) == [([], 0.0)]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("none.txt", None, "cannot be read as UTF-8"), ("a.txt", b"\xff\xfe", "cannot be read as UTF-8"),
     ("b.jsonl", b'{"q": "x"}\n{"q', "line 2: not JSON")],
)  # fmt: skip
def test_a_set_that_cannot_be_read_is_named(tmp_path, name, content, said):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=f"{name}.*{said}"):
        evaluation_sets.overlaps(["글"], recipe(tmp_path, name))
