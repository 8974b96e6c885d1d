"""The two nights, complete but for file names: planned pages, hostile captures, questions."""

from dataclasses import replace
from random import Random

from malmoi.sample import hostile
from malmoi.sample.dress import DUPLICATE, Draft, dress
from malmoi.sample.junk import giant_markup_draft
from malmoi.sample.library import Thread, threads
from malmoi.sample.plans import BATCHES, FIRST_NIGHT_SHARE, Planned, Shelf, base_number, plan
from malmoi.sample.questions import best_of, thread_capture, thread_line
from malmoi.sample.records import Capture, Line, Night

_ASKED_AGAIN = 6


def build(seed: int) -> tuple[Night, Night]:
    """Both nights."""
    nights = Night(BATCHES[0]), Night(BATCHES[1])
    for index, (night, planned) in enumerate(zip(nights, plan(seed), strict=True)):
        _add_hostile(night, Shelf(index, seed), seed)
        for page in planned:
            night.page(_realise(page, night.batch, seed))
    _add_threads(*nights, seed)
    return nights


def _realise(planned: Planned, batch: str, seed: int) -> Capture:
    capture = dress(planned.draft, planned.published, planned.number, seed)
    return replace(capture, truth=replace(capture.truth, batch=batch))


def _add_hostile(night: Night, shelf: Shelf, seed: int) -> None:
    """Odd encodings and damaged bytes; the numbers start at 90,000 above the night's base."""
    numbers = iter(range(base_number(night.batch) + 90_000, base_number(night.batch) + 91_000))

    def made(draft: Draft) -> Capture:
        return dress(draft, night.batch, next(numbers), seed)

    drafts = hostile.charset_drafts(shelf.take("news", 8), ("hanbit", "wire", "magazine"), "news")
    drafts += hostile.charset_drafts(shelf.take("blog", 8), ("skin", "press"), "blog")
    drafts += hostile.opted_out_drafts(shelf.take("howto", 2))
    drafts.append(giant_markup_draft(shelf.take("tech", 1)[0], Random(f"{seed}/{night.batch}/markup")))
    nul, cut_web, cut_blog, lost, repairable = (*shelf.take("news", 1), *shelf.take("blog", 4))
    captures = [
        *map(made, drafts),
        hostile.with_nul(made(Draft(nul, "daily", "news"))),
        hostile.truncated(made(Draft(cut_web, "cafe", "web"))),
        hostile.truncated(made(Draft(cut_blog, "skin", "blog"))),
        hostile.mojibake_lost(made(Draft(lost, "press", "blog"))),
        hostile.mojibake(made(Draft(repairable, "press", "blog"))),
        *hostile.no_pages(night.batch, seed),
    ]
    if night.batch == BATCHES[0]:
        captures.append(hostile.oversized(night.batch))
    for capture in captures:
        night.page(capture)
    for line in hostile.broken_lines(night.batch):
        night.line(line)


def _add_threads(first: Night, second: Night, seed: int) -> None:
    """Questions: JSON lines, every sixth as a page; on the second night new ones, and some of the first again."""
    asked = threads(seed)
    Random(f"{seed}/threads").shuffle(asked)
    cut = round(len(asked) * FIRST_NIGHT_SHARE)
    again = 0
    for night, chosen in ((first, asked[:cut]), (second, asked[cut:])):
        for n, thread in enumerate(chosen):
            if n % 6 == 5 and best_of(thread):
                night.page(thread_capture(thread, night.batch, base_number(night.batch) + 70_000 + n, seed))
                continue
            line = _line(thread, night, n, seed)
            if night is first and again < _ASKED_AGAIN and best_of(thread):
                again += 1
                line = _as_copy(line)
                second.line(replace(line, truth=replace(line.truth, batch=second.batch)))
            night.line(line)


def _line(thread: Thread, night: Night, n: int, seed: int) -> Line:
    return thread_line(thread, night.batch, base_number(night.batch) + 80_000 + n, seed, ascii_only=n % 5 == 0)


def _as_copy(line: Line) -> Line:
    truth = replace(line.truth, plant="copy/question", expect="kept_once", reasons=DUPLICATE, group=line.truth.url)
    return replace(line, truth=truth)
