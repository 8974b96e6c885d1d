"""Where the grammar of a sentence breaks: what shuffled words show and prose does not.

Korean marks what a word does in the sentence on its last syllable. An object (을/를) waits for a verb, a modifier
(…의, …하는, …된) for a noun; where the sentence ends or another object follows instead, the words were not written as
a sentence.
"""

from functools import cache

import numpy as np

from malmoi.text.endings import Endings
from malmoi.text.layout import Layout

_MODIFIER_PAIRS = "하는 되는 있는 없는 했던 하던 되던 적인 로운 스런 러운 려운 았던 었던 위한 대한 관한 통한 인한 의한"
_VERB_PAIRS = "니다 했다 한다 된다 됐다 있다 없다 이다 였다 었다 았다 겠다 어요 아요 해요 세요 네요 까요 지요 예요 에요"
_QUOTING = "고며는라등것면지"


def grammar_breaks(layout: Layout, ends: Endings) -> np.ndarray:
    """True at eojeol where the grammar breaks, bool [e]."""
    if not len(ends.last):
        return np.zeros(0, bool)
    closed = (ends.before.astype(np.int64) - 0xAC00) % 28 > 0
    plain = layout.eojeol_end - 1 == _last_hangul(layout)
    objects = ends.has_hangul & (
        ((ends.last == ord("을")) & closed & (ends.before > 0))
        | ((ends.last == ord("를")) & ~closed & (ends.before > 0))
    )
    modifiers = ends.has_hangul & ((ends.last == ord("의")) & (ends.before > 0) | _ends_in(ends, _MODIFIER_PAIRS))
    verbs = ends.has_hangul & _ends_in(ends, _VERB_PAIRS)
    same_line = np.ones(len(ends.last), bool)
    same_line[layout.line_eojeol[1:] - 1] = False
    same_line[-1] = False
    follows = np.roll(np.arange(len(ends.last)), -1)
    ended = ends.stop | ~same_line
    quoting = np.isin(layout.codes[layout.eojeol_start[follows]], np.array([ord(c) for c in _QUOTING], np.uint32))
    return (
        (objects & ended)
        | (modifiers & ended)
        | (objects & plain & same_line & objects[follows])
        | (verbs & plain & same_line & ~quoting)
    )


def _last_hangul(layout: Layout) -> np.ndarray:
    codes = layout.codes[layout.eojeol_end - 1]
    hangul = (codes >= 0xAC00) & (codes < 0xD7A4)
    return np.where(hangul, layout.eojeol_end - 1, -1)


def _ends_in(ends: Endings, pairs: str) -> np.ndarray:
    keys = _keys(pairs)
    values = (ends.before.astype(np.uint64) << np.uint64(16)) | ends.last
    place = np.minimum(np.searchsorted(keys, values), len(keys) - 1)
    return keys[place] == values


@cache
def _keys(pairs: str) -> np.ndarray:
    return np.unique(np.array([(ord(p[0]) << 16) | ord(p[1]) for p in pairs.split()], np.uint64))
