"""Bytes of a page to clean text: the right charset, whatever was declared, and mojibake undone or reported.

Strict UTF-8 is tried first, because text in another charset practically never decodes as UTF-8 by chance; then what
is declared, then CP949 (a superset of EUC-KR with its 8,822 extra syllables).
"""

import codecs
import re
import unicodedata
from dataclasses import dataclass

import numpy as np

from malmoi.contracts.reasons import Reason
from malmoi.text.encoding import decoded, encoded
from malmoi.text.mojibake import is_mojibake, is_suspect, repair
from malmoi.text.seen import CONTROL, RETURN, SURROGATE, UNCOMPOSED, Seen, in_text, in_utf8

_META = re.compile(rb"""<meta[^>]{0,256}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE)
_META_WINDOW = 8192  # browsers look at 1,024 bytes; Korean portals put scripts before their <meta>

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_KOREAN_LABELS = frozenset(
    "euc-kr euckr euc_kr ks_c_5601-1987 ksc5601 ksc_5601 ks_c_5601-1989 korean cp949 ms949 uhc windows-949 x-windows-949 "
    "iso-ir-149 csksc56011987".split()
)
_WEB_CODECS = frozenset(
    "utf-8 utf-16 utf-16-le utf-16-be cp949 johab iso2022_kr euc_jp shift_jis cp932 iso2022_jp gb2312 gbk gb18030 big5 "
    "big5hkscs koi8-r koi8-u ascii cp874 tis-620 mac-roman".split()
)  # Python knows more: punycode takes quadratic time, the escape codecs read program text
_UNHELPFUL = frozenset(("latin-1", "iso8859-1", "ascii", "cp1252"))  # servers' defaults: they decode anything

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_NEWLINES = re.compile("[\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """``utf8`` is the text in UTF-8: NFC with ``\\n`` newlines and no control characters; ``charset`` is the Python codec name of
    the payload."""

    utf8: bytes
    charset: str
    repaired: bool = False
    defect: str | None = None

    @property
    def text(self) -> str:
        return self.utf8.decode()


def decode(payload: bytes, declared: str | None = None) -> Decoded:
    """Text of a page. ``declared`` is the charset of the HTTP header, if any. Never raises."""
    seen, charset = None if _is_marked(payload) else in_utf8(payload), "utf-8"
    if seen is None or seen.has & SURROGATE:
        payload, charset = _decode(payload, declared)
        seen = in_utf8(payload)
        assert seen is not None
    if not is_suspect(payload, seen):
        return Decoded(_cleaned(payload, seen), charset)
    text = decoded(payload)
    mended = repair(text)  # before cleaning: what looks like a control character may be half a letter
    text, repaired = clean(mended), mended != text
    return Decoded(text.encode(), charset, repaired, Reason.MOJIBAKE if is_mojibake(text) else None)


def clean(text: str) -> str:
    """NFC, ``\\n`` newlines, no NUL and no other control character."""
    seen = in_text(text)
    if not seen.has & (CONTROL | UNCOMPOSED | RETURN):
        return text
    return _cleaned(encoded(text), seen).decode()


def _cleaned(raw: bytes, seen: Seen) -> bytes:
    """``clean`` of UTF-8 that was looked at; the same object where there is nothing to do."""
    if seen.has & RETURN:
        raw = _with_newlines(raw)
    if not seen.has & (CONTROL | UNCOMPOSED):
        return raw
    text = decoded(raw)
    if seen.has & CONTROL:
        text = _CONTROL.sub("", _NEWLINES.sub("\n", text))
    return (unicodedata.normalize("NFC", text) if seen.has & UNCOMPOSED else text).encode()


def _with_newlines(raw: bytes) -> bytes:
    """``\\r\\n`` and lone ``\\r`` as ``\\n``."""
    letters = np.frombuffer(raw, np.uint8)
    returns = letters == ord("\r")
    if returns[-1] or (returns[:-1] & (letters[1:] != ord("\n"))).any():
        return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return raw.translate(None, b"\r")  # several times as fast, and nearly every page with returns is of this kind


def _is_marked(payload: bytes) -> bool:
    """Whether a byte order mark or its markup says that a payload is not plain UTF-8."""
    return payload.startswith(tuple(bom for bom, _ in _BOMS)) or _utf16_without_bom(payload) is not None


def _decode(payload: bytes, declared: str | None) -> tuple[bytes, str]:
    """The payload in UTF-8, and its charset."""
    for bom, charset in _BOMS:
        if payload.startswith(bom):
            return encoded(payload[len(bom) :].decode(charset, "replace")), charset
    wide = _utf16_without_bom(payload)
    if wide:
        return encoded(payload.decode(wide, "replace")), wide
    whole = _whole_utf8(payload)
    if whole is not None:
        return whole, "utf-8"
    text, charset = _in_other_charset(payload, declared)
    return encoded(text), charset


def _whole_utf8(payload: bytes) -> bytes | None:
    """The payload without a last character that its end cuts in two; None where it is not UTF-8."""
    try:
        payload.decode()
    except UnicodeDecodeError as error:
        return payload[: error.start] if 0 < error.start >= len(payload) - 3 else None
    return payload


def _in_other_charset(payload: bytes, declared: str | None) -> tuple[str, str]:
    candidates = [name for name in (_codec(declared), _declared_in_page(payload)) if name]
    for charset in (*(c for c in candidates if c not in _UNHELPFUL), "cp949"):
        text = _strict(payload, charset)
        if text is not None:
            return text, charset
    return _least_damage(payload, candidates)


def _strict(payload: bytes, charset: str) -> str | None:
    """Decoded without one error, but for a character that the end of the payload cuts in two."""
    try:
        return payload.decode(charset)
    except UnicodeDecodeError as error:
        if len(payload) - error.start > 3 or error.start == 0:
            return None
        try:
            return payload[: error.start].decode(charset)
        except UnicodeDecodeError:
            return None
    except (UnicodeError, LookupError):
        return None


def _least_damage(payload: bytes, candidates: list[str]) -> tuple[str, str]:
    best: tuple[int, str, str] | None = None
    for charset in dict.fromkeys(("utf-8", *(c for c in candidates if c not in _UNHELPFUL), "cp949")):
        text = payload.decode(charset, "replace")
        damage = text.count("\ufffd")
        if best is None or damage < best[0]:
            best = (damage, text, charset)
    assert best is not None
    return best[1], best[2]


def _utf16_without_bom(payload: bytes) -> str | None:
    """UTF-16 shows in the markup: every other byte of ``<html ...`` is NUL."""
    head = payload[:512]
    if len(head) < 16 or head.count(0) < len(head) // 4:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 4 * even:
        return "utf-16-le"
    if even > 4 * odd:
        return "utf-16-be"
    return None


def _declared_in_page(payload: bytes) -> str | None:
    found = _META.search(payload, 0, _META_WINDOW)
    return _codec(found.group(1).decode("ascii")) if found else None


def _codec(label: str | None) -> str | None:
    """Python's codec name for a label of the web; None for what is no text codec."""
    if not label:
        return None
    label = label.strip().strip("\"'").lower()
    if label in _KOREAN_LABELS:
        return "cp949"
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    return name if name in _WEB_CODECS or name.startswith(("iso8859", "cp125", "windows")) else None
