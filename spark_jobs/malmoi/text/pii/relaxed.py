"""What a pattern of Python's ``re`` matches, and more, as an RE2 expression: says whether the pattern is worth its time.

RE2 knows no assertions. Without them, and with atomic groups as plain ones, an expression matches in every text in which
it matched before; where the relaxed one finds nothing, the pattern need not look.
"""

import re
from collections.abc import Callable

from malmoi.text.scan import holds

_SPACE = r"\t-\r\x1c-\x20\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}"
_WIDE = {r"\s": _SPACE, r"\d": r"0-9\x{80}-\x{10ffff}", r"\w": r"0-9A-Za-z_\x{80}-\x{10ffff}"}
"""What RE2 reads as ASCII alone, with all that Python adds. A negated class reads wider as it is."""
_EMPTY = frozenset({"^", "$", r"\A", r"\Z", r"\b", r"\B"})
_BEHIND = re.compile(r"\(\?<!(?:\[(?!\^)(?P<set>(?:[^\]\\]|\\.)+)\]|(?P<letter>[^\\()\[\]|.]))\)")
_TOKEN = re.compile(
    r"(?P<assertion>\(\?<?[=!])|(?P<open>\(\?P<\w+>|\(\?[:>]|\()|(?P<close>\))|\[\^?\]?(?:[^\]\\]|\\.)*\]|\\.|.",
    re.DOTALL,
)


def search(*patterns: re.Pattern[str]) -> Callable[[bytes], bool]:
    """Says of an encoded text, False, that none of the patterns matches anywhere in it."""
    return holds("|".join(f"(?:{relaxed(pattern)})" for pattern in patterns))


def relaxed(pattern: re.Pattern[str]) -> str:
    """An RE2 expression over UTF-8 that matches in every text in which ``pattern`` does, whatever part of it is searched."""
    if pattern.flags != re.UNICODE.value:
        raise ValueError(f"no flags but the usual one: {re.RegexFlag(pattern.flags)!r}")
    written, start = _first_letter(pattern.pattern)
    left_out = 0  # open groups of the assertion that is left out
    for token in _TOKEN.finditer(pattern.pattern, start):
        opens = token["assertion"] is not None or token["open"] is not None
        if left_out or token["assertion"]:
            left_out += opens - (token["close"] is not None)
        elif token.group() not in _EMPTY:
            written += "(?:" if opens else _wide(token.group())
    return written


def _first_letter(pattern: str) -> tuple[str, int]:
    """What stands before the match is read as a letter of its own where the pattern begins with one thing that must not;
    and where the pattern goes on."""
    behind = _BEHIND.match(pattern)
    if behind is None:
        return "", 0
    return rf"(?:\A|[^{behind['set'] or behind['letter']}])", behind.end()


def _wide(token: str) -> str:
    if token.startswith("[^"):
        return token
    if token in _WIDE:
        return f"[{_WIDE[token]}]"
    return re.sub(r"\\.", lambda escape: _WIDE.get(escape[0], escape[0]), token) if token[0] == "[" else token
