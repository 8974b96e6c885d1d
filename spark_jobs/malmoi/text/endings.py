"""How eojeol end: josa, verb endings and sentence ends, told from their last two syllables.

A regular expression over the text costs as much as all other signals together; two table look-ups an eojeol do not.
Josa that have two forms are accepted only where they agree with the final consonant before them (국가 and 사이 end in no
josa, 국민이 and 회사가 do), which is what keeps lists of nouns apart from prose.
"""

from functools import cache
from typing import NamedTuple

import numpy as np

from malmoi.text.layout import HANGUL, STOP, Layout

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
_FINAL = "다요까죠네라음함임됨것듯군"
_FINAL_PAIRS = (
    "니다 했다 한다 된다 됐다 있다 없다 이다 였다 었다 았다 겠다 란다 간다 온다 준다 른다 긴다 린다 인다 같다 많다 높다 크다 좋다 "
    "어요 아요 해요 세요 네요 까요 지요 예요 에요 워요 려요 여요 져요 래요 데요 나요 군요 니까 는가 은가 인가 을까 할까 일까 될까 "
    "하라 아라 어라 해라 구나 거든 잖아 았어 었어 했어 됐어 겠어 였어 있어 없어 같아 이야 거야 하자 려라 더라 는데 은데 인데 텐데 "
    "시오 십시 해줘 봐라 하네 이네 겠네 었네 았네 했네 인듯 은듯 한듯"
)
_MIEUM = 16
"""Place of the final consonant ㅁ: the nominal ending (함, 나타남) that closes lines of notes."""
_BEFORE_DA = (4, 20)
"""Final consonants ㄴ and ㅆ before 다: 간다, 갔다."""
_CLOSERS = "\"')]》〉」』”’）*_~^"


class Endings(NamedTuple):
    """One entry per eojeol of the layout."""

    has_hangul: np.ndarray  # bool
    josa_eomi: np.ndarray  # bool, ends in a josa or a verb ending
    final: np.ndarray  # bool, ends as a sentence: a final ending
    stop: np.ndarray  # bool, ends in sentence punctuation, closing quotes aside
    last: np.ndarray  # uint32, last Hangul syllable, 0 where none
    before: np.ndarray  # uint32, the syllable before it, 0 where none


def endings(layout: Layout) -> Endings:
    """Reads the last two Hangul syllables of every eojeol. Signs behind them (punctuation, brackets) do not count."""
    codes, classes = layout.codes, layout.classes
    hangul = classes == HANGUL
    places = np.where(hangul, np.arange(len(codes), dtype=np.int64), -1)
    latest = np.maximum.accumulate(places)
    at = latest[layout.eojeol_end - 1] if len(layout.eojeol_end) else np.zeros(0, np.int64)
    has_hangul = at >= layout.eojeol_start
    last = np.where(has_hangul, codes[at], 0)
    before_at = np.maximum(at - 1, 0)
    has_before = has_hangul & (at > layout.eojeol_start) & hangul[before_at]
    before = np.where(has_before, codes[before_at], 0)

    end = _before_closers(layout)
    stop = classes[end] == STOP
    single, agree_closed, agree_open, final_single = _single_tables()
    closed = (before - 0xAC00) % 28 > 0
    josa = (
        (has_before & single[last])
        | (has_before & agree_closed[last] & closed)
        | (has_before & agree_open[last] & ~closed)
        | ((last == ord("로")) & has_before & (~closed | ((before - 0xAC00) % 28 == 8)) & (before != 0))
    )
    pair = (before.astype(np.uint64) << np.uint64(16)) | last
    josa |= _member(pair, _pair_keys(_PAIRS))
    nominal = has_before & ((last - 0xAC00) % 28 == _MIEUM)
    past = has_before & (last == ord("다")) & np.isin((before - 0xAC00) % 28, _BEFORE_DA)
    final = past | _member(pair, _pair_keys(_FINAL_PAIRS)) | (has_hangul & stop & final_single[last])
    line_end = np.zeros(len(final), bool)
    line_end[np.append(layout.line_eojeol[1:], len(final))[: len(layout.line_eojeol)] - 1] = True
    final |= nominal & (line_end | stop)
    return Endings(has_hangul, josa | final, final, stop, last, before)


def _before_closers(layout: Layout) -> np.ndarray:
    """Last code point of each eojeol that is no closing quote or bracket; two of them are looked through."""
    closers = np.array([ord(c) for c in _CLOSERS], np.uint32)
    end = layout.eojeol_end - 1
    for _ in range(2):
        end = np.where((end > layout.eojeol_start) & np.isin(layout.codes[end], closers), end - 1, end)
    return end


@cache
def _single_tables() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    tables = []
    for characters in (_ANY_JOSA + _ENDINGS, _AFTER_CONSONANT, _AFTER_VOWEL, _FINAL):
        table = np.zeros(0x10000, bool)
        table[[ord(c) for c in characters]] = True
        tables.append(table)
    return tuple(tables)


@cache
def _pair_keys(pairs: str) -> np.ndarray:
    return np.unique(np.array([(ord(p[0]) << 16) | ord(p[1]) for p in pairs.split()], np.uint64))


def _member(values: np.ndarray, keys: np.ndarray) -> np.ndarray:
    place = np.minimum(np.searchsorted(keys, values), len(keys) - 1)
    return keys[place] == values
