"""Which passage becomes which page on which night, and which pages are copies of which."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import cycle
from random import Random

from malmoi.sample.copies import near
from malmoi.sample.dress import DUPLICATE, Draft
from malmoi.sample.junk import filler_drafts, giant_text_draft, junk_drafts
from malmoi.sample.library import Passage, passages
from malmoi.sample.private import private_drafts, profane_drafts

BATCHES = ("2026-11-01", "2026-11-02")
FIRST_NIGHT_SHARE = 0.66

FORMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "news": ("news", ("hanbit", "daily", "old", "wire", "magazine")),
    "blog": ("blog", ("smart-editor", "skin", "press")),
    "tech": ("blog", ("static", "hexo", "skin")),
    "howto": ("blog", ("press", "smart-editor", "hexo")),
    "recipe": ("web", ("recipe",)),
    "wiki": ("web", ("wiki",)),
    "interview": ("web", ("interview",)),
    "cafe": ("web", ("cafe",)),
    "office": ("web", ("office",)),
}
"""Form of a passage (its file) -> source and the sites that publish such texts."""

RESERVED = {"news": 9, "blog": 12, "howto": 2, "tech": 1}
"""Passages of a night that hostile captures are made of (nights.py)."""

SHORTEST_NEAR = 400
"""Characters of a text that is copied with edits: in a shorter one, a site's byline alone would make it another text."""

_ELSEWHERE = {"news": ("wire", "daily", "hanbit"), "blog": ("skin", "smart-editor", "press"), "web": ("skin", "press")}
_WITHIN = ((4, "copy/same-page"), (8, "copy/exact"), (14, "copy/near"))
_ACROSS = ((14, "copy/next-night-same-page"), (8, "copy/next-night-exact"), (14, "copy/next-night-near"))


@dataclass(frozen=True)
class Planned:
    """A draft with its number, and the night on which its page was first published."""

    draft: Draft
    number: int
    published: str


class Shelf:
    """The passages of one night: those reserved for hostile captures, and the others."""

    def __init__(self, night: int, seed: int) -> None:
        self._reserved: dict[str, Iterator[Passage]] = {}
        self._plain: dict[str, list[Passage]] = {}
        for form in FORMS:
            all_of_form = passages(form, seed)
            Random(f"{seed}/shelf/{form}").shuffle(all_of_form)
            cut = round(len(all_of_form) * FIRST_NIGHT_SHARE)
            tonight = all_of_form[:cut] if night == 0 else all_of_form[cut:]
            self._reserved[form] = iter(tonight[: RESERVED.get(form, 0)])
            self._plain[form] = tonight[RESERVED.get(form, 0) :]

    def take(self, form: str, count: int) -> list[Passage]:
        """The next reserved passages of a form."""
        return [next(self._reserved[form]) for _ in range(count)]

    def plain(self) -> Iterator[Draft]:
        """A plain page for every other passage."""
        for form, (source, sites) in FORMS.items():
            for passage, site in zip(self._plain[form], cycle(sites), strict=False):
                yield Draft(passage, site, source)


def base_number(batch: str) -> int:
    """First page number of a night: 110100001, 110200001."""
    return int(batch[5:7] + batch[8:10]) * 100_000 + 1


def plan(seed: int) -> tuple[list[Planned], list[Planned]]:
    """All pages of both nights but the hostile ones and the questions."""
    rng = Random(f"{seed}/copies")
    first, second = (
        [
            Planned(draft, number, batch)
            for number, draft in enumerate((*_planted(night, seed), *Shelf(night, seed).plain()), base_number(batch))
        ]
        for night, batch in enumerate(BATCHES)
    )
    within = _copies(first, _WITHIN, BATCHES[0], rng)
    across = _copies(first, _ACROSS, BATCHES[1], rng)
    return [*first, *within], [*second, *across]


def _planted(night: int, seed: int) -> list[Draft]:
    """Junk, personal data and profanity: two thirds on the first night."""
    everything = [*junk_drafts(seed), *filler_drafts(seed), *private_drafts(seed), *profane_drafts(seed)]
    chosen = [draft for n, draft in enumerate(everything) if (n % 3 == 2) == (night == 1)]
    return [*chosen, giant_text_draft(seed)] if night == 0 else chosen


def _copies(first: list[Planned], kinds: tuple[tuple[int, str], ...], batch: str, rng: Random) -> list[Planned]:
    """Copies of pages of the first night, as they turn up on the night ``batch``: the same page again, the same text
    on another site, a near copy. The originals in ``first`` become members of a group with their copies.
    """
    numbers = iter(range(base_number(batch) + 50_000, base_number(batch) + 60_000))
    copies = []
    for count, kind in kinds:
        shortest = SHORTEST_NEAR if kind.endswith("near") else 0
        plain = [
            n
            for n, planned in enumerate(first)
            if planned.draft.plant == "page" and len(planned.draft.passage.text) >= shortest
        ]
        for index in sorted(rng.sample(plain, count)):
            original = first[index] = _member(first[index], kind)
            again = kind.endswith("same-page")
            copies.append(original if again else _elsewhere(original, kind, next(numbers), batch, rng))
    return copies


def _member(planned: Planned, kind: str) -> Planned:
    """The page as the first member of a group of copies."""
    group = f"{planned.published}/{planned.number}"
    draft = replace(planned.draft, plant=kind, expect="kept_once", reasons=DUPLICATE, group=group)
    return replace(planned, draft=draft)


def _elsewhere(original: Planned, kind: str, number: int, batch: str, rng: Random) -> Planned:
    """The text of ``original``, edited where ``kind`` is near, on another site."""
    draft = original.draft
    site = rng.choice([s for s in _ELSEWHERE[draft.source] if s != draft.site])
    source = draft.source if draft.source != "web" else "blog"
    passage = near(draft.passage, rng) if kind.endswith("near") else draft.passage
    return Planned(replace(draft, passage=passage, site=site, source=source), number, batch)
