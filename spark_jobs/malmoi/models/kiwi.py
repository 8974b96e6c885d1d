"""Kiwi, the morphological analyser: one a process, on small windows only."""

from functools import cache
from typing import NamedTuple

MAX_WINDOW = 200
"""Code points that Kiwi is given at once; longer texts are refused. Its time grows faster than the length on input
without spaces, and it reads only what decides a doubtful word."""
MAX_RUN = 60
"""Longest run without a space inside a window; the rest of the run is cut off."""
_UNKNOWN_IDS = 10
"""Kiwi numbers the morphemes that it makes up for unknown forms below this (one a tag)."""


class Token(NamedTuple):
    """One morpheme: ``[start, end)`` in the window, its tag, and whether Kiwi's dictionary holds it."""

    form: str
    tag: str
    start: int
    end: int
    known: bool


_injected: list = []


@cache
def _kiwi():
    from kiwipiepy import Kiwi

    return Kiwi(num_workers=1, model_type="cong")


def engine():
    """The process's Kiwi: loaded on first use (about 2 s, 0.3 GB), or what ``use`` put in its place."""
    return _injected[-1] if _injected else _kiwi()


def use(replacement: object | None) -> None:
    """Puts another analyser in Kiwi's place, None takes it away again. For tests of how a crash or a hang inside the
    analyser is survived: such an object has ``tokenize(texts)`` like Kiwi's."""
    _injected.clear()
    if replacement is not None:
        _injected.append(replacement)


def tokenize_windows(windows: list[str]) -> list[list[Token]]:
    """Tokens of each window. A window above MAX_WINDOW code points is cut there; so is a run above MAX_RUN."""
    if not windows:
        return []
    results = engine().tokenize([_capped(window) for window in windows])
    return [
        [Token(t.form, t.tag, t.start, t.start + t.len, t.id >= _UNKNOWN_IDS) for t in tokens] for tokens in results
    ]


def score_per_token(texts: list[str]) -> list[float]:
    """Kiwi's language model score per token, higher is more natural; -inf for a text without tokens."""
    scores = []
    for text in texts:
        (tokens, score), *_ = engine().analyze(_capped(text), top_n=1)
        scores.append(score / len(tokens) if tokens else float("-inf"))
    return scores


def _capped(window: str) -> str:
    window = window[:MAX_WINDOW]
    runs = window.split(" ")
    if all(len(run) <= MAX_RUN for run in runs):
        return window
    return " ".join(run if len(run) <= MAX_RUN else run[:MAX_RUN] + " " * (len(run) - MAX_RUN) for run in runs)
