"""The bounds let every paragraph of little value pass, and prose not."""

import dataclasses
import random

import numpy as np
import pytest

from malmoi.contracts.recipe.quality import Quality
from malmoi.text import cues, spam
from malmoi.text.doubt import Doubt
from malmoi.text.layout import lay_out
from malmoi.text.regions import _regions, _values

PROSE = "나는 오늘 산에 갔다. 바람이 시원하게 불었고 나뭇잎이 흔들렸다.\n\n꼭대기에서 김밥을 먹었다. 내려오는 길에는 다리가 아팠다."
PIECES = (
    *("가", "나는 산에 갔다. ", "Z", "İ", "🎉", "#", "##태그 ", "# ", "- ", "| ", "0212345678 ", "⚡"),
    *("\n", "\n\n", "\n\n", " ", " ", "\u2028", "\x0b", "\r\n", "\x85"),
)


def _texts(rng: random.Random) -> list[str]:
    phrases = [
        phrase.upper() if rng.random() < 0.1 else phrase
        for body in cues._lexicon().values()
        for phrase in rng.sample(body["phrases"], 6)
    ]
    pieces = (*PIECES * 4, *phrases, *rng.sample(phrases, 4) * 8)
    return ["".join(rng.choices(pieces, k=rng.randint(0, 60))) for _ in range(12)]


@pytest.mark.parametrize("seed", range(120))
def test_whatever_is_of_little_value_is_doubtful(seed: int):
    rng = random.Random(seed)
    quality = dataclasses.replace(
        Quality(),
        min_region_value=rng.choice([0.1, 0.3, 0.5, 0.5, 0.5, 0.8, 1.0]),
        max_spam_score=rng.choice([0.2, 0.4, 0.6, 0.6]),
        max_navigation_share=rng.choice([0.0, 0.25, 0.5]),
        max_footer_share=rng.choice([0.0, 0.15, 0.4]),
    )
    texts = _texts(rng)
    doubt = Doubt(texts, quality)
    places = [(row, region) for row, text in enumerate(texts) for region in _regions(text) if not region.heading]
    spans = [(region.start, region.end) for _, region in places]
    values = _values([texts[row][start:end] for (row, _), (start, end) in zip(places, spans, strict=True)], quality)
    passed = doubt.paragraphs([row for row, _ in places], spans)
    low = values < quality.min_region_value
    assert not (low & ~np.array(passed, bool)).any()
    assert {row for (row, _), leaves in zip(places, low, strict=True) if leaves} <= set(doubt.texts())


def test_prose_and_headings_are_in_no_doubt():
    doubt = Doubt([PROSE, f"## 로그인\n\n{PROSE}", f"{PROSE}\n\n홈 로그인 회원가입 장바구니"], Quality())
    assert doubt.texts() == [2]
    assert doubt.paragraphs([2, 2], [(0, len(PROSE)), (len(PROSE) + 2, len(PROSE) + 18)]) == [False, True]


@pytest.mark.parametrize("seed", range(40))
def test_a_higher_score_needs_phrases_of_so_many_kinds(seed: int):
    rng = random.Random(seed)
    kinds = rng.sample(spam.KINDS, 3)
    texts = []
    for count in (0, 1, 1, 2, 3):
        phrases = [phrase for kind in kinds[:count] for phrase in rng.sample(cues._lexicon()[kind]["phrases"], 12)]
        texts.append(
            " ".join(
                [*phrases, "★★★★★ 010-1234-5678 https://toto.vip #하나 #둘 #셋 #넷 #다섯 #여섯 " * rng.randint(0, 3)]
            )
        )
    different = cues.find(texts, lay_out(texts)).different
    held = (different[:, [cues.column(kind) for kind in spam.KINDS]] > 0).sum(axis=1)
    for score, kinds_held in zip(spam.score(texts), held, strict=True):
        assert kinds_held >= spam.least_kinds(score * (1 - 1e-9))
    assert [spam.least_kinds(score) for score in (0.0, 0.25, 0.26, 0.59, 0.6, 1.0)] == [0, 0, 1, 1, 2, 2]
