"""Which paragraphs may be of little value: bounds on their signs, for a fraction of what the signs themselves cost.

No phrase goes over the end of a line, and a paragraph is whole lines. So no share of phrases is higher in a paragraph than in
the highest of its lines, and advertising needs phrases of several kinds. Few texts pass, and of their paragraphs fewer.
"""

import re
from collections.abc import Sequence

import numpy as np

from malmoi.contracts.recipe.quality import Quality
from malmoi.text import cues, spam
from malmoi.text.layout import character_table

HEADING = re.compile(r"#{1,6} ")
_LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
"""Where ``str.splitlines`` cuts."""
_SHARES = ("navigation", "footer")
"""Kinds of phrase of which the share is a sign."""
_SLACK = 1 - 1e-6
"""Bounds are looser by this factor than the values that they stand for, as floating point asks for."""


class Doubt:
    """The bounds for a group of texts. ``quality.min_region_value`` is above 0."""

    def __init__(self, texts: Sequence[str], quality: Quality):
        self._joined = "\n".join(texts)
        self._hints = cues.hints(self._joined)
        self._starts = np.cumsum([0, *(len(text) + 1 for text in texts)])
        most = 2 * (1 - quality.min_region_value) * _SLACK
        self._shares = {name: most * getattr(quality, f"max_{name}_share") for name in _SHARES}
        self._kinds = spam.least_kinds(most * quality.max_spam_score)

    def texts(self) -> list[int]:
        """The texts that may hold a paragraph of little value, outside of headings."""
        ends = np.flatnonzero(character_table(_LINE_ENDS)[self._hints.codes])
        begins = np.concatenate(([0], ends[:-1] + 1))
        lines = begins[self._has_share(begins, ends)].tolist()
        lines = [line for line in lines if not HEADING.match(self._joined, line)]
        found = self._has_kinds(self._starts[:-1], self._starts[1:])
        found[np.searchsorted(self._starts, np.array(lines, np.int64), "right") - 1] = True
        return np.flatnonzero(found).tolist()

    def paragraphs(self, rows: list[int], spans: list[tuple[int, int]]) -> list[bool]:
        """Whether each of these may be of little value: ``spans`` are ``[start, end)`` in the texts of ``rows``, ascending and
        without overlaps."""
        if not rows:
            return []
        begins, ends = np.array(spans).T + self._starts[rows]
        return (self._has_share(begins, ends) | self._has_kinds(begins, ends)).tolist()

    def _has_share(self, begins: np.ndarray, ends: np.ndarray) -> np.ndarray:
        """Spans that phrases of a menu or a footer may cover too much of."""
        owner, places = self._owner(begins, ends)
        found = np.zeros(len(begins), bool)
        for kind, limit in self._shares.items():
            chars = self._hints.chars[places] * self._hints.kinds[places, cues.column(kind)]
            covered = np.bincount(owner, chars, len(begins))
            found |= (covered > 0) & (covered >= limit * (ends - begins))
        return found

    def _has_kinds(self, begins: np.ndarray, ends: np.ndarray) -> np.ndarray:
        """Spans with phrases of so many kinds that they may be advertising."""
        owner, places = self._owner(begins, ends)
        at, kind = np.nonzero(self._hints.kinds[places][:, [cues.column(kind) for kind in spam.KINDS]])
        different = np.unique(owner[at] * len(spam.KINDS) + kind) // len(spam.KINDS)
        return np.bincount(different, minlength=len(begins)) >= self._kinds

    def _owner(self, begins: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The span that each hint lies in, of those that lie in one, and which these are."""
        owner = np.searchsorted(begins, self._hints.places, "right") - 1
        places = np.flatnonzero((owner >= 0) & (self._hints.places < ends[owner]))
        return owner[places], places
