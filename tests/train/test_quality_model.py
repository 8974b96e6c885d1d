"""The quality model: what it is trained on, that training is reproducible, and what stands in without one."""

import numpy as np
import pytest

from malmoi.contracts.errors import ContractError, InputError
from malmoi.models import quality_model
from malmoi.text.signals import measure
from malmoi.train.quality_documents import Example, examples
from malmoi.train.quality_model import SEED, main, train

GOOD = "어제는 비가 와서 우산을 쓰고 시장에 다녀왔다. 감자를 사고 두부도 샀다."
ADVERT = "지금 바로 신청하세요! 최저가 보장, 무료 상담 가능합니다. 사은품도 드려요. 카톡 문의 주세요."


def test_documents_depend_on_the_seed_alone():
    assert examples(3, each=4) == examples(3, each=4)
    assert examples(3, each=4) != examples(4, each=4)
    made = examples(3, each=4)
    assert any(example.good for example in made) and any(not example.good for example in made)
    assert all(example.text.strip() for example in made)


def test_training_twice_gives_the_same_file_and_honest_figures():
    documents = examples(5, each=12)
    first, figures = train(documents)
    second, _ = train(documents)
    assert first == second
    assert len(first) < 1_000_000
    assert figures["bad_below_half"] > 0.6 and figures["good_below_half"] < 0.3


@pytest.mark.slow
def test_the_default_model_is_what_the_script_makes():
    content, _ = train(examples(SEED))
    assert content == quality_model.default_path().read_bytes()


def test_groups_are_never_split():
    made = examples(3, each=6)
    groups = {example.group: example.good for example in made}
    assert all(groups[example.group] == example.good for example in made)


def test_the_default_model_tells_good_from_advertising():
    scores = quality_model.score([GOOD, ADVERT], measure([GOOD, ADVERT]), quality_model.default())
    assert scores[0] > 0.6 > 0.2 > scores[1]
    assert len(quality_model.default().sha256) == 64
    assert quality_model.default_path().stat().st_size < 1_000_000
    assert quality_model.score([], measure([]), None) == []


def test_signs_of_junk_never_speak_for_a_document():
    model = quality_model.load(quality_model.default_path())
    assert model.features == quality_model.FEATURES
    assert (model.weight * quality_model.SIGNS >= 0).all()


def test_without_a_model_the_rules_own_score_stands_in(tmp_path):
    assert quality_model.load(tmp_path / "none.npz") is None
    scores = quality_model.score([GOOD, ADVERT], measure([GOOD, ADVERT]), None)
    assert scores[0] > scores[1] == 0


def test_another_format_is_refused(tmp_path):
    path = tmp_path / "other.npz"
    np.savez(path, head=np.array('{"format": "something else"}'))
    with pytest.raises(ContractError, match="format"):
        quality_model.load(path)


def test_training_on_folders(tmp_path, capsys):
    for side, text in (("good", GOOD), ("bad", ADVERT)):
        (tmp_path / side).mkdir()
        for number in range(12):
            (tmp_path / side / f"{number}.txt").write_text(f"{text} {number}번째 글입니다.", "utf-8")
    out = tmp_path / "model.npz"
    assert main(["--good", str(tmp_path / "good"), "--bad", str(tmp_path / "bad"), "--out", str(out)]) == 0
    assert '"documents": 24' in capsys.readouterr().out
    scores = quality_model.score([GOOD, ADVERT], measure([GOOD, ADVERT]), quality_model.load(out))
    assert scores[0] > 0.5 > scores[1]


def test_training_needs_both_sides(tmp_path):
    with pytest.raises(InputError, match="good and bad"):
        train([Example(GOOD, True, "a"), Example(GOOD, True, "b")])
    with pytest.raises(InputError, match="no text found"):
        main(["--good", str(tmp_path), "--bad", str(tmp_path), "--out", str(tmp_path / "x.npz")])
