"""The profanity classifier: decoding the code book ahead changes no probability."""

import random

import pytest

from malmoi.models import toxicity
from malmoi.text.profanity.skeleton import Skeletons

WORDS = "진짜 너무 별로네요 이런 걸 왜 보냐 꺼져라 제발 좋은 하루 되세요 감사합니다 ㅋㅋㅋ 뭐래 ㅗㅗ 정신 차려 abc 123 https".split()


@pytest.fixture(scope="module")
def passages() -> list[bytes]:
    chance = random.Random(3)
    texts = [" ".join(chance.choices(WORDS, k=chance.randrange(1, 40))) for _ in range(500)]
    skeletons = Skeletons(["", "가", *texts])
    return [skeletons.of(row) for row in range(len(texts) + 2)]


def test_a_decoded_model_gives_the_probabilities_of_the_stored_one(passages):
    lines = [toxicity.letters(passage) for passage in passages]
    stored = toxicity.predict(toxicity._stored(), lines)
    assert toxicity.predict(toxicity.decoded(toxicity._stored()), lines) == stored
    assert toxicity.probabilities(passages) == stored
    assert len(set(stored)) > 400
