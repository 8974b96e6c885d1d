"""Cases in shapes and contexts that the rules' own tables do not have, held to what a release needs.

``fresh_positives.txt``: ``category|sentence``, the value in ⟦ ⟧, ``\\n`` a line feed. ``fresh_negatives.txt``: sentences full of
tempting numbers and words that hold nothing personal. All data in them is invented.
"""

import re
from collections import defaultdict
from pathlib import Path

from malmoi.contracts.recipe.privacy import Privacy
from malmoi.models import presidio

HERE = Path(__file__).parent
IDENTIFYING = ("rrn", "frn", "passport", "driver_license")
MIN_SCORE = Privacy().min_score


def positives() -> list[tuple[str, str, list[tuple[int, int]]]]:
    cases = []
    for line in (HERE / "fresh_positives.txt").read_text("utf-8").splitlines():
        category, marked = line.replace("\\n", "\n").split("|", 1)
        text, values = "", []
        for piece in re.split("([⟦⟧])", marked):
            if piece == "⟦":
                values.append((len(text), len(text)))
            elif piece == "⟧":
                values[-1] = (values[-1][0], len(text))
            else:
                text += piece
        cases.append((category, text, values))
    return cases


def found(text: str, start: int, end: int, spans: list) -> bool:
    """At least nine in ten of the value's letters and digits lie in spans."""
    covered = {place for span in spans for place in range(span.start, span.end)}
    places = [place for place in range(start, end) if text[place].isalnum()]
    return sum(place in covered for place in places) >= 0.9 * len(places)


def test_recall_of_every_category() -> None:
    cases = positives()
    answers = presidio.find([text for _, text, _ in cases], MIN_SCORE)
    hits: dict[str, list[bool]] = defaultdict(list)
    for (category, text, values), spans in zip(cases, answers, strict=True):
        hits[category] += [found(text, *value, spans) for value in values]
    recall = {category: sum(of) / len(of) for category, of in hits.items()}
    assert len(cases) > 400 and len(recall) == 18
    assert {category: recall[category] for category in IDENTIFYING} == dict.fromkeys(IDENTIFYING, 1.0)
    assert sum(recall.values()) / len(recall) >= 0.975
    assert min(recall.values()) >= 0.9, recall


def test_tempting_sentences_are_left_alone() -> None:
    texts = (HERE / "fresh_negatives.txt").read_text("utf-8").splitlines()
    assert len(texts) > 600
    wrong = [text for text, spans in zip(texts, presidio.find(texts, MIN_SCORE), strict=True) if spans]
    assert wrong == []
