"""What is personal data in one text, where it stands again in another: a name that only the body tells is one in the title too."""

from collections.abc import Sequence

from malmoi.text.pii.span import Span

MIN_CHARS = 2
"""A shorter value says nothing where it stands elsewhere."""


def again(text: str, found: Sequence[Span], body: str, personal: Sequence[Span]) -> list[Span]:
    """``found`` in ``text``, and every place where a value that is ``personal`` in ``body`` stands beside them. Sorted, free
    of overlaps; the longer value goes first."""
    spans = list(found)
    known = {body[span.start : span.end]: span for span in personal if span.end - span.start >= MIN_CHARS}
    for value in sorted((value for value in known if value in text), key=lambda value: (-len(value), value)):
        start = text.find(value)
        while start >= 0:
            end = start + len(value)
            if all(end <= span.start or span.end <= start for span in spans):
                spans.append(Span(start, end, known[value].entity, known[value].score))
            start = text.find(value, end)
    return sorted(spans)
