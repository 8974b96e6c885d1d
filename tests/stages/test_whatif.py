"""Decisions that stand beside others: what comes in, what goes, and for whom a policy changes."""

import pyarrow as pa

from malmoi.contracts.tables import DECISIONS, PII_SPANS
from malmoi.stages.whatif import MAX_SAMPLES, Change


def decisions(*rows: tuple[str | None, str]) -> pa.RecordBatch:
    """(reason or None, what happens to profanity), documents numbered from 0."""
    made = [
        {"doc_id": f"{at:032x}", "keep": reason is None, "reason": reason, "value": 1.0, "threshold": 2.0,
         "profanity_action": action}
        for at, (reason, action) in enumerate(rows)
    ]  # fmt: skip
    return pa.RecordBatch.from_pylist(made, schema=DECISIONS)


def test_sides_reasons_and_actions():
    change = Change()
    before = decisions(("spam", "keep"), (None, "soften"), (None, "soften"), ("spam", "keep"), (None, "keep"))
    after = decisions(
        (None, "keep"), ("too_short", "soften"), (None, "drop_sentences"), ("filler", "keep"), (None, "keep")
    )
    change.add(before, after)
    change.add(before, after)
    told = change.to_json()
    assert (told["documents"], told["kept_before"], told["kept_after"]) == (10, 6, 6)
    assert told["entered"] == {"spam": 2} and told["left"] == {"too_short": 2}  # one reason for another is no move
    assert told["actions"] == [["soften", "drop_sentences", 2]]
    assert told["samples"]["left"]["too_short"][0] == {
        "doc_id": f"{1:032x}", "reason": "too_short", "value": 1.0, "threshold": 2.0
    }  # fmt: skip


def test_samples_are_few_whatever_the_night():
    change = Change()
    for _ in range(3):
        change.add(decisions(*[(None, "keep")] * 100), decisions(*[("spam", "drop")] * 100))
    assert change.left == {"spam": 300} and len(change.samples["left"]["spam"]) == MAX_SAMPLES


def test_a_document_counts_once_for_an_entity_and_only_where_it_stays():
    spans = [[{"start": 0, "end": 3, "entity": name, "score": 1.0} for name in names]
             for names in (["phone", "phone", "email"], [], ["phone"], ["phone"])]  # fmt: skip
    after = decisions((None, "keep"), (None, "keep"), ("spam", "keep"), (None, "keep"))
    change = Change()
    change.add_personal(pa.array(spans, PII_SPANS), after, {"phone", "name"})
    assert change.to_json()["rewritten"] == {"phone": 2}
