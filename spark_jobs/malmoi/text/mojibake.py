"""Mojibake: Korean that was read in the wrong charset is undone where that is possible, else reported.

UTF-8 or CP949 bytes that something read as Latin-1 or Windows-1252 leave runs of accented letters; UTF-8 bytes read as CP949
leave rare syllables and hanja at every second character.
"""

import re

from malmoi.text.encoding import decoded, encoded, non_ascii
from malmoi.text.seen import CP1252, LATIN_RUN, LOST, Seen, in_text, misread_characters

MAX_REPLACEMENT_SHARE = 0.01
"""Replacement characters per non-space code point above which a text counts as damaged."""
MAX_MISREAD_SHARE = 0.2
"""Characters that UTF-8 read as CP949 leaves, per non-ASCII code point, above which a text counts as damaged."""

_EXTRA = re.escape("".join(map(chr, CP1252)))
_LATIN_RUN = re.compile(f"[\u0080-\u00ff{_EXTRA}]{{2,}}")
_LATIN_SIGN = re.compile(f"[\u00a1-\u00fe][\u0080-\u00fe{_EXTRA}]{{3}}")
_LATIN_MESS = re.compile(f"[\u00c0-\u00ff][\u0080-\u00ff{_EXTRA}]{{3,}}")
_WIDE_RUN = re.compile(r"[^\x00-\x7f]{2,}")
_ODD_SAMPLE = 2_000
_MISREAD = re.compile(f"[{misread_characters()}]")


def is_suspect(raw: bytes, seen: Seen) -> bool:
    """Whether ``repair`` may find something in a text in UTF-8 that was looked at."""
    if not _may_be_misread(seen, MAX_MISREAD_SHARE / 2):
        return False
    wide = decoded(non_ascii(raw))
    return "\ufffd" in wide or bool(_LATIN_SIGN.search(wide)) or _misread_share(wide) > MAX_MISREAD_SHARE / 2


def repair(text: str) -> str:
    """The text with mojibake undone where that is possible; the same object where there is none."""
    if text.isascii():
        return text
    wide = decoded(non_ascii(encoded(text)))
    if _LATIN_SIGN.search(wide):
        damaged = _share(_LATIN_MESS, wide) > 0.5
        return _LATIN_RUN.sub(_from_latin if damaged else _from_utf8_as_latin, text)
    if _misread_share(wide) > MAX_MISREAD_SHARE / 2:
        return _WIDE_RUN.sub(_from_cp949, text)
    return text


def is_mojibake(text: str) -> bool:
    """Whether so much of the text is damaged that it is not worth reading."""
    if not _may_be_misread(in_text(text), MAX_MISREAD_SHARE):
        return False
    lost = text.count("\ufffd")
    if lost and lost > MAX_REPLACEMENT_SHARE * (len(text) - text.count(" ") - text.count("\n")):
        return True
    wide = decoded(non_ascii(encoded(text)))
    if _misread_share(wide) > MAX_MISREAD_SHARE:
        return True
    if _share(_LATIN_MESS, wide) <= MAX_MISREAD_SHARE:
        return False
    return sum(map(len, _LATIN_MESS.findall(text))) > MAX_MISREAD_SHARE * len(wide)


def _may_be_misread(seen: Seen, most: float) -> bool:
    """False where a look shows that no character is lost, that no run is of western letters, and that not more than ``most`` of
    what is no ASCII is what UTF-8 read as CP949 leaves."""
    return bool(seen.has & (LOST | LATIN_RUN)) or seen.misread > 0 and seen.misread / seen.wide > most


def _misread_share(wide: str) -> float:
    """Share of hanja that the lead bytes of Hangul leave. A text in hanja has these too, but it lacks the syllables
    outside KS X 1001, or the lost bytes, that the other bytes of Hangul leave."""
    share = _share(_MISREAD, wide)
    if share <= MAX_MISREAD_SHARE / 2:
        return share
    odd = sum(1 for char in wide[:_ODD_SAMPLE] if char == "\ufffd" or "가" <= char <= "힣" and not _in_ksx1001(char))
    return share if odd > 0.1 * len(wide[:_ODD_SAMPLE]) else 0.0


def _in_ksx1001(syllable: str) -> bool:
    try:
        return len(syllable.encode("euc_kr")) == 2  # the codec spells other syllables out in eight bytes
    except UnicodeEncodeError:
        return False


def _share(pattern: re.Pattern, text: str) -> float:
    """Matched code points per code point."""
    return sum(map(len, pattern.findall(text))) / len(text) if len(text) >= 8 else 0.0


def _from_latin(run: re.Match) -> str:
    """Accented letters to the bytes they were, and those to Korean; a run that is neither stays."""
    return _decoded_run(run.group(), ("utf-8", "cp949"))


def _from_utf8_as_latin(run: re.Match) -> str:
    """The same where most of the text is sound: only UTF-8, because a pair of symbols may be a CP949 syllable."""
    return _decoded_run(run.group(), ("utf-8",))


def _decoded_run(run: str, charsets: tuple[str, ...]) -> str:
    try:
        payload = run.translate(CP1252).encode("latin-1")
    except UnicodeEncodeError:
        return run
    for charset in charsets:
        try:
            return payload.decode(charset)
        except UnicodeDecodeError:
            continue
    return run


def _from_cp949(run: re.Match) -> str:
    try:
        return run.group().encode("cp949").decode("utf-8")
    except UnicodeError:
        return run.group()
