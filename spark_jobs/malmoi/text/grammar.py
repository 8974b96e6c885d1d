"""Where the grammar of a sentence breaks: what shuffled words show and prose does not.

Korean marks what a word does in the sentence on its last syllable. An object (을/를) waits for a verb, a modifier
(…의, …하는, …된) for a noun, a subject for a predicate; where the sentence ends instead, or another word of the same
part follows, the words were not written as a sentence. A final verb without a stop inside a line counts half, because
hasty writers leave out full stops.
"""

from functools import cache

import numpy as np

from malmoi.text.endings import Endings, line_ends
from malmoi.text.layout import HANGUL, Layout, character_table

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
_QUOTING = "고며는라등것면지"
"""First syllables of what may follow a verb inside the sentence: 했다고, 한다는, 이다 라고."""


def grammar_breaks(layout: Layout, ends: Endings) -> np.ndarray:
    """Weight of the break behind each eojeol: 0, 0.5 or 1; float64 [e]."""
    if not len(ends.last):
        return np.zeros(0)
    roles = _roles(ends)
    ended = ends.stop | line_ends(layout)
    following = np.where(ended, END, np.roll(roles, -1))
    breaks = _break_table()[roles, following].astype(np.float64)

    plain = layout.classes[layout.eojeol_end - 1] == HANGUL
    next_code = layout.codes[np.roll(layout.eojeol_start, -1)]
    quoting = character_table(_QUOTING)[next_code]
    breaks[(roles == VERB) & plain & ~ended & ~quoting] = 0.5
    return breaks


def _roles(ends: Endings) -> np.ndarray:
    known = ends.before > 0
    consonant = (ends.before - 0xAC00) % 28
    closed = known & (consonant > 0)
    vowel = known & ~closed

    def last(syllable: str) -> np.ndarray:
        return ends.last == ord(syllable)

    roles = np.full(len(known), OTHER)
    roles[last("의") & known] = GENITIVE
    roles[(last("는") & known) | (last("은") & closed)] = TOPIC
    roles[(last("가") & vowel) | (last("이") & closed)] = SUBJECT
    roles[(last("을") & closed) | (last("를") & vowel)] = OBJECT
    roles[ends.modifier] = MODIFIER
    roles[ends.final & (last("다") | last("요"))] = VERB
    return roles


@cache
def _break_table() -> np.ndarray:
    table = np.zeros((END + 1, END + 1), bool)
    for pair in _BREAKS:
        table[pair] = True
    return table
