"""A quality model from documents of the lake: what it learns from, the shelf, the pointer, and the DAG in Airflow."""

import json
from pathlib import Path

import pytest
from tests.lake.conftest import DAY, Page
from tests.lake.dag_runs import SECRET, Airflow

from malmoi.contracts import quality_models
from malmoi.contracts.errors import ContractError, InputError
from malmoi.contracts.paths import Lake
from malmoi.lake.night import NightLake
from malmoi.models import quality_model
from malmoi.text.signals import measure
from malmoi.train.quality_corpus import HELD_OUT, Plan, examples_of, kept
from malmoi.train.quality_shelf import auc, evaluate, train_model

PLACES = "시장 골목 도서관 강가 학교 우체국 빵집 기차역 운동장 공방".split()
GOODS = "과일 꽃 책 연필 신발 모자 찻잔 화분 자전거 우산".split()


def prose(number: int) -> str:
    place, thing = PLACES[number % 10], GOODS[number // 10 % 10]
    return f"{number}일째 되는 날 {place}에서 {thing} 하나를 샀다. 주인은 값을 깎아 주며 다음에 또 오라고 웃었다. 돌아오는 길에 비가 내렸지만 마음은 가벼웠다."


def offer(number: int) -> str:
    place, thing = PLACES[number % 10], GOODS[number // 10 % 10]
    return f"{place}점 {thing} 최저가 보장! {number}개 한정 무료 사은품 증정, 지금 바로 상담 신청하세요. 카톡 문의 환영합니다."


@pytest.fixture
def lake(night, recipe, lake_root, monkeypatch) -> Lake:
    """A published night: news that stayed, and advertising, copies and low scores that did not."""
    monkeypatch.setenv("MALMOI_SECRET", SECRET)
    good = [Page(f"https://n{n % 7}.example/{n}", prose(n), quality=0.9) for n in range(60)]
    bad = [Page(f"https://s{n % 7}.example/{n}", offer(n), "spam") for n in range(60)]
    others = [
        Page("https://a.example/1", "가까운 사본이라서 나간 글입니다.", "duplicate_near"),
        Page("https://a.example/2", "모델이 낮게 본 글입니다.", "low_quality"),
    ]
    night().source("news", [*good, *bad, *others])
    held = NightLake(lake_root, DAY, recipe(), ["news"])
    held.publish(held.check(lambda texts: [[] for _ in texts]), {})
    return Lake(lake_root)


PLAN = Plan((DAY,), ("news",), "", 100)


def test_what_a_model_learns_from(lake):
    taught, held = examples_of(lake, PLAN, held_out=False), examples_of(lake, PLAN, held_out=True)
    texts = [example.text for example in taught + held]
    assert len(set(texts)) == len(texts) == 120
    assert {example.text for example in taught if example.good} <= {prose(n) for n in range(60)}
    assert not any(
        "사본" in text or "낮게" in text for text in texts
    )  # copies and the model's own verdicts teach nothing
    assert len(texts) / HELD_OUT / 2 < len(held) < 2 * len(texts) / HELD_OUT
    assert examples_of(lake, PLAN, held_out=False) == taught
    assert len(examples_of(lake, PLAN._replace(documents=10), held_out=False)) == 20
    assert len(kept(lake, PLAN)) == 60


def test_reference_text_may_stand_in_for_sources(lake, tmp_path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.jsonl").write_text(
        "\n".join(json.dumps({"text": f"{n}년 전의 일기를 다시 읽었다."}) for n in range(40)), "utf-8"
    )
    plan = PLAN._replace(sources=(), reference=str(tmp_path / "texts"))
    taught = examples_of(lake, plan, held_out=False)
    assert all("일기" in example.text for example in taught if example.good)
    with pytest.raises(ContractError, match="no reference documents"):
        examples_of(lake, PLAN._replace(sources=()), held_out=False)


def test_train_evaluate_promote(lake, recipe):
    manifest = train_model(lake, PLAN)
    assert manifest["documents"]["reference"] > 30 and manifest["bytes"] < 1_000_000
    with pytest.raises(InputError, match="evaluate it first"):
        quality_models.promote(lake, manifest["id"])
    report = evaluate(lake, PLAN, recipe(), manifest["id"])
    new = report["figures"]["new"]
    assert new["auc"] > 0.95 and new["rejected_below"] > 0.8 > 0.2 > new["kept_below"]
    assert report["in_use"] == "default" and set(report["figures"]) == {"new", "in_use"}

    assert quality_models.promoted(lake) is None and quality_models.read_promoted(lake) is None
    quality_models.promote(lake, manifest["id"])
    model = quality_model.read(quality_models.read_promoted(lake))
    assert model.sha256 == manifest["sha256"] == quality_models.promoted(lake)["sha256"]
    assert quality_models.used([{quality_models.INPUT: model.sha256}], "own") == {"quality": model.sha256}
    assert evaluate(lake, PLAN, recipe(), manifest["id"])["in_use"] == manifest["id"]
    Path(quality_models.folder(lake, manifest["id"]), quality_models.MODEL).write_bytes(b"other")
    with pytest.raises(ContractError, match="not the model that was promoted"):
        quality_models.read_promoted(lake)


def test_a_model_that_is_not_there(lake, recipe):
    with pytest.raises(InputError, match="no such model"):
        evaluate(lake, PLAN, recipe(), "0123456789ab")
    with pytest.raises(InputError, match="train it first"):
        quality_models.promote(lake, "0123456789ab")


def test_the_hash_of_a_night():
    assert quality_models.used([{}, {}], "own") == {"quality": "own"}
    assert quality_models.used([], "own") == {"quality": "own"}
    mixed = quality_models.used([{quality_models.INPUT: "b"}, {}], "a")
    assert mixed == {"quality": "a", "quality.2": "b"}


def test_order_of_good_before_bad():
    import numpy as np

    assert auc(np.array([0.9, 0.8]), np.array([0.1, 0.2])) == 1.0
    assert auc(np.array([0.5]), np.array([0.5, 0.9])) == 0.25


@pytest.mark.airflow
def test_in_airflow(lake, tmp_path, root):
    airflow = Airflow(tmp_path / "airflow", lake.root, root)
    states = airflow.run("corpus_models", documents=50)
    tasks = ("choose_documents", "train", "evaluate", "briefing", "approve", "promote")
    assert states == dict.fromkeys(tasks, "success")
    model = quality_model.read(quality_models.read_promoted(lake))
    good, bad = quality_model.score([prose(7), offer(7)], measure([prose(7), offer(7)]), model)
    assert good > 0.5 > bad
