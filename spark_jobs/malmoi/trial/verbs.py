"""What each verb of ``malmoi try`` answers for a group of rows. Classes, so that worker processes can be handed them."""

from dataclasses import dataclass
from typing import Any

from malmoi.contracts.recipe import Recipe

Row = dict[str, Any]


@dataclass(frozen=True)
class Pii:
    """Rows ``{"id", "text"}`` to the text without personal data, the spans, and the josa that changed behind them."""

    recipe: Recipe

    def __call__(self, rows: list[Row]) -> list[Row]:
        from malmoi.models import presidio
        from malmoi.text import edits, pii

        texts = [row["text"] for row in rows]
        answers = []
        for row, spans in zip(rows, presidio.find(texts, self.recipe.privacy.min_score), strict=True):
            text = row["text"]
            replaced = pii.replacements(text, spans, self.recipe.for_source("privacy", row.get("source", "")))
            changes = edits.with_josa(text, replaced)
            answer = {
                "id": row["id"],
                "text": edits.splice(text, changes),
                "spans": [_pii_span(span, replaced) for span in spans],
            }
            josa = [_josa(text, short, long) for short, long in zip(replaced, changes, strict=True) if short != long]
            josa = [one for one in josa if text[one["start"] : one["end"]] != one["replacement"]]
            answers.append(answer | {"josa": josa} if josa else answer)
        return answers


def _josa(text: str, short: Any, long: Any) -> Row:
    """What an edit changes behind the span that it replaces."""
    return {"start": short.end, "end": long.end, "replacement": long.replacement[len(short.replacement) :]}


def _pii_span(span: Any, changes: list) -> Row:
    replacement = next((edit.replacement for edit in changes if edit.start <= span.start < edit.end), None)
    return {
        "start": span.start,
        "end": span.end,
        "entity": span.entity,
        "score": round(float(span.score), 3),
        "replacement": replacement,
    }


@dataclass(frozen=True)
class Profanity:
    """Rows ``{"id", "text"}`` to action, softened text, spans and density."""

    recipe: Recipe

    def __call__(self, rows: list[Row]) -> list[Row]:
        from malmoi.models import profanity
        from malmoi.text import edits
        from malmoi.text import profanity as swearing

        answers = []
        for row, found in zip(
            rows, profanity.find([row["text"] for row in rows], self.recipe.profanity.exempt), strict=True
        ):
            signals = {
                "eojeol": float(len(row["text"].split())),
                "profanity_density": found.density,
                "profane_sentence_share": found.sentence_share,
                "group_slurs": float(found.group_slurs),
                "toxicity": found.toxicity,
            }
            action, _ = swearing.judge(signals, self.recipe.for_source("profanity", row.get("source", "")))
            changes = found.edits if action in ("soften", "drop_sentences") else []
            if action == "drop_sentences":
                changes = edits.merge(swearing.drop_sentences(row["text"], found.spans), changes)
            answers.append(
                {
                    "id": row["id"],
                    "action": "soften" if action == "drop_sentences" else action,
                    "text": edits.splice(row["text"], changes),
                    "spans": [{"start": hit.start, "end": hit.end, "severity": hit.severity} for hit in found.spans],
                    "density": round(found.density, 6),
                }
            )
        return answers


@dataclass(frozen=True)
class Quality:
    """Rows ``{"id", "text"}`` (and ``source``, ``title``, ``url``) to keep or drop, with reason, value, threshold, signals.

    Runs the annotate stage's own batch function, so every signal is there.
    """

    recipe: Recipe

    def __call__(self, rows: list[Row]) -> list[Row]:
        import pyarrow as pa

        from malmoi.contracts.document import DOCUMENT
        from malmoi.stages import annotate, decide

        answers = []
        for row in rows:
            document = {"doc_id": "", "text": row["text"], "title": row.get("title", ""), "url": row.get("url", "")}
            source = row.get("source", "")
            batch = pa.RecordBatch.from_pylist([document], schema=DOCUMENT)
            annotations = annotate.annotate(batch, self.recipe, source)
            ruling = decide.judge(annotations, self.recipe, source)[0]
            answers.append(
                {
                    "id": row["id"],
                    "keep": ruling.reason is None,
                    "reason": ruling.reason,
                    "value": ruling.value,
                    "threshold": ruling.threshold,
                    "signals": annotations["signals"].to_pylist()[0],
                }
            )
        return answers
