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
from malmoi.text.scan import scanner

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

_ASCII = bytes(range(128))
_ORDINARY = bytes(code for code in range(256) if code >= 0x20 and code != 0x7F or code in b"\t\n\r")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_NEWLINES = re.compile("\x85|\u2028|\u2029")
_JOINING = scanner(r"[\pM\x{1100}-\x{11FF}]")
"""Marks and conjoining jamo. RE2 knows Unicode's classes, which Python's ``re`` does not."""
_EMOJI_STYLE = "\ufe0f".encode()
"""The one mark that many pages hold; it composes with nothing."""

MAX_REPLACEMENT_SHARE = 0.01
"""Replacement characters per non-space code point above which a text counts as damaged."""
MAX_MISREAD_SHARE = 0.2
"""Characters that UTF-8 read as CP949 leaves, per non-ASCII code point, above which a text counts as damaged."""


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
    raw, charset = _decode(payload, declared)
    wide = _wide(raw)
    if not _is_suspect(_decoded(wide)):
        return Decoded(_cleaned(raw, wide), charset)
    text = _decoded(raw)
    mended = repair(text)  # before cleaning: what looks like a control character may be half a letter
    text, repaired = clean(mended), mended != text
    return Decoded(text.encode(), charset, repaired, Reason.MOJIBAKE if is_mojibake(text) else None)


def clean(text: str) -> str:
    """NFC, ``\\n`` newlines, no NUL and no other control character."""
    raw = _encoded(text)
    cleaned = _cleaned(raw, _wide(raw))
    return text if cleaned is raw else cleaned.decode()


def _cleaned(raw: bytes, wide: bytes) -> bytes:
    """``clean`` of UTF-8; the same object where there is nothing to do."""
    if b"\r" in raw:
        raw = _with_newlines(raw)
    if raw.translate(None, _ORDINARY) or wide and not _is_plain(wide):
        text = _CONTROL.sub("", _NEWLINES.sub("\n", _decoded(raw)))
        return unicodedata.normalize("NFC", text).encode()
    return raw


def _with_newlines(raw: bytes) -> bytes:
    """``\\r\\n`` and lone ``\\r`` as ``\\n``."""
    letters = np.frombuffer(raw, np.uint8)
    returns = letters == ord("\r")
    if returns[-1] or (returns[:-1] & (letters[1:] != ord("\n"))).any():
        return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return raw.translate(None, b"\r")  # several times as fast, and nearly every page with returns is of this kind


def _is_plain(wide: bytes) -> bool:
    """Whether non-ASCII code points alone show that a text has no control character and is NFC. It takes a mark or a
    conjoining jamo to change what stands before it (``tests/text/test_charset.py`` asks all of Unicode)."""
    text = _decoded(wide)
    joins = _JOINING.search(wide.replace(_EMOJI_STYLE, b""))
    return not joins and not _CONTROL.search(text) and unicodedata.is_normalized("NFC", text)


def _wide(raw: bytes) -> bytes:
    """The non-ASCII code points of UTF-8 alone. A pattern over these costs a fraction of one over a whole page."""
    return raw.translate(None, _ASCII)


def _is_suspect(wide: str) -> bool:
    return "\ufffd" in wide or bool(_LATIN_SIGN.search(wide)) or _misread_share(wide) > MAX_MISREAD_SHARE / 2


def _decode(payload: bytes, declared: str | None) -> tuple[bytes, str]:
    """The payload in UTF-8, and its charset."""
    for bom, charset in _BOMS:
        if payload.startswith(bom):
            return _encoded(payload[len(bom) :].decode(charset, "replace")), charset
    wide = _utf16_without_bom(payload)
    if wide:
        return _encoded(payload.decode(wide, "replace")), wide
    whole = _whole_utf8(payload)
    if whole is not None:
        return whole, "utf-8"
    text, charset = _in_other_charset(payload, declared)
    return _encoded(text), charset


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _decoded(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogatepass")


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


# Mojibake. UTF-8 or CP949 bytes that something read as Latin-1 or Windows-1252 leave runs of accented letters; UTF-8
# bytes read as CP949 leave rare syllables and hanja at every second character.

_CP1252 = {ord(char): byte for byte in range(0x80, 0xA0) if (char := bytes([byte]).decode("cp1252", "ignore"))}
_EXTRA = re.escape("".join(map(chr, _CP1252)))
_LATIN_RUN = re.compile(f"[\u0080-\u00ff{_EXTRA}]{{2,}}")
_LATIN_SIGN = re.compile(f"[\u00a1-\u00fe][\u0080-\u00fe{_EXTRA}]{{3}}")
_LATIN_MESS = re.compile(f"[\u00c0-\u00ff][\u0080-\u00ff{_EXTRA}]{{3,}}")
_WIDE_RUN = re.compile(r"[^\x00-\x7f]{2,}")
_ODD_SAMPLE = 2_000


def _misread_characters() -> str:
    """What the two first bytes of a Hangul syllable in UTF-8 (0xEA-0xED, 0x80-0xBF) are in CP949."""
    found = []
    for lead in (0xEA, 0xEB, 0xEC, 0xED):
        for second in range(0x80, 0xC0):
            try:
                found.append(bytes((lead, second)).decode("cp949"))
            except UnicodeDecodeError:
                continue
    return "".join(found)


_MISREAD = re.compile(f"[{_misread_characters()}]")


def repair(text: str) -> str:
    """The text with mojibake undone where that is possible; the same object where there is none."""
    if text.isascii():
        return text
    wide = _decoded(_wide(_encoded(text)))
    if _LATIN_SIGN.search(wide):
        damaged = _share(_LATIN_MESS, wide) > 0.5
        return _LATIN_RUN.sub(_from_latin if damaged else _from_utf8_as_latin, text)
    if _misread_share(wide) > MAX_MISREAD_SHARE / 2:
        return _WIDE_RUN.sub(_from_cp949, text)
    return text


def is_mojibake(text: str) -> bool:
    """Whether so much of the text is damaged that it is not worth reading."""
    if text.isascii():
        return False
    lost = text.count("\ufffd")
    if lost and lost > MAX_REPLACEMENT_SHARE * (len(text) - text.count(" ") - text.count("\n")):
        return True
    wide = _decoded(_wide(_encoded(text)))
    if _misread_share(wide) > MAX_MISREAD_SHARE:
        return True
    if _share(_LATIN_MESS, wide) <= MAX_MISREAD_SHARE:
        return False
    return sum(map(len, _LATIN_MESS.findall(text))) > MAX_MISREAD_SHARE * len(wide)


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
        payload = run.translate(_CP1252).encode("latin-1")
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
