"""How eojeol end: josa, verb endings and sentence ends, told from their last two syllables.

A regular expression over the text costs as much as all other signals together; two table look-ups an eojeol do not.
Josa that have two forms are accepted only where they agree with the final consonant before them (국가 and 사이 end in no
josa, 국민이 and 회사가 do), which is what keeps lists of nouns apart from prose.
"""

from functools import cache
from typing import NamedTuple

import numpy as np

from malmoi.text.eojeol import last_syllables
from malmoi.text.layout import HANGUL, STOP, Layout, character_table

# Single last syllables, by what has to stand before them.
_AFTER_CONSONANT = "은이을과"
_AFTER_VOWEL = "는가를와"
_ANY_JOSA = "에의도만께"
_ENDINGS = "다요고며면서게나니까네죠음함임됨한된할될인던려듯든야라며러여해돼워져와서면데구랴군걸"
# Ends of nouns as often as of words with a josa: these count only with the syllable before.
_PAIRS = (
    "으로 에서 에게 까지 부터 처럼 보다 에는 에도 에만 마다 조차 마저 이나 이며 이고 이라 라고 라는 라도 라며 이란 이든 한테 께서 대로 만큼 "
    "하지 되지 있지 없지 않지 같지 싶지 시지 어지 아지 이지 오지 가지 보지 주지 르지 리지 기지 스지 들지 알지 말지 "
    "하기 되기 있기 없기 보기 주기 어서 아서 해서 면서 지만 는데 은데 인데 한데 니까 려고 도록 더니 거나 든지 "
    "해야 어야 아야 돼야 여야 하자 되자 보자 가자 하는 되는 있는 없는 같은 하여 되어 통해 위해 대해 의해 따라 함께 "
    "로서 로써 로는 로도 으면 하면 이면 다면 거든 더라 네요 세요 어요 아요 해요 예요 에요 지요 군요 나요 까요 래요 "
    "습니 듯이 없이 같이 많이 높이 깊이 이야 거야 건데 텐데 던데 자마 다가 했던 었던 았던 았어 었어 했어 됐어 였어 겠어 "
    "하려 되려 보니 하니 으니 아도 어도 해도 라서 여서 려면 어도 바로 서로 새로 별로 주로 스스 아주 매우 더욱 "
    "있어 없어 같아 좋아 많아 싶어 않아 봐도 보면 되면 지는 기는 기도 기를 기에 기가 것은 것이 것을 것도 수는 수도 수가 "
    "대로 때문 만에 간에 중에 후에 전에 때에 때는 때도 때가 하게 되게 있게 없게 않게 롭게 럽게 스런 로운 러운"
)
_NOUN_FORMS = "함임됨"
"""Verbs of one syllable that close a line of notes on their own: 미루기로 함."""
_AFTER_RIEUL = "게래걸"
"""Familiar endings after ㄹ: 줄게, 갈래, 할걸."""
_FINAL = "다요까죠네라음함임됨것듯군"
_FINAL_PAIRS = (
    "니다 했다 한다 된다 됐다 있다 없다 이다 였다 었다 았다 겠다 란다 간다 온다 준다 른다 긴다 린다 인다 같다 많다 높다 크다 좋다 "
    "어요 아요 해요 세요 네요 까요 지요 예요 에요 워요 려요 여요 져요 래요 데요 나요 군요 니까 는가 은가 인가 을까 할까 일까 될까 "
    "하라 아라 어라 해라 구나 거든 잖아 았어 었어 했어 됐어 겠어 였어 있어 없어 같아 이야 거야 하자 려라 더라 는데 은데 인데 텐데 "
    "시오 십시 해줘 봐라 하네 이네 겠네 었네 았네 했네 가네 오네 우네 리네 르네 드네 보네 주네 나네 서네 피네 되네 프네 쁘네 있네 없네 좋네 많네 같네 싶네 않네 인듯 은듯 한듯"
)
_MIEUM = 16
"""Place of the final consonant ㅁ: the nominal ending (함, 나타남) that closes lines of notes."""
_NIEUN, _SSANGSIOS = 4, 20
"""Final consonants ㄴ and ㅆ before 다: 간다, 갔다."""
_RIEUL = 8
"""Place of the final consonant ㄹ, after which 로 stands without 으."""
_MODIFIER_PAIRS = (
    "하는 되는 있는 없는 않는 같은 많은 했던 하던 되던 었던 았던 적인 로운 스런 러운 려운 위한 대한 관한 통한 인한 의한"
)
_JOSA, _SENTENCE, _MODIFIER = 1, 2, 4
_LOOK_BACK = 8
"""Signs behind the last syllable that are looked through: brackets, quotes, full stops."""
_CLOSERS = "\"')]》〉」』”’）*_~^"


class Endings(NamedTuple):
    """One entry per eojeol of the layout."""

    has_hangul: np.ndarray  # bool
    josa_eomi: np.ndarray  # bool, ends in a josa or a verb ending
    final: np.ndarray  # bool, ends as a sentence: a final ending
    modifier: np.ndarray  # bool, ends as a modifier of a noun: 하는, 위한
    stop: np.ndarray  # bool, ends in sentence punctuation, closing quotes aside
    last: np.ndarray  # int64, last Hangul syllable, 0 where none
    before: np.ndarray  # int64, the syllable before it, 0 where none


def endings(layout: Layout) -> Endings:
    """Reads the last two Hangul syllables of every eojeol. Signs behind them (punctuation, brackets) do not count."""
    has_hangul, last, before = last_syllables(
        layout.codes, layout.classes, layout.eojeol_start, layout.eojeol_end, HANGUL, _LOOK_BACK
    )
    known = before > 0
    consonant = (before - 0xAC00) % 28
    closed, vowel = known & (consonant > 0), known & (consonant == 0)
    stop = layout.classes[_before_closers(layout)] == STOP

    flags = _pair_flags(before, last)
    josa = (
        (known & character_table(_ANY_JOSA + _ENDINGS)[last])
        | (closed & character_table(_AFTER_CONSONANT)[last])
        | (vowel & character_table(_AFTER_VOWEL)[last])
        | ((last == ord("로")) & (vowel | (known & (consonant == _RIEUL))))
        | (flags & _JOSA > 0)
    )
    past = known & (last == ord("다")) & ((consonant == _NIEUN) | (consonant == _SSANGSIOS))
    noun_form = (known & ((last - 0xAC00) % 28 == _MIEUM)) | character_table(_NOUN_FORMS)[last]
    nominal = noun_form & (stop | line_ends(layout))
    promise = known & (consonant == _RIEUL) & character_table(_AFTER_RIEUL)[last]
    final = past | promise | nominal | (flags & _SENTENCE > 0) | (has_hangul & stop & character_table(_FINAL)[last])
    return Endings(has_hangul, josa | final, final, flags & _MODIFIER > 0, stop, last, before)


def line_ends(layout: Layout) -> np.ndarray:
    """True at the last eojeol of every line, bool [e]."""
    ends = np.zeros(len(layout.eojeol_start), bool)
    if len(ends):
        ends[layout.line_eojeol[1:] - 1] = True
        ends[-1] = True
    return ends


def _before_closers(layout: Layout) -> np.ndarray:
    """Last code point of each eojeol that is no closing quote or bracket; two of them are looked through."""
    end = layout.eojeol_end - 1
    for _ in range(2):
        closing = np.flatnonzero(character_table(_CLOSERS)[layout.codes[end]] & (end > layout.eojeol_start))
        end[closing] -= 1
    return end


@cache
def _pairs() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sorted keys of all pairs of syllables that mean something, their flags, and bool [65536], True at what is second in one."""
    flags: dict[int, int] = {}
    for pairs, flag in ((_PAIRS, _JOSA), (_FINAL_PAIRS, _SENTENCE), (_MODIFIER_PAIRS, _MODIFIER)):
        for pair in pairs.split():
            key = (ord(pair[0]) << 16) | ord(pair[1])
            flags[key] = flags.get(key, 0) | flag
    keys = np.array(sorted(flags), np.int64)
    closing = np.zeros(0x10000, bool)
    closing[keys & 0xFFFF] = True
    return keys, np.array([flags[key] for key in keys.tolist()], np.uint8), closing


def _pair_flags(before: np.ndarray, last: np.ndarray) -> np.ndarray:
    keys, flags, closing = _pairs()
    possible = np.flatnonzero(closing[last])
    values = (before[possible] << 16) | last[possible]
    place = np.minimum(np.searchsorted(keys, values), len(keys) - 1)
    found = np.zeros(len(last), np.uint8)
    found[possible] = np.where(keys[place] == values, flags[place], 0)
    return found
