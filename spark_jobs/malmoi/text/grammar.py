"""Where the grammar of a sentence breaks: what shuffled words show and prose does not.

Korean marks what a word does in the sentence on its last syllable. An object (을/를) waits for a verb, a modifier
(…의, …하는, …된) for a noun, a subject for a predicate; where the sentence ends instead, or another word of the same
part follows, the words were not written as a sentence. A final verb without a stop inside a line counts half, because
hasty writers leave out full stops.
"""

from functools import cache

import numpy as np

from malmoi.text.endings import Endings
from malmoi.text.layout import HANGUL, Layout

OTHER, OBJECT, SUBJECT, TOPIC, GENITIVE, MODIFIER, VERB, END = range(8)
"""What an eojeol does in its sentence, by its last syllables; ``END`` stands behind the last one."""

_BREAKS = (
    (OBJECT, OBJECT),
    (OBJECT, SUBJECT),
    (OBJECT, GENITIVE),
    (SUBJECT, SUBJECT),
    (TOPIC, TOPIC),
    (GENITIVE, GENITIVE),
    (GENITIVE, VERB),
    (OBJECT, END),
    (SUBJECT, END),
    (TOPIC, END),
    (GENITIVE, END),
    (MODIFIER, END),
)
_MODIFIER_PAIRS = "하는 되는 있는 없는 않는 같은 많은 했던 하던 되던 었던 았던 적인 로운 스런 러운 려운 위한 대한 관한 통한 인한 의한"
_QUOTING = "고며는라등것면지"
"""First syllables of what may follow a verb inside the sentence: 했다고, 한다는, 이다 라고."""
_RIEUL_TO_DA = (4, 20)
"""Final consonants ㄴ and ㅆ, by their place in the Unicode composition: 한다, 갔다."""


def grammar_breaks(layout: Layout, ends: Endings) -> np.ndarray:
    """Weight of the break behind each eojeol: 0, 0.5 or 1; float64 [e]."""
    if not len(ends.last):
        return np.zeros(0)
    roles = _roles(ends)
    ended = ends.stop.copy()
    ended[layout.line_eojeol[1:] - 1] = True
    ended[-1] = True
    following = np.where(ended, END, np.roll(roles, -1))
    breaks = _break_table()[roles, following].astype(np.float64)

    plain = layout.classes[layout.eojeol_end - 1] == HANGUL
    next_code = layout.codes[np.roll(layout.eojeol_start, -1)]
    quoting = np.isin(next_code, np.array([ord(c) for c in _QUOTING], np.uint32))
    breaks[(roles == VERB) & plain & ~ended & ~quoting] = 0.5
    return breaks


def _roles(ends: Endings) -> np.ndarray:
    before = ends.before.astype(np.int64)
    known = before > 0
    closed = known & ((before - 0xAC00) % 28 > 0)
    vowel = known & ~closed

    def last(syllable: str) -> np.ndarray:
        return ends.last == ord(syllable)

    roles = np.full(len(before), OTHER)
    roles[last("의") & known] = GENITIVE
    roles[(last("는") & known) | (last("은") & closed)] = TOPIC
    roles[(last("가") & vowel) | (last("이") & closed)] = SUBJECT
    roles[(last("을") & closed) | (last("를") & vowel)] = OBJECT
    roles[_ends_in(ends, _MODIFIER_PAIRS)] = MODIFIER
    da = last("다") & np.isin((before - 0xAC00) % 28, _RIEUL_TO_DA) & known
    roles[da | (last("다") & (before == ord("니"))) | (ends.final & last("요"))] = VERB
    return roles


@cache
def _break_table() -> np.ndarray:
    table = np.zeros((END + 1, END + 1), bool)
    for pair in _BREAKS:
        table[pair] = True
    return table


def _ends_in(ends: Endings, pairs: str) -> np.ndarray:
    keys = _keys(pairs)
    values = (ends.before.astype(np.uint64) << np.uint64(16)) | ends.last
    place = np.minimum(np.searchsorted(keys, values), len(keys) - 1)
    return keys[place] == values


@cache
def _keys(pairs: str) -> np.ndarray:
    return np.unique(np.array([(ord(p[0]) << 16) | ord(p[1]) for p in pairs.split()], np.uint64))
